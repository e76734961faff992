import type { Guid } from '../kernel/ids.ts';
import type { Column, Model, Table } from '../metadata/table.ts';
import type { Value } from '../odata/query.ts';
import type { Changes, MaintenanceStore, Row } from '../odata/row-store.ts';

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
  'fieldsecurityprofile',
  'fieldpermission',
  'systemuserprofiles',
  'teamprofiles',
] as const;

export type SecurityTable = (typeof securityTables)[number];

/** What decisions are made of, each kept by its id. */
export type Subject = 'units' | 'roles' | 'teams' | 'users' | 'profiles';

/** Which of them a row of a table is about, and the column that says which one. */
const subjects: Readonly<Record<SecurityTable, { readonly subject: Subject; readonly by: string }>> = {
  businessunit: { subject: 'units', by: 'businessunitid' },
  systemuser: { subject: 'users', by: 'systemuserid' },
  role: { subject: 'roles', by: 'roleid' },
  roleprivileges: { subject: 'roles', by: 'roleid' },
  systemuserroles: { subject: 'users', by: 'systemuserid' },
  team: { subject: 'teams', by: 'teamid' },
  teamroles: { subject: 'teams', by: 'teamid' },
  teammembership: { subject: 'users', by: 'systemuserid' },
  fieldsecurityprofile: { subject: 'profiles', by: 'fieldsecurityprofileid' },
  fieldpermission: { subject: 'profiles', by: 'fieldsecurityprofileid' },
  systemuserprofiles: { subject: 'users', by: 'systemuserid' },
  teamprofiles: { subject: 'teams', by: 'teamid' },
};

/** For `MaintenanceStore.watch`. */
export const watchedSecurity: ReadonlyMap<string, string> = new Map(
  securityTables.map((table) => [table, subjects[table].by]),
);

/** What has to be read again. */
export type Stale = Readonly<Record<Subject, ReadonlySet<string>>> | 'everything';

export const nothingStale: Stale = {
  units: new Set(),
  roles: new Set(),
  teams: new Set(),
  users: new Set(),
  profiles: new Set(),
};

export const isNothing = (stale: Stale): boolean =>
  stale !== 'everything' && Object.values(stale).every((ids) => ids.size === 0);

/** More of a kind than this are read with all others: a list of ids is then no quicker. */
const mostById = 200;

/** What is stale after further changes. */
export function addStale(stale: Stale, changes: Changes): Stale {
  if (stale === 'everything') return stale;
  const added = { ...stale };
  for (const table of securityTables) {
    const { subject } = subjects[table];
    const ids = changes.get(table);
    if (ids !== undefined) added[subject] = new Set([...added[subject], ...ids]);
  }
  return Object.values(added).some((ids) => ids.size > mostById) ? 'everything' : added;
}

/** Rows of the security tables, as read. */
export type SecurityRows = Readonly<Record<SecurityTable, readonly Row[]>>;

/** What the first gate needs of storage to build its snapshot. */
export type SecurityStore = Pick<MaintenanceStore, 'readAll' | 'watch'>;

/** Reads the rows that are about what is stale. */
export async function readSecurityRows(store: SecurityStore, model: Model, stale: Stale): Promise<SecurityRows> {
  const read = async (name: SecurityTable): Promise<readonly Row[]> => {
    const table = getTable(model, name);
    if (stale === 'everything') return store.readAll(table);
    const { subject, by } = subjects[name];
    const ids = [...stale[subject]];
    return ids.length === 0 ? [] : store.readAll(table, { kind: 'in', column: getColumn(table, by), values: ids });
  };
  const found = await Promise.all(securityTables.map(async (name) => [name, await read(name)] as const));
  return parseRowsByTable(Object.fromEntries(found));
}

/** `found` has a list for each of the security tables: it was made from their names. */
const parseRowsByTable = (found: Readonly<Record<string, readonly Row[]>>): SecurityRows => found as SecurityRows;

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
