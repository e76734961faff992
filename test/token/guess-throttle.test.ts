import { beforeEach, describe, expect, test } from 'vitest';
import type { ClientId } from '../../src/kernel/ids.ts';
import { newGuid } from '../../src/kernel/ids.ts';
import { GuessThrottle, guessLimits } from '../../src/token/guess-throttle.ts';
import { guidPattern, jsonOf, publicUrl, start, type TestApplication, World } from './world.ts';

const { pair, address, client, windowSeconds } = guessLimits;
const later = (seconds: number): Date => new Date(start.getTime() + seconds * 1000);

describe('counting failures', () => {
  let throttle: GuessThrottle;
  const id = newGuid<ClientId>();
  beforeEach(() => {
    throttle = new GuessThrottle();
  });
  /** How many of `count` failures are answered as what they are. */
  const answered = (count: number, who: (index: number) => [ClientId | undefined, string], now = start): number =>
    Array.from({ length: count }, (_, index) => throttle.countFailure(...who(index), now)).filter(
      (wait) => wait === undefined,
    ).length;

  test.each([
    { name: 'one client from one address', who: () => [id, '203.0.113.7'], allowed: pair },
    { name: 'many clients from one address', who: () => [newGuid(), '203.0.113.7'], allowed: address },
    { name: 'clients that are not there, from one address', who: () => [undefined, '203.0.113.7'], allowed: address },
    {
      name: 'one client from many addresses',
      who: (index: number) => [id, `10.0.${index >> 8}.${index & 255}`],
      allowed: client,
    },
    {
      name: 'one client from many addresses of one IPv6 network',
      who: (index: number) => [id, `2001:db8::${index.toString(16)}`],
      allowed: pair,
    },
    {
      name: 'one network in two spellings',
      who: (index: number) => [id, index % 2 ? '2001:db8::1' : '2001:0db8:0:0:1::2'],
      allowed: pair,
    },
    {
      name: 'clients at several IPv6 networks',
      who: (index: number) => [newGuid(), `2001:db8:0:${index.toString(16)}::1`],
      allowed: 500,
    },
  ] satisfies { name: string; who: (index: number) => [ClientId | undefined, string]; allowed: number }[])(
    '$name: $allowed of 500 are answered',
    ({ who, allowed }) => {
      expect(answered(500, who)).toBe(allowed);
    },
  );

  test('begins anew when the window has ended, and tells when that is', () => {
    answered(pair, () => [id, '203.0.113.7']);
    expect(throttle.countFailure(id, '203.0.113.7', later(20))).toBe(windowSeconds - 20);
    expect(throttle.countFailure(id, '203.0.113.7', later(windowSeconds - 0.1))).toBe(1);
    expect(throttle.countFailure(id, '203.0.113.7', later(windowSeconds))).toBeUndefined();
  });

  test('begins anew when the clock was set back', () => {
    answered(pair, () => [id, '203.0.113.7']);
    expect(throttle.countFailure(id, '203.0.113.7', later(-30))).toBe(windowSeconds + 30);
    expect(throttle.countFailure(id, '203.0.113.7', later(-7200))).toBeUndefined();
  });

  test('does not grow without end, and a flood of addresses does not make it forget a client', () => {
    answered(client, (index) => [id, `10.1.${index >> 8}.${index & 255}`]);
    answered(100_000, (index) => [undefined, `11.${index >> 16}.${(index >> 8) & 255}.${index & 255}`]);
    expect(throttle.size).toBeLessThanOrEqual(40_000);
    expect(throttle.countFailure(id, '203.0.113.9', start)).toBe(windowSeconds);
  });
});

describe('an attacker who guesses secrets', () => {
  let world: World;
  let app: TestApplication;
  beforeEach(async () => {
    world = await World.make();
    app = await world.addApplication('Recruiting system');
  });
  const ask = (remoteAddress: string | undefined, changes: Record<string, string | undefined> = {}) =>
    world.ask({
      ...(remoteAddress === undefined ? {} : { remoteAddress }),
      body: new URLSearchParams(world.form(app, changes)).toString(),
    });
  const guess = async (count: number, remoteAddress: string | undefined): Promise<void> => {
    for (let time = 0; time < count; time++) await ask(remoteAddress, { client_secret: `guess${time}` });
  };

  test('gets 429 with Retry-After, and the log says why', async () => {
    await guess(pair, '203.0.113.7');
    const response = await ask('203.0.113.7', { client_secret: 'wrong' });
    expect(response.status).toBe(429);
    expect(response.headers['Retry-After']).toBe(String(windowSeconds));
    expect(jsonOf(response)).toEqual({
      error: 'temporarily_unavailable',
      error_description: expect.stringContaining(
        `AADSTS90055: There are too many failed requests. Try again in ${windowSeconds} seconds.`,
      ),
      error_codes: [90055],
      timestamp: '2026-03-01 12:00:00Z',
      trace_id: expect.stringMatching(guidPattern),
      correlation_id: expect.stringMatching(guidPattern),
      error_uri: `${publicUrl}/error?code=90055`,
    });
    expect(world.refusals.at(-1)).toMatchObject({
      code: 90055,
      client: app.application.clientId,
      address: '203.0.113.7',
      reason: "too many failures, the last one: the secret that was sent is none of the application's 1",
    });
  });

  test('does not lock out the owner, neither elsewhere nor at the same address', async () => {
    await guess(300, '203.0.113.7');
    expect((await ask('198.51.100.1')).status).toBe(200);
    expect((await ask('203.0.113.7')).status).toBe(200);
  });

  test('from everywhere does not lock out the owner', async () => {
    for (let host = 0; host < 250; host++) await guess(1, `203.0.113.${host}`);
    expect((await ask('203.0.113.251', { client_secret: 'wrong' })).status).toBe(429);
    expect((await ask('198.51.100.1')).status).toBe(200);
  });

  test('does not disturb other clients: their own mistakes are answered as what they are', async () => {
    const neighbour = await world.addApplication('Neighbour');
    await guess(pair + 1, '203.0.113.7');
    const form = world.form(neighbour, { client_secret: 'wrong' });
    const body = new URLSearchParams(form).toString();
    expect((await world.ask({ remoteAddress: '203.0.113.7', body })).status).toBe(401);
  });

  test('gets one more chance when the window has ended', async () => {
    await guess(pair + 1, '203.0.113.7');
    world.now = later(windowSeconds);
    expect((await ask('203.0.113.7', { client_secret: 'wrong' })).status).toBe(401);
  });

  test('who tries out client ids is throttled too', async () => {
    for (let time = 0; time < address; time++) await ask('203.0.113.7', { client_id: newGuid() });
    expect((await ask('203.0.113.7', { client_id: newGuid() })).status).toBe(429);
    expect((await ask('203.0.113.7')).status).toBe(200);
  });

  test.each([
    { name: 'a scope that is wrong', changes: { scope: 'x' }, status: 400 },
    { name: 'an assertion that is no JWT', changes: { client_secret: undefined, client_assertion: 'x' }, status: 400 },
  ])('$name is no guess', async ({ changes, status }) => {
    for (let time = 0; time < 300; time++) expect((await ask('203.0.113.7', changes)).status).toBe(status);
  });

  test('what the server asks of itself is not counted', async () => {
    await guess(300, undefined);
    expect((await ask(undefined, { client_secret: 'wrong' })).status).toBe(401);
  });
});
