import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Connection, connect } from '../../support/connection.ts';
import { type Ready, residentMiB, root, startServerProcess } from '../../support/process.ts';
import { percentile } from '../soak/trend.ts';
import { readStored, sleep } from './load.ts';
import { type FaultRow, makeRow } from './row.ts';

export interface HostileSize {
  /** Factor of the service-protection limits. */
  readonly limits: string;
  /** Seconds in which the good client is alone, and in which it is not. */
  readonly alone: number;
  readonly beside: number;
  /** Requests a second of the good client; half of them are creates. All of them must be fewer than 500, its own limit. */
  readonly perSecond: number;
}

export const hostileClient = 'hostile client at 10 times the capacity';

/** Resident memory in MiB that the server must stay below, whatever is sent to it. */
const ceilingMiB = 1024;
const candidates = 'mshr_hcmcandidatetohireentities';
const page = `/api/data/v9.2/${candidates}?$top=50&$orderby=mshr_lastname`;

const connections = 50;
/** By gate one, by Human Resources in its own way, and by the server itself; each with `Retry-After`. */
const refusals: readonly string[] = ['429', '400', '503'];

/** What the hostile client was told (`flood.mjs`). */
interface Flooded {
  readonly sent: number;
  readonly unsent: number;
  readonly statuses: Readonly<Record<string, number>>;
  readonly retryAfters: number;
  readonly closed: number;
}

/**
 * A client with a token of its own sends ten times what the server can do, without waiting for answers, beside one that
 * behaves. The good client's creates are counted as in every fault; its latencies and the memory are remarks.
 */
export async function beHostile(databaseUrl: string | undefined, size: HostileSize): Promise<FaultRow> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'portvakt-hostile-'));
  const server = await startServerProcess({
    settings: {
      PORTVAKT_DATA: dataFolder,
      PORTVAKT_PORT: '0',
      PORTVAKT_LIMITS: size.limits,
      ...(databaseUrl === undefined ? {} : { PORTVAKT_DATABASE_URL: databaseUrl }),
    },
  });
  try {
    return await floodBeside(server, await connect(server.url, dataFolder), size);
  } finally {
    await server.kill('SIGKILL');
    await rm(dataFolder, { recursive: true });
  }
}

async function floodBeside(server: Ready, connection: Connection, size: HostileSize): Promise<FaultRow> {
  await connection.token('ats');
  const capacity = await measureCapacity(connection);
  const good = new GoodClient(connection, size.perSecond);
  await sleep(1000 * size.alone);
  const alone = good.take();
  const memory = watchMemory(server.pid);
  const flooded = await flood(server, await connection.token('reader'), 10 * capacity, size.beside);
  const ended = performance.now();
  const beside = good.take();
  const recovery = await good.answeredAfter(ended);
  const { acknowledged, unknown, requests, errors, wrong } = await good.end();
  const most = memory();
  const row = makeRow(
    hostileClient,
    recovery,
    { acknowledged, unknown, refused: [], requests, errors, wrong, longest: Math.max(...beside) },
    await readStored(connection, prefix),
  );
  const ratio = percentile(beside, 0.5) / percentile(alone, 0.5);
  const statuses = Object.entries(flooded.statuses).map(([status, count]) => `${status}: ${count}`);
  const remarks =
    `capacity ${Math.round(capacity)}/s, sent ${flooded.sent}; answers ${statuses.join(', ')}; ` +
    `good client p50 ${percentile(alone, 0.5).toFixed(1)} to ${percentile(beside, 0.5).toFixed(1)} ms (${ratio.toFixed(1)} times), ` +
    `p99 ${percentile(alone, 0.99).toFixed(1)} to ${percentile(beside, 0.99).toFixed(1)} ms; memory up to ${most} MiB`;
  return { ...row, remarks, wrong: [...wrong, ...faultsOf(flooded, most)] };
}

/** What must not be, whatever the machine can do. */
function faultsOf({ statuses, retryAfters, closed }: Flooded, most: number): readonly string[] {
  const refused = refusals.reduce((sum, status) => sum + (statuses[status] ?? 0), 0);
  // Of the last answer on each connection the end may not have come.
  const found: string[] = [];
  if (refused === 0) found.push('a client at 10 times the capacity was never refused');
  if (retryAfters < refused - connections - closed)
    found.push(`${refused - retryAfters} of ${refused} refusals had no Retry-After`);
  if (most > ceilingMiB) found.push(`the server took ${most} MiB`);
  const others = Object.keys(statuses).filter((status) => status !== '200' && !refusals.includes(status));
  if (others.length > 0) found.push(`the hostile client was answered ${others.join(', ')}`);
  return found;
}

