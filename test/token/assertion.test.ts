import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Assertion, parseAssertion } from '../../src/token/assertion.ts';
import { TokenRefusal } from '../../src/token/problems.ts';
import { base64url, claimsFor, makeCertificate, segment, signJwt, type TestCertificate } from './assertions.ts';
import { jsonOf, publicUrl, start, type TestApplication, World } from './world.ts';

/** The assertion, or the code of the refusal; anything else that is thrown fails the test. */
function parse(text: string): Assertion | number {
  try {
    return parseAssertion(text);
  } catch (error) {
    if (error instanceof TokenRefusal) return error.number;
    throw error;
  }
}

const jwtOf = (header: unknown, claims: unknown, signature = 'AA'): string =>
  `${segment(JSON.stringify(header) ?? 'undefined')}.${segment(JSON.stringify(claims) ?? 'undefined')}.${signature}`;

describe('the parser of assertions', () => {
  test('answers any text with an assertion or with 50027, and never fails otherwise', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.array(fc.base64String({ maxLength: 60 }), { maxLength: 5 }).map((parts) => parts.join('.')),
      fc
        .tuple(fc.json(), fc.json(), fc.base64String())
        .map(([one, two, three]) => `${segment(one)}.${segment(two)}.${three}`),
    );
    fc.assert(
      fc.property(anything, (text) => {
        const parsed = parse(text);
        expect(typeof parsed === 'object' || parsed === 50027).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  const members = fc.record(
    {
      iss: fc.oneof(fc.string(), fc.constant(1), fc.constant(null)),
      sub: fc.oneof(fc.string(), fc.boolean()),
      aud: fc.oneof(fc.string(), fc.array(fc.string(), { maxLength: 3 }), fc.array(fc.integer(), { maxLength: 2 })),
      exp: fc.oneof(fc.double({ noNaN: true }), fc.string(), fc.constant(null)),
      nbf: fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.array(fc.integer())),
      jti: fc.oneof(fc.string(), fc.integer()),
    },
    { requiredKeys: [] },
  );

  test('takes what has the right types, as it was sent, and nothing else', () => {
    fc.assert(
      fc.property(members, (claims) => {
        // What arrives is what JSON can say: infinities become null.
        const sent = JSON.parse(JSON.stringify(claims)) as Record<string, unknown>;
        const parsed = parse(jwtOf({ alg: 'RS256' }, claims));
        const isText = (name: string): boolean => typeof sent[name] === 'string';
        const isAbsent = (name: string): boolean => sent[name] === undefined;
        const list: readonly unknown[] = Array.isArray(sent['aud']) ? sent['aud'] : [sent['aud']];
        const isGood =
          isText('iss') &&
          isText('sub') &&
          list.length > 0 &&
          list.every((each) => typeof each === 'string') &&
          typeof sent['exp'] === 'number' &&
          (isAbsent('nbf') || typeof sent['nbf'] === 'number') &&
          (isAbsent('jti') || isText('jti'));
        expect(typeof parsed === 'object').toBe(isGood);
        if (typeof parsed !== 'object') return;
        expect(parsed.claims).toEqual({
          issuer: sent['iss'],
          subject: sent['sub'],
          audiences: list,
          expiresAt: sent['exp'],
          notBefore: sent['nbf'],
          issuedAt: undefined,
          tokenId: sent['jti'],
        });
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    { name: 'of 32,768 characters is looked at', length: 32_768, parsed: false },
    { name: 'of one more is not', length: 32_769, parsed: true },
  ])('an assertion $name', ({ length, parsed }) => {
    const filler = 'a'.repeat(length - '..AA'.length - segment({ alg: 'RS256' }).length);
    const text = `${segment({ alg: 'RS256' })}.${filler}.AA`;
    expect(text.length).toBe(length);
    const reason = ((): string => {
      try {
        parseAssertion(text);
        return '';
      } catch (error) {
        return (error as TokenRefusal).reason;
      }
    })();
    expect(reason.includes('more than 32768 characters')).toBe(parsed);
  });
});

describe('the checks of a certificate assertion', () => {
  let world: World;
  let app: TestApplication;
  let certificate: TestCertificate;
  beforeAll(async () => {
    world = await World.make();
    app = await world.addApplication('Recruiting system');
    certificate = await makeCertificate();
    await world.directory.addCertificate(app.application.id, certificate.pem);
  });
  const send = async (text: string): Promise<unknown> => {
    const response = await world.askForm(app, {
      client_secret: undefined,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: text,
    });
    return jsonOf(response)['error_codes'] ?? 'token';
  };
  const header = () => ({ alg: 'RS256', x5t: base64url(certificate.sha1) });
  const seconds = start.getTime() / 1000;

  test('accept exactly the times within five minutes of the clock', async () => {
    const times = fc.record({
      exp: fc.double({ min: seconds - 900, max: seconds + 900, noNaN: true }),
      nbf: fc.option(fc.double({ min: seconds - 900, max: seconds + 900, noNaN: true }), { nil: undefined }),
    });
    await fc.assert(
      fc.asyncProperty(times, async ({ exp, nbf }) => {
        const audience = `${publicUrl}/${world.tenant.id}/v2.0`;
        const claims = claimsFor(app.application.clientId, audience, start, { exp, nbf });
        const isGood = exp > seconds - 300 && (nbf === undefined || nbf <= seconds + 300);
        expect(await send(signJwt(certificate.privateKey, header(), claims))).toEqual(isGood ? 'token' : [700024]);
      }),
      { numRuns: 150 },
    );
  });

  test('refuse an assertion in which any one character is another', async () => {
    const claims = claimsFor(app.application.clientId, `${publicUrl}/${world.tenant.id}/v2.0`);
    const good = signJwt(certificate.privateKey, header(), claims);
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.';
    const change = fc.tuple(fc.nat({ max: good.length - 1 }), fc.constantFrom(...alphabet));
    await fc.assert(
      fc.asyncProperty(change, async ([place, character]) => {
        fc.pre(good[place] !== character);
        expect(await send(good.slice(0, place) + character + good.slice(place + 1))).not.toBe('token');
      }),
      { numRuns: 300 },
    );
    expect(await send(good)).toBe('token');
  });

  test('refuse every audience but those of the tenant', async () => {
    const origin = fc.constantFrom(
      publicUrl,
      'https://127.0.0.1:8443',
      'https://evil.example',
      'http://hr.portvakt.test:8443',
    );
    const tenant = fc.constantFrom(
      world.tenant.id as string,
      'fjordheim.example',
      world.otherTenant.id as string,
      'common',
      '',
    );
    const path = fc.constantFrom(
      '/oauth2/v2.0/token',
      '/oauth2/token',
      '/v2.0',
      '/',
      '',
      '/oauth2',
      '/v1.0',
      '/oauth2/v2.0/authorize',
      '/v2.0/x',
    );
    await fc.assert(
      fc.asyncProperty(origin, tenant, path, async (one, two, three) => {
        const claims = claimsFor(app.application.clientId, `${one}/${two}${three}`);
        const isGood =
          (one === publicUrl || one === 'https://127.0.0.1:8443') &&
          (two === world.tenant.id || two === 'fjordheim.example') &&
          ['/oauth2/v2.0/token', '/oauth2/token', '/v2.0', '/', ''].includes(three);
        expect(await send(signJwt(certificate.privateKey, header(), claims))).toEqual(isGood ? 'token' : [700023]);
      }),
      { numRuns: 120 },
    );
  });
});
