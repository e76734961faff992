import { createHmac, createPublicKey } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  checkForeignToken,
  foreignTokenLimit,
  isFault,
  parseForeignToken,
} from '../../../src/token/issuers/foreign-token.ts';
import { IssuerKeySource } from '../../../src/token/issuers/issuer-keys.ts';
import { type SignatureAlgorithm, signatureAlgorithms } from '../../../src/token/issuers/key-set.ts';
import { ecKey, makeCa, rsaKey, sign, type TestCa, TestIssuer, type TestKey, testFetch } from './https-issuer.ts';

const now = new Date('2026-03-01T12:00:00Z');
const seconds = now.getTime() / 1000;
const rsa = rsaKey('rsa');
const { alg: _alg, ...anyRsa } = rsa.jwk;
const curves = { ES256: ecKey('ES256'), ES384: ecKey('ES384', 'P-384'), ES512: ecKey('ES512', 'P-521') };
const stranger = rsaKey('rsa');

let ca: TestCa;
let issuer: TestIssuer;
let keys: IssuerKeySource;

beforeAll(async () => {
  ca = await makeCa();
  issuer = await new TestIssuer(ca).start();
  issuer.publish([anyRsa, rsaKey('second').jwk, ...Object.values(curves).map(({ jwk }) => jwk)]);
  keys = new IssuerKeySource({ fetchJson: testFetch(ca), clock: () => now });
});
afterAll(async () => {
  await issuer.stop();
  await ca.remove();
});

const claims = (changes: Readonly<Record<string, unknown>> = {}) => ({
  iss: issuer.url,
  sub: 'ats',
  exp: seconds + 600,
  nbf: seconds,
  ...changes,
});

/** `good`, or the name of the fault. */
async function verdict(
  token: string,
  algorithms: readonly SignatureAlgorithm[] = signatureAlgorithms,
): Promise<string> {
  const parsed = parseForeignToken(token);
  if (isFault(parsed)) return parsed.fault;
  return (
    (await checkForeignToken(parsed, { keys, algorithms, leeway: { expired: 0, early: 60 }, now }))?.fault ?? 'good'
  );
}

test.each(signatureAlgorithms)('%s is verified', async (alg) => {
  const key: TestKey = alg in curves ? curves[alg as keyof typeof curves] : rsa;
  const token = await sign(key, claims(), { alg });
  expect(await verdict(token)).toBe('good');
  expect(
    await verdict(
      token,
      signatureAlgorithms.filter((each) => each !== alg),
    ),
  ).toBe('algorithm');
});

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const spare = Buffer.from('signature').toString('base64url');
const handMade = (header: unknown, payload: unknown = claims(), signature = spare): string =>
  `${encode(header)}.${encode(payload)}.${signature}`;

