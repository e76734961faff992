import { type Guid, newGuid } from '../../kernel/ids.ts';
import { Refusal } from '../../kernel/refusal.ts';
import type { AccessRight } from '../../metadata/privileges.ts';
import type { Column, SingleNavigation, Table } from '../../metadata/table.ts';
import type { WriteOperation } from '../../odata/authorized-plan.ts';
import type { Bind, Precondition, Values } from '../../odata/operation.ts';
import { mintNativeWrite } from '../../odata/plan-mint.ts';
import { refuse } from '../../odata/problems.ts';
import { and } from '../../odata/query.ts';
import type { Row, Transaction } from '../../odata/row-store.ts';
import { methodNotSupported } from '../messages.ts';
import { ownerColumnOf } from '../owner-column.ts';
import { getColumn, getTable } from '../security-rows.ts';
import type { TableGrant } from '../table-grant.ts';
import { addDefaults } from './defaults.ts';
import { naming } from './duplicate.ts';
import { textOfMoment } from './moment.ts';
import { findApplication } from './named-application.ts';
import type { NativeDeps } from './native-deps.ts';
import type { Draft, NativeTable, WriteContext } from './native-table.ts';
import { getNativeTable } from './native-tables.ts';
import { followOwner, isOwnerTable } from './owner-rows.ts';
import { explainMissing, findReachable, getReachable, refuseOutOfReach } from './reachable.ts';
import { meetsPrecondition } from './read.ts';
import { releaseReferences } from './release-references.ts';
import { hasId, requireNative } from './restrict-query.ts';
import { requireColumns } from './secured-columns.ts';
import { dropShares, dropSharesWith } from './shares.ts';

/** A row to be written, in the words of the operation. */
export interface RowWrite {
  readonly table: Table;
  readonly values: Values;
  readonly binds: readonly Bind[];
}

export interface RowUpdate extends RowWrite {
  readonly id: Guid;
  readonly mayCreate: boolean;
  readonly mayUpdate: boolean;
  readonly precondition?: Precondition;
}

export interface Written {
  readonly kind: 'created' | 'updated';
  readonly id: Guid;
}

/** Runs a write on a native table: in one transaction, over the rows that the grant reaches. */
export async function writeNative<T>(
  deps: NativeDeps,
  grant: TableGrant,
  operation: WriteOperation,
  right: AccessRight,
  job: (rows: Transaction) => Promise<T>,
): Promise<T> {
  requireNative(operation.table);
  const plan = mintNativeWrite({ operation, rowFilter: grant.filterOf(operation.table, right) });
  return deps.rows.write(plan, job);
}

/** Creates a row. The id may come with the request, else it is made here. */
export async function createRow(
  deps: NativeDeps,
  grant: TableGrant,
  operation: WriteOperation,
  write: RowWrite,
): Promise<Written> {
  const application = await findApplication(deps, write);
  return writeNative(deps, grant, operation, 'create', (rows) =>
    insertRow({ deps, grant, rows, application, table: write.table }, write, undefined),
  );
}

/** Changes a row, or creates it where the operation may do that (4.9). */
export async function updateRow(
  deps: NativeDeps,
  grant: TableGrant,
  operation: WriteOperation,
  update: RowUpdate,
): Promise<Written> {
  const application = await findApplication(deps, update);
  return writeNative(deps, grant, operation, 'write', async (rows) => {
    const context: WriteContext = { deps, grant, rows, application, table: update.table };
    const row = await findReachable(context, update.table, update.id, 'write');
    if (row === undefined) {
      const refused = await explainMissing(context, update.table, update.id, 'write');
      if (!update.mayCreate || refused.problem.status === 403) throw refused;
      return insertRow(context, update, update.id);
    }
    if (!update.mayUpdate) throw refuse.alreadyExists();
    checkVersion(row, update.precondition);
    return changeRow(context, row, update);
  });
}

/** Deletes a row. */
export async function deleteRow(
  deps: NativeDeps,
  grant: TableGrant,
  operation: Extract<WriteOperation, { kind: 'delete' }>,
): Promise<void> {
  const { table, id, precondition } = operation;
  const { remove } = getNativeTable(table);
  if (remove === undefined) throw new Refusal('run', methodNotSupported('Delete', table));
  await writeNative(deps, grant, operation, 'delete', async (rows) => {
    const context: WriteContext = { deps, grant, rows, application: undefined, table };
    const row = await getReachable(context, table, id, 'delete');
    checkVersion(row, precondition);
    await remove.prepare(context, row);
    await releaseReferences(context, id);
    await rows.delete(table, id);
    if (ownerColumnOf(table) !== undefined) await dropShares(rows, deps.model, table, id);
    if (isOwnerTable(table)) await dropSharesWith(rows, deps.model, id);
    await finishWrite(context, id);
    await remove.finish?.(context);
  });
}

function checkVersion(row: Row, precondition: Precondition | undefined): void {
  if (precondition !== undefined && !meetsPrecondition(row.version, precondition)) throw refuse.versionMismatch();
}

async function insertRow(context: WriteContext, write: RowWrite, id: Guid | undefined): Promise<Written> {
  const { table, rows } = context;
  const { create } = getNativeTable(table);
  if (create === undefined) throw new Refusal('run', methodNotSupported('Create', table));
  requireColumns(context.grant, write, 'create');
  const draft: Draft = new Map(write.values);
  await addBinds(context, write.binds, draft);
  refuseReadOnly([...draft.keys()], table.primaryKey);
  const key = id ?? idIn(draft, table) ?? newGuid();
  draft.set(table.primaryKey, key);
  await create.fill(context, draft);
  completeDraft(context, draft);
  await naming(draft, rows.insert(table, draft));
  await requireWithin(context, key, 'create');
  await requireAppend(context, key, write);
  await finishWrite(context, key);
  const row = await rows.get(table, key);
  if (row !== undefined) await create.finish?.(context, row);
  return { kind: 'created', id: key };
}

