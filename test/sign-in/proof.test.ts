import { beforeEach, describe, expect, test } from 'vitest';
import { newGuid } from '../../src/kernel/ids.ts';
import { noPeers } from '../../src/kernel/peers.ts';
import { Refusal } from '../../src/kernel/refusal.ts';
import { SignInAttempts } from '../../src/sign-in/attempts.ts';
import { Challenges } from '../../src/sign-in/challenges.ts';
import { type Asked, requireProof } from '../../src/sign-in/handler.ts';
import { Operators } from '../../src/sign-in/operators.ts';
import { hashPassword } from '../../src/sign-in/password.ts';
import { signInTables } from '../../src/sign-in/tables.ts';
import { MemoryStore } from '../support/memory-store.ts';

const minute = 60_000;
const password = 'tyttebær i skogen';

let now: number;
let store: MemoryStore;
beforeEach(() => {
  now = Date.parse('2026-03-02T08:00:00Z');
  store = new MemoryStore();
});
const clock = (): Date => new Date(now);

const codeOf = (done: Promise<unknown>): Promise<string | undefined> =>
  done.then(
    () => undefined,
    (error: unknown) => (error instanceof Refusal ? error.problem.code : String(error)),
  );

describe('who changes what they sign in by', () => {
  const operator = async (passwordHash: string | undefined) => {
    const made = await new Operators(store, clock, noPeers()).create({
      name: 'Kari',
      role: 'full',
      language: undefined,
    });
    const session = {
      id: newGuid(),
      operator: { ...made, passwordHash },
      csrfToken: '',
      begunAt: clock(),
      endsAt: clock(),
    };
    const asked = {
      deps: { attempts: new SignInAttempts(), clock },
      request: { remoteAddress: '192.0.2.1' },
    } as unknown as Asked;
    return (sent: unknown) => codeOf(requireProof(asked, session, sent));
  };

  test('gives the password, however long ago they signed in; five wrong ones stop even the right one', async () => {
    const prove = await operator(await hashPassword(password, 'Kari'));
    now += 11 * 60 * minute;
    expect(await prove(password)).toBeUndefined();
    for (const sent of [undefined, '', 7, 'another one', {}]) expect(await prove(sent)).toBe('wrongPassword');
    expect(await prove(password)).toBe('tooManyAttempts');
  });

  test('has signed in within ten minutes, where there is no password', async () => {
    const prove = await operator(undefined);
    now += 10 * minute;
    expect(await prove(undefined)).toBeUndefined();
    now += 1;
    expect(await prove(undefined)).toBe('signInAgain');
  });
});

describe('a challenge', () => {
  const take = (challenges: Challenges, ...rest: Parameters<Challenges['take']>) => codeOf(challenges.take(...rest));

  test('is good once, for its purpose and owner, for five minutes', async () => {
    const challenges = new Challenges(store, clock);
    const owner = newGuid();
    const make = () => challenges.keep('register', owner, newGuid());
    expect(await take(challenges, await make(), 'register', newGuid())).toBe('wrongPasskey');
    expect(await take(challenges, await make(), 'register', undefined)).toBe('wrongPasskey');
    expect(await take(challenges, await make(), 'signIn', owner)).toBe('wrongPasskey');
    const [good, late] = [await make(), await make()];
    expect(await take(challenges, good, 'register', owner)).toBeUndefined();
    expect(await take(challenges, good, 'register', owner)).toBe('wrongPasskey');
    now += 5 * minute;
    expect(await take(challenges, late, 'register', owner)).toBe('wrongPasskey');
    expect(await take(challenges, 'no id', 'register', owner)).toBe('wrongPasskey');
  });

  test('does not stay when it has run out, and no more than a thousand do', async () => {
    const challenges = new Challenges(store, clock);
    for (let made = 0; made < 1001; made++) await challenges.keep('signIn', undefined, newGuid());
    expect(await store.readAll(signInTables.challenge)).toHaveLength(1000);
    now += 5 * minute;
    await challenges.keep('signIn', undefined, newGuid());
    expect(await store.readAll(signInTables.challenge)).toHaveLength(1);
  });
});
