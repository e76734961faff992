import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { guessLimits } from '../../../src/token/guess-throttle.ts';
import type { Answer } from '../../support/client.ts';
import { engines } from '../../support/database.ts';
import { entryOf } from '../../support/read-audit.ts';
import { patience } from '../../support/way.ts';
import { type AttackWorld, askToken, makeAttackWorld } from './attack-world.ts';
import { type ClientAttack, clientAttacks } from './client-attacks.ts';
import { tokenAttacks } from './token-attacks.ts';

type Body = Readonly<Record<string, unknown>>;

describe.each(engines)('attacks over HTTPS, on %s', (engine) => {
  let world: AttackWorld;
  beforeAll(async () => {
    world = await makeAttackWorld(engine);
  });
  afterAll(() => world?.close());

  const matcher = (reason: ClientAttack['reason']): RegExp | string =>
    typeof reason === 'function' ? reason(world) : reason;

  describe('an access token is refused, and the audit log says why', () => {
    test.each(tokenAttacks)('$name', async ({ token, code, reason }) => {
      const sent = token(world);
      const headers: Record<string, string> = {};
      const authorization = typeof sent === 'string' ? `Bearer ${sent}` : sent.authorization;
      if (authorization !== undefined) headers['authorization'] = authorization;
      const answer = await world.server.ask('/api/data/v9.2/WhoAmI', { headers });
      expect({ status: answer.status, code: (answer.json() as { error: Body }).error['code'] }).toEqual({
        status: 401,
        code,
      });
      expect(answer.headers['www-authenticate']).toMatch(/^Bearer /);
      const entry = await entryOf(world.server, answer.headers['req_id']);
      expect(entry).toMatchObject({ outcome: 'denied', stage: 'authenticate', status: 401, code });
      expect(entry.reason).toMatch(matcher(reason));
      if (typeof sent === 'string' && sent.length > 20) expect(answer.text + JSON.stringify(entry)).not.toContain(sent);
    });

    test.each(tokenAttacks.filter(({ name }) => !/^token for|another tenant/.test(name)))(
      '$name: by the other surfaces as well',
      async ({ token }) => {
        const sent = token(world);
        const authorization = typeof sent === 'string' ? `Bearer ${sent}` : sent.authorization;
        const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
        for (const path of ['/data/SystemUsers', '/v1.0/applications', '/portvakt/v1/tenants']) {
          expect((await world.server.ask(path, { headers })).status, path).toBe(401);
        }
      },
    );
  });

  describe('a token is not given, and the audit log says why', () => {
    test.each(clientAttacks)('$name: $status, AADSTS$code', async ({ send, status, code, reason }) => {
      const answer = await send(world);
      const body = answer.json() as Body;
      expect({ status: answer.status, codes: body['error_codes'] }).toEqual({ status, codes: [code] });
      expect(body).not.toHaveProperty('access_token');
      const entry = await entryOf(world.server, answer.headers['x-ms-request-id']);
      expect(entry).toMatchObject({ kind: 'token', outcome: 'denied', status, code: String(code) });
      expect(entry.reason).toMatch(matcher(reason));
      const { app, guessed } = world;
      for (const hush of [app.secret, guessed.secret, 'BEGIN']) expect(answer.text + entry.reason).not.toContain(hush);
    });
  });

  describe('guessing secrets', () => {
    const from = (address: string, secret: string): Promise<Answer> =>
      askToken(
        world,
        { client_id: world.guessed.id, client_secret: secret },
        { headers: { 'x-forwarded-for': address } },
      );

    test('is throttled, is in the audit log, and locks nobody out', { timeout: patience * 60_000 }, async () => {
      const statuses: number[] = [];
      let last: Answer | undefined;
      for (let guess = 0; guess <= guessLimits.pair; guess++) {
        last = await from('203.0.113.7', `guess${guess}`);
        statuses.push(last.status);
      }
      expect(statuses).toEqual([...Array.from({ length: guessLimits.pair }, () => 401), 429]);
      expect(Number(last?.headers['retry-after'])).toBeGreaterThan(0);
      expect(last?.json()).toMatchObject({ error_codes: [90055] });
      expect(await entryOf(world.server, last?.headers['x-ms-request-id'])).toMatchObject({
        outcome: 'denied',
        code: '90055',
        clientId: world.guessed.id,
        remoteAddress: '203.0.113.7',
        reason: expect.stringContaining('too many failures, the last one: the secret that was sent is none'),
      });
      const owner = await Promise.all(
        ['198.51.100.1', '203.0.113.7'].map((address) => from(address, world.guessed.secret)),
      );
      expect(owner.map(({ status }) => status)).toEqual([200, 200]);
      expect((await from('198.51.100.1', 'a slip of the owner')).status).toBe(401);
    });

    test('cannot be spread by writing addresses into X-Forwarded-For: the proxy appends the true one', async () => {
      const spoofed = await from('192.0.2.1, 203.0.113.7', 'wrong');
      expect(spoofed.status).toBe(429);
    });
  });
});
