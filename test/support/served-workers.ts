import { Client } from 'pg';
import { idHeaders } from '../../src/kernel/http.ts';
import type { Log, LogFields } from '../../src/kernel/log.ts';
import type { RunningServer } from '../../src/server.ts';
import { type Answer, ask, settleWith } from './client.ts';
import { spawnServer } from './process.ts';

/**
 * A server of several worker processes, as `PORTVAKT_WORKERS` starts them. Its clients in this process open a connection for
 * each request, which another worker gets than the one before. A change is promised to be in force on all workers within a
 * second; not to wait that long each time, clients go on when all have it.
 */
export async function startWorkers(
  settings: Readonly<Record<string, string>>,
  workers: number,
  log: Log,
): Promise<Pick<RunningServer, 'url' | 'close'>> {
  const server = spawnServer({
    settings: { PORTVAKT_LOG_LEVEL: 'debug', ...settings, PORTVAKT_WORKERS: String(workers) },
  });
  const followed = new FollowedLog(log);
  const told = (output: string): void => followed.read(output);
  const [, url = '', port = ''] = await server.wrote(/"url":"([^"]+)","port":(\d+).*"msg":"ready"/);
  told(server.output());
  const following = setInterval(() => told(server.output()), 5);
  const changes = new Changes(settings['PORTVAKT_DATABASE_URL'] ?? '', workers);
  const forget = settleWith(port, {
    logged: (answer) => followed.has(answer),
    settle: async (ca, made) => {
      await changes.inForce();
      if (made !== undefined) await openEverywhere(ca, made, workers);
    },
  });
  const close = async (): Promise<void> => {
    forget();
    await changes.close();
    const { code, stderr } = await server.kill('SIGTERM');
    clearInterval(following);
    told(server.output());
    if (code !== 0) throw new Error(`the server ended with ${code}: ${stderr}`);
  };
  return { url, close };
}

/** Workers open an environment that another one has made a moment after they have heard of it (docs/production.md). */
async function openEverywhere(ca: string, url: string, workers: number): Promise<void> {
  // Other names lead nowhere: nobody can be asked by them.
  if (!/(?:^|\.)localhost$/.test(new URL(url).hostname)) return;
  const open = new Set<string | undefined>();
  while (open.size < workers) {
    // One that has not opened it yet has no certificate for its name either.
    const answer = await ask(ca, `${url}/api/data/v9.2/WhoAmI`).catch(() => undefined);
    if (answer?.status === 401) open.add(answer.headers['x-portvakt-worker']);
    else await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const levels = { 20: 'debug', 30: 'info', 40: 'warn', 50: 'error' } as const;

/** Writes the lines of all processes into a log of the test, as a server in its own process would have. */
class FollowedLog {
  readonly #log: Log;
  readonly #answered = new Set<unknown>();
  readonly #waiting = new Map<unknown, () => void>();
  #read = 0;

  constructor(log: Log) {
    this.#log = log;
  }

  /** @param output all that the processes have written until now */
  read(output: string): void {
    const end = output.lastIndexOf('\n') + 1;
    const lines = output.slice(this.#read, end).split('\n');
    this.#read = Math.max(this.#read, end);
    for (const line of lines.filter((each) => each.startsWith('{'))) {
      const { level, time: _time, worker: _worker, msg, ...fields } = JSON.parse(line) as Record<string, unknown>;
      this.#log[levels[level as keyof typeof levels]](String(msg), fields as LogFields);
      if (msg === 'answered') this.#note(fields['request']);
    }
  }

  /** Resolves when the last line about a request was read, which is the one that says that it was answered. */
  async has({ headers }: Answer): Promise<void> {
    const id = idHeaders.map((name) => headers[name.toLowerCase()]).find((each) => each !== undefined);
    // What is refused before anything is asked has no id.
    if (id === undefined || this.#answered.has(id)) return;
    await new Promise<void>((resolve) => this.#waiting.set(id, resolve));
  }

  #note(id: unknown): void {
    this.#answered.add(id);
    this.#waiting.get(id)?.();
    this.#waiting.delete(id);
  }
}

/** Where workers look for changes that others have noted (`change-feed.ts`): how often, and until when, is in the database. */
const looks = `select pid, extract(epoch from query_start) as at from pg_stat_activity
  where datname = current_database() and query like '%pg_current_snapshot%' and pid <> pg_backend_pid()`;
const notes = 'select coalesce(max(xid::text::bigint), 0) as newest, count(*) as many from portvakt_processes.change';

class Changes {
  readonly #client: Client;
  readonly #connected: Promise<unknown>;
  readonly #workers: number;
  #known = '';
  #waiting: Promise<void> = Promise.resolve();

  constructor(url: string, workers: number) {
    this.#workers = workers;
    this.#client = new Client({ connectionString: url });
    this.#client.on('error', () => undefined);
    this.#connected = this.#client.connect();
  }

  /** Resolves when all changes that were noted until now are in force on all workers. */
  inForce(): Promise<void> {
    const settled = this.#waiting.then(() => this.#settle());
    this.#waiting = settled.catch(() => undefined);
    return settled;
  }

  async close(): Promise<void> {
    await this.#waiting;
    await this.#connected;
    await this.#client.end();
  }

  async #settle(): Promise<void> {
    await this.#connected;
    const { rows } = await this.#client.query<{ newest: string; many: string }>(notes);
    const known = `${rows[0]?.newest} ${rows[0]?.many}`;
    if (known === this.#known) return;
    this.#known = known;
    // A look that begins now reads them; one that begins after it ended finds them in force.
    await this.#nextLook();
    await this.#nextLook();
  }

  /** Has all workers look, and waits until they have begun. */
  async #nextLook(): Promise<void> {
    const before = await this.#looks();
    await this.#client.query(`notify portvakt`);
    for (;;) {
      const now = await this.#looks();
      const begun = [...now].filter(([pid, at]) => before.get(pid) !== at);
      if (begun.length >= this.#workers) return;
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
  }

  async #looks(): Promise<ReadonlyMap<number, string>> {
    const { rows } = await this.#client.query<{ pid: number; at: string }>(looks);
    return new Map(rows.map(({ pid, at }) => [pid, String(at)]));
  }
}
