import { lookup } from 'node:dns';
import type { ServerResponse } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createAddressRules } from '../../../src/token/issuers/address-rules.ts';
import type { FetchOptions, Lookup } from '../../../src/token/issuers/fetch-json.ts';
import { IssuerError } from '../../../src/token/issuers/issuer-error.ts';
import { makeCa, type TestCa, TestIssuer, testFetch } from './https-issuer.ts';

let ca: TestCa;
let issuer: TestIssuer;
const limit = 10_000;

beforeAll(async () => {
  ca = await makeCa();
  issuer = await new TestIssuer(ca).start();
});
beforeEach(() => {
  issuer.paths.length = 0;
});
afterAll(async () => {
  await issuer.stop();
  await ca.remove();
});

/** What goes wrong when `path` is fetched. */
async function failureOf(path: string, options: Partial<FetchOptions> = {}, base = issuer.url): Promise<IssuerError> {
  const error: unknown = await testFetch(ca, options)(new URL(path, base), limit).then(
    () => new Error('it was fetched'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof IssuerError)) throw error;
  return error;
}

test('a document and its age are fetched', async () => {
  issuer.serve({ '/a?b=c': { hello: 1 } }, { 'Cache-Control': 'public, max-age=120, must-revalidate' });
  expect(await testFetch(ca)(new URL('/a?b=c', issuer.url), limit)).toEqual({ value: { hello: 1 }, maxAge: 120 });
});

test.each([
  ['no-store', 0],
  ['max-age="60"', 60],
  ['private', undefined],
  ['s-maxage=9', undefined],
])('Cache-Control: %s is an age of %s', async (header, maxAge) => {
  issuer.serve({ '/': {} }, { 'Cache-Control': header });
  expect((await testFetch(ca)(new URL(issuer.url), limit)).maxAge).toBe(maxAge);
});

const stall = (): void => undefined;
const endless = (answer: ServerResponse): void => {
  answer.writeHead(200);
  const more = (): void => {
    while (!answer.destroyed && answer.write('[1,'.repeat(1_000)));
    if (!answer.destroyed) answer.once('drain', more);
  };
  more();
};
const drip = (answer: ServerResponse): void => {
  answer.writeHead(200);
  const timer = setInterval(() => answer.write(' '), 20);
  answer.once('close', () => clearInterval(timer));
};

