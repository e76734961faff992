import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { findServerUser, guardScript } from './postgres-binaries.ts';

/** A PgBouncer that lends connections of the test PostgreSQL for a transaction. */
export interface TestPooler {
  /** Leads to the same databases: the path of a URL names one. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Which PgBouncer this machine has, such as 1.18; `undefined`: none. Debian and most others have it as the package `pgbouncer`. */
export function findPgBouncer(): { readonly keepsStatements: boolean } | undefined {
  try {
    const text = execFileSync('pgbouncer', ['--version'], { stdio: 'pipe', encoding: 'utf8' });
    const [, major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(text) ?? []).map(Number);
    return { keepsStatements: major > 1 || minor >= 21 };
  } catch {
    return undefined;
  }
}

export interface PoolerOptions {
  /** Connections to PostgreSQL for each database. */
  readonly poolSize?: number;
  /** Limit of its connections for one statement; 0 is none. */
  readonly statementTimeoutMs?: number;
}

const port = 6432;

/** Starts one in front of the server that `serverUrl` leads to by a Unix socket. */
export async function startPgBouncer(
  serverUrl: string,
  { poolSize = 20, statementTimeoutMs = 60_000 }: PoolerOptions = {},
): Promise<TestPooler> {
  const folder = mkdtempSync(join(tmpdir(), 'portvakt-pgb-'));
  const { username, password, searchParams } = new URL(serverUrl);
  const upstream = `host=${searchParams.get('host')} port=5432 user=${username} password=${password}`;
  const file = join(folder, 'pgbouncer.ini');
  const settings = [
    '[databases]',
    `* = ${upstream} connect_query='set statement_timeout = ${statementTimeoutMs}'`,
    '[pgbouncer]',
    ...['pool_mode = transaction', `default_pool_size = ${poolSize}`, 'max_client_conn = 2000', 'auth_type = any'],
    ...['listen_addr =', `listen_port = ${port}`, `unix_socket_dir = ${folder}`, 'server_idle_timeout = 5'],
    ...(findPgBouncer()?.keepsStatements ? ['max_prepared_statements = 500'] : []),
  ];
  writeFileSync(file, `${settings.join('\n')}\n`);
  chmodSync(folder, 0o777);
  const task = JSON.stringify({ folder, command: 'pgbouncer', arguments: [file], ...findServerUser() });
  const guard = spawn(process.execPath, [guardScript, task], { stdio: ['pipe', 'ignore', 'inherit'], detached: true });
  const url = `postgres://${username}:${password}@localhost:${port}/postgres?host=${encodeURIComponent(folder)}`;
  await waitUntilReady(url, guard, join(folder, 'server.log'));
  return { url, stop: () => stop(guard) };
}

async function waitUntilReady(url: string, guard: ChildProcess, log: string): Promise<void> {
  for (let attempt = 0; attempt < 100 && guard.exitCode === null; attempt++) {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return await client.end();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error(`PgBouncer did not start: ${readFileSync(log, 'utf8')}`);
}

async function stop(guard: ChildProcess): Promise<void> {
  const ended = new Promise<void>((resolve) => guard.once('exit', () => resolve()));
  guard.stdin?.end();
  await ended;
}
