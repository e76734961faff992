import { beforeEach, describe, expect, test } from 'vitest';
import { noPeers } from '../../src/kernel/peers.ts';
import { Refusal } from '../../src/kernel/refusal.ts';
import { type Operator, Operators } from '../../src/sign-in/operators.ts';
import { isPassword } from '../../src/sign-in/password.ts';
import { Sessions } from '../../src/sign-in/sessions.ts';
import { signInTables } from '../../src/sign-in/tables.ts';
import { MemoryStore } from '../support/memory-store.ts';

const minute = 60_000;
const hour = 60 * minute;
const password = 'tyttebær i skogen';

let now: number;
let store: MemoryStore;
let operators: Operators;
let sessions: Sessions;
let kari: Operator;

beforeEach(async () => {
  now = Date.parse('2026-03-02T08:00:00Z');
  store = new MemoryStore();
  const clock = () => new Date(now);
  operators = new Operators(store, clock, noPeers());
  sessions = new Sessions(store, operators, clock);
  kari = await operators.create({ name: 'Kari', role: 'full', language: undefined });
});

/** What a browser sends after it was signed in. */
const cookieOf = async (operator: Operator, before?: string): Promise<string> =>
  (await sessions.begin(operator, before)).cookie.split(';')[0] ?? '';

const codeOf = (done: Promise<unknown>): Promise<string | undefined> =>
  done.then(
    () => undefined,
    (error: unknown) => (error instanceof Refusal ? error.problem.code : String(error)),
  );

describe('a session', () => {
  test('ends after half an hour without a request', async () => {
    const cookie = await cookieOf(kari);
    now += 30 * minute - 1;
    expect(await sessions.find(cookie)).toMatchObject({ operator: { name: 'Kari' } });
    now += 30 * minute;
    expect(await sessions.find(cookie)).toBeUndefined();
    expect(await store.readAll(signInTables.session)).toEqual([]);
  });

  test('ends when the clock is set back: how long nobody has used it is not known then', async () => {
    const cookie = await cookieOf(kari);
    now -= 4 * minute;
    expect(await sessions.find(cookie)).toMatchObject({ operator: { name: 'Kari' } });
    now -= 2 * hour;
    expect(await sessions.find(cookie)).toBeUndefined();
    now += 2 * hour;
    expect(await sessions.find(cookie)).toBeUndefined();
  });

  test('ends after twelve hours, however much it is used', async () => {
    const cookie = await cookieOf(kari);
    for (let used = 0; used < 12 * hour - 10 * minute; used += 10 * minute) {
      now += 10 * minute;
      const session = await sessions.find(cookie);
      expect(session?.endsAt.getTime()).toBeGreaterThan(now);
    }
    now += 10 * minute;
    expect(await sessions.find(cookie)).toBeUndefined();
  });

  test('never takes over an id that the browser brings, and ends the one that it had', async () => {
    const planted = `__Host-portvakt=${'A'.repeat(43)}`;
    const first = await cookieOf(kari, planted);
    expect(first).not.toBe(planted);
    const second = await cookieOf(kari, first);
    expect(await sessions.find(planted)).toBeUndefined();
    expect(await sessions.find(first)).toBeUndefined();
    expect(await sessions.find(second)).toBeDefined();
  });

  test('is not found by two cookies, by a part of one, or by what is kept of it', async () => {
    const cookie = await cookieOf(kari);
    const [row] = await store.readAll(signInTables.session);
    const digest = [...(row?.values ?? [])].find(([{ name }]) => name === 'digest')?.[1];
    for (const wrong of [`${cookie}; ${cookie}`, cookie.slice(0, -1), `__Host-portvakt=${digest}`, '', undefined]) {
      expect(await sessions.find(wrong)).toBeUndefined();
    }
    expect(await sessions.find(`other=1; ${cookie}; more=2`)).toBeDefined();
  });

  test('is one of twenty at most: the one that was not used for longest makes room', async () => {
    const cookies: string[] = [];
    for (let n = 0; n < 21; n++) {
      now += 1000;
      cookies.push(await cookieOf(kari));
    }
    const found = await Promise.all(cookies.map((cookie) => sessions.find(cookie)));
    expect(found.map((session) => session !== undefined)).toEqual([false, ...Array<boolean>(20).fill(true)]);
  });

  test.each([
    { name: 'is disabled', change: () => operators.change(kari.id, { isEnabled: false }) },
    { name: 'gets another role', change: () => operators.change(kari.id, { role: 'readOnly' }) },
    { name: 'is removed', change: () => operators.remove(kari.id) },
    { name: 'gets another password', change: () => operators.setPassword(kari, password) },
  ])('ends when its operator $name', async ({ change }) => {
    await operators.create({ name: 'Ola', role: 'full', language: undefined });
    const cookie = await cookieOf(kari);
    await change();
    expect(await sessions.find(cookie)).toBeUndefined();
  });

  test('goes on when its operator is renamed', async () => {
    const cookie = await cookieOf(kari);
    await operators.change(kari.id, { name: 'Kari N.' });
    expect(await sessions.find(cookie)).toMatchObject({ operator: { name: 'Kari N.' } });
  });
});

