import type { Column } from '../../metadata/table.ts';
import type { Value } from '../../odata/query.ts';
import { type Codec, storedValue } from '../sql/codec.ts';
import { type Dialect, parameterKinds, type SqlValue } from '../sql/dialect.ts';
import { equalityColumn, orderColumn, quoteName, reference, versionColumn } from '../sql/names.ts';
import type { TableSchema } from '../sql/schema.ts';
import { StorageError } from '../storage-error.ts';
import { equalityKey, orderKeyOf } from '../text-key.ts';

/** A value as it is carried from one database to another: whole numbers of 64 bits and decimals are text. */
export type Cell = string | number | boolean | null;

/** A column of a table, and how one database spells its values. */
export interface PortableColumn {
  readonly name: string;
  /** Expression that gives what `toCell` takes. */
  readonly read: string;
  toCell(raw: unknown): Cell;
  /** Expression for a parameter of a statement. */
  parameter(index: number): string;
  /** @throws TypeError when the cell is nothing that the column can hold */
  fromCell(cell: Cell): SqlValue;
}

/** A column that follows from another one and is not carried. */
interface DerivedColumn {
  readonly name: string;
  /** Name of the column that it follows from. */
  readonly source: string;
  parameter(index: number): string;
  of(cell: Cell): SqlValue;
}

/** One table, for reading it in the order of its key and writing it as it was. */
export interface PortableTable {
  readonly name: string;
  readonly columns: readonly PortableColumn[];
  readonly key: readonly PortableColumn[];
  /** Expressions that the key is compared by: the same order on every database. */
  readonly keyExpressions: readonly string[];
  readonly derived: readonly DerivedColumn[];
  /** Portvakt's own, not one of the model. */
  readonly isOwn: boolean;
}

/** Of the table in what reads it: a bare name in `order by` would mean what is selected under it. */
export const readAlias = 't';

/** A table of the model. `present`: columns that there are, where the data may be older than the program. */
export function modelTable(schema: TableSchema, codec: Codec, present?: ReadonlySet<string>): PortableTable {
  const { table } = schema;
  const kept = table.columns.filter(
    (column) => column.rowVersion !== true && (present === undefined || present.has(column.name)),
  );
  const columns = [
    ...kept.map((column) => modelColumn(column, codec)),
    wholeNumberColumn(versionColumn, codec.dialect),
  ];
  const key = columns[kept.indexOf(table.primaryKey)];
  if (key === undefined) throw new StorageError(`the table \`${schema.name}\` lacks its primary key`);
  return {
    name: schema.name,
    columns,
    key: [key],
    keyExpressions: [reference(readAlias, table.primaryKey.name)],
    derived: kept.flatMap((column) => (column.isText ? textKeys(column, codec) : [])),
    isOwn: false,
  };
}

function modelColumn(column: Column, codec: Codec): PortableColumn {
  const { dialect } = codec;
  return {
    name: column.name,
    read: dialect.read(column, quoteName(column.name)),
    toCell: (raw) => cellOf(dialect.decode(column, raw)),
    parameter: (index) => dialect.parameter(index, parameterKinds[column.type]),
    fromCell: (cell) => storedValue(codec, column, carriedValue(column, cell)),
  };
}

const cellOf = (value: Value): Cell => (typeof value === 'bigint' ? value.toString() : value);

const carriedValue = (column: Column, cell: Cell): Value =>
  column.type === 'BigInt' && typeof cell === 'string' ? wholeNumber(cell) : cell;

/** Keys of text are computed anew: they depend on the alphabet alone. */
function textKeys(column: Column, { dialect, alphabet }: Codec): readonly DerivedColumn[] {
  const source = column.name;
  const parameter = (index: number): string => dialect.parameter(index, 'text');
  const equality = (cell: Cell): string | null => (typeof cell === 'string' ? equalityKey(cell) : null);
  const order = (cell: Cell): string | null => {
    const key = equality(cell);
    return key === null ? null : orderKeyOf(key, alphabet);
  };
  return [
    { name: equalityColumn(column), source, parameter, of: equality },
    { name: orderColumn(column), source, parameter, of: order },
  ];
}

/** The same table with some of its columns, in another order. `undefined` when it lacks one of them, or they lack the key. */
export function withColumns(table: PortableTable, names: readonly string[]): PortableTable | undefined {
  const columns = names.flatMap((name) => table.columns.filter((column) => column.name === name));
  const isWhole = columns.length === names.length && new Set(names).size === names.length;
  if (!isWhole || !table.key.every((column) => columns.includes(column))) return undefined;
  return { ...table, columns, derived: table.derived.filter(({ source }) => names.includes(source)) };
}

/** A column as the catalog of a database has it. */
export interface CatalogColumn {
  readonly name: string;
  readonly type: string;
  /** Place in the primary key, from 1; 0: not in it. */
  readonly keyPlace: number;
}

/** A table that Portvakt keeps beside those of the model. @throws StorageError when it has columns of a kind that is not carried */
export function ownTable(name: string, catalog: readonly CatalogColumn[], dialect: Dialect): PortableTable {
  const columns = catalog.map((column) => ownColumn(name, column, dialect));
  const inKey = catalog.filter(({ keyPlace }) => keyPlace > 0).sort((one, other) => one.keyPlace - other.keyPlace);
  if (inKey.length === 0) throw new StorageError(`the table \`${name}\` has no primary key to be read by`);
  return {
    name,
    columns,
    key: inKey.flatMap((column) => columns.filter((each) => each.name === column.name)),
    keyExpressions: inKey.map(({ name: column, type }) => keyExpression(column, type, dialect)),
    derived: [],
    isOwn: true,
  };
}

const keyExpression = (column: string, type: string, { name }: Dialect): string =>
  `${reference(readAlias, column)}${name === 'postgres' && type === 'text' ? ' collate "C"' : ''}`;

function ownColumn(table: string, { name, type }: CatalogColumn, dialect: Dialect): PortableColumn {
  if (/^(?:integer|bigint)$/.test(type)) return wholeNumberColumn(name, dialect);
  if (type !== 'text')
    throw new StorageError(`the column \`${table}.${name}\` is of the kind ${type}, which is not carried`);
  return {
    name,
    read: quoteName(name),
    toCell: (raw) => (raw === null ? null : String(raw)),
    parameter: (index) => dialect.parameter(index, 'text'),
    fromCell: (cell) => {
      if (cell !== null && typeof cell !== 'string') throw new TypeError(`\`${name}\` is text`);
      return cell;
    },
  };
}

function wholeNumberColumn(name: string, dialect: Dialect): PortableColumn {
  return {
    name,
    read: `cast(${quoteName(name)} as text)`,
    toCell: (raw) => (raw === null ? null : String(raw)),
    parameter: (index) => dialect.parameter(index, 'integer'),
    fromCell: (cell) => (cell === null ? null : wholeNumber(cell)),
  };
}

function wholeNumber(cell: Cell): bigint {
  if (typeof cell !== 'string' || !/^-?\d{1,19}$/.test(cell)) throw new TypeError('a whole number is text of digits');
  return BigInt(cell);
}