function idIn(draft: Draft, table: Table): Guid | undefined {
  const value = draft.get(table.primaryKey);
  return typeof value === 'string' ? parseValueId(value) : undefined;
}

/** Values of GUID columns are canonical when they come out of the parser. */
const parseValueId = (value: string): Guid => value as Guid;

async function changeRow(context: WriteContext, row: Row, write: RowWrite): Promise<Written> {
  const { table, rows } = context;
  const { update }: NativeTable = getNativeTable(table);
  if (update === undefined) throw new Refusal('run', methodNotSupported('Update', table));
  requireColumns(context.grant, write, 'update');
  const changes: Draft = new Map(write.values);
  // The id in the body repeats the one in the URL.
  changes.delete(table.primaryKey);
  await addBinds(context, write.binds, changes);
  dropUnchanged(changes, row);
  const asked = [...changes.keys()];
  await update.check(context, row, changes);
  refuseReadOnly(asked, undefined);
  for (const column of asked) if (column.access === 'write-once') throw refuse.writeOnce(column);
  for (const [column, value] of changes) if (value === null && column.required) throw refuse.required(column);
  setMoment(context, changes, ['modifiedon']);
  await requireAppend(context, row.id, write);
  await naming(changes, rows.update(table, row.id, changes));
  // Who assigns a row may lose it by that.
  if (table.ownership !== 'user') await requireWithin(context, row.id, 'write');
  await finishWrite(context, row.id);
  await update.finish?.(context, row, changes);
  return { kind: 'updated', id: row.id };
}

/**
 * A value that is there already is no change: bodies often repeat what was read, columns set once included. State and
 * status of custom tables are looked at together, so either counts when it is named.
 */
function dropUnchanged(changes: Draft, row: Row): void {
  for (const [column, value] of changes) {
    const isState = column.table.custom === true && (column.name === 'statecode' || column.name === 'statuscode');
    if (!isState && (row.values.get(column) ?? null) === value) changes.delete(column);
  }
}

/** What stands for the row elsewhere follows it. */
async function finishWrite({ rows, table, deps }: WriteContext, id: Guid): Promise<void> {
  if (isOwnerTable(table)) await followOwner(rows, deps.model, table, id);
}

function refuseReadOnly(columns: readonly Column[], except: Column | undefined): void {
  for (const column of columns) {
    if (column !== except && column.access === 'read-only') throw refuse.readOnly(column);
  }
}

/** Sets lookups. The row pointed to must be there, and within reach of the rights that a bind needs. */
async function addBinds(context: WriteContext, binds: readonly Bind[], draft: Draft): Promise<void> {
  for (const { navigation, id, table = navigation.target } of binds) {
    draft.set(navigation.column, id);
    if (id === null) continue;
    if (isOwner(context, navigation)) await requireOwner(context, table, id);
    else await requireTarget(context, table, id);
  }
  for (const [column, value] of draft) {
    if (column.type !== 'Lookup' || value === null || typeof value !== 'string') continue;
    const target = getTable(context.deps.model, column.lookup?.target ?? '');
    if (!binds.some(({ navigation }) => navigation.column === column)) {
      await requireTarget(context, target, parseValueId(value));
    }
  }
}

const isOwner = ({ table }: WriteContext, { column }: SingleNavigation): boolean => column === ownerColumnOf(table);

/** Nothing is appended to an owner: the caller must see them, and themselves they may always name. */
async function requireOwner(context: WriteContext, table: Table, id: Guid): Promise<void> {
  if (id === context.grant.user.id && table.logicalName !== 'team') return;
  await getReachable(context, table, id, 'read');
}

async function requireTarget(context: WriteContext, target: Table, id: Guid): Promise<void> {
  requireNative(target);
  await getReachable(context, target, id, 'read');
  await getReachable(context, target, id, 'appendTo');
}

/** Defaults, what the system makes, and what must not be missing. */
function completeDraft(context: WriteContext, draft: Draft): void {
  const { table, deps } = context;
  addDefaults(table, draft);
  if (table.column.has('organizationid') && table.primaryKey.name !== 'organizationid') {
    draft.set(getColumn(table, 'organizationid'), deps.organizationId);
  }
  setMoment(context, draft, ['createdon', 'modifiedon']);
  for (const column of table.columns) {
    if ((column.required || column.requiredOnCreate) && (draft.get(column) ?? null) === null) {
      throw refuse.required(column);
    }
  }
}

function setMoment({ table, deps }: WriteContext, draft: Draft, names: readonly string[]): void {
  const moment = textOfMoment(deps.now());
  for (const name of names) {
    const column = table.column.get(name);
    if (column !== undefined) draft.set(column, moment);
  }
}

/** A row that users own comes to point to another one only where the right to append reaches it. */
async function requireAppend(context: WriteContext, id: Guid, { binds }: RowWrite): Promise<void> {
  const appends = binds.some((bind) => bind.id !== null && !isOwner(context, bind.navigation));
  if (context.table.ownership !== 'user' || !appends) return;
  await requireWithin(context, id, 'append');
}

/** INVARIANT: nobody puts a row where their own right does not reach; checked on the stored row, undone if so. */
async function requireWithin({ grant, rows, table }: WriteContext, id: Guid, right: AccessRight): Promise<void> {
  const filter = grant.filterOf(table, right);
  if (filter === undefined) return;
  const found = await rows.list(table, and(hasId(table, id), filter) ?? filter, 1);
  if (found.length === 0) throw refuseOutOfReach(grant.user, table, id, right);
}
