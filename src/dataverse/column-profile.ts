import type { Guid } from '../kernel/ids.ts';
import type { Column, Model } from '../metadata/table.ts';
import type { Row } from '../odata/row-store.ts';
import { findGuid, findNumber, getColumn, getTable, textIn } from './security-rows.ts';

/** What a profile of column security may allow on a column. */
export type ColumnRight = 'read' | 'create' | 'update';

/** Columns that a profile allows something on, by `columnName`. */
export type ColumnProfile = ReadonlyMap<string, ReadonlySet<ColumnRight>>;

const columnName = (table: string, column: string): string => `${table}.${column}`;

export const nameOfColumn = ({ table, name }: Column): string => columnName(table.logicalName, name);

/** Value of `canread`, `cancreate` and `canupdate` that allows (dataverse-web-api 3.7). */
const allowed = 4;

const rightColumns = { read: 'canread', create: 'cancreate', update: 'canupdate' } as const;

/** Profiles by id, out of rows of `fieldpermission`. */
export function buildProfiles(model: Model, rows: readonly Row[]): Map<Guid, ColumnProfile> {
  const table = getTable(model, 'fieldpermission');
  const column = (name: string): Column => getColumn(table, name);
  const rights = Object.entries(rightColumns) as readonly (readonly [ColumnRight, string])[];
  const profiles = new Map<Guid, Map<string, ReadonlySet<ColumnRight>>>();
  for (const row of rows) {
    const id = findGuid(row, column('fieldsecurityprofileid'));
    if (id === undefined) continue;
    const profile = profiles.get(id) ?? new Map<string, ReadonlySet<ColumnRight>>();
    const given = rights.filter(([, name]) => findNumber(row, column(name)) === allowed).map(([right]) => right);
    const secured = columnName(textIn(row, column('entityname')), textIn(row, column('attributelogicalname')));
    profiles.set(id, profile.set(secured, new Set(given)));
  }
  return profiles;
}
