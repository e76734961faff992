import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './support/process.ts';

const advisory = {
  id: 1,
  url: 'https://advisory.example/1',
  title: 'x',
  severity: 'high',
  vulnerable_versions: '<9.0.0',
};

/** What a registry knows of any package: two versions that need nothing. */
function packumentOf(name: string) {
  const version = (number: string) => ({ name, version: number, dist: {}, dependencies: {} });
  const versions = { '8.23.1': version('8.23.1'), '9.0.0': version('9.0.0') };
  return { name, 'dist-tags': { latest: '9.0.0' }, versions };
}

/** What a registry answers to the question of which versions are vulnerable. */
const registries = [
  {
    name: 'knows of none',
    status: 200,
    answer: {},
    code: 0,
    says: /^audit: 0 known vulnerabilities in \d\d+ packages$/m,
  },
  {
    name: 'knows of one',
    status: 200,
    answer: { pg: [{ ...advisory, cwe: [], cvss: { score: 0 } }] },
    code: 1,
    says: /^audit: high: pg .+\n(?:.*\n)*audit: 1 known vulnerabilities/m,
  },
  { name: 'cannot be asked', status: 405, answer: {}, code: 2, says: /^audit: not done, and nothing is known/m },
];

test.each(registries)(
  '`npm run audit` ends with $code where the registry $name',
  { timeout: 120_000 },
  async ({ status, answer, code, says }) => {
    const registry = createServer((request, response) => {
      response.setHeader('content-type', 'application/json');
      response.statusCode = request.method === 'POST' ? status : 200;
      const name = decodeURIComponent((request.url ?? '').slice(1));
      const told = request.method === 'POST' ? answer : packumentOf(name);
      request.resume().once('end', () => response.end(JSON.stringify(told)));
    });
    await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(registry.address() as AddressInfo).port}`;
    const env = { ...process.env, npm_config_registry: url, npm_config_fetch_retries: '0' };
    const child = spawn(process.execPath, [join(root, 'scripts', 'audit.mjs')], { env });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
    const [ended] = await once(child, 'close');
    registry.close();
    expect({ ended, output }).toEqual({ ended: code, output: expect.stringMatching(says) });
  },
);
