import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Connection, connect } from '../support/connection.ts';
import { type Ready, startServerProcess } from '../support/process.ts';

export interface KillOptions {
  readonly rounds: number;
  readonly clients: number;
  /** Milliseconds of creates before the kill: from, to. */
  readonly killAfter: readonly [from: number, to: number];
  /** `undefined`: the embedded database. */
  readonly databaseUrl: string | undefined;
  readonly report: (round: KillRound) => void;
}

export interface KillRound {
  readonly round: number;
  /** Creates that were answered with 204 before the kill. */
  readonly acknowledged: number;
  /** Creates under way at the kill, whose outcome no client knows. */
  readonly unknown: number;
  /** Of the acknowledged, those that are there after the restart, with person and request. */
  readonly found: number;
  /** Acknowledged and not there; in the last round, those of all rounds. */
  readonly lost: number;
  /** Candidates that are there more than once. */
  readonly doubled: number;
  /** Milliseconds from the start of the process to `/readyz`. */
  readonly restart: number;
}

/** Kills the server with SIGKILL under a stream of creates, starts it again, and looks for every acknowledged candidate. */
export async function killRounds(options: KillOptions): Promise<readonly KillRound[]> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'portvakt-kill-'));
  const settings = {
    PORTVAKT_DATA: dataFolder,
    PORTVAKT_PORT: '0',
    PORTVAKT_LOG_LEVEL: 'info',
    ...(options.databaseUrl === undefined ? {} : { PORTVAKT_DATABASE_URL: options.databaseUrl }),
  };
  const results: KillRound[] = [];
  const earlier: string[] = [];
  let server = await startServerProcess({ settings });
  try {
    for (let round = 1; round <= options.rounds; round++) {
      const sent = await createUntilKilled(server, round, options);
      server = await startServerProcess({ settings });
      // After the last round, also those of all rounds before: a later kill must not take them either.
      const isLast = round === options.rounds;
      const looked = { prefix: isLast ? 'Kill ' : `Kill ${round}-`, earlier: isLast ? earlier : [] };
      const result = { round, restart: server.readyAfter, ...(await check(server, sent, looked)) };
      earlier.push(...sent.acknowledged);
      results.push(result);
      options.report(result);
    }
  } finally {
    await server.kill('SIGKILL');
    await rm(dataFolder, { recursive: true });
  }
  return results;
}

interface Sent {
  /** Last names of the candidates that were acknowledged, which are unique. */
  readonly acknowledged: readonly string[];
  readonly unknown: readonly string[];
}

async function createUntilKilled(server: Ready, round: number, { clients, killAfter }: KillOptions): Promise<Sent> {
  const connection = await connect(server.url, server.dataFolder);
  await connection.token('ats');
  const acknowledged: string[] = [];
  const unknown: string[] = [];
  const [from, to] = killAfter;
  let number = 0;
  let killed = false;
  const client = async (): Promise<void> => {
    while (!killed) {
      const name = `Kill ${round}-${number++}`;
      try {
        const answer = await connection.api('mshr_hcmcandidatetohireentities', {
          method: 'POST',
          body: candidate(name),
        });
        if (answer.status !== 204) throw new Error(`a create was answered ${answer.status} ${answer.text}`);
        acknowledged.push(name);
      } catch (error) {
        if (!killed) throw error;
        unknown.push(name);
      }
    }
  };
  const streams = Promise.all(Array.from({ length: clients }, client));
  await new Promise((resolve) => setTimeout(resolve, from + spread(round) * (to - from)));
  killed = true;
  await server.kill('SIGKILL');
  await streams;
  return { acknowledged, unknown };
}

/** From 0 to 1, different from round to round and the same in every run (Weyl's sequence of the golden ratio). */
const spread = (round: number): number => (round * 0.618_033_988_75) % 1;

const candidate = (lastName: string) => ({
  mshr_dataareaid: 'usmf',
  mshr_recruitingrequestid: 'USMF-000001',
  mshr_firstname: 'Kari',
  mshr_lastname: lastName,
});

interface Looked {
  readonly prefix: string;
  /** Acknowledged in earlier rounds. */
  readonly earlier: readonly string[];
}

async function check(
  server: Ready,
  sent: Sent,
  { prefix, earlier }: Looked,
): Promise<Omit<KillRound, 'round' | 'restart'>> {
  const times = new Map<string, number>();
  for (const name of await namesOf(await connect(server.url, server.dataFolder), prefix)) {
    times.set(name, (times.get(name) ?? 0) + 1);
  }
  return {
    acknowledged: sent.acknowledged.length,
    unknown: sent.unknown.length,
    found: sent.acknowledged.filter((name) => times.has(name)).length,
    lost: [...earlier, ...sent.acknowledged].filter((name) => !times.has(name)).length,
    doubled: [...times.values()].filter((count) => count > 1).length,
  };
}

interface CandidatePage {
  readonly value: readonly {
    readonly mshr_lastname: string;
    readonly mshr_FK_Person_id: { readonly mshr_lastname: string } | null;
  }[];
  readonly '@odata.nextLink'?: string;
}

/** Last names with a prefix of the candidates whose person was stored with them; half a candidate does not count. */
async function namesOf(connection: Connection, prefix: string): Promise<string[]> {
  const names: string[] = [];
  const query = `$select=mshr_lastname&$filter=startswith(mshr_lastname,'${prefix}')&$expand=mshr_FK_Person_id($select=mshr_lastname)`;
  let next: string | undefined = `/api/data/v9.2/mshr_hcmcandidatetohireentities?${query.replaceAll(' ', '%20')}`;
  while (next !== undefined) {
    const answer = await connection.ask(next, { as: 'ats' });
    if (answer.status !== 200) throw new Error(`reading the candidates was answered ${answer.status} ${answer.text}`);
    const page = answer.json() as CandidatePage;
    for (const row of page.value)
      if (row.mshr_FK_Person_id?.mshr_lastname === row.mshr_lastname) names.push(row.mshr_lastname);
    next = page['@odata.nextLink'];
  }
  return names;
}
