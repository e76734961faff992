import type { AuthorizedWrite } from '../../hr/authorized-operation.ts';
import { hrProblem } from '../../hr/hr-problems.ts';
import type { HrSession } from '../../hr/hr-session.ts';
import type { Guid } from '../../kernel/ids.ts';
import type { Language } from '../../kernel/language.ts';
import { Refusal } from '../../kernel/refusal.ts';
import { unreachable } from '../../kernel/unreachable.ts';
import type { WriteScope } from '../../odata/authorized-plan.ts';
import { refuseCreateOnly } from '../../odata/body.ts';
import type { Differences } from '../../odata/fidelity.ts';
import type { CreateOperation, UpdateOperation } from '../../odata/operation.ts';
import { refuse } from '../../odata/problems.ts';
import type { OperationResult } from '../../odata/result.ts';
import type { Row, Transaction } from '../../odata/row-store.ts';
import { EntityWriter } from '../../recruiting/entity-writer.ts';
import { Infolog } from '../../recruiting/infolog.ts';
import { findRowById } from '../../recruiting/listing.ts';
import { refusalOf } from '../application-link.ts';
import type { BuiltInDeps } from './built-in.ts';
import { gateOf, refuseOutside } from './built-in-limits.ts';
import { checkVersion } from './row-version.ts';

type Outcome = { readonly kind: 'created' | 'updated'; readonly id: Guid } | { readonly kind: 'done' };

/** One write in one transaction: preconditions, business logic, and the row read again if the caller wants to see it. */
export async function runWrite(
  deps: BuiltInDeps,
  write: AuthorizedWrite,
  session: HrSession,
  differences: Differences,
): Promise<OperationResult> {
  const outcome = await deps.store
    .write(write.plan, (rows, scope) => {
      const writer = new EntityWriter(deps.rules, rows, session.user.company, gateOf(rows, write));
      return carryOut({ rows, scope, writer, write, differences });
    })
    .catch((error: unknown) => asRefusal(error, session.user.language));
  if (outcome.kind === 'done' || write.isLink) return { kind: 'done' };
  const representation = write.representation && (await deps.store.query(write.representation(outcome.id)));
  return { ...outcome, row: representation?.rows[0] };
}

/** What business logic says is the last message of the infolog: 400 with the plug-in's code (V7). */
export function asRefusal(error: unknown, language: Language): never {
  throw error instanceof Infolog ? new Refusal('run', hrProblem(error.text, language)) : error;
}

interface Job {
  readonly rows: Transaction;
  readonly scope: WriteScope;
  readonly writer: EntityWriter;
  readonly write: AuthorizedWrite;
  readonly differences: Differences;
}

async function carryOut(job: Job): Promise<Outcome> {
  const { operation } = job.scope;
  switch (operation.kind) {
    case 'create':
      return create(job, operation);
    case 'update':
      return update(job, operation);
    case 'delete': {
      const row = await getRow(job, operation.id);
      checkVersion(row, operation);
      await job.writer.delete(operation.table, row);
      return { kind: 'done' };
    }
    case 'associate':
    case 'disassociate':
      throw new TypeError('links arrive here as updates of a lookup');
    default:
      return unreachable(operation);
  }
}

async function create(job: Job, { table, values, joins = [] }: CreateOperation): Promise<Outcome> {
  const id = await job.writer.create(table, { values, binds: job.write.binds, joins, isAsked: true });
  // INVARIANT: a row that took its legal entity from another one is held to the same rule as if it had named it.
  const row = joins.length > 0 && table.company !== undefined ? await job.rows.get(table, id) : undefined;
  const company = table.company && row?.values.get(table.company);
  const denial = typeof company === 'string' ? job.write.companyDenial(company) : undefined;
  if (denial !== undefined) throw refusalOf('data', denial);
  await refuseOutside(job.rows, table, id, job.write.policies.created);
  return { kind: 'created', id };
}

async function update(job: Job, operation: UpdateOperation): Promise<Outcome> {
  const { table, id, values } = operation;
  const { binds } = job.write;
  if (operation.mayCreate && !(await isTaken(job, id))) return upsert(job, operation);
  if (!operation.mayUpdate) throw refuse.alreadyExists();
  const row = await getRow(job, id);
  checkVersion(row, operation);
  // The parser could not know yet that this PATCH finds a row.
  if (operation.mayCreate) refuseCreateOnly({ values, binds });
  await job.writer.update(table, row, { values, binds, isAsked: true });
  await refuseOutside(job.rows, table, id, job.write.policies.changed);
  return { kind: 'updated', id };
}

/** To whom may not create, a row that is not theirs to see is answered as one that is not there. */
async function isTaken({ rows, scope, write }: Job, id: Guid): Promise<boolean> {
  const { table } = scope.operation;
  if (write.createDenial === undefined) return (await rows.get(table, id)) !== undefined;
  return (await findRowById(rows, table, id, write.readable)) !== undefined;
}

/** PATCH to an id that is not there. The id is the caller's; the rest is as on any create. */
async function upsert(job: Job, { table, id, values }: UpdateOperation): Promise<Outcome> {
  if (job.write.createDenial !== undefined) throw refusalOf('data', job.write.createDenial);
  job.differences.use('virtual-upsert');
  await job.writer.create(table, { values, binds: job.write.binds, id, isAsked: true });
  await refuseOutside(job.rows, table, id, job.write.policies.created);
  return { kind: 'created', id };
}

/** The row, if the user may change it. One that the user may only see is refused, any other is as if it were not there. */
async function getRow(job: Job, id: Guid): Promise<Row> {
  const { table } = job.scope.operation;
  const row = await findRowById(job.rows, table, id, job.scope.rowFilter);
  if (row !== undefined) return row;
  const visible = await findRowById(job.rows, table, id, job.write.readable);
  if (visible === undefined) throw refuse.rowNotFound(table, id);
  const company = table.company && visible.values.get(table.company);
  const denial = typeof company === 'string' ? job.write.companyDenial(company) : undefined;
  if (denial !== undefined) throw refusalOf('data', denial);
  await refuseOutside(job.rows, table, id, job.write.policies.changed);
  throw refuse.rowNotFound(table, id);
}
