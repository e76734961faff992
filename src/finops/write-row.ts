import { administrationRowId } from '../hr/administration-row.ts';
import type { HrAdministrator } from '../hr/authorize-administration.ts';
import { administrationTable, columnOf } from '../hr/hr-rows.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Guid } from '../kernel/ids.ts';
import type { Column, Model, Table } from '../metadata/table.ts';
import type { Precondition, Values } from '../odata/operation.ts';
import type { Value } from '../odata/query.ts';
import { DuplicateKey, type Row, type RowStore, type Transaction } from '../odata/row-store.ts';
import { finopsRefuse } from './finops-problems.ts';
import type { RowWork, SetRules } from './row-rules.ts';
import { belonging, findRows, isChanged, isFilled, notFound } from './row-work.ts';
import { setRules } from './set-rules.ts';

/** What writes need; `administrator` makes the plans. */
export interface WriteDeps {
  readonly model: Model;
  readonly store: RowStore;
  readonly clock: Clock;
  readonly administrator: HrAdministrator;
}

const rulesOf = (table: Table): SetRules => setRules[table.entitySetName] ?? {};

/** Creates a row of an administration set. Throws a `Refusal` with everything that is wrong with it. */
export function createRow(deps: WriteDeps, table: Table, values: Values): Promise<Guid> {
  const plan = deps.administrator.write({ kind: 'create', table, values, binds: [] });
  return deps.store.write(plan, async (rows) => {
    const work = newWork(deps, table, rows, new Map(values), undefined);
    for (const column of table.columns) {
      if (!isFilled(work.values.get(column)) && column.default !== undefined) work.values.set(column, column.default);
    }
    await checkRow(work);
    const id = administrationRowId(table, work.values);
    work.values.set(table.primaryKey, id);
    await insert(work);
    await rulesOf(table).afterCreate?.(work, id);
    return id;
  });
}

/** Changes the columns given of one row. 404 when no row has the key. */
export function updateRow(
  deps: WriteDeps,
  table: Table,
  id: Guid,
  values: Values,
  precondition: Precondition | undefined,
): Promise<void> {
  const plan = deps.administrator.write({
    kind: 'update',
    table,
    id,
    values,
    binds: [],
    mayCreate: false,
    mayUpdate: true,
  });
  return deps.store.write(plan, async (rows) => {
    const before = await getRow(rows, table, id, precondition);
    const work = newWork(deps, table, rows, new Map([...before.values, ...values]), before);
    await checkRow(work);
    const changes = new Map([...work.values].filter(([column]) => isChanged(work, column.name)));
    const fixed = [...changes.keys()].find((column) => column.access !== 'read-write' && !isRespelt(work, column));
    if (fixed !== undefined) throw finopsRefuse.writeFailed(table, [`Field '${fixed.name}' cannot be changed.`]);
    if (changes.size === 0) return;
    await rows.update(table, id, changes);
    await rulesOf(table).afterUpdate?.(work);
  });
}

/** Keys compare without regard to case, so this is not a change. */
const isRespelt = ({ before, values }: RowWork, column: Column): boolean =>
  String(before?.values.get(column) ?? '').toLowerCase() === String(values.get(column) ?? '').toLowerCase();

/** Deletes one row with the rows that belong to it. */
export function deleteRow(
  deps: WriteDeps,
  table: Table,
  id: Guid,
  precondition: Precondition | undefined,
): Promise<void> {
  const plan = deps.administrator.write({ kind: 'delete', table, id });
  return deps.store.write(plan, async (rows) => {
    const row = await getRow(rows, table, id, precondition);
    const work = newWork(deps, table, rows, new Map(row.values), row);
    const rules = rulesOf(table);
    for (const holder of rules.heldBy ?? []) {
      const other = administrationTable(deps.model, holder.set);
      const held = await findRows(work, holder.set, belonging(work, holder));
      if (held.length > 0) work.errors.push(`${table.label} cannot be deleted while dependent ${other.label} exist.`);
    }
    await rules.beforeDelete?.(work);
    if (work.errors.length > 0) throw finopsRefuse.deleteFailed(table, work.errors);
    for (const owned of rules.owns ?? []) {
      const other = administrationTable(deps.model, owned.set);
      for (;;) {
        const parts = await findRows(work, owned.set, belonging(work, owned), 200);
        for (const part of parts) await rows.delete(other, part.id);
        if (parts.length < 200) break;
      }
    }
    await rows.delete(table, id);
  });
}

function newWork(
  { model, clock }: WriteDeps,
  table: Table,
  rows: Transaction,
  values: Map<Column, Value>,
  before: Row | undefined,
): RowWork {
  return { model, table, rows, now: clock(), values, before, errors: [] };
}

async function getRow(rows: Transaction, table: Table, id: Guid, precondition: Precondition | undefined): Promise<Row> {
  const row = await rows.get(table, id);
  if (row === undefined) throw finopsRefuse.rowNotFound(table);
  if (precondition !== undefined) {
    const matches = precondition.versions === '*' || precondition.versions.includes(row.version);
    if (matches !== (precondition.kind === 'match')) throw finopsRefuse.versionMismatch(table);
  }
  return row;
}

async function checkRow(work: RowWork): Promise<void> {
  const rules = rulesOf(work.table);
  await rules.prepare?.(work);
  for (const column of work.table.columns) {
    // An empty text may be part of a key; only what the product calls mandatory has to be filled in.
    const isMandatory = column.requiredOnCreate === true || (column.required === true && column.default !== '');
    if (isMandatory && column !== work.table.primaryKey && !isFilled(work.values.get(column))) {
      work.errors.push(`Field '${column.name}' must be filled in.`);
    }
  }
  for (const [name, words] of Object.entries(rules.words ?? {})) checkWord(work, columnOf(work.table, name), words);
  for (const [name, { set, column }] of Object.entries(rules.references ?? {})) {
    await checkReference(work, columnOf(work.table, name), set, column);
  }
  if (work.errors.length > 0) throw finopsRefuse.writeFailed(work.table, work.errors);
}

function checkWord(work: RowWork, column: Column, words: readonly string[]): void {
  const value = work.values.get(column);
  if (!isFilled(value)) return;
  const word = words.find((known) => known.toLowerCase() === String(value).toLowerCase());
  if (word !== undefined) work.values.set(column, word);
  else work.errors.push(`Field '${column.name}' must be one of ${words.join(', ')}, not '${String(value)}'.`);
}

async function checkReference(work: RowWork, column: Column, set: string, theirs: string): Promise<void> {
  const value = work.values.get(column) ?? null;
  if (!isFilled(value) || (work.before !== undefined && !isChanged(work, column.name))) return;
  const related = administrationTable(work.model, set);
  const [found] = await findRows(work, set, { [theirs]: value });
  if (found === undefined) work.errors.push(notFound(column, value, related));
  else work.values.set(column, found.values.get(columnOf(related, theirs)) ?? value);
}

async function insert({ table, rows, values }: RowWork): Promise<void> {
  try {
    await rows.insert(table, values);
  } catch (error) {
    if (!(error instanceof DuplicateKey)) throw error;
    const key = table.naturalKey.map((column) => `${column.label}: ${String(values.get(column) ?? '')}`).join(', ');
    throw finopsRefuse.writeFailed(table, [
      `Cannot create a record in ${table.label} (${table.schemaName}). ${key}. The record already exists.`,
    ]);
  }
}
