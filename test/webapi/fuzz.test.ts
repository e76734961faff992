import { readFile } from 'node:fs/promises';
import { connect, type TLSSocket } from 'node:tls';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { marker } from '../prove/fuzz/organisation.ts';
import { fuzzRequests } from '../prove/fuzz/requests.ts';
import { fuzz } from '../prove/fuzz/run.ts';
import { mutated } from '../prove/fuzz/urls.ts';
import { type FuzzWorld, openFuzzWorld } from '../prove/fuzz/world.ts';
import { sizes } from '../prove/sizes.ts';
import { localLookup } from '../support/local-lookup.ts';

test('random requests meet no fault, no hang and no row that their caller may not see', {
  timeout: 180_000,
}, async () => {
  const { seed, runs } = sizes.fuzzRequests.test;
  const { failure, requests, statuses } = await fuzz({ seed, runs });
  expect(failure).toBeUndefined();
  expect(requests).toBe(runs);
  // They are not all nonsense: queries are answered, rows are written, both gates refuse.
  for (const status of [200, 204, 400, 403, 404]) expect(statuses.get(status) ?? 0, `${status}`).toBeGreaterThan(5);
});

describe('over real HTTPS, byte by byte', () => {
  let world: FuzzWorld;
  let port: number;
  let ca: string;
  beforeAll(async () => {
    world = await openFuzzWorld(undefined);
    ({ port } = await world.listen());
    ca = await readFile(world.caFile, 'utf8');
  });
  afterAll(() => world.close());

  const open = (): TLSSocket => connect({ host: 'localhost', servername: 'localhost', port, ca, lookup: localLookup });

  /** What comes back until the server closes, or is silent after what is a whole answer. */
  const exchange = (bytes: Buffer): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = open();
      const chunks: Buffer[] = [];
      // A request that never ends is no fault: the client owes the rest.
      const timer = setTimeout(() => socket.destroy(), 300);
      socket.on('data', (chunk: Buffer) => chunks.push(chunk));
      socket.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error);
      });
      socket.on('close', () => {
        clearTimeout(timer);
        resolve(Buffer.concat(chunks).toString());
      });
      socket.end(bytes);
    });

  test('damaged requests are refused or cut off, and the server goes on', { timeout: 120_000 }, async () => {
    const noise = ['\r\n', '\r', '\n', ' ', ':', '\u0000', 'HTTP/1.1', 'HTTP/9.9', 'Transfer-Encoding: chunked\r\n'];
    const text = fuzzRequests(world).map(
      ({ method, url, headers, body }) =>
        `${method} /api/data/v9.2/${url} HTTP/1.1\r\nHost: ${world.host}\r\nAuthorization: Bearer ${world.tokens.restricted}\r\n${Object.entries(
          headers,
        )
          .map(([name, value]) => `${name}: ${value}\r\n`)
          .join('')}Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    );
    const damaged = fc.oneof(text, mutated(text, noise));
    let answered = 0;
    await fc.assert(
      fc.asyncProperty(damaged, async (request) => {
        const answer = await exchange(Buffer.from(request));
        if (answer !== '') answered++;
        expect(world.takeFaults()).toEqual([]);
        expect(answer).toMatch(/^(HTTP\/1\.1 (?!500)\d{3} |$)/);
        expect(answer).not.toContain(marker);
      }),
      { seed: sizes.fuzzRequests.test.seed, numRuns: sizes.fuzzWire.test },
    );
    expect(answered).toBeGreaterThan(sizes.fuzzWire.test / 2);
    const well = `GET /api/data/v9.2/WhoAmI HTTP/1.1\r\nHost: ${world.host}\r\nAuthorization: Bearer ${world.tokens.restricted}\r\nConnection: close\r\n\r\n`;
    expect(await exchange(Buffer.from(well))).toMatch(/^HTTP\/1\.1 200 OK/);
  });
});
