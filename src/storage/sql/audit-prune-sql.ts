import type { PrunableRun } from '../../audit/audit-store.ts';
import type { AuditEngine } from './audit-schema.ts';
import type { RawRows } from './row-transaction.ts';

/** The SQL of retention. Only what a seal says is pruned can be deleted: the database refuses the rest. */
export class AuditPruneSql {
  readonly #engine: AuditEngine;
  readonly #prefix: string;

  constructor(engine: AuditEngine, prefix: string) {
    this.#engine = engine;
    this.#prefix = prefix;
  }

  /** Parameter: a moment. Of each run the segments before the first that holds something as late as that. */
  get prunable(): string {
    const at = this.#parameter(1);
    const runs = `select distinct run from @portvakt_audit where until < ${at}`;
    const first = `select b.first from @portvakt_audit b where b.run = r.run and b.until >= ${at} order by b.first limit 1`;
    const due = `select r.run, coalesce((${first}), ${Number.MAX_SAFE_INTEGER}) as bound from (${runs}) r`;
    return this.#in(`with due as (${due}) select a.run, max(a.first), max(a.first + a.count - 1), count(*), sum(a.count)
      from due join @portvakt_audit a on a.run = due.run and a.first < due.bound group by a.run order by a.run`);
  }

  /** Parameters: the run, the number of its last entry to go, segments at most. */
  get removeSegments(): string {
    const [run, last, limit] = [1, 2, 3].map(this.#parameter);
    const some = `select place from @portvakt_audit where run = ${run} and first <= ${last} order by first limit ${limit}`;
    return this.#in(`delete from @portvakt_audit where place in (${some})`);
  }

  /** Ids of segments that are no longer there. */
  get removeIds(): string {
    const gone = `not exists (select 1 from @portvakt_audit a where a.place = @portvakt_audit_id.place)`;
    const bare = this.#engine === 'sqlite' ? gone.replace('@portvakt_audit_id.', 'portvakt_audit_id.') : gone;
    return this.#in(`delete from @portvakt_audit_id where ${bare}`);
  }

  readonly #parameter = (index: number): string => (this.#engine === 'sqlite' ? `?${index}` : `$${index}`);
  #in(sql: string): string {
    return sql.replaceAll('@', this.#prefix);
  }
}

/** Rows of `prunable`. */
export const prunableOf = ([run, first, last, segments, entries]: RawRows[number]): PrunableRun => ({
  run: String(run),
  first: Number(first),
  last: Number(last),
  segments: Number(segments),
  entries: Number(entries),
});
