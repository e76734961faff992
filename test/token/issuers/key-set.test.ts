import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { candidates, parseKeySet, type SignatureAlgorithm } from '../../../src/token/issuers/key-set.ts';
import { ecKey, rsaKey } from './https-issuer.ts';

const issuer = 'https://login.example.com/11111111-1111-4111-8111-111111111111/v2.0';
const rsa = rsaKey('rsa').jwk;
const ec = ecKey('ec').jwk;
const { alg: _alg, use: _use, ...plainRsa } = rsa;
const secret = { kty: 'oct', k: Buffer.alloc(32, 1).toString('base64url'), kid: 'oct' };

const usable = (...keys: unknown[]): (string | undefined)[] => parseKeySet({ keys }, issuer).map(({ kid }) => kid);

test('public RSA and EC keys for signatures are used', () => {
  expect(usable(rsa, ec, { ...plainRsa, kid: 'plain' }, { ...plainRsa, kid: 'ops', key_ops: ['verify'] })).toEqual([
    'rsa',
    'ec',
    'plain',
    'ops',
  ]);
});

describe('left out', () => {
  test.each<[string, unknown]>([
    ['a secret key', secret],
    ['an RSA key that says HS256', { ...rsa, alg: 'HS256' }],
    ['an RSA key that says none', { ...rsa, alg: 'none' }],
    ['an RSA key that says ES256', { ...rsa, alg: 'ES256' }],
    ['a private key', { ...rsa, d: 'AQAB' }],
    ['a public key with a secret beside it', { ...rsa, k: 'AQAB' }],
    ['a key for encryption', { ...rsa, use: 'enc' }],
    ['a key that may not verify', { ...rsa, key_ops: ['encrypt'] }],
    ['key operations that are no list', { ...rsa, key_ops: 'verify' }],
    ['RSA of 1024 bits', rsaKey('weak', 1024).jwk],
    ['RSA of 2040 bits', rsaKey('weak', 2040).jwk],
    ['an exponent of 1', { ...rsa, e: 'AQ' }],
    ['an even exponent', { ...rsa, e: 'AQAA' }],
    ['an exponent that takes long', { ...rsa, e: 'A'.repeat(300) }],
    ['a modulus that takes long', { ...rsa, n: `${'A'.repeat(20)}${'_'.repeat(30_000)}` }],
    ['no modulus', { ...rsa, n: undefined }],
    ['a modulus that is a number', { ...rsa, n: 5 }],
    ['a point that is not on the curve', { ...ec, x: ec['y'], y: ec['x'] }],
    ['another curve', { ...ec, crv: 'secp256k1' }],
    ['a curve of the prototype', { ...ec, crv: 'constructor' }],
    ['an Ed25519 key', { ...generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }), kid: 'ed' }],
    ['a kid that is a number', { ...rsa, kid: 7 }],
    [
      'a key of another tenant',
      { ...rsa, issuer: 'https://login.example.com/99999999-9999-4999-8999-999999999999/v2.0' },
    ],
    ['null', null],
    ['text', 'key'],
    ['a list', [rsa]],
  ])('%s', (_name, key) => {
    expect(usable(key)).toEqual([]);
  });
});

test.each([
  'https://login.example.com/{tenantid}/v2.0',
  'https://login.example.com/11111111-1111-4111-8111-111111111111/',
])('a key that names the issuer %s is used', (named) => {
  expect(usable({ ...rsa, issuer: named })).toEqual(['rsa']);
});

test.each<[string, unknown, string]>([
  ['no object', [], 'has no list of keys'],
  ['null', null, 'has no list of keys'],
  ['no list', { keys: {} }, 'has no list of keys'],
  ['too many keys', { keys: Array.from({ length: 101 }, () => ec) }, 'holds more than 100 keys'],
])('a set that is %s is refused', (_name, value, message) => {
  expect(() => parseKeySet(value, issuer)).toThrow(message);
});

describe('candidates', () => {
  const other = rsaKey('other').jwk;
  test.each<[string, unknown[], string | undefined, SignatureAlgorithm, number]>([
    ['a known key', [rsa, other], 'rsa', 'RS256', 1],
    ['an unknown key', [rsa], 'x', 'RS256', 0],
    ['a key for another algorithm than it says', [rsa], 'rsa', 'PS256', 0],
    ['a key that says no algorithm', [{ ...plainRsa, kid: 'a' }], 'a', 'PS512', 1],
    ['an RSA key for ES256', [{ ...plainRsa, kid: 'a' }], 'a', 'ES256', 0],
    ['a P-256 key for ES384', [ec], 'ec', 'ES384', 0],
    ['no kid and one key that fits', [rsa, ec], undefined, 'ES256', 1],
    ['no kid and two keys that fit', [rsa, other], undefined, 'RS256', 0],
    ['a kid that two keys have', [rsa, { ...other, kid: 'rsa' }], 'rsa', 'RS256', 2],
    ['a kid that many keys have', Array.from({ length: 50 }, () => rsa), 'rsa', 'RS256', 3],
  ])('%s', (_name, keys, kid, algorithm, count) => {
    expect(candidates(parseKeySet({ keys }, issuer), kid, algorithm)).toHaveLength(count);
  });
});
