import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { findBinaries, findServerUser, guardScript, type ServerUser } from './postgres-binaries.ts';

export interface TestServer {
  /** `postgres://…` of a database that tests may do anything in. */
  readonly url: string;
  stop(): Promise<void>;
}

export interface PostgresOptions {
  readonly durable?: boolean;
  /** PEM texts: its URL leads to a port at localhost, on Linux also at 127.0.0.2, that takes TLS. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

const prefix = 'portvakt-pg-';

/**
 * Starts a throw-away PostgreSQL for tests, or uses the one that `PORTVAKT_TEST_DATABASE_URL` names. Its data is never
 * flushed to disk, unless it is to be `durable`, for measuring. It ends with this process, however that ends. Throws with
 * the fix when none can be run.
 */
export async function startPostgres({ durable = false, tls }: PostgresOptions = {}): Promise<TestServer> {
  const url = process.env['PORTVAKT_TEST_DATABASE_URL'];
  if (tls === undefined && url !== undefined && url !== '') return { url, stop: async () => undefined };
  removeLeftovers();
  const folder = mkdtempSync(join(tmpdir(), prefix));
  try {
    return await startIn(folder, durable, tls);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

async function startIn(folder: string, durable: boolean, tls: PostgresOptions['tls']): Promise<TestServer> {
  chmodSync(folder, 0o755);
  const user = findServerUser();
  const binaries = findBinaries(folder, user);
  const data = ownFolder(join(folder, 'data'), user);
  const socket = ownFolder(join(folder, 'socket'), user);
  initialize({ folder, binaries, data, user });
  const port = process.platform === 'win32' || tls !== undefined ? await freePort() : 5432;
  const encrypted =
    tls === undefined ? [] : [...writeCertificate(folder, user, tls), `listen_addresses=${tlsHosts.join()}`];
  const settings = ['max_connections=200', ...(durable ? [] : neverFlushed)];
  const args = [
    '-D',
    data,
    '-p',
    String(port),
    ...[...settings, ...listenOn(socket), ...encrypted].flatMap((each) => ['-c', each]),
  ];
  const guard = spawnGuard(folder, join(binaries, 'postgres'), args, user);
  const url = tls === undefined ? serverUrl(socket, port) : `postgres://portvakt:portvakt@localhost:${port}/postgres`;
  await waitUntilReady(url, guard, folder);
  return { url, stop: () => stopGuard(guard) };
}

/** Makes the files of a cluster whose one user is `portvakt`. */
export function initialize(place: {
  readonly folder: string;
  readonly binaries: string;
  readonly data: string;
  readonly user: ServerUser;
}): void {
  const { folder, binaries, data, user } = place;
  const password = join(folder, 'password');
  writeFileSync(password, 'portvakt', { mode: 0o644 });
  const initdb = ['-D', data, '-U', 'portvakt', `--pwfile=${password}`, '--auth=scram-sha-256'];
  execFileSync(join(binaries, 'initdb'), [...initdb, '--no-locale', '--encoding=UTF8', '--no-sync'], {
    ...user,
    cwd: folder,
    stdio: 'pipe',
  });
}

export function ownFolder(path: string, user: ServerUser): string {
  mkdirSync(path, { mode: 0o700 });
  if (user.uid !== undefined && user.gid !== undefined) chownSync(path, user.uid, user.gid);
  return path;
}

/** The second is a name that its certificate need not have. */
const tlsHosts = process.platform === 'linux' ? ['localhost', '127.0.0.2'] : ['localhost'];

/** The server takes no key that others may read, or that is somebody else's. */
function writeCertificate(folder: string, user: ServerUser, { cert, key }: NonNullable<PostgresOptions['tls']>) {
  const own = ownFolder(join(folder, 'tls'), user);
  const files = { ssl_cert_file: cert, ssl_key_file: key };
  const settings = Object.entries(files).map(([name, text]) => {
    const path = join(own, name);
    writeFileSync(path, text, { mode: 0o600 });
    if (user.uid !== undefined && user.gid !== undefined) chownSync(path, user.uid, user.gid);
    return `${name}=${path}`;
  });
  return ['ssl=on', ...settings];
}

const neverFlushed = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];

/** A Unix socket where there is one: no port to run into. */
export const listenOn = (socket: string): string[] =>
  process.platform === 'win32'
    ? ['listen_addresses=127.0.0.1', 'unix_socket_directories=']
    : ['listen_addresses=', `unix_socket_directories=${socket}`];

export function serverUrl(socket: string, port: number): string {
  if (process.platform === 'win32') return `postgres://portvakt:portvakt@127.0.0.1:${port}/postgres`;
  return `postgres://portvakt:portvakt@localhost:${port}/postgres?host=${encodeURIComponent(socket)}`;
}

export function spawnGuard(folder: string, command: string, args: string[], user: ServerUser): ChildProcess {
  const task = JSON.stringify({ folder, command, arguments: args, ...user });
  // A group of its own: Ctrl+C reaches the guard through its parent's end, after the tests are done.
  return spawn(process.execPath, [guardScript, task], { stdio: ['pipe', 'ignore', 'inherit'], detached: true });
}

export async function waitUntilReady(url: string, guard: ChildProcess, folder: string): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    if (guard.exitCode !== null) break;
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  const log = join(folder, 'server.log');
  throw new Error(`the test PostgreSQL did not start: ${existsSync(log) ? readFileSync(log, 'utf8') : 'no log'}`);
}

export async function stopGuard(guard: ChildProcess): Promise<void> {
  if (guard.exitCode !== null || guard.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => guard.once('exit', () => resolve()));
  guard.stdin?.end();
  await ended;
}

/** Folders of servers whose guard was killed too (kill -9 of the whole group). */
function removeLeftovers(): void {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(prefix))) {
    const folder = join(tmpdir(), name);
    try {
      const age = Date.now() - statSync(folder).mtimeMs;
      const guard = pidIn(join(folder, 'guard.pid'));
      // Without a guard the folder may belong to another run that is starting just now.
      if (guard === undefined ? age < 120_000 : isAlive(guard)) continue;
      const server = pidIn(join(folder, 'data', 'postmaster.pid'));
      if (server !== undefined && isServerOf(server, folder)) process.kill(server, 'SIGQUIT');
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // Someone else's folder, or removed meanwhile.
    }
  }
}

export function pidIn(file: string): number | undefined {
  if (!existsSync(file)) return undefined;
  const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
  return Number.isInteger(pid) && pid > 1 ? pid : undefined;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function isServerOf(pid: number, folder: string): boolean {
  const commandLine = `/proc/${pid}/cmdline`;
  return existsSync(commandLine) && readFileSync(commandLine, 'utf8').includes(folder);
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
