import type { Socket } from 'node:net';
import pg from 'pg';
import { inTime, late } from '../../../kernel/in-time.ts';
import type { SqlValue } from '../dialect.ts';
import type { RawRows } from '../row-transaction.ts';
import { addressesOf } from './addresses.ts';
import { firstWritable } from './first-writable.ts';
import { type AskServer, type Line, LineWatch } from './line-watch.ts';

/** This file and `pool.ts` alone know the driver. */
export type Connection = pg.ClientBase;

export interface ConnectionSettings {
  readonly url: string;
  /** Longest time that one statement may take; 0 is no limit. `pooled`: a pooler takes none from us, its connections have one. */
  readonly statementTimeoutMs: number | 'pooled';
}

const connectTimeoutMs = 10_000;
/** A transaction in which nothing comes for so long is ended by the server: its client may be gone without a word, and its locks hold up everybody. */
const idleTransactionMs = 10_000;

export function clientConfig({ url, statementTimeoutMs }: ConnectionSettings): pg.ClientConfig {
  const config = {
    connectionString: url,
    application_name: 'portvakt',
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    // Sends a statement without waiting for the answer to the one before; not yet in the driver's type declarations.
    pipeline: true,
  };
  const isOurs = statementTimeoutMs !== 'pooled' && statementTimeoutMs !== 0;
  if (!isOurs) return config;
  return { ...config, statement_timeout: statementTimeoutMs, idle_in_transaction_session_timeout: idleTransactionMs };
}

export interface Opened {
  readonly connection: Connection;
  /** The server's process that works for it. */
  readonly process: number | undefined;
  close(): Promise<void>;
}

/** Opens one connection, to the host that takes writes where there are several. `close` ends it. */
export async function connect(settings: ConnectionSettings): Promise<Opened> {
  const { urls, mustTakeWrites } = addressesOf(settings.url);
  const open = (url: string) => connectTo({ ...settings, url }, mustTakeWrites);
  return firstWritable(urls, open, ({ close }) => void close().catch(() => undefined));
}

/** Runs a job on a connection of its own, whose locks end with it. */
export async function onConnection<T>(
  settings: ConnectionSettings,
  job: (connection: Connection) => Promise<T>,
): Promise<T> {
  const { connection, close } = await connect(settings);
  try {
    return await job(connection);
  } finally {
    await close();
  }
}