describe('a link', () => {
  test.each([
    { purpose: 'first', hours: 24 },
    { purpose: 'reset', hours: 24 },
    { purpose: 'invitation', hours: 24 * 7 },
  ] as const)('for $purpose is good for $hours hours', async ({ purpose, hours }) => {
    const { token } = await operators.createLink(purpose, purpose === 'first' ? undefined : kari);
    now += hours * hour - 1;
    expect(await operators.getLink(token)).toMatchObject({ purpose });
    now += 1;
    expect(await codeOf(operators.getLink(token))).toBe('linkInvalid');
  });

  test('is void when there is a newer one, when it was used, and for who is disabled', async () => {
    await operators.create({ name: 'Ola', role: 'full', language: undefined });
    const older = await operators.createLink('invitation', kari);
    const { token } = await operators.createLink('invitation', kari);
    expect(await codeOf(operators.getLink(older.token))).toBe('linkInvalid');
    const link = await operators.getLink(token);
    await operators.redeem(link, '', { password });
    expect(await codeOf(operators.getLink(token))).toBe('linkInvalid');
    expect(await codeOf(operators.redeem(link, '', { password }))).toBe('linkInvalid');
    const next = await operators.createLink('reset', kari);
    await operators.change(kari.id, { isEnabled: false });
    expect(await codeOf(operators.getLink(next.token))).toBe('linkInvalid');
  });

  test('for the first operator is void once somebody can sign in with full power', async () => {
    const { token } = await operators.createLink('first');
    await operators.setPassword(kari, password);
    expect(await codeOf(operators.getLink(token))).toBe('linkInvalid');
  });
});

describe('a password', () => {
  test.each([
    { why: 'too short', password: 'elleve tegn' },
    { why: 'too long', password: 'langt '.repeat(50) },
    { why: 'of few characters', password: 'abababababababab' },
    { why: 'with the name in it', password: 'her er KARI nordmann' },
  ])('that is $why is refused', async (weak) => {
    expect(await codeOf(operators.setPassword(kari, weak.password))).toBe('passwordTooWeak');
    expect((await operators.find(kari.id))?.passwordHash).toBeUndefined();
  });

  test('is kept as argon2id, differently each time, and found right or wrong', async () => {
    const hashes: string[] = [];
    for (let n = 0; n < 2; n++) {
      await operators.setPassword(kari, password);
      hashes.push((await operators.find(kari.id))?.passwordHash ?? '');
    }
    expect(hashes[0]).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(hashes[0]).not.toBe(hashes[1]);
    expect(await isPassword(password, hashes[0])).toBe(true);
    expect(await isPassword(`${password} `, hashes[0])).toBe(false);
    expect(await isPassword('nobody has this password', undefined)).toBe(false);
  });
});

test('the last one with full power stays; where there was none, nobody is kept from changes', async () => {
  expect(await codeOf(operators.change(kari.id, { role: 'readOnly' }))).toBe('lastFullOperator');
  expect(await codeOf(operators.remove(kari.id))).toBe('lastFullOperator');
  expect(await operators.find(kari.id)).toMatchObject({ role: 'full' });
  const others = new Operators(new MemoryStore(), () => new Date(now), noPeers());
  const { id } = await others.create({ name: 'Ola', role: 'recruiting', language: undefined });
  expect(await others.change(id, { role: 'readOnly' })).toMatchObject({ role: 'readOnly' });
  expect(await others.remove(id)).toBe(true);
});

test('names are one name in whatever case', async () => {
  expect(await codeOf(operators.create({ name: 'KARI', role: 'readOnly', language: undefined }))).toBe('nameTaken');
  expect(await operators.findByName('kARI')).toMatchObject({ id: kari.id });
});
