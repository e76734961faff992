/** `npm run bench nodes`: two nodes on one PostgreSQL beside one, in alternation, with the CPU of everybody who takes part. */
import { rmSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { executeOnce, onConnection } from '../src/storage/sql/postgres/binding.ts';
import { startPostgres } from '../test/support/postgres.ts';
import { type Measurement, measure, type Shot } from './load.ts';
import { createOrganisation, demoEnvOf, startPortvakt } from './organisation.ts';
import { cpuMicroseconds, cpuWithChildren, type Running, stopProcess } from './processes.ts';
import { percent } from './report.ts';

/** What one round came to; CPU is cores that were busy all the time. */
interface Round {
  readonly perSecond: number;
  readonly errors: number;
  readonly nodes: number;
  readonly database: number;
  readonly clients: number;
  /** Of everybody else on the machine. */
  readonly others: number;
}

export interface NodesOrder {
  readonly rows: number;
  readonly seconds: number;
  readonly rounds: number;
  shotsOf(token: string): Readonly<Record<string, Shot>>;
  requestToken(origin: string, env: ReturnType<typeof demoEnvOf>): Promise<string>;
}

const header =
  '| request | nodes | per second | errors | cores: nodes | PostgreSQL | clients | together |\n| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |';

/** Starts two nodes, as docs/production.md says, and prints a table with the ratio of each kind of request. */
export async function benchNodes(order: NodesOrder): Promise<void> {
  const postgres = await startPostgres({ durable: true });
  const organisation = await createOrganisation(postgres.url, order.rows);
  const nodes: Running[] = [];
  for (let node = 0; node < 2; node++) {
    nodes.push(await startPortvakt(organisation, false, { PORTVAKT_NODES: '2' }));
  }
  const [first] = nodes;
  if (first === undefined) throw new RangeError('no node');
  const token = await order.requestToken(first.origin, demoEnvOf(organisation));
  const cores = availableParallelism();
  console.log(
    `\n## Nodes on one PostgreSQL, ${order.rows} candidates, 16 connections to each, ${cores} cores\n\n${header}`,
  );
  const words: string[] = [];
  for (const [kind, shot] of Object.entries(order.shotsOf(token))) {
    words.push(await benchShot(kind, shot, { nodes, url: postgres.url, cores, ...order }));
  }
  console.log(`\n${words.join('\n')}`);
  for (const node of nodes) await stopProcess(node);
  await postgres.stop();
  rmSync(organisation.dataFolder, { recursive: true });
}

interface Beside extends Pick<NodesOrder, 'seconds' | 'rounds'> {
  readonly nodes: readonly Running[];
  readonly url: string;
  readonly cores: number;
}

async function benchShot(kind: string, shot: Shot, beside: Beside): Promise<string> {
  const { nodes, seconds, rounds, cores } = beside;
  for (const node of nodes) await measure(node, node.origin, shot, seconds);
  const [one, two]: [Round[], Round[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    one.push(await measureRound(nodes.slice(0, 1), shot, beside));
    two.push(await measureRound(nodes, shot, beside));
  }
  const [alone, both] = [middle(one), middle(two)];
  for (const [count, round] of [
    [1, alone],
    [2, both],
  ] as const) {
    const cpu = [round.nodes, round.database, round.clients, together(round)].map((each) => each.toFixed(2));
    console.log(`| ${[kind, count, round.perSecond.toFixed(0), round.errors, ...cpu].join(' | ')} |`);
  }
  return verdict(kind, alone, both, cores);
}

async function measureRound(nodes: readonly Running[], shot: Shot, { url, seconds }: Beside): Promise<Round> {
  const before = await usedBy(nodes, url);
  const [began, busy] = [performance.now(), busyMicroseconds()];
  const results: Measurement[] = await Promise.all(nodes.map((node) => measure(node, node.origin, shot, seconds)));
  const micros = 1000 * (performance.now() - began);
  const all = (busyMicroseconds() - busy) / micros;
  const after = await usedBy(nodes, url);
  const ours = {
    nodes: (after.nodes - before.nodes) / micros,
    database: (after.database - before.database) / micros,
    clients: (after.clients - before.clients) / micros,
  };
  return {
    ...ours,
    others: Math.max(0, all - together(ours)),
    perSecond: results.reduce((sum, { perSecond }) => sum + perSecond, 0),
    errors: results.reduce((sum, { errors }) => sum + errors, 0),
  };
}

/** What all processors of the machine have done so far. */
const busyMicroseconds = (): number =>
  cpus().reduce((sum, { times }) => sum + 1000 * (times.user + times.nice + times.sys + times.irq), 0);

/** CPU microseconds so far. Connections of the server that have ended meanwhile are not in it. */
async function usedBy(nodes: readonly Running[], url: string): Promise<Pick<Round, 'nodes' | 'database' | 'clients'>> {
  const processes = await onConnection({ url, statementTimeoutMs: 0 }, (connection) =>
    executeOnce(connection, 'select pid from pg_stat_activity where pid <> pg_backend_pid()'),
  );
  const { user, system } = process.cpuUsage();
  return {
    // A node is a process that watches over one that works.
    nodes: nodes.reduce((sum, { child }) => sum + cpuWithChildren(child.pid), 0),
    database: processes.reduce((sum, [pid]) => sum + cpuMicroseconds(Number(pid)), 0),
    clients: user + system,
  };
}

function middle(rounds: readonly Round[]): Round {
  const sorted = [...rounds].sort((left, right) => left.perSecond - right.perSecond);
  const found = sorted[Math.floor(sorted.length / 2)];
  if (found === undefined) throw new RangeError('no rounds');
  return { ...found, errors: rounds.reduce((sum, { errors }) => sum + errors, 0) };
}

const together = ({ nodes, database, clients }: Pick<Round, 'nodes' | 'database' | 'clients'>): number =>
  nodes + database + clients;

/** The ratio, and whether the machine could have given more. */
function verdict(kind: string, alone: Round, both: Round, cores: number): string {
  if (alone.perSecond === 0 || both.perSecond === 0)
    return `- ${kind}: nothing was answered in time: give it more BENCH_SECONDS.`;
  const ratio = both.perSecond / alone.perSecond;
  const most = cores / together(alone);
  const cost = together(both) / both.perSecond / (together(alone) / alone.perSecond);
  const told = `- ${kind}: two nodes did ${ratio.toFixed(2)} times the requests of one, each for ${percent(cost)} of the CPU.`;
  const others = Math.max(alone.others, both.others);
  if (others > cores / 10) {
    return `${told} That says little: others on this machine kept ${others.toFixed(2)} of its ${cores} cores busy meanwhile.`;
  }
  if (most >= 2) return `${told} The machine has cores for twice as many.`;
  return `${told} One node, PostgreSQL and the clients keep ${together(alone).toFixed(2)} of ${cores} cores busy: whatever the nodes do, this machine cannot give more than ${most.toFixed(2)} times. Run it on more cores to see the nodes.`;
}
