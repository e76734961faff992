import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { poolerVariable } from './database.ts';
import { findPgBouncer, startPgBouncer, type TestPooler } from './pgbouncer.ts';
import { startPostgres } from './postgres.ts';
import { removeTemplates } from './template-place.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The PostgreSQL that this run of the tests may use. Make a schema of your own in it and drop it afterwards. */
    postgresUrl: string;
    /** Folder of installations that tests begin with copies of (`template.ts`). */
    templates: string;
  }
}

/** Once per run of the tests: one PostgreSQL for all of them. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgres();
  const templates = await mkdtemp(join(tmpdir(), 'portvakt-templates-'));
  const pooler = await startPooler(server.url);
  project.provide('postgresUrl', server.url);
  project.provide('templates', templates);
  return async () => {
    await pooler?.stop();
    await removeTemplates(server.url, templates);
    await server.stop();
  };
}

/** `PORTVAKT_TEST_PGBOUNCER=1`: what servers of the tests ask of PostgreSQL goes through PgBouncer. */
async function startPooler(serverUrl: string): Promise<TestPooler | undefined> {
  if (process.env['PORTVAKT_TEST_PGBOUNCER'] !== '1') return undefined;
  if (findPgBouncer() === undefined)
    throw new Error('PORTVAKT_TEST_PGBOUNCER=1 needs PgBouncer: install the package pgbouncer');
  const pooler = await startPgBouncer(serverUrl);
  // Processes of the tests inherit it.
  process.env[poolerVariable] = pooler.url;
  return pooler;
}
