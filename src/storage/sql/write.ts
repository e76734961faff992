import type { Column, Table } from '../../metadata/table.ts';
import type { Values } from '../../odata/operation.ts';
import type { Value } from '../../odata/query.ts';
import { equalityKey, orderKeyOf } from '../text-key.ts';
import { storedValue } from './codec.ts';
import { parameterKinds } from './dialect.ts';
import { equalityColumn, orderColumn, quoteName, versionColumn } from './names.ts';
import type { PlanBuilder, Render } from './plan-builder.ts';

/** A column of the SQL table and what it is set to. */
interface Assignment {
  readonly name: string;
  readonly value: Render;
}

/**
 * `version` is the row's new version where the database does not count them itself. Columns without a value are left
 * out: most of a wide table's are empty, and each would be a parameter or three.
 */
export function buildInsert(builder: PlanBuilder, table: Table, values: Values, version: bigint | undefined): Render {
  if (!values.has(table.primaryKey)) throw new TypeError(`a new row of ${table.logicalName} needs its id`);
  builder.shape += `insert ${table.logicalName} `;
  const assignments = [...buildAssignments(builder, table, values, false), buildVersion(builder, version)];
  return () => {
    const names = assignments.map(({ name }) => quoteName(name)).join(', ');
    const list = assignments.map(({ value }) => value()).join(', ');
    return `insert into ${builder.dialect.table(table.logicalName)} (${names}) values (${list})`;
  };
}

/** Changes the given columns of one row. */
export function buildUpdate(
  builder: PlanBuilder,
  table: Table,
  id: string,
  values: Values,
  version: bigint | undefined,
): Render {
  builder.shape += `update ${table.logicalName} `;
  const assignments = [...buildAssignments(builder, table, values, true), buildVersion(builder, version)];
  const key = buildKey(builder, table, id);
  return () => {
    const list = assignments.map(({ name, value }) => `${quoteName(name)} = ${value()}`).join(', ');
    return `update ${builder.dialect.table(table.logicalName)} set ${list} where ${key()}`;
  };
}

export function buildDelete(builder: PlanBuilder, table: Table, id: string): Render {
  builder.shape += `delete ${table.logicalName}`;
  const key = buildKey(builder, table, id);
  return () => `delete from ${builder.dialect.table(table.logicalName)} where ${key()}`;
}

function buildKey(builder: PlanBuilder, table: Table, id: string): Render {
  const { primaryKey } = table;
  const value = builder.parameter(storedValue(builder.codec, primaryKey, id), parameterKinds[primaryKey.type]);
  return () => `${quoteName(primaryKey.name)} = ${value()}`;
}

function buildAssignments(
  builder: PlanBuilder,
  table: Table,
  values: Values,
  setsNull: boolean,
): readonly Assignment[] {
  const assignments: Assignment[] = [];
  let found = 0;
  // In the table's own order, so that the same columns are always the same shape.
  for (const column of table.columns) {
    const value = values.get(column);
    if (value === undefined) continue;
    found += 1;
    if (value === null && !setsNull) continue;
    builder.shape += `${column.name},`;
    assignments.push(...buildColumn(builder, column, value));
  }
  if (found !== values.size) throw new TypeError(`values for ${table.logicalName} hold columns of another table`);
  return assignments;
}

function buildColumn(builder: PlanBuilder, column: Column, value: Value): Assignment[] {
  const stored = storedValue(builder.codec, column, value);
  const own = { name: column.name, value: builder.parameter(stored, parameterKinds[column.type]) };
  if (!column.isText) return [own];
  const equality = typeof stored === 'string' ? equalityKey(stored) : null;
  const order = equality === null ? null : orderKeyOf(equality, builder.codec.alphabet);
  return [
    own,
    { name: equalityColumn(column), value: builder.parameter(equality, 'text') },
    { name: orderColumn(column), value: builder.parameter(order, 'text') },
  ];
}

function buildVersion(builder: PlanBuilder, version: bigint | undefined): Assignment {
  const { nextVersion } = builder.dialect;
  if (nextVersion !== undefined) return { name: versionColumn, value: () => nextVersion };
  if (version === undefined) throw new TypeError('a row needs a version');
  return { name: versionColumn, value: builder.parameter(version, 'integer') };
}
