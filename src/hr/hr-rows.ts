import type { Column, Model, Table } from '../metadata/table.ts';
import type { Value } from '../odata/query.ts';
import type { Row } from '../odata/row-store.ts';

/** Administration tables that the snapshot is built from, by entity set name. */
export const hrSets = [
  'SystemUsers',
  'SysAADClients',
  'SecurityRoles',
  'SecurityRoleSubRoles',
  'SecurityRoleDuties',
  'SecurityRolePrivileges',
  'SecurityDutyPrivileges',
  'SecurityPrivilegePermissions',
  'SecurityUserRoleAssociations',
  'SecurityUserRoleOrganizations',
  'SecurityPolicies',
  'SecurityPolicyConstrainedEntities',
  'LegalEntities',
] as const;

export type HrSet = (typeof hrSets)[number];

/** Table of an administration entity set. Throws when the model lacks it: that is a broken build, not a bad request. */
export function administrationTable(model: Model, set: string): Table {
  const table = model.administrationSet.get(set);
  if (table === undefined) throw new TypeError(`the model has no administration table ${set}`);
  return table;
}

/** Column of a table by name. Throws when there is none. */
export function columnOf(table: Table, name: string): Column {
  const column = table.column.get(name);
  if (column === undefined) throw new TypeError(`table ${table.logicalName} has no column ${name}`);
  return column;
}

/** Values of a row as text by column name; a missing value is the empty text. */
export function rowReader(row: Row): (name: string) => string {
  return (name) => {
    for (const [column, value] of row.values) if (column.name === name) return textOf(value);
    return '';
  };
}

const textOf = (value: Value): string => (value === null ? '' : String(value));

/** The rows of all administration tables, as read. */
export type HrRows = (set: HrSet) => readonly Row[];

export const byKey = <T>(items: readonly T[], key: (item: T) => string): Map<string, T> =>
  new Map(items.map((item) => [key(item), item]));

/** Rows by the lower-case text of one column. */
export function groupBy(rows: readonly Row[], column: string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = rowReader(row)(column).toLowerCase();
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}