/** Requests a second of the hostile client's kind, as the administrator, over sixteen connections. */
async function measureCapacity(connection: Connection): Promise<number> {
  const each = 20;
  await connection.token('admin');
  const began = performance.now();
  const client = async (): Promise<void> => {
    for (let at = 0; at < each; at++) await connection.ask(page, { as: 'admin' });
  };
  await Promise.all(Array.from({ length: 16 }, client));
  return (16 * each * 1000) / (performance.now() - began);
}

/** The most that it has been, when it is called. */
function watchMemory(pid: number): () => number {
  let most = 0;
  const look = (): void => {
    most = Math.max(most, residentMiB(pid) ?? 0);
  };
  const timer = setInterval(look, 100);
  return () => {
    clearInterval(timer);
    look();
    return most;
  };
}

function flood({ url, ca }: Ready, token: string, perSecond: number, seconds: number): Promise<Flooded> {
  const { port, hostname: host } = new URL(url);
  const task = { port: Number(port), host, ca, path: page, token, perSecond, seconds, connections };
  const child = spawn(process.execPath, [join(root, 'test/prove/faults/flood.mjs'), JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve(JSON.parse(output) as Flooded));
  });
}

const prefix = 'Good ';

/** Reads and creates in turn, at its own pace, whatever others do. */
class GoodClient {
  readonly #connection: Connection;
  readonly #timer: NodeJS.Timeout;
  readonly #underWay = new Set<Promise<void>>();
  readonly #acknowledged: string[] = [];
  readonly #unknown: string[] = [];
  readonly #wrong: string[] = [];
  #times: number[] = [];
  #answeredAt = 0;
  #requests = 0;
  #errors = 0;

  constructor(connection: Connection, perSecond: number) {
    this.#connection = connection;
    this.#timer = setInterval(() => {
      const sending: Promise<void> = this.#send().finally(() => this.#underWay.delete(sending));
      this.#underWay.add(sending);
    }, 1000 / perSecond);
  }

  /** Milliseconds of the answers since the last time that it was called. */
  take(): readonly number[] {
    const taken = this.#times;
    this.#times = [];
    return taken;
  }

  async answeredAfter(moment: number): Promise<number> {
    const end = moment + 60_000;
    while (this.#answeredAt <= moment) {
      if (performance.now() > end) return Number.POSITIVE_INFINITY;
      await sleep(5);
    }
    return this.#answeredAt - moment;
  }

  async end() {
    clearInterval(this.#timer);
    await Promise.all(this.#underWay);
    return {
      acknowledged: this.#acknowledged,
      unknown: this.#unknown,
      requests: this.#requests,
      errors: this.#errors,
      wrong: this.#wrong,
    };
  }

  async #send(): Promise<void> {
    const number = this.#requests++;
    const began = performance.now();
    const name = `${prefix}${number}`;
    try {
      const answer = await (number % 2 === 0 ? this.#create(name) : this.#connection.api(`${candidates}?$top=5`));
      this.#times.push(performance.now() - began);
      if (answer.status < 300) this.#answeredAt = performance.now();
      if (answer.status === 204) this.#acknowledged.push(name);
      else if (answer.status !== 200) this.#note(answer.status, answer.headers['retry-after'], answer.text);
    } catch {
      this.#errors += 1;
      this.#unknown.push(name);
    }
  }

  /** A good client is told what to do, or it is a fault. */
  #note(status: number, retryAfter: string | undefined, text: string): void {
    this.#errors += 1;
    if (status !== 503 || retryAfter === undefined) this.#wrong.push(`${status} ${text.slice(0, 200)}`);
  }

  #create(lastName: string) {
    const body = {
      mshr_dataareaid: 'usmf',
      mshr_recruitingrequestid: 'USMF-000001',
      mshr_firstname: 'Kari',
      mshr_lastname: lastName,
    };
    return this.#connection.api(candidates, { method: 'POST', body });
  }
}