describe('hostile answers', () => {
  test.each<[string, (answer: ServerResponse) => void, string, string]>([
    ['no answer at all', stall, 'timeout', 'did not answer within 300 ms'],
    ['a body that never ends and is slow', drip, 'timeout', 'did not answer within 300 ms'],
    ['a body that never ends', endless, 'size', 'is longer than 10000 bytes'],
    [
      'a redirect to this machine',
      (answer) => answer.writeHead(302, { Location: 'https://127.0.0.1/' }).end(),
      'redirect',
      'which is not followed',
    ],
    ['status 500', (answer) => answer.writeHead(500).end('{}'), 'status', 'status 500'],
    ['status 204', (answer) => answer.writeHead(204).end(), 'status', 'status 204'],
    ['no JSON', (answer) => answer.end('<html>'), 'json', 'is no JSON'],
    ['nothing', (answer) => answer.end(), 'json', 'is no JSON'],
    [
      'a body that is cut off',
      (answer) => {
        answer.writeHead(200, { 'Content-Length': '100' });
        answer.write('{}');
        setTimeout(() => answer.destroy(), 20);
      },
      'network',
      'cannot be asked',
    ],
    [
      'headers that are too long',
      (answer) => answer.writeHead(200, { 'X-A': 'a'.repeat(50_000) }).end(),
      'network',
      '',
    ],
    [
      'a compressed body, which nobody asked for',
      (answer) => answer.writeHead(200, { 'Content-Encoding': 'gzip' }).end(Buffer.from([31, 139, 8])),
      'json',
      'is no JSON',
    ],
  ])('%s', async (_name, handler, failure, message) => {
    issuer.handler = (_request, answer) => handler(answer);
    const before = performance.now();
    const error = await failureOf('/', { timeoutMs: 300 });
    expect({ failure: error.failure, message: error.message }).toEqual({
      failure,
      message: expect.stringContaining(message),
    });
    expect(performance.now() - before).toBeLessThan(4_000);
  });

  test('JSON that is as deep as it may be long', async () => {
    issuer.handler = (_request, answer) => answer.end('['.repeat(4_900) + ']'.repeat(4_900));
    expect((await testFetch(ca)(new URL(issuer.url), limit)).value).toHaveLength(1);
  });

  test('a certificate of a CA that is not trusted', async () => {
    expect((await failureOf('/', { ca: undefined })).message).toContain('cannot be asked');
    expect(issuer.paths).toEqual([]);
  });

  test('a certificate for another name', async () => {
    expect((await failureOf('/', {}, issuer.urlOf('other.portvakt.test'))).failure).toBe('network');
    expect(issuer.paths).toEqual([]);
  });

  test('a service that does not speak TLS', async () => {
    const server = createTcpServer((socket) => socket.end('+OK ready\r\n'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    expect((await failureOf('/', {}, `https://issuer.portvakt.test:${port}`)).failure).toBe('network');
    server.close();
  });
});

describe('where names lead', () => {
  const rules = createAddressRules();
  const leadsTo =
    (...addresses: string[]): Lookup =>
    (_name, _options, callback) =>
      callback(
        null,
        addresses.map((address) => ({ address, family: 4 })),
      );

  test.each([
    ['loopback', ['127.0.0.1']],
    ['a private network', ['10.0.0.5']],
    ['metadata of a cloud', ['169.254.169.254']],
    ['a public and a private address', ['20.190.160.1', '127.0.0.1']],
    ['mapped loopback', ['::ffff:127.0.0.1']],
  ])('a name that leads to %s is not asked', async (_name, addresses) => {
    const error = await failureOf('/', { rules, lookup: leadsTo(...addresses) });
    expect({ failure: error.failure, asked: issuer.paths }).toEqual({ failure: 'address', asked: [] });
    expect(error.message).toContain('an address that is not public');
  });

  test('the real resolver is judged too: localhost', async () => {
    const error = await failureOf('/', { rules, lookup }, issuer.urlOf('localhost'));
    expect({ failure: error.failure, asked: issuer.paths }).toEqual({ failure: 'address', asked: [] });
  });

  test.each(['127.0.0.1', '[::1]', '[::ffff:7f00:1]'])('the address %s itself is not asked', async (host) => {
    const error = await failureOf('/', { rules }, issuer.urlOf(host));
    expect({ failure: error.failure, asked: issuer.paths }).toEqual({ failure: 'address', asked: [] });
  });

  test('a name that leads elsewhere the second time (DNS rebinding) is connected to where it was judged', async () => {
    issuer.serve({ '/': {} });
    let asked = 0;
    const rebinding: Lookup = (_name, _options, callback) => {
      asked++;
      callback(null, [{ address: asked === 1 ? '127.0.0.1' : '169.254.169.254', family: 4 }]);
    };
    const fetchJson = testFetch(ca, { lookup: rebinding });
    await fetchJson(new URL(issuer.url), limit);
    await expect(fetchJson(new URL(issuer.url), limit)).rejects.toThrow('169.254.169.254');
    expect({ lookups: asked, requests: issuer.paths.length }).toEqual({ lookups: 2, requests: 1 });
  });

  test('the connection itself is judged as well, whatever the look-up said', async () => {
    issuer.serve({ '/': {} });
    let judged = 0;
    // Lets the look-up pass and says no to the same address afterwards.
    const error = await failureOf('/', { rules: { allows: () => judged++ === 0 } });
    expect({ failure: error.failure, asked: issuer.paths }).toEqual({ failure: 'address', asked: [] });
  });

  test('name servers that do not answer hold two look-ups at most', async () => {
    issuer.serve({ '/': {} });
    const waiting: (() => void)[] = [];
    const slow: Lookup = (_name, _options, callback) => {
      waiting.push(() => callback(null, [{ address: '127.0.0.1', family: 4 }]));
    };
    const fetchJson = testFetch(ca, { lookup: slow, timeoutMs: 100 });
    const fetchFailure = () => fetchJson(new URL(issuer.url), limit).then(() => 'fetched', String);
    for (let index = 0; index < 2; index++) expect(await fetchFailure()).toContain('did not answer within 100 ms');
    expect(await fetchFailure()).toContain('name servers of other issuers are slow');
    for (const answer of waiting.splice(0)) answer();
    const last = fetchFailure();
    for (const answer of waiting) answer();
    expect(await last).toBe('fetched');
  });

  test('a name that is unknown', async () => {
    const unknown: Lookup = (_name, _options, callback) =>
      callback(Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' }), []);
    expect((await failureOf('/', { lookup: unknown })).message).toContain('cannot be asked: ENOTFOUND');
  });
});
