import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/config.ts';
import { holdPostgres } from '../../src/storage/hold-server.ts';
import { openDatabase } from '../../src/storage/open.ts';
import { connect, executeOnce } from '../../src/storage/sql/postgres/binding.ts';
import { ensureDevelopmentCertificates } from '../../src/tls/development-ca.ts';
import { person, query, read, storeModel } from '../conformance/store-model.ts';
import { startPostgres, type TestServer } from '../support/postgres.ts';

let folder: string;
let server: TestServer;
const caOf = (name: 'own' | 'other'): string => join(folder, name, 'ca.pem');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'portvakt-tls-'));
  const make = async (name: string) => {
    await mkdir(join(folder, name));
    return ensureDevelopmentCertificates(join(folder, name), [], () => new Date());
  };
  await make('other');
  server = await startPostgres({ tls: await make('own') });
}, 60_000);
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

const urlWith = (parameters: Readonly<Record<string, string>>, host = 'localhost'): string => {
  const url = new URL(server.url);
  url.hostname = host;
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
};

describe('TLS to PostgreSQL', () => {
  const verified = (): string => urlWith({ sslmode: 'verify-full', sslrootcert: caOf('own') });

  test('encrypts every connection, and reads and writes over it', async () => {
    const url = verified();
    const held = await holdPostgres(url, 'x');
    const location = { kind: 'postgres', url, schema: 'tls', connections: 2 } as const;
    const rows = await openDatabase({ tables: storeModel.tables, alphabet: 'nb', location });
    await rows.query(read(query(person, { columns: ['pv_name'] })));
    const { connection, close } = await connect({ url, statementTimeoutMs: 0 });
    const plain =
      'select count(*), count(*) filter (where not ssl) from pg_stat_ssl join pg_stat_activity using (pid) where usename is not null';
    const [[all, unencrypted] = []] = await executeOnce(connection, plain);
    expect([Number(all) >= 3, Number(unencrypted)]).toEqual([true, 0]);
    await close();
    await rows.close();
    await held.release();
  });

  test.each([
    {
      name: 'a CA that did not sign it',
      url: () => urlWith({ sslmode: 'verify-full', sslrootcert: caOf('other') }),
      says: 'signed by no CA that is trusted',
    },
    { name: 'no CA', url: () => urlWith({ sslmode: 'verify-full' }), says: 'name the CA with `sslrootcert`' },
    ...(process.platform === 'linux'
      ? [
          {
            name: 'another host name',
            url: () => urlWith({ sslmode: 'verify-full', sslrootcert: caOf('own') }, '127.0.0.2'),
            says: 'its certificate is for another host name',
          },
        ]
      : []),
  ])('$name is refused', async ({ url, says }) => {
    await expect(holdPostgres(url(), 'x')).rejects.toThrow(says);
    const location = { kind: 'postgres', url: url(), schema: 'tls' } as const;
    await expect(openDatabase({ tables: storeModel.tables, alphabet: 'nb', location })).rejects.toThrow(says);
  });

  test('a file of certificates that cannot be read is refused before anything is asked', () => {
    const url = 'postgres://u:hush@h/d?sslmode=verify-full&sslrootcert=/nowhere/ca.pem';
    const parse = () => parseConfig({ PORTVAKT_DATABASE_URL: url });
    expect(parse).toThrow(/sslrootcert must be the path of a file that can be read/);
    expect(parse).not.toThrow('hush');
  });
});