/** To the one host of the URL. */
export async function connectTo(settings: ConnectionSettings, mustTakeWrites: boolean): Promise<Opened> {
  const client = new pg.Client(clientConfig(settings));
  // A connection that breaks while idle: the next statement on it fails and tells.
  client.on('error', () => undefined);
  try {
    await client.connect();
    if (mustTakeWrites) await requireWrites(client);
    // The role may have a limit of its own, which the driver does not lift.
    if (settings.statementTimeoutMs === 0) await client.query('set statement_timeout = 0');
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
  const unwatch = new LineWatch(askServer(settings)).add(lineOf(client));
  client.once('end', unwatch);
  const { process } = lineOf(client);
  return { connection: client, process, close: () => client.end() };
}

/** Refuses a standby, or a server that was set to read only: as libpq finds out for `read-write`. */
export async function requireWrites(client: Connection): Promise<void> {
  const rows = await inTime(executeOnce(client, "select current_setting('transaction_read_only')"), presenceMs);
  if (rows === late) throw Object.assign(new Error('no answer comes'), { code: 'ETIMEDOUT' });
  if (rows[0]?.[0] === 'on') throw Object.assign(new Error('it takes no writes'), { code: '25006' });
}

/** What of the driver's client is looked at beside its types: what it was told at the beginning, and how far it is. */
interface OnServer {
  readonly processID?: number | null;
  /** `false` while an answer is awaited. */
  readonly readyForQuery?: boolean | null;
  readonly connection?: { readonly stream?: Pick<Socket, 'destroy'> & Partial<Pick<Socket, 'bytesRead'>> };
}

export function lineOf(connection: Connection): Line {
  const client = connection as OnServer;
  return {
    get isWaiting() {
      return client.readyForQuery === false;
    },
    get received() {
      return client.connection?.stream?.bytesRead ?? 0;
    },
    get process() {
      return client.processID ?? undefined;
    },
    cut: () =>
      void client.connection?.stream?.destroy(
        Object.assign(new Error('no answer comes any more'), { code: 'ETIMEDOUT' }),
      ),
  };
}

/** Milliseconds that the server has to say that it is there: one that does not answer a small question for so long is taken for lost, whatever the network says. */
export const presenceMs = 3000;

/** Processes at work among those that are asked about; also those whose work another user may not see. */
const workingText = "select pid from pg_stat_activity where pid = any($1) and coalesce(state, 'active') = 'active'";

export function askServer(settings: ConnectionSettings): AskServer {
  return async (processes) => {
    const limits = { connectionTimeoutMillis: presenceMs, query_timeout: presenceMs };
    const client = new pg.Client({ ...clientConfig(settings), ...limits });
    client.on('error', () => undefined);
    try {
      await client.connect();
      // A pooler's numbers are not those of the server's processes.
      if (settings.statementTimeoutMs === 'pooled') return undefined;
      const { rows } = await client.query<[number]>({ text: workingText, values: [processes], rowMode: 'array' });
      return new Set(rows.map(([pid]) => pid));
    } catch (error) {
      // It refuses, for want of connections perhaps: so it is there.
      if (error instanceof pg.DatabaseError) return undefined;
      throw error;
    } finally {
      client.end().catch(() => undefined);
    }
  };
}

/** Is somebody between us and the server who lends sessions out? The process that answers is not the one that greeted us then. */
export async function isThroughPooler(connection: Connection): Promise<boolean> {
  const [row] = await executeOnce(connection, 'select pg_backend_pid()');
  return Number(row?.[0]) !== (connection as OnServer).processID;
}

/** Calls back when another session notifies a channel that this one listens to. */
export function onNotification(connection: Connection, listener: () => void): void {
  connection.on('notification', listener);
}

/** Calls back when a connection has ended, whoever ended it. */
export function onEnd(connection: Connection, listener: () => void): void {
  connection.once('end', listener);
}

/** What of the driver's client is looked at beside its types: the socket, or the TLS socket over it. */
interface OnSocket {
  readonly connection?: { readonly stream?: Pick<Socket, 'cork' | 'uncork'> };
}

const corked = new WeakSet<Connection>();

/**
 * What is sent on a connection until the work at hand waits for something goes out by one write: the writes of a
 * transaction that nobody waits for would else be a system call each, which costs more than making the statement did.
 */
function sendTogether(connection: Connection): void {
  if (corked.has(connection)) return;
  const stream = (connection as OnSocket).connection?.stream;
  if (stream === undefined) return;
  corked.add(connection);
  stream.cork();
  process.nextTick(() => {
    corked.delete(connection);
    stream.uncork();
  });
}

/** A statement with a name is parsed and planned once for each connection. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

export interface Answer {
  readonly rows: RawRows;
  readonly changed: number;
}

export async function execute(connection: Connection, statement: Statement, values: SqlValue[]): Promise<Answer> {
  const { name, text } = statement;
  sendTogether(connection);
  const result = await connection.query<unknown[]>({ name, text, values, rowMode: 'array' });
  return { rows: result.rows, changed: result.rowCount ?? 0 };
}

/** A statement that is used once. */
export async function executeOnce(
  connection: Connection,
  text: string,
  values: readonly SqlValue[] = [],
): Promise<RawRows> {
  const query = { text, values: [...values], rowMode: 'array' as const };
  sendTogether(connection);
  return (await connection.query<unknown[]>(query)).rows;
}

/** Commits. A transaction in which a statement has failed is rolled back by the same words, which is an error here. */
export async function commit(connection: Connection): Promise<void> {
  sendTogether(connection);
  const { command } = await connection.query('commit');
  if (command !== 'COMMIT') throw new Error(`the transaction ended with ${command}`);
}

/** The server's own report of an error: SQLSTATE, and the constraint that was violated. */
export interface ServerError {
  readonly code: string;
  readonly constraint: string | undefined;
}

/**
 * Did the server itself refuse, so that nothing is kept of the transaction? When it is stopped, or the connection breaks,
 * a commit may have been carried out before (SQLSTATE classes 08, 57, 58 and XX).
 */
export const isRefusedByServer = (error: unknown): boolean =>
  error instanceof pg.DatabaseError && error.code !== undefined && !/^(?:08|57|58|XX)/.test(error.code);

/** Also for what the operating system reports (`ECONNREFUSED`). */
export function parseServerError(error: unknown): ServerError | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  const constraint = 'constraint' in error && typeof error.constraint === 'string' ? error.constraint : undefined;
  return { code: error.code, constraint };
}
