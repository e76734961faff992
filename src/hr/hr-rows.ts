import type { Column, Model, Table } from '../metadata/table.ts';
import type { Value } from '../odata/query.ts';
import type { Row } from '../odata/row-store.ts';

/** Administration tables that the snapshot is built from, by entity set name. */
export const hrSets = [
  'SystemUsers',
  'SysAADClients',
  'SecurityRoles',
  'SecurityRoleDuties',
  'SecurityRolePrivileges',
  'SecurityDutyPrivileges',
  'SecurityPrivilegePermissions',
  'SecurityUserRoleAssociations',
  'SecurityUserRoleOrganizations',
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
