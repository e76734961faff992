/** Mode of the lock on a table that every job takes first: shared by all jobs, or held by one alone. */
export type Lane = 'row share' | 'exclusive';

/** After a collision, so many jobs run alone: where one pair collides, the next ones would as well. */
const jobsAlone = 64;

/**
 * Chooses whether a job runs beside others or alone. On small tables and at the growing end of an index nearly all jobs
 * that run at once collide, and doing them again costs more than doing them one by one would have.
 */
export class Lanes {
  #alone = 0;

  /** @param attempt from 1 */
  choose(attempt: number): Lane {
    if (attempt > 1) return 'exclusive';
    if (this.#alone === 0) return 'row share';
    this.#alone--;
    return 'exclusive';
  }

  noteCollision(): void {
    this.#alone = jobsAlone;
  }
}
