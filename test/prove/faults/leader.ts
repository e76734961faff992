import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from '../../../src/primary.ts';
import { type Answer, type Ask, ask } from '../../support/client.ts';
import { type Connection, connect } from '../../support/connection.ts';
import { bodyOf, rowsOf } from '../../support/odata.ts';
import { type Ready, startServerProcess } from '../../support/process.ts';
import { sleep } from './load.ts';
import { type FaultRow, sumRows } from './row.ts';
import { eventName, WebhookReceiver } from './webhook-receiver.ts';

export interface LeaderSize {
  readonly rounds: number;
  /** Deliveries under way when the node is killed, each about a request of its own, so that none waits for another one. */
  readonly deliveries: number;
}

export const leaderKilled = 'node that delivers webhooks killed, another takes over';

const api = '/api/data/v9.2/mshr_hcmrecruitingrequestentities';
/** Milliseconds that a delivery may take; the right to deliver runs out fifteen seconds after it was renewed last. */
const longestWait = 90_000;

/** Two nodes on one PostgreSQL, asked at the public URL of both; the older one delivers. */
class Nodes {
  older: Ready;
  younger: Ready;
  readonly #settings: Readonly<Record<string, string>>;
  readonly #connection: Connection;

  private constructor(settings: Readonly<Record<string, string>>, older: Ready, younger: Ready, first: Connection) {
    this.#settings = settings;
    [this.older, this.younger, this.#connection] = [older, younger, first];
  }

  static async start(databaseUrl: string, dataFolder: string): Promise<Nodes> {
    const port = await findFreePort('127.0.0.1');
    const publicUrl = `https://localhost:${port}`;
    const settings = {
      PORTVAKT_DATA: dataFolder,
      PORTVAKT_NODES: '2',
      PORTVAKT_PUBLIC_URL: publicUrl,
      PORTVAKT_DATABASE_URL: databaseUrl,
      PORTVAKT_WEBHOOK_NETWORKS: '127.0.0.1',
      PORTVAKT_WEBHOOK_RETRY: '0.2x20',
    };
    const older = await startNode(settings, port);
    const first = await connect(publicUrl, dataFolder);
    // Kept: nobody answers at the public URL when the first node is gone.
    await first.token('admin');
    return new Nodes(settings, older, await startNode(settings, await findFreePort('127.0.0.1')), first);
  }

  /** A request of the administrator that a balancer sends to one of them. */
  async to(node: Ready, path: string, options: Ask = {}): Promise<Answer> {
    const headers = { host: new URL(this.#connection.url).host, ...options.headers };
    const token = await this.#connection.token('admin');
    return ask(this.#connection.ca, `${node.url}${path}`, { ...options, headers, token });
  }

  /** In place of the one that was killed. */
  async replaceOlder(): Promise<void> {
    this.older = this.younger;
    this.younger = await startNode(this.#settings, await findFreePort('127.0.0.1'));
  }

  async kill(): Promise<void> {
    await Promise.all([this.older, this.younger].map((node) => node.kill('SIGKILL')));
  }
}

const startNode = (settings: Readonly<Record<string, string>>, port: number): Promise<Ready> =>
  startServerProcess({
    settings: { ...settings, PORTVAKT_PORT: String(port) },
    at: (own) => `https://localhost:${own}`,
  });

/**
 * The node that delivers is killed with SIGKILL while deliveries are under way; the other one takes events meanwhile and
 * delivers all of them when it has taken over. Counted are events: acknowledged with the change that they tell of, found
 * where they arrived and were answered, doubled where that happened twice. What was under way is sent again, under the id that
 * it had. Recovery is the time from the kill to the first delivery.
 */
export async function killLeader(databaseUrl: string, size: LeaderSize): Promise<FaultRow> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'portvakt-leader-'));
  const receiver = await WebhookReceiver.start();
  const nodes = await Nodes.start(databaseUrl, dataFolder);
  try {
    const body = { name: 'ATS', url: receiver.url };
    const made = bodyOf(await nodes.to(nodes.older, '/portvakt/v1/webhooks', { method: 'POST', body }), 201);
    const rounds: FaultRow[] = [];
    for (let round = 1; round <= size.rounds; round++)
      rounds.push(await new Round(nodes, receiver, String(made['id'])).run(size.deliveries));
    return sumRows(leaderKilled, rounds);
  } finally {
    await nodes.kill();
    receiver.close();
    await rm(dataFolder, { recursive: true });
  }
}

class Round {
  readonly #nodes: Nodes;
  readonly #receiver: WebhookReceiver;
  readonly #webhook: string;
  /** When each event was acknowledged, by its name. */
  readonly #acknowledged = new Map<string, number>();

  constructor(nodes: Nodes, receiver: WebhookReceiver, webhook: string) {
    [this.#nodes, this.#receiver, this.#webhook] = [nodes, receiver, webhook];
  }

  async run(deliveries: number): Promise<FaultRow> {
    const [nodes, receiver] = [this.#nodes, this.#receiver];
    const [heldBefore, cutBefore] = [receiver.held.length, receiver.cut.length];
    const ids: string[] = [];
    for (let at = 0; at <= deliveries; at++) ids.push(await this.#makeRequest());
    const [before = '', ...underWay] = ids;
    await this.#act(nodes.younger, before, 'Activate');
    await until('nothing is pending', async () => (await this.#pending()) === 0);
    receiver.isHolding = true;
    for (const id of underWay) await this.#act(nodes.younger, id, 'Activate');
    await until('deliveries are under way', () => receiver.held.length === heldBefore + deliveries);
    const killed = performance.now();
    await nodes.older.kill('SIGKILL');
    await until('the killed node was the one that delivers', () => receiver.cut.length === cutBefore + deliveries);
    receiver.isHolding = false;
    for (const id of ids) await this.#act(nodes.younger, id, 'Close');
    await nodes.replaceOlder();
    await until('nothing is pending', async () => (await this.#pending()) === 0).catch(() => undefined);
    // One that is sent twice comes soon.
    await sleep(1000);
    return this.#row(killed, receiver.held.slice(heldBefore));
  }

  #row(killed: number, held: WebhookReceiver['held']): FaultRow {
    const names = [...this.#acknowledged.keys()];
    const answered = this.#receiver.answered.filter(({ name }) => this.#acknowledged.has(name));
    const times = (name: string): number => answered.filter((each) => each.name === name).length;
    const found = names.filter((name) => times(name) > 0).length;
    const waits = answered.map(({ name, at }) => at - (this.#acknowledged.get(name) ?? at));
    const ids = new Map(answered.map(({ name, id }) => [name, id]));
    const order = answered.map(({ name }) => name);
    return {
      fault: leaderKilled,
      acknowledged: names.length,
      found,
      lost: names.length - found,
      doubled: names.filter((name) => times(name) > 1).length,
      unknown: 0,
      requests: answered.length + held.length,
      errors: held.length,
      recovery: Math.min(...answered.filter(({ at }) => at > killed).map(({ at }) => at)) - killed,
      longest: Math.max(...waits),
      wrong: [
        ...held
          .filter(({ name, id }) => ids.get(name) !== id)
          .map(({ name }) => `${name}: sent again under another id, or never`),
        ...names.filter((name) => times(name) > 1).map((name) => `${name}: answered ${times(name)} times`),
        ...order
          .filter((name, at) => name.includes('.closed ') && !order.slice(0, at).includes(opened(name)))
          .map((name) => `${name}: came before its activation`),
      ],
    };
  }

  async #makeRequest(): Promise<string> {
    const body = {
      mshr_dataareaid: 'usmf',
      mshr_jobid: 'Project Manager',
      mshr_description: 'Leder',
      mshr_estimatedstartdate: '2031-01-01',
    };
    const headers = { prefer: 'return=representation' };
    const made = await this.#nodes.to(this.#nodes.younger, api, { method: 'POST', body, headers });
    return String(bodyOf(made, 201)['mshr_hcmrecruitingrequestentityid']);
  }

  async #act(node: Ready, id: string, action: 'Activate' | 'Close'): Promise<void> {
    const path = `${api}(${id})/Microsoft.Dynamics.CRM.mshr_${action}RecruitingRequest`;
    const { status, text } = await this.#nodes.to(node, path, { method: 'POST' });
    if (status !== 204) throw new Error(`${action} was answered ${status} ${text}`);
    const type = action === 'Activate' ? 'recruitingRequest.activated' : 'recruitingRequest.closed';
    this.#acknowledged.set(eventName(type, id), performance.now());
  }

  /** Deliveries that are not over, and events that have none yet: the newest event is that of the newest delivery. */
  async #pending(): Promise<number> {
    const path = `/portvakt/v1/webhooks/${this.#webhook}/deliveries?top=500`;
    const rows = rowsOf(await this.#nodes.to(this.#nodes.younger, path));
    const over = new Set(this.#receiver.answered.map(({ name }) => name));
    const missing = [...this.#acknowledged.keys()].filter((name) => !over.has(name)).length;
    return missing + rows.filter(({ state }) => state === 'pending').length;
  }
}

const opened = (name: string): string => name.replace('.closed ', '.activated ');

async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + longestWait;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`never came true: ${what}`);
    await sleep(50);
  }
}
