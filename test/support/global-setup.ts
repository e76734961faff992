import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type { TestProject } from 'vitest/node';
import { poolerVariable } from './database.ts';
import { findPgBouncer, startPgBouncer, type TestPooler } from './pgbouncer.ts';
import { startPostgres } from './postgres.ts';
import { removeTemplates } from './template-place.ts';
import { way, wayName } from './way.ts';

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
  if (wayName !== undefined) console.log(await versionOf(server.url));
  project.provide('postgresUrl', server.url);
  project.provide('templates', templates);
  return async () => {
    await pooler?.stop();
    await removeTemplates(server.url, templates);
    await server.stop();
  };
}

async function versionOf(url: string): Promise<string> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ version: string }>('select version()');
  await client.end();
  return rows[0]?.version ?? '';
}

/** Where the way of this run has one: what servers of the tests ask of PostgreSQL goes through PgBouncer. */
async function startPooler(serverUrl: string): Promise<TestPooler | undefined> {
  if (way.pooler !== true) return undefined;
  if (findPgBouncer() === undefined) throw new Error('this way needs PgBouncer: install the package pgbouncer');
  const pooler = await startPgBouncer(serverUrl);
  // Processes of the tests inherit it.
  process.env[poolerVariable] = pooler.url;
  return pooler;
}
