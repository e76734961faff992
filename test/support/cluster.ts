import { type ChildProcess, execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import {
  initialize,
  isAlive,
  listenOn,
  ownFolder,
  pidIn,
  serverUrl,
  spawnGuard,
  stopGuard,
  waitUntilReady,
} from './postgres.ts';
import { findBinaries, findServerUser, type ServerUser } from './postgres-binaries.ts';

const prefix = 'portvakt-cluster-';
const port = 5432;
/** Milliseconds that a server may take to be able to start again after it was killed: its children must be gone. */
const longestStart = 20_000;

/** A PostgreSQL server of a test's own that can be killed, started again and followed. Flushes nothing until `keepWord`. */
export class Cluster {
  readonly #folder: string;
  readonly #binaries: string;
  readonly #user: ServerUser;
  readonly #settings: readonly string[];
  readonly #variables: Readonly<Record<string, string>>;
  #guard: ChildProcess | undefined;

  private constructor(folder: string, settings: readonly string[], variables: Readonly<Record<string, string>> = {}) {
    chmodSync(folder, 0o755);
    writeFileSync(join(folder, 'owner.pid'), String(process.pid));
    this.#folder = folder;
    this.#user = findServerUser();
    this.#binaries = findBinaries(folder, this.#user);
    this.#settings = settings;
    this.#variables = variables;
    ownFolder(this.#data, this.#user);
    ownFolder(this.#socketFolder, this.#user);
  }

  /** Makes one and starts it. `settings` are lines of `postgresql.conf`, `variables` those of its environment. */
  static async start(
    settings: readonly string[] = [],
    variables: Readonly<Record<string, string>> = {},
  ): Promise<Cluster> {
    removeLeftovers();
    const cluster = new Cluster(mkdtempSync(join(tmpdir(), prefix)), settings, variables);
    try {
      const { folder, binaries, data, user } = cluster.#place;
      initialize({ folder, binaries, data, user });
      appendFileSync(join(data, 'postgresql.conf'), 'fsync = off\n');
      await cluster.start();
      return cluster;
    } catch (error) {
      await cluster.close();
      throw error;
    }
  }

  /** Of its socket; leads to the database `postgres`. */
  get url(): string {
    return serverUrl(this.#socketFolder, port);
  }

  /** The file by which it is reached. */
  get socket(): string {
    return join(this.#socketFolder, `.s.PGSQL.${port}`);
  }

  get #data(): string {
    return join(this.#folder, 'data');
  }

  get #socketFolder(): string {
    return join(this.#folder, 'socket');
  }

  get #place() {
    return { folder: this.#folder, binaries: this.#binaries, data: this.#data, user: this.#user };
  }

  /** Starts it, also after it was killed. */
  async start(): Promise<void> {
    const settings = ['max_connections=100', ...this.#settings, ...listenOn(this.#socketFolder)];
    const args = ['-D', this.#data, '-p', String(port), ...settings.flatMap((each) => ['-c', each])];
    const variables = Object.entries(this.#variables).map(([name, value]) => `${name}=${value}`);
    const end = performance.now() + longestStart;
    for (;;) {
      this.#guard = spawnGuard(
        this.#folder,
        'env',
        [...variables, join(this.#binaries, 'postgres'), ...args],
        this.#user,
      );
      try {
        return await waitUntilReady(this.url, this.#guard, this.#folder);
      } catch (error) {
        // A server that was killed leaves children that hold its memory for a moment.
        if (performance.now() > end) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }

  /** From now on what is committed is on disk: filling a database is not what is to be waited for. */
  async keepWord(): Promise<void> {
    await this.run('alter system set fsync = on');
    await this.run('select pg_reload_conf()');
    await this.#until("select 1 where current_setting('fsync') = 'on'");
  }

  /** Ends the server at once, as a power failure would; its files stay. */
  async kill(): Promise<void> {
    const guard = this.#guard;
    const pid = pidIn(join(this.#data, 'postmaster.pid'));
    if (guard === undefined || pid === undefined) throw new Error('the server does not run');
    const ended = new Promise<void>((resolve) => guard.once('exit', () => resolve()));
    process.kill(pid, 'SIGKILL');
    await ended;
    this.#guard = undefined;
  }

  /** A standby that follows this server by streaming, and has each commit on disk before it is acknowledged. */
  async follow(): Promise<Cluster> {
    const standby = new Cluster(mkdtempSync(join(tmpdir(), prefix)), this.#settings);
    const { data, folder, user } = standby.#place;
    // A copy of the files under `pg_backup_start`: the npm package brings no `pg_basebackup`.
    const client = new pg.Client({ connectionString: this.url });
    await client.connect();
    try {
      await client.query("select pg_backup_start('standby', true)");
      copyData(this.#data, data);
      const { rows } = await client.query<{ label: string }>('select labelfile as label from pg_backup_stop(false)');
      const label = rows[0]?.label ?? '';
      const info = `host=${this.#socketFolder} port=${port} user=portvakt password=portvakt application_name=standby`;
      writeFileSync(join(data, 'backup_label'), label);
      writeFileSync(join(data, 'standby.signal'), '');
      writeFileSync(join(data, 'postgresql.auto.conf'), `fsync = on\nprimary_conninfo = '${info}'\n`);
      if (user.uid !== undefined) execFileSync('chown', ['-R', `${user.uid}:${user.gid}`, data]);
      await standby.start();
      await this.run("alter system set synchronous_standby_names = 'standby'");
      await this.run('select pg_reload_conf()');
      await this.#until("select 1 from pg_stat_replication where sync_state = 'sync'");
      return standby;
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    } finally {
      await client.end();
    }
  }

  /** Makes a standby take writes. */
  async promote(): Promise<void> {
    await this.run('select pg_promote()');
    await this.#until('select 1 where not pg_is_in_recovery()');
  }

  async #until(sql: string): Promise<void> {
    const end = performance.now() + longestStart;
    while ((await this.run(sql)).length === 0) {
      if (performance.now() > end) throw new Error(`it never came true: ${sql}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** One statement on the database `postgres`. */
  async run(sql: string): Promise<readonly unknown[]> {
    const client = new pg.Client({ connectionString: this.url });
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  }

  /** Stops it and removes its files. */
  async close(): Promise<void> {
    if (this.#guard !== undefined) await stopGuard(this.#guard);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** All but what belongs to the process that runs (PostgreSQL, 26.3.4). */
function copyData(from: string, to: string): void {
  const left = new Set(['postmaster.pid', 'postmaster.opts', 'pg_replslot']);
  for (const name of readdirSync(from)) {
    if (left.has(name)) continue;
    cpSync(join(from, name), join(to, name), { recursive: true, preserveTimestamps: true });
  }
  ownFolder(join(to, 'pg_replslot'), {});
}

/** Folders of tests that were killed; what guards a server stops it by itself when its test ends. */
function removeLeftovers(): void {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(prefix))) {
    const owner = pidIn(join(tmpdir(), name, 'owner.pid'));
    if (owner !== undefined && !isAlive(owner)) rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}