describe('attacks', () => {
  test.each<[string, () => string | Promise<string>, string]>([
    ['alg none', () => handMade({ alg: 'none', kid: 'rsa' }), 'algorithm'],
    ['alg none without a signature', () => `${encode({ alg: 'none' })}.${encode(claims())}.`, 'malformed'],
    ['alg NONE', () => handMade({ alg: 'NONE', kid: 'rsa' }), 'algorithm'],
    ['no alg', () => handMade({ kid: 'rsa' }), 'algorithm'],
    ['alg that is a list', () => handMade({ alg: ['RS256'], kid: 'rsa' }), 'algorithm'],
    [
      'HS256 with the public key',
      () => {
        const text = `${encode({ alg: 'HS256', kid: 'rsa' })}.${encode(claims())}`;
        const pem = createPublicKey(rsa.privateKey).export({ type: 'spki', format: 'pem' });
        return `${text}.${createHmac('sha256', pem).update(text).digest('base64url')}`;
      },
      'algorithm',
    ],
    ['signed by a stranger under a known kid', () => sign(stranger, claims()), 'signature'],
    ['a kid that the issuer does not have', () => sign({ ...rsa, kid: 'x' }, claims()), 'unknownKey'],
    ['no kid where several keys fit', () => sign(rsa, claims(), { kid: undefined }), 'unknownKey'],
    ['a kid that is a path', () => handMade({ alg: 'RS256', kid: '../../etc/passwd' }), 'unknownKey'],
    ['a kid that is a number', () => handMade({ alg: 'RS256', kid: 1 }), 'malformed'],
    ['a kid that is long', () => handMade({ alg: 'RS256', kid: 'k'.repeat(257) }), 'malformed'],
    ['a kid of the prototype', () => handMade({ alg: 'RS256', kid: '__proto__' }), 'unknownKey'],
    ['an embedded jwk', () => sign(stranger, claims(), { jwk: stranger.jwk }), 'signature'],
    ['a jku of the attacker', () => sign(stranger, claims(), { jku: 'https://evil.example/keys' }), 'signature'],
    ['an x5u of the attacker', () => sign(stranger, claims(), { x5u: 'https://evil.example/cert' }), 'signature'],
    ['an x5c of the attacker', () => sign(stranger, claims(), { x5c: ['AAAA'] }), 'signature'],
    ['an RSA key under ES256', () => handMade({ alg: 'ES256', kid: 'rsa' }), 'unknownKey'],
    ['an EC key under RS256', () => handMade({ alg: 'RS256', kid: 'ES256' }), 'unknownKey'],
    ['crit', () => handMade({ alg: 'RS256', kid: 'rsa', crit: ['b64'], b64: false }), 'malformed'],
    ['an empty crit', () => handMade({ alg: 'RS256', kid: 'rsa', crit: [] }), 'malformed'],
    ['a logout token', () => sign(rsa, claims(), { typ: 'logout+jwt' }), 'malformed'],
    [
      'an ES256 signature of zeros',
      () => handMade({ alg: 'ES256', kid: 'ES256' }, claims(), Buffer.alloc(64).toString('base64url')),
      'signature',
    ],
    ['expired this second', () => sign(rsa, claims({ exp: seconds })), 'expired'],
    ['no exp', () => sign(rsa, claims({ exp: undefined })), 'malformed'],
    [
      'exp as text',
      () =>
        sign(rsa, claims({ exp: '9999999999' as unknown as number })).catch(() =>
          handMade({ alg: 'RS256', kid: 'rsa' }, claims({ exp: '9999999999' })),
        ),
      'malformed',
    ],
    ['exp beyond all dates', () => handMade({ alg: 'RS256', kid: 'rsa' }, claims({ exp: 1e300 })), 'malformed'],
    ['not valid for two minutes', () => sign(rsa, claims({ nbf: seconds + 120 })), 'notYetValid'],
    ['no issuer', () => sign(rsa, claims({ iss: undefined })), 'malformed'],
    ['claims that are a list', () => handMade({ alg: 'RS256', kid: 'rsa' }, []), 'malformed'],
    ['a header that is null', () => handMade(null), 'malformed'],
    ['four segments', async () => `${await sign(rsa, claims())}.x`, 'malformed'],
    ['an encrypted token', () => 'a.b.c.d.e', 'malformed'],
    ['padding', async () => `${await sign(rsa, claims())}=`, 'malformed'],
    ['another spelling of the same bytes', async () => respelled(await sign(rsa, claims())), 'malformed'],
    ['oversize', () => 'a'.repeat(foreignTokenLimit + 1), 'malformed'],
    [
      'deep nesting',
      () => `${Buffer.from('['.repeat(9_000)).toString('base64url').slice(0, 9_000)}.e30.e30`,
      'malformed',
    ],
    ['empty', () => '', 'malformed'],
  ])('%s', async (_name, make, fault) => {
    expect(await verdict(await make())).toBe(fault);
  });

  test('nothing but the issuer itself was asked', () => {
    expect(new Set(issuer.paths)).toEqual(new Set(['/.well-known/openid-configuration', '/keys']));
  });
});

/** Changes bits of the last character that decoding drops. */
function respelled(token: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return token.slice(0, -1) + alphabet[alphabet.indexOf(token.at(-1) ?? '') ^ 1];
}

test.each(['JWT', 'jwt', 'at+jwt', 'application/at+jwt', undefined])('a token of type %s is looked at', async (typ) => {
  expect(await verdict(await sign(rsa, claims(), { typ }))).toBe('good');
});

test('a token without a kid is verified by the one key that fits', async () => {
  expect(await verdict(await sign(curves.ES384, claims(), { alg: 'ES384', kid: undefined }))).toBe('good');
});

test('a fraction of a second, and a clock that is a little behind, are no fault', async () => {
  expect(await verdict(await sign(rsa, claims({ exp: seconds + 0.5, nbf: seconds + 59.5 })))).toBe('good');
});
