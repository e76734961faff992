import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '../../support/connection.ts';
import { bodyOf, rowsOf } from '../../support/odata.ts';
import { type Ready, startServerProcess } from '../../support/process.ts';
import { verifyAudit } from '../../support/verify-audit.ts';
import { provedSettings } from '../proved-settings.ts';
import { sleep } from './load.ts';
import { type FaultRow, sumRows } from './row.ts';

export interface PruningSize {
  readonly rounds: number;
  /** Requests, each with an entry in the audit log, that are old when entries are removed, and as many that are not. */
  readonly entries: number;
  /** Milliseconds from the request to remove entries to the kill, at most; rounds are spread over them. */
  readonly killWithin: number;
}

export const killedWhilePruning = 'server killed while it removes old entries of the audit log';

const candidates = '/api/data/v9.2/mshr_hcmcandidatetohireentities';

/** Calls of the administrator and of an application without rights to one server. */
async function callsOf(server: Ready) {
  const connection = await connect(server.url, server.dataFolder);
  const token = await connection.token('admin');
  const portvakt = (path: string, body?: object) =>
    connection.ask(`/portvakt/v1/${path}`, { token, ...(body === undefined ? {} : { method: 'POST', body }) });
  return {
    portvakt,
    verify: async (seal: string) => (await verifyAudit((path) => connection.ask(path, { token }), seal)).findings,
    seal: async () => String(bodyOf(await portvakt('audit/seal', {}))['hash']),
    /** Requests that are refused, which the log keeps one by one. */
    async fill(count: number): Promise<void> {
      await connection.token('roleless');
      const client = async (share: number): Promise<void> => {
        for (let at = 0; at < share; at++) await connection.ask(`${candidates}?$top=1`, { as: 'roleless' });
      };
      await Promise.all(Array.from({ length: 8 }, () => client(Math.ceil(count / 8))));
    },
    /** Ids of requests whose entries are in the log, of a time. */
    async requests(since: string, until: string): Promise<readonly string[]> {
      const ids: string[] = [];
      for (let next: unknown = ''; next !== null; ) {
        const cursor = next === '' ? '' : `&cursor=${String(next)}`;
        const page = await portvakt(`audit?order=oldest&top=500&since=${since}&until=${until}${cursor}`);
        ids.push(...rowsOf(page).map(({ requestId }) => String(requestId)));
        next = bodyOf(page)['next'] ?? null;
      }
      return ids;
    },
  };
}

/**
 * The server is killed with SIGKILL while it removes what is old from its audit log, and started again. Counted are entries:
 * acknowledged are those that are not old and were in the log before, found those that are in it afterwards, doubled those that
 * are there twice. The chain must verify against a seal of before; what was left of the old goes at the next call.
 */
export async function killWhilePruning(databaseUrl: string | undefined, size: PruningSize): Promise<FaultRow> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'portvakt-pruning-'));
  const settings = provedSettings(dataFolder, databaseUrl);
  const rounds: FaultRow[] = [];
  let server = await startServerProcess({ settings });
  try {
    for (let round = 0; round < size.rounds; round++) {
      const wait = (size.killWithin * (round + 0.5)) / size.rounds;
      const { row, again } = await pruneAndKill(server, size, wait, () => startServerProcess({ settings }));
      server = again;
      rounds.push(row);
    }
    return sumRows(killedWhilePruning, rounds);
  } finally {
    await server.kill('SIGKILL');
    await rm(dataFolder, { recursive: true });
  }
}

async function pruneAndKill(
  server: Ready,
  { entries }: PruningSize,
  wait: number,
  start: () => Promise<Ready>,
): Promise<{ readonly row: FaultRow; readonly again: Ready }> {
  const { portvakt, fill, requests, seal } = await callsOf(server);
  await fill(entries);
  // What is old ends in a segment of its own.
  await sleep(50);
  const before = new Date().toISOString();
  await sleep(50);
  await fill(entries);
  const kept = await seal();
  const until = new Date().toISOString();
  const expected = await requests(before, until);
  const old = (await requests('2000-01-01T00:00:00Z', before)).length;
  const began = performance.now();
  const removal = portvakt('audit/prune', { before }).then(
    ({ status }) => status,
    () => undefined,
  );
  await sleep(wait);
  await server.kill('SIGKILL');
  const isUnknown = (await removal) === undefined;
  const longest = performance.now() - began;
  const again = await start();
  const after = await callsOf(again);
  const wrong = (await after.verify(kept)).map((finding) => `audit log: ${JSON.stringify(finding)}`);
  const found = await after.requests(before, until);
  const rest = bodyOf(await after.portvakt('audit/prune', { before }));
  const stayed = await after.requests('2000-01-01T00:00:00Z', before);
  if (stayed.length > 0) wrong.push(`${stayed.length} of ${old} old entries stayed: ${JSON.stringify(rest)}`);
  wrong.push(...(await after.verify(await after.seal())).map((finding) => `then: ${JSON.stringify(finding)}`));
  const ids = new Set(found);
  const lost = expected.filter((id) => !ids.has(id)).length;
  return {
    again,
    row: {
      fault: killedWhilePruning,
      acknowledged: expected.length,
      found: expected.length - lost,
      lost,
      doubled: Math.max(0, repeats(found) - repeats(expected)),
      unknown: Number(isUnknown),
      requests: 1,
      errors: Number(isUnknown),
      recovery: again.readyAfter,
      longest,
      wrong,
    },
  };
}

/** Parts of a batch share the id of their request. */
const repeats = (ids: readonly string[]): number => ids.length - new Set(ids).size;
