import { Client } from 'pg';

export type Engine = 'sqlite' | 'postgres';
export const engines: readonly Engine[] = ['sqlite', 'postgres'];

/** A database of its own on a PostgreSQL server, for a Portvakt that takes whole schemas for itself. */
export interface TestDatabase {
  readonly url: string;
  run(sql: string): Promise<void>;
  drop(): Promise<void>;
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
