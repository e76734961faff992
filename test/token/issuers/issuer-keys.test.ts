import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { FetchJson } from '../../../src/token/issuers/fetch-json.ts';
import { IssuerError } from '../../../src/token/issuers/issuer-error.ts';
import { IssuerKeySource, issuerLimits } from '../../../src/token/issuers/issuer-keys.ts';
import { makeCa, otherHost, rsaKey, type TestCa, TestIssuer, testFetch } from './https-issuer.ts';

const first = rsaKey('first');
const second = rsaKey('second');
const rs256 = (kid: string | undefined) => ({ kid, algorithm: 'RS256' as const });
const start = Date.parse('2026-03-01T12:00:00Z');

let ca: TestCa;
let issuer: TestIssuer;
let now = start;
let source: IssuerKeySource;
let troubles: (string | undefined)[];

const setTime = (seconds: number): void => {
  now = start + 1_000 * seconds;
};

const makeSource = (fetchJson: FetchJson): IssuerKeySource =>
  new IssuerKeySource({
    fetchJson,
    clock: () => new Date(now),
    onTrouble: (_issuer, error) => troubles.push(error?.failure),
  });

beforeAll(async () => {
  ca = await makeCa();
});
beforeEach(async () => {
  now = start;
  troubles = [];
  issuer = await new TestIssuer(ca).start();
  source = makeSource(testFetch(ca, { timeoutMs: 500 }));
  return () => issuer.stop();
});
afterAll(() => ca.remove());

const find = async (kid: string | undefined): Promise<string> => (await source.find(issuer.url, rs256(kid))).kind;
const fetches = (): number => issuer.paths.filter((path) => path === '/keys').length;

test('keys are fetched once, however many ask at the same time', async () => {
  issuer.publish([first.jwk]);
  const kinds = await Promise.all(Array.from({ length: 200 }, () => find('first')));
  expect(new Set(kinds)).toEqual(new Set(['found']));
  expect(issuer.paths).toEqual(['/.well-known/openid-configuration', '/keys']);
});

test.each([
  { says: 'nothing', headers: {}, fresh: 3_600 },
  { says: 'two hours', headers: { 'Cache-Control': 'max-age=7200' }, fresh: 7_200 },
  { says: 'one second', headers: { 'Cache-Control': 'max-age=1' }, fresh: 300 },
  { says: 'do not keep', headers: { 'Cache-Control': 'no-store' }, fresh: 300 },
  { says: 'a year', headers: { 'Cache-Control': 'max-age=31536000' }, fresh: 21_600 },
])('keys of an issuer that says $says are kept for $fresh seconds', async ({ headers, fresh }) => {
  issuer.publish([first.jwk], headers);
  await find('first');
  setTime(fresh - 1);
  await find('first');
  expect(fetches()).toBe(1);
  setTime(fresh);
  await find('first');
  expect(fetches()).toBe(2);
});

test('a key that the issuer has withdrawn ends when the kept ones have aged', async () => {
  issuer.publish([first.jwk, second.jwk]);
  expect(await find('first')).toBe('found');
  issuer.publish([second.jwk]);
  setTime(3_600);
  expect(await find('first')).toBe('unknownKey');
});

describe('unknown keys', () => {
  test('a new key is found at once when the last fetch is long enough ago', async () => {
    issuer.publish([first.jwk]);
    await find('first');
    issuer.publish([first.jwk, second.jwk]);
    setTime(issuerLimits.unknownKeySeconds);
    expect([await find('second'), await find('first'), fetches()]).toEqual(['found', 'found', 2]);
  });

  test('a flood of them has the keys fetched once every ten seconds', async () => {
    issuer.publish([first.jwk]);
    await find('first');
    for (let second = 0; second < 60; second++) {
      setTime(second);
      const kinds = await Promise.all(Array.from({ length: 20 }, (_, index) => find(`unknown-${second}-${index}`)));
      expect(new Set(kinds)).toEqual(new Set(['unknownKey']));
    }
    expect(fetches()).toBe(6);
  });

  test('who names a known key does not wait for the fetch that a stranger has set off', async () => {
    issuer.publish([first.jwk]);
    await find('first');
    setTime(issuerLimits.unknownKeySeconds);
    issuer.handler = () => undefined;
    const order: string[] = [];
    await Promise.all(['unknown', 'first'].map(async (kid) => order.push(await find(kid))));
    expect(order).toEqual(['found', 'unreachable']);
  });
});

