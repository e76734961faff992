import type { Guid } from '../kernel/ids.ts';
import type { Column, Model, Table } from '../metadata/table.ts';
import type { Value } from '../odata/query.ts';
import type { MaintenanceStore, Row } from '../odata/row-store.ts';

/** Native tables that decisions of the first gate depend on. A write to one of them changes the snapshot. */
export const securityTables = [
  'businessunit',
  'systemuser',
  'role',
  'roleprivileges',
  'systemuserroles',
  'team',
  'teamroles',
  'teammembership',
] as const;

type SecurityTable = (typeof securityTables)[number];

/** All rows of the security tables, as read. */
export type SecurityRows = Readonly<Record<SecurityTable, readonly Row[]>>;

/** What the first gate needs of storage to build its snapshot. */
export type SecurityStore = Pick<MaintenanceStore, 'readAll'>;

/** Reads every row of every security table. */
export async function readSecurityRows(store: SecurityStore, model: Model): Promise<SecurityRows> {
  const read = (name: SecurityTable): Promise<readonly Row[]> => store.readAll(getTable(model, name));
  const [businessunit, systemuser, role, roleprivileges, systemuserroles, team, teamroles, teammembership] =
    await Promise.all([
      read('businessunit'),
      read('systemuser'),
      read('role'),
      read('roleprivileges'),
      read('systemuserroles'),
      read('team'),
      read('teamroles'),
      read('teammembership'),
    ]);
  return { businessunit, systemuser, role, roleprivileges, systemuserroles, team, teamroles, teammembership };
}

/** Table by logical name. Throws when the model lacks it: that is a broken build, not a bad request. */
export function getTable(model: Model, name: string): Table {
  const table = model.table.get(name);
  if (table === undefined) throw new TypeError(`the model has no table ${name}`);
  return table;
}

/** Column of a table by name. Throws when there is none. */
export function getColumn(table: Table, name: string): Column {
  const column = table.column.get(name);
  if (column === undefined) throw new TypeError(`table ${table.logicalName} has no column ${name}`);
  return column;
}

const cell = (row: Row, column: Column): Value => row.values.get(column) ?? null;

/** GUID in a column; `undefined` when there is none. */
export function findGuid<T extends Guid = Guid>(row: Row, column: Column): T | undefined {
  const value = cell(row, column);
  return typeof value === 'string' ? parseStoredGuid<T>(value) : undefined;
}

/** Stored GUIDs are canonical (`Value`); there are hundreds of thousands, so they are not checked again. */
const parseStoredGuid = <T extends Guid>(value: string): T => value as T;

/** Text in a column; the empty text when there is none. */
export function textIn(row: Row, column: Column): string {
  const value = cell(row, column);
  return typeof value === 'string' ? value : '';
}

/** Whole number in a column; `undefined` when there is none. */
export function findNumber(row: Row, column: Column): number | undefined {
  const value = cell(row, column);
  return typeof value === 'number' ? value : undefined;
}

export const isTrue = (row: Row, column: Column): boolean => cell(row, column) === true;
