import type { BusinessEvent } from '../../../odata/row-store.ts';
import { eventMembers, eventValues } from '../../event-rows.ts';
import { undone } from '../../storage-error.ts';
import { PlanBuilder } from '../plan-builder.ts';
import { RowTransaction } from '../row-transaction.ts';
import { type Connection, commit, execute, executeOnce, isRefusedByServer } from './binding.ts';
import { isAftermath, isRetried, postgresFailure } from './failure.ts';
import type { Lane } from './lanes.ts';
import type { Pool } from './pool.ts';
import { PostgresWriteSession, type Shared } from './session.ts';

const mostAttempts = 12;

/**
 * Runs a job in a transaction that behaves as if it were alone (`serializable`), which is what SQLite gives; when that
 * cannot be kept up beside others, the job is done again, really alone.
 */
export async function runJob<T>(shared: Shared, pool: Pool, job: (rows: RowTransaction) => Promise<T>): Promise<T> {
  let mustCheckNumbers = false;
  for (let attempt = 1; ; attempt++) {
    const lane = shared.lanes.choose(attempt);
    const outcome = await attemptJob(shared, pool, job, { lane, mustCheckNumbers });
    if (outcome.kind === 'done') return outcome.result;
    const collided = isRetried(outcome.cause);
    if (!(collided || outcome.mayHaveDrawnTaken) || attempt >= mostAttempts) throw outcome.error;
    if (collided) shared.lanes.noteCollision();
    else mustCheckNumbers = true;
  }
}

/** As `runJob`, with all other jobs waiting, and the connection for what changes the tables themselves. */
export async function runJobAlone<T>(
  shared: Shared,
  pool: Pool,
  job: (rows: RowTransaction, connection: Connection) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await attemptJob(shared, pool, job, { lane: 'exclusive', mustCheckNumbers: true });
    if (outcome.kind === 'done') return outcome.result;
    if (!isRetried(outcome.cause) || attempt >= mostAttempts) throw outcome.error;
  }
}

type Outcome<T> =
  | { readonly kind: 'done'; readonly result: T }
  /** `error` is for the caller, `cause` what the driver said. */
  | {
      readonly kind: 'failed';
      readonly error: unknown;
      readonly cause: unknown;
      readonly mayHaveDrawnTaken: boolean;
    };

interface Attempt {
  readonly lane: Lane;
  readonly mustCheckNumbers: boolean;
}

async function attemptJob<T>(
  shared: Shared,
  pool: Pool,
  job: (rows: RowTransaction, connection: Connection) => Promise<T>,
  { lane, mustCheckNumbers }: Attempt,
): Promise<Outcome<T>> {
  const connection = await pool.connect().catch((error: unknown) => {
    throw undone(postgresFailure(error, shared.place));
  });
  const session = new PostgresWriteSession(shared, connection);
  const rows = new RowTransaction(session, shared.watchers, mustCheckNumbers);
  let isBroken = false;
  let mayBeCommitted = false;
  try {
    const begun = begin(shared, connection, lane);
    begun.catch((error: unknown) => session.noteError(error));
    const result = await job(rows, connection);
    rows.check();
    rows.end();
    if (rows.changes.size > 0) await shared.feed?.note(connection, shared.schema, rows.changes);
    const stored = storeEvents(shared, connection, rows.events);
    mayBeCommitted = true;
    await commitBehind(shared, connection, [rows], { begun, stored });
    return { kind: 'done', result };
  } catch (error) {
    if (mayBeCommitted) shared.feed?.loseTrack();
    isBroken = !(await rollBack(connection));
    const cause = session.firstError ?? error;
    const { mayHaveDrawnTaken } = rows;
    const reason = rows.told(error);
    const told = postgresFailure(isAftermath(reason) ? cause : reason, shared.place);
    const isUndone = !mayBeCommitted || isRefusedByServer(cause);
    return { kind: 'failed', error: isUndone ? undone(told) : told, cause, mayHaveDrawnTaken };
  } finally {
    rows.end();
    if (mayBeCommitted) {
      shared.watchers.tell(rows.changes);
      shared.watchers.tellEvents(rows.events.length);
    }
    connection.release(isBroken || shared.statements.isWornOut(connection));
  }
}

/**
 * Begins a transaction. Sent without waiting: the first statement follows in the same breath. Locking a table takes no
 * snapshot: the job sees what those have done that it waited for.
 */
export function begin(shared: Shared, connection: Connection, lane: Lane): Promise<unknown> {
  const lock = `lock table ${shared.codec.dialect.table('portvakt_migration')} in ${lane} mode`;
  return executeOnce(connection, `begin isolation level serializable; ${lock}`);
}

/** Commits right behind what is still being written: should one of those statements fail, there is nothing to commit. */
export async function commitBehind(
  { probe }: Shared,
  connection: Connection,
  jobs: readonly RowTransaction[],
  { begun, stored }: { readonly begun: Promise<unknown>; readonly stored: Promise<void> | undefined },
): Promise<void> {
  const began = performance.now();
  const committed = commit(connection);
  committed.then(
    () => probe.statement('commit', began, 'commit', false),
    () => probe.statement('commit', began, 'commit', true),
  );
  await begun;
  // The error of a row is the one to tell: what stands behind it fails because of it.
  for (const rows of jobs) await rows.settle();
  await stored;
  await committed;
}

/** Without waiting: the commit follows in the same breath. `undefined`: there are none. */
export function storeEvents(
  shared: Shared,
  connection: Connection,
  events: readonly BusinessEvent[],
): Promise<void> | undefined {
  if (events.length === 0) return undefined;
  const { codec } = shared;
  const rows = events.map(eventValues);
  const lists = eventMembers.split(', ').map((_name, at) => codec.dialect.list(rows.map((row) => row[at] ?? null)));
  const builder = new PlanBuilder(codec);
  builder.shape = 'insert events';
  const places = lists.map((list) => builder.parameter(list, 'text'));
  const statement = shared.statements.statement(builder, () => {
    const arrays = places.map((place) => `${place()}[]`).join(', ');
    return `insert into ${codec.dialect.table('portvakt_event')} (${eventMembers}) select * from unnest(${arrays})`;
  });
  shared.statements.note(connection, statement);
  // Of all jobs of a group, so it stands in the trace of none.
  const stored = execute(connection, statement, builder.values).then(() => undefined);
  stored.catch(() => undefined);
  return stored;
}

export async function rollBack(connection: Connection): Promise<boolean> {
  try {
    await executeOnce(connection, 'rollback');
    return true;
  } catch {
    return false;
  }
}
