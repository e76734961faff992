import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ClientId } from '../../src/kernel/ids.ts';
import { newGuid } from '../../src/kernel/ids.ts';
import { type Assertion, parseAssertion } from '../../src/token/assertion.ts';
import { PresentedAssertions, rememberedPerClient } from '../../src/token/assertion-replay.ts';
import { claimsFor, makeCertificate, signJwt, type TestCertificate } from './assertions.ts';
import { jsonOf, publicUrl, start, type TestApplication, World } from './world.ts';

const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const later = (seconds: number): Date => new Date(start.getTime() + seconds * 1000);
const seconds = start.getTime() / 1000;
let certificate: TestCertificate;
beforeAll(async () => {
  certificate = await makeCertificate();
});

describe('with replays refused, an assertion', () => {
  let world: World;
  let app: TestApplication;
  beforeEach(async () => {
    world = await World.make({ assertionReplay: 'refuse' });
    app = await world.addApplication('Recruiting system');
    await world.directory.addCertificate(app.application.id, certificate.pem);
  });
  const make = (claims: Record<string, unknown> = {}): string => {
    const audience = `${publicUrl}/${world.tenant.id}/v2.0`;
    return signJwt(
      certificate.privateKey,
      { alg: 'PS256' },
      claimsFor(app.application.clientId, audience, world.now, claims),
    );
  };
  const send = async (text: string, changes: Record<string, string> = {}): Promise<unknown> => {
    const form = { client_secret: undefined, client_assertion_type: jwtBearer, client_assertion: text, ...changes };
    return jsonOf(await world.askForm(app, form))['error_codes'] ?? 'token';
  };

  test('works once', async () => {
    const text = make();
    expect([await send(text), await send(text)]).toEqual(['token', [50013]]);
    expect(world.refusals.at(-1)?.['reason']).toMatch(/^the assertion [0-9a-f-]{36} was presented before$/);
  });

  test('with the jti of another one is refused, though it is signed anew', async () => {
    const jti = 'same';
    expect([await send(make({ jti })), await send(make({ jti }))]).toEqual(['token', [50013]]);
  });

  test('without jti works once', async () => {
    const text = make({ jti: undefined });
    expect([await send(text), await send(text)]).toEqual(['token', [50013]]);
    expect(await send(make({ jti: undefined, nbf: seconds - 1 }))).toBe('token');
  });

  test('is refused until it has expired, the skew included', async () => {
    const text = make();
    await send(text);
    world.now = later(600 + 299);
    expect(await send(text)).toEqual([50013]);
    world.now = later(600 + 300);
    expect(await send(text)).toEqual([700024]);
  });

  test('that was refused for something else is not used up', async () => {
    const text = make();
    world.now = later(-301);
    expect(await send(text)).toEqual([700024]);
    world.now = start;
    expect(await send(text)).toBe('token');
  });

  test('that lives longer than a day is refused', async () => {
    expect(await send(make({ exp: seconds + 86_401 }))).toEqual([50013]);
    expect(world.refusals.at(-1)?.['reason']).toContain('lives 86401 seconds more');
    expect(await send(make({ exp: seconds + 86_400 }))).toBe('token');
  });
});

describe('the memory of assertions', () => {
  const client = newGuid<ClientId>();
  const template = parseAssertion(signJwtOnce({ alg: 'RS256' }, { iss: 'i', sub: 's', aud: 'a', exp: 1 }));
  const assertion = (id: string, expiresAt: number): Assertion => ({
    ...template,
    claims: { ...template.claims, tokenId: id, expiresAt },
  });
  const attempt = async (
    presented: PresentedAssertions,
    who: ClientId,
    one: Assertion,
    now: Date,
  ): Promise<boolean> => {
    try {
      await presented.present(who, one, now);
      return true;
    } catch {
      return false;
    }
  };

  test('is bounded for each client, fails closed when full, and frees itself', async () => {
    const presented = new PresentedAssertions();
    for (let count = 0; count < rememberedPerClient; count++) {
      await presented.present(client, assertion(`${count}`, seconds + 60), start);
    }
    expect(await attempt(presented, client, assertion('new', seconds + 60), start)).toBe(false);
    expect(await attempt(presented, newGuid(), assertion('new', seconds + 60), start)).toBe(true);
    expect(await attempt(presented, client, assertion('new', seconds + 900), later(360))).toBe(true);
    expect(await attempt(presented, client, assertion('new', seconds + 900), later(361))).toBe(false);
  });

  test('keeps clients apart: the same jti of two is no replay', async () => {
    const presented = new PresentedAssertions();
    expect(await attempt(presented, client, assertion('1', seconds + 60), start)).toBe(true);
    expect(await attempt(presented, newGuid(), assertion('1', seconds + 60), start)).toBe(true);
  });
});

/** A JWT whose signature nobody looks at. */
function signJwtOnce(header: object, claims: object): string {
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${encode(header)}.${encode(claims)}.AA`;
}