describe('outages', () => {
  const breakDown = (): void => {
    issuer.handler = (_request, answer) => answer.writeHead(503).end();
  };

  test('kept keys serve for a day while the issuer is out, then no longer', async () => {
    issuer.publish([first.jwk]);
    await find('first');
    breakDown();
    setTime(3_600 + 86_399);
    expect(await find('first')).toBe('found');
    setTime(3_600 + 86_400);
    expect(await find('first')).toBe('unreachable');
  });

  test('an issuer that is out is left alone, longer each time', async () => {
    breakDown();
    for (let second = 0; second < 200; second++) {
      setTime(second);
      expect(await find('first')).toBe('unreachable');
    }
    // At 0, 5, 15, 35, 75, 135 and 195 seconds.
    expect(issuer.paths).toHaveLength(7);
  });

  test('the log hears of trouble and of its end', async () => {
    breakDown();
    await find('first');
    issuer.publish([first.jwk]);
    setTime(10);
    expect(await find('first')).toBe('found');
    await find('first');
    expect(troubles).toEqual(['status', undefined]);
  });

  test('a new key during an outage says that the issuer cannot be asked, not that there is no such key', async () => {
    issuer.publish([first.jwk]);
    await find('first');
    breakDown();
    setTime(60);
    expect([await find('second'), await find('first')]).toEqual(['unreachable', 'found']);
  });

  test('who waits for a slow issuer waits once', async () => {
    issuer.handler = () => undefined;
    const before = performance.now();
    await Promise.all(Array.from({ length: 50 }, () => find('first')));
    await find('first');
    expect(performance.now() - before).toBeLessThan(4_000);
    expect(issuer.paths).toHaveLength(1);
  });
});

describe('documents that are not to be trusted', () => {
  const configuration = '/.well-known/openid-configuration';
  test.each<[string, (url: string) => Record<string, unknown>, string, string]>([
    ['names another issuer', () => ({ [configuration]: { issuer: 'https://evil.example' } }), 'document', 'names'],
    ['names no issuer', (url) => ({ [configuration]: { jwks_uri: url } }), 'document', 'names no issuer'],
    ['has a slash too many', (url) => ({ [configuration]: { issuer: `${url}/` } }), 'document', 'names'],
    ['is a list', () => ({ [configuration]: [] }), 'document', 'names no issuer'],
    ['is a number', () => ({ [configuration]: 7 }), 'document', 'names no issuer'],
    ['has no key set', (url) => ({ [configuration]: { issuer: url } }), 'document', 'has no jwks_uri'],
    [
      'has its key set over plain HTTP',
      (url) => ({ [configuration]: { issuer: url, jwks_uri: url.replace('https', 'http') } }),
      'url',
      'does not begin with https://',
    ],
    [
      'has its key set in the metadata of a cloud',
      (url) => ({ [configuration]: { issuer: url, jwks_uri: 'https://169.254.169.254/latest' } }),
      'address',
      'not public',
    ],
    [
      'has its key set at an odd spelling of this machine',
      (url) => ({ [configuration]: { issuer: url, jwks_uri: 'https://0x7f.1:8443/' } }),
      'url',
      'not spelled as usual',
    ],
    [
      'has keys that are all secret',
      (url) => ({
        [configuration]: { issuer: url, jwks_uri: `${url}/keys` },
        '/keys': { keys: [{ kty: 'oct', k: 'AAAA', kid: 'first' }] },
      }),
      'keys',
      'holds no key that can be used',
    ],
    [
      'has thousands of keys',
      (url) => ({
        [configuration]: { issuer: url, jwks_uri: `${url}/keys` },
        '/keys': { keys: Array.from({ length: 3_000 }, () => first.jwk) },
      }),
      'size',
      'is longer than',
    ],
  ])('one that %s', async (_name, documents, failure, message) => {
    issuer.serve(documents(issuer.url));
    const found = await source.find(issuer.url, rs256('first'));
    expect(found).toEqual({ kind: 'unreachable', reason: expect.stringContaining(message) });
    expect(troubles).toEqual([failure]);
  });

  test('an issuer whose URL is not allowed is not asked', async () => {
    const found = await source.find(issuer.url.replace('https', 'http'), rs256('first'));
    expect([found.kind, issuer.paths.length]).toEqual(['unreachable', 0]);
  });

  test('a fault of ours is not taken for one of the issuer', async () => {
    source = makeSource(() => Promise.reject(new TypeError('ours')));
    await expect(source.find(issuer.url, rs256('first'))).rejects.toThrow('ours');
  });
});

test('a key set may be on another host', async () => {
  issuer.serve({
    '/.well-known/openid-configuration': { issuer: issuer.url, jwks_uri: `${issuer.urlOf(otherHost)}/keys` },
    '/keys': { keys: [first.jwk] },
  });
  expect(await find('first')).toBe('found');
});

describe('many issuers', () => {
  test('no more than 200 are remembered', async () => {
    source = makeSource(() => Promise.reject(new IssuerError('network', 'out')));
    for (let index = 0; index < 300; index++) await source.find(`https://issuer${index}.example`, rs256('a'));
    expect(source.size).toBe(200);
  });

  test('two are asked at a time, fifty wait, further ones are refused at once', async () => {
    let running = 0;
    let most = 0;
    source = makeSource(async () => {
      running++;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running--;
      throw new IssuerError('network', 'out');
    });
    const all = Array.from({ length: 60 }, (_, index) => source.find(`https://issuer${index}.example`, rs256('a')));
    const reasons = (await Promise.all(all)).map((found) => (found.kind === 'unreachable' ? found.reason : found.kind));
    expect(most).toBe(2);
    expect(reasons.filter((reason) => reason.startsWith('too many'))).toHaveLength(8);
    expect(running).toBe(0);
  });
});
