import { Client } from 'pg';
import { way } from './way.ts';

export type Engine = 'sqlite' | 'postgres';
/** Those of this run of the tests. */
export const engines: readonly Engine[] = way.engines;
/** For what does not depend on the database: the quicker one. */
export const anyEngine: Engine = engines[0] ?? 'sqlite';

/** A database of its own on a PostgreSQL server, for a Portvakt that takes whole schemas for itself. */
export interface TestDatabase {
  readonly url: string;
  run(sql: string): Promise<void>;
  drop(): Promise<void>;
}

/** Set by `global-setup.ts` where a pooler stands between the servers of the tests and PostgreSQL. */
export const poolerVariable = 'E2E_POOLER';

/** Settings of a server on a database of the test PostgreSQL; of one on the embedded database without a URL. */
export function databaseSettings(url: string | undefined): Readonly<Record<string, string>> {
  if (url === undefined) return {};
  const direct = { PORTVAKT_DATABASE_URL: url };
  const pooler = process.env[poolerVariable];
  if (pooler === undefined) return direct;
  const pooled = new URL(pooler);
  pooled.pathname = new URL(url).pathname;
  return { ...direct, PORTVAKT_DATABASE_POOLER_URL: pooled.href, PORTVAKT_DATABASE_STATEMENTS: 'unnamed' };
}

let made = 0;

/** Makes one on the server that `serverUrl` leads to: an empty one, or a copy of `template`, which nobody is connected to. */
export async function makeDatabase(
  serverUrl: string,
  { name = `portvakt_${process.pid}_${Date.now()}_${made++}`, template = 'template1' } = {},
): Promise<TestDatabase> {
  await run(serverUrl, `create database ${name} template ${template}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    run: (sql) => run(url.href, sql),
    drop: () => run(serverUrl, `drop database ${name} with (force)`),
  };
}

async function run(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
