import type { AuditSegment, SegmentQuery, StoredSegment } from '../../audit/audit-store.ts';
import { type AuditEngine, auditStepTable, noteSteps, stepsAfter } from './audit-schema.ts';
import type { SqlValue } from './dialect.ts';
import type { RawRows } from './row-transaction.ts';

/** Minutes by which a clock may have been set back between two segments without a look by time missing one of them. */
const tolerance = 60 * 60 * 1000;

/** The SQL of the audit log. `prefix` is the schema with its point. */
export class AuditSql {
  readonly #engine: AuditEngine;
  readonly #prefix: string;

  constructor(engine: AuditEngine, prefix: string) {
    this.#engine = engine;
    this.#prefix = prefix;
  }

  /** Run first; then `step` gives the step that the log is at. */
  get begin(): string {
    return this.#in(noteSteps);
  }

  get step(): string {
    return this.#in(`select coalesce(max(version), 0) from @${auditStepTable}`);
  }

  /** What brings a log from a step to the newest one. @throws StorageError when it is newer than the program */
  stepsAfter(version: number, place: string): readonly string[] {
    return stepsAfter(version, this.#engine, place).map((sql) => this.#in(sql));
  }

  /** Parameters: those of `segmentValues`. Gives the place of the segment. */
  get insert(): string {
    return this.#in(`insert into @portvakt_audit (run, first, count, since, until, lowest_id, highest_id, lines, prev, digests, hash)
      values (${Array.from({ length: 11 }, (_, index) => this.#parameter(index + 1)).join()}) returning place`);
  }

  /** Parameters: the ids as a JSON array, and the place. SQLite. */
  get insertIds(): string {
    return this.#in('insert into @portvakt_audit_id (id, place) select value, ?2 from json_each(?1)');
  }

  /** Both at once, with the ids as the twelfth parameter; gives the place as well. PostgreSQL. */
  get insertWithIds(): string {
    return this.#in(`with segment as (${this.insert}), ids as (insert into @portvakt_audit_id (id, place)
      select value, place from segment, jsonb_array_elements_text($12::jsonb) ids) select place from segment`);
  }

  read(query: SegmentQuery): { readonly text: string; readonly values: readonly SqlValue[] } {
    const values: SqlValue[] = [];
    const value = (each: SqlValue): string => this.#parameter(values.push(each));
    const conditions = [...this.#byTime(query, value), ...this.#byId(query, value)];
    if (query.upTo !== undefined) conditions.push(`place <= ${value(query.upTo)}`);
    if (query.from !== undefined) conditions.push(`place >= ${value(query.from)}`);
    const direction = query.order === 'oldest' ? 'asc' : 'desc';
    const where = conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`;
    const text = `select place, run, first, lines from @portvakt_audit ${where} order by place ${direction} limit ${value(query.limit)}`;
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
  segment.prev,
  segment.digests,
  segment.hash,
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
