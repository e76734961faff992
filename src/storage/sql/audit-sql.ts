import type { AuditSegment, SegmentQuery, StoredSegment } from '../../audit/audit-store.ts';
import type { SqlValue } from './dialect.ts';
import type { RawRows } from './row-transaction.ts';

type Engine = 'sqlite' | 'postgres';

const refusal = 'the audit log is append-only';
const tables = ['portvakt_audit', 'portvakt_audit_id'] as const;

/**
 * Makes what is not there yet. Triggers refuse every change of what is in the tables, whoever asks for it. `@` stands for
 * the schema with its point.
 */
const schemas: Readonly<Record<Engine, readonly string[]>> = {
  sqlite: [
    `create table if not exists @portvakt_audit (place integer primary key autoincrement, run text not null,
      first integer not null, count integer not null, since text not null, until text not null,
      lowest_id text not null, highest_id text not null, lines text not null, unique (run, first)) strict`,
    `create table if not exists @portvakt_audit_id (id text not null, place integer not null,
      primary key (id, place)) strict, without rowid`,
    'create index if not exists @portvakt_audit_since on portvakt_audit (since)',
    'create index if not exists @portvakt_audit_until on portvakt_audit (until)',
    'create index if not exists @portvakt_audit_highest_id on portvakt_audit (highest_id)',
    ...tables.flatMap((table) =>
      ['update', 'delete'].map(
        (verb) => `create trigger if not exists @${table}_no_${verb} before ${verb} on ${table}
          begin select raise(abort, '${refusal}'); end`,
      ),
    ),
  ],
  postgres: [
    `create table if not exists @portvakt_audit (place bigint generated always as identity primary key,
      run text collate "C" not null, first bigint not null, count integer not null, since text collate "C" not null,
      until text collate "C" not null, lowest_id text collate "C" not null, highest_id text collate "C" not null,
      lines text not null, unique (run, first))`,
    `create table if not exists @portvakt_audit_id (id text collate "C" not null, place bigint not null,
      primary key (id, place))`,
    'create index if not exists portvakt_audit_since on @portvakt_audit (since)',
    'create index if not exists portvakt_audit_until on @portvakt_audit (until)',
    'create index if not exists portvakt_audit_highest_id on @portvakt_audit (highest_id)',
    `create or replace function @portvakt_audit_refuse() returns trigger language plpgsql
      as $$ begin raise exception '${refusal}'; end $$`,
    ...tables.map(
      (table) => `create or replace trigger ${table}_no_change before update or delete or truncate on @${table}
        for each statement execute function @portvakt_audit_refuse()`,
    ),
  ],
};

/** Minutes by which a clock may have been set back between two segments without a look by time missing one of them. */
const tolerance = 60 * 60 * 1000;

/** The SQL of the audit log. `prefix` is the schema with its point. */
export class AuditSql {
  readonly #engine: Engine;
  readonly #prefix: string;

  constructor(engine: Engine, prefix: string) {
    this.#engine = engine;
    this.#prefix = prefix;
  }

  get schema(): readonly string[] {
    return schemas[this.#engine].map((sql) => this.#in(sql));
  }

  /** Parameters: those of `segmentValues`. Gives the place of the segment. */
  get insert(): string {
    return this.#in(`insert into @portvakt_audit (run, first, count, since, until, lowest_id, highest_id, lines)
      values (${[1, 2, 3, 4, 5, 6, 7, 8].map(this.#parameter).join()}) returning place`);
  }

  /** Parameters: the ids as a JSON array, and the place. SQLite. */
  get insertIds(): string {
    return this.#in('insert into @portvakt_audit_id (id, place) select value, ?2 from json_each(?1)');
  }

  /** Both at once, with the ids as the ninth parameter. PostgreSQL. */
  get insertWithIds(): string {
    return this.#in(`with segment as (${this.insert}) insert into @portvakt_audit_id (id, place)
      select value, place from segment, jsonb_array_elements_text($9::jsonb) ids`);
  }

  read(query: SegmentQuery): { readonly text: string; readonly values: readonly SqlValue[] } {
    const values: SqlValue[] = [];
    const value = (each: SqlValue): string => this.#parameter(values.push(each));
    const conditions = [...this.#byTime(query, value), ...this.#byId(query, value)];
    if (query.upTo !== undefined) conditions.push(`place <= ${value(query.upTo)}`);
    const where = conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`;
    const text = `select place, run, first, lines from @portvakt_audit ${where} order by place desc limit ${value(query.limit)}`;
    return { text: this.#in(text), values };
  }

  /** Places grow with the time, nearly: they bound what is looked at, whatever the planner thinks. */
  #byTime({ since, until }: SegmentQuery, value: (each: SqlValue) => string): string[] {
    const conditions: string[] = [];
    if (since !== undefined) {
      const early = value(shifted(since, -tolerance));
      conditions.push(`until >= ${value(since)}`);
      conditions.push(
        `place >= (select coalesce(min(place), 0) from (select place from @portvakt_audit where until >= ${early} order by until limit 1) bound)`,
      );
    }
    if (until !== undefined) {
      const late = value(shifted(until, tolerance));
      conditions.push(`since < ${value(until)}`);
      conditions.push(
        `place <= (select coalesce(max(place), 0) from (select place from @portvakt_audit where since < ${late} order by since desc limit 1) bound)`,
      );
    }
    return conditions;
  }

  /** An id of ours begins with its time: its segment is one of few whose highest id is a little higher. */
  #byId({ id }: SegmentQuery, value: (each: SqlValue) => string): string[] {
    if (id === undefined) return [];
    const noted = `select place from @portvakt_audit_id where id = ${value(id)}`;
    if (id[14] !== '7') return [`place in (${noted})`];
    const [low, high] = [value(id), value(laterId(id))];
    const near = `select place from @portvakt_audit where highest_id >= ${low} and highest_id <= ${high} and lowest_id <= ${low}`;
    return [`place in (${noted} union all ${near})`];
  }

  readonly #parameter = (index: number): string => (this.#engine === 'sqlite' ? `?${index}` : `$${index}`);
  #in(sql: string): string {
    return sql.replaceAll('@', this.#prefix);
  }
}

export const segmentValues = (segment: AuditSegment): SqlValue[] => [
  segment.run,
  segment.first,
  segment.count,
  segment.since,
  segment.until,
  segment.lowestId,
  segment.highestId,
  segment.lines,
];

/** Rows of `read`. */
export const segmentsOf = (rows: RawRows): StoredSegment[] =>
  rows.map(([place, run, first, lines]) => ({
    place: Number(place),
    run: String(run),
    first: Number(first),
    lines: String(lines),
  }));

/** A moment that the query gave, earlier or later. */
function shifted(moment: string, by: number): string {
  const time = Date.parse(moment) + by;
  return Number.isFinite(time) ? new Date(Math.min(Math.max(time, 0), lastMoment)).toISOString() : moment;
}
const lastMoment = Date.parse('9999-12-31T23:59:59.999Z');

/** The id that begins with a time an hour later: longer than any segment takes to be filled. */
function laterId(id: string): string {
  const time = Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) + tolerance;
  const text = Math.min(time, 0xffff_ffff_ffff).toString(16).padStart(12, '0');
  return `${text.slice(0, 8)}-${text.slice(8)}${id.slice(13)}`;
}
