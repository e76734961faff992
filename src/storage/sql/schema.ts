import { createHash } from 'node:crypto';
import { alternateKeysOf } from '../../metadata/alternate-keys.ts';
import type { Column, Table } from '../../metadata/table.ts';
import type { DatabaseOptions, StoredDefinitions } from '../database.ts';
import type { Dialect } from './dialect.ts';
import { boundedName, comparedColumn, equalityColumn, orderColumn, quoteName, versionColumn } from './names.ts';

/** The SQL side of a table of the model: everything here is derived. */
export interface TableSchema {
  readonly table: Table;
  readonly name: string;
  readonly columns: readonly ColumnSchema[];
  readonly indexes: readonly IndexSchema[];
}

export interface ColumnSchema {
  readonly name: string;
  /** As the database spells it, with `primary key` and the like. */
  readonly definition: string;
  /** What must not change once there is data: the model's type, with the digits of a decimal. */
  readonly kind: string;
}

export interface IndexSchema {
  readonly name: string;
  readonly unique: boolean;
  /** Columns of the model, for `DuplicateKey`. */
  readonly key: readonly Column[];
  readonly columns: readonly string[];
}

export function tableSchema(table: Table, dialect: Dialect): TableSchema {
  return {
    table,
    name: table.logicalName,
    columns: columnSchemas(table, dialect),
    indexes: indexSchemas(table),
  };
}

/** How the SQL tables follow from what is stored beside them. */
export const schemasOf =
  (tables: DatabaseOptions['tables'], dialect: Dialect) =>
  (definitions: StoredDefinitions): readonly TableSchema[] =>
    (typeof tables === 'function' ? tables(definitions) : tables).map((table) => tableSchema(table, dialect));

/** Name of the primary key's own index, which PostgreSQL reports when it is violated. */
export const primaryKeyName = (table: Table): string => boundedName(`pk_${table.logicalName}`);

/** The keys stand last: reading a row's own columns does not pass them. */
function columnSchemas(table: Table, dialect: Dialect): readonly ColumnSchema[] {
  const own = table.columns.map((column) => ({
    name: column.name,
    definition: definitionOf(column, dialect),
    kind: column.type === 'Decimal' ? `Decimal(${column.scale})` : column.type,
  }));
  const version = { name: versionColumn, definition: `${dialect.versionType} not null`, kind: 'version' };
  const keys = table.columns
    .filter((column) => column.isText)
    .flatMap((column) => [equalityColumn(column), orderColumn(column)])
    .map((name) => ({ name, definition: dialect.keyType, kind: 'key' }));
  return [...own, version, ...keys];
}

function definitionOf(column: Column, dialect: Dialect): string {
  const type = dialect.columnType(column);
  if (column.rowVersion === true) {
    return `${type} generated always as (${quoteName(versionColumn)}) ${dialect.name === 'sqlite' ? 'virtual' : 'stored'}`;
  }
  return column === column.table.primaryKey ? `${type} not null` : type;
}

/**
 * The natural key is unique; lookups, the primary name and the columns that the model lists are indexed with the primary
 * key behind them, which is the order of pages.
 */
function indexSchemas(table: Table): readonly IndexSchema[] {
  const { naturalKey, primaryKey } = table;
  const natural = naturalKey.filter((column) => column !== primaryKey);
  const keys = alternateKeysOf(table).filter(() => table.kind === 'native');
  const unique = [
    ...(natural.length === 0 ? [] : [indexSchema(table, natural, true)]),
    ...keys.map(({ columns }) => indexSchema(table, columns, true)),
  ];
  // The two ids of an intersect table are walked from either side.
  const lookups = table.columns.filter(
    (column) => column.type === 'Lookup' || (table.intersect === true && column.type === 'Guid'),
  );
  const listed = (table.indexed ?? []).map((name) => table.column.get(name)).filter((column) => column !== undefined);
  const single = new Set([...lookups, table.primaryName, ...listed]);
  single.delete(primaryKey);
  // Where the unique index begins with the column and rows per value are few, a second index would only cost.
  const [first] = natural;
  if (first !== undefined && (natural.length === 1 || table.intersect === true)) single.delete(first);
  const others = [...single].filter((column) => column.type !== 'Memo');
  return [...unique, ...others.map((column) => indexSchema(table, [column, primaryKey], false))];
}

function indexSchema(table: Table, key: readonly Column[], unique: boolean): IndexSchema {
  const columns = key.map(comparedColumn);
  const named = unique ? key : key.slice(0, -1);
  const name = boundedName(
    `${unique ? 'ux' : 'ix'}_${table.logicalName}_${named.map((column) => column.name).join('_')}`,
  );
  return { name, unique, key, columns };
}

/** Statement that makes a table. */
export function createTable({ table, name, columns }: TableSchema, dialect: Dialect): string {
  const list = columns.map((column) => `${quoteName(column.name)} ${column.definition}`);
  const key = `constraint ${quoteName(primaryKeyName(table))} primary key (${quoteName(table.primaryKey.name)})`;
  return `create table ${dialect.table(name)} (${[...list, key].join(', ')})${dialect.name === 'sqlite' ? ' strict' : ''}`;
}

export function addColumn(table: TableSchema, column: ColumnSchema, dialect: Dialect): string {
  return `alter table ${dialect.table(table.name)} add column ${quoteName(column.name)} ${column.definition}`;
}

/** Of the names of indexes there are, ours that the model no longer asks for. */
export function unwantedIndexes(there: Iterable<string>, schemas: readonly TableSchema[]): readonly string[] {
  const wanted = new Set(schemas.flatMap(({ indexes }) => indexes.map(({ name }) => name)));
  return [...there].filter((name) => /^[iu]x_/.test(name) && !wanted.has(name));
}

/** Statement that makes an index; `online`: without keeping writers waiting, outside of a transaction, on PostgreSQL. */
export function createIndex(
  { table, name }: TableSchema,
  index: IndexSchema,
  dialect: Dialect,
  how: 'at once' | 'online' = 'at once',
): string {
  const columns = index.columns.map((column) =>
    column === table.primaryKey.name ? quoteName(column) : `${quoteName(column)} ${dialect.indexedNullsFirst}`,
  );
  const kind = `${index.unique ? 'unique index' : 'index'}${how === 'online' ? ' concurrently' : ''}`;
  const [own, on] =
    dialect.indexNames === 'with schema'
      ? [dialect.table(index.name), quoteName(name)]
      : [quoteName(index.name), dialect.table(name)];
  return `create ${kind} ${own} on ${on} (${columns.join(', ')})`;
}

/** What is stored beside the data: table -> column -> kind. */
export type SchemaRecord = Readonly<Record<string, Readonly<Record<string, string>>>>;

export function schemaRecord(schemas: readonly TableSchema[]): SchemaRecord {
  const columnsOf = (schema: TableSchema): Record<string, string> =>
    Object.fromEntries(schema.columns.map((column) => [column.name, column.kind]));
  return Object.fromEntries(schemas.map((schema) => [schema.name, columnsOf(schema)]));
}

/** Changes whenever anything does that would make other SQL tables or indexes. */
export function schemaHash(schemas: readonly TableSchema[], dialect: Dialect): string {
  const hash = createHash('sha256');
  for (const schema of schemas) {
    hash.update(createTable(schema, dialect));
    for (const column of schema.columns) hash.update(column.kind);
    for (const index of schema.indexes) hash.update(createIndex(schema, index, dialect));
  }
  return hash.digest('hex');
}
