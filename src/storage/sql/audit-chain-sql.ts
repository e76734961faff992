import type {
  AuditChain,
  AuditSeal,
  ChainedSegment,
  RunEnd,
  SealKind,
  SealQuery,
  UnopenedRun,
} from '../../audit/audit-store.ts';
import type { AuditEngine } from './audit-schema.ts';
import type { SqlValue } from './dialect.ts';
import type { RawRows } from './row-transaction.ts';

/** Runs one statement that reads. */
export type ReadRows = (text: string, values: readonly SqlValue[]) => Promise<RawRows>;

/** A statement with what belongs in it. */
interface Filled {
  readonly text: string;
  readonly values: readonly SqlValue[];
}

const sealColumns = 'number, time, kind, run, last, link, prev, hash';
const segmentColumns = 'place, run, first, count, since, until, lowest_id, highest_id, lines, prev, digests, hash';

/** The SQL of the chain. `prefix` is the schema with its point. */
export class AuditChainSql {
  readonly #engine: AuditEngine;
  readonly #prefix: string;

  constructor(engine: AuditEngine, prefix: string) {
    this.#engine = engine;
    this.#prefix = prefix;
  }

  get lastSeal(): string {
    return this.#in(`select ${sealColumns} from @portvakt_audit_seal order by number desc limit 1`);
  }

  /** Parameters: those of `sealValues`. A run is opened once and ended once: who comes second adds nothing. */
  get insertSeal(): string {
    const places = [1, 2, 3, 4, 5, 6, 7, 8].map(this.parameter).join();
    return this.#in(`insert into @portvakt_audit_seal (${sealColumns}) values (${places}) on conflict do nothing`);
  }

  /** `free`: a condition of `run` that says that no process holds it. */
  orphans(free: string): string {
    const lastSegment = (what: string): string =>
      `(select ${what} from @portvakt_audit a where a.run = o.run order by first desc limit 1)`;
    const ended = `select 1 from @portvakt_audit_seal e where e.run = o.run and e.kind in ('close', 'orphan')`;
    const pruned = (what: string): string =>
      `(select ${what} from @portvakt_audit_seal p where p.run = o.run and p.kind = 'prune' order by last desc limit 1)`;
    const open = `select run, hash from @portvakt_audit_seal o where kind = 'open' and not exists (${ended})`;
    return this.#in(`with open_run as ${this.#engine === 'postgres' ? 'materialized ' : ''}(${open})
      select run, hash, coalesce(${lastSegment('first + count - 1')}, ${pruned('last')}, 0),
        coalesce(${lastSegment(`place || ':' || hash`)}, ${pruned('link')}) from open_run o where ${free}`);
  }

  seals({ kinds, run, hash, after, lastAbove, lastUpTo, order, limit }: SealQuery): Filled {
    const values: SqlValue[] = [];
    const value = (each: SqlValue): string => this.parameter(values.push(each));
    const conditions = [
      kinds && `kind in (${kinds.map(value).join()})`,
      run === undefined ? undefined : `run = ${value(run)}`,
      hash === undefined ? undefined : `hash = ${value(hash)}`,
      after === undefined ? undefined : `number > ${value(after)}`,
      lastAbove === undefined ? undefined : `last > ${value(lastAbove)}`,
      lastUpTo === undefined ? undefined : `last <= ${value(lastUpTo)}`,
    ].filter((each) => each !== undefined);
    const where = conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`;
    const by = order === 'last' ? 'last desc, number desc' : `number${order === 'newest' ? ' desc' : ''}`;
    const text = `select ${sealColumns} from @portvakt_audit_seal${where} order by ${by} limit ${value(limit)}`;
    return { text: this.#in(text), values };
  }

  get run(): string {
    const [run, from, limit] = [1, 2, 3].map(this.parameter);
    return this.#in(
      `select ${segmentColumns} from @portvakt_audit where run = ${run} and first >= ${from} order by first limit ${limit}`,
    );
  }

  get unopened(): string {
    const opened = `select 1 from @portvakt_audit_seal s where s.run = a.run and s.kind = 'open'`;
    return this.#in(`select run, min(first), sum(count), count(*), max(place), count(hash)
      from @portvakt_audit a where run > ${this.parameter(1)} and not exists (${opened})
      group by run order by run limit ${this.parameter(2)}`);
  }

  /** Parameter: a JSON array of pairs. */
  get unlisted(): string {
    const known = 'select 1 from @portvakt_audit_id i where i.id = w.id and i.place = w.place';
    const wanted =
      this.#engine === 'sqlite'
        ? `select value ->> 0 as id, value ->> 1 as place from json_each(?1)`
        : `select value ->> 0 as id, (value ->> 1)::bigint as place from jsonb_array_elements($1::jsonb)`;
    return this.#in(`select id, place from (${wanted}) w where not exists (${known})`);
  }

  get measure(): string {
    return this.#in('select count(*), coalesce(max(place), 0) from @portvakt_audit');
  }

  readonly parameter = (index: number): string => (this.#engine === 'sqlite' ? `?${index}` : `$${index}`);
  #in(sql: string): string {
    return sql.replaceAll('@', this.#prefix);
  }
}

/** The chain, read by statements. */
export function makeAuditChain(sql: AuditChainSql, rows: ReadRows): AuditChain {
  return {
    async readSeals(query) {
      const { text, values } = sql.seals(query);
      return (await rows(text, values)).map(sealOf);
    },
    readRun: async (run, from, limit) => (await rows(sql.run, [run, from, limit])).map(segmentOf),
    readUnopened: async (after, limit) => (await rows(sql.unopened, [after, limit])).map(unopenedOf),
    findUnlisted: async (ids) =>
      ids.length === 0
        ? []
        : (await rows(sql.unlisted, [JSON.stringify(ids)])).map(([id, place]) => [String(id), Number(place)] as const),
    async measure() {
      const [row] = await rows(sql.measure, []);
      return { segments: Number(row?.[0] ?? 0), place: Number(row?.[1] ?? 0) };
    },
  };
}

export const sealValues = ({ number, time, kind, run, last, link, prev, hash }: AuditSeal): SqlValue[] => [
  ...[number, time, kind, run],
  ...[last, link, prev, hash],
];

export const sealOf = ([number, time, kind, run, last, link, prev, hash]: RawRows[number]): AuditSeal => ({
  number: Number(number),
  time: String(time),
  // Whatever stands there: the hash says whether it is what was written.
  kind: String(kind) as SealKind,
  run: String(run),
  last: Number(last),
  link: String(link),
  prev: String(prev),
  hash: String(hash),
});

/** Rows of `orphans`. */
export const runEndOf = ([run, opening, last, link]: RawRows[number]): RunEnd => ({
  run: String(run),
  opening: String(opening),
  last: Number(last),
  link: text(link),
});

const text = (value: unknown): string | undefined => (value === null ? undefined : String(value));

const segmentOf = (row: RawRows[number]): ChainedSegment => {
  const [place, run, first, count, since, until, lowestId, highestId, lines, prev, digests, hash] = row;
  return {
    place: Number(place),
    run: String(run),
    first: Number(first),
    count: Number(count),
    since: String(since),
    until: String(until),
    lowestId: String(lowestId),
    highestId: String(highestId),
    lines: String(lines),
    prev: text(prev),
    digests: text(digests),
    hash: text(hash),
  };
};

const unopenedOf = ([run, first, count, segments, place, chained]: RawRows[number]): UnopenedRun => ({
  run: String(run),
  first: Number(first),
  count: Number(count),
  segments: Number(segments),
  place: Number(place),
  isChained: Number(chained) > 0,
});
