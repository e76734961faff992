import type { Column, ColumnType } from '../../metadata/table.ts';
import type { Pattern, Value } from '../../odata/query.ts';

/** What a driver takes as the value of a parameter. */
export type SqlValue = string | number | bigint | boolean | null;

/** What a parameter is, where the database wants to know (`$1::uuid`). */
export type ParameterKind = 'text' | 'guid' | 'integer' | 'decimal' | 'boolean';

export const parameterKinds = {
  Guid: 'guid',
  Lookup: 'guid',
  String: 'text',
  Memo: 'text',
  Date: 'text',
  DateTime: 'text',
  Integer: 'integer',
  Choice: 'integer',
  Choices: 'text',
  BigInt: 'integer',
  Decimal: 'decimal',
  Boolean: 'boolean',
} as const satisfies Record<ColumnType, ParameterKind>;

/** Dates of virtual tables travel with a time at midnight, those of native ones without (`edm-type.ts`). */
export const shownDate = (column: Column, reference: string): string =>
  column.table.kind === 'virtual' ? reference : `substr(${reference}, 1, 10)`;

/** A value that is neither null nor of the wrong type for its column. */
export type Present = Exclude<Value, null>;

/** How one database spells what both must do alike. Everything else of the SQL is shared. */
export interface Dialect {
  readonly name: 'sqlite' | 'postgres';
  /** Name of a table in statements: quoted, with its schema. */
  table(logicalName: string): string;
  /** Where the schema stands in `create index`: before the name of the index, or of the table. */
  readonly indexNames: 'with schema' | 'after table';
  /** Type of a column when its table is made. */
  columnType(column: Column): string;
  /** Type of the stored keys of text (`text-key.ts`): compared byte by byte. */
  readonly keyType: string;
  readonly versionType: string;
  /** Expression for the next row version; absent where the engine counts itself and gives it as a parameter. */
  readonly nextVersion: string | undefined;
  /** Order of an index column in which absent values come first. */
  readonly indexedNullsFirst: string;
  parameter(index: number, kind: ParameterKind): string;
  /** A value as it is stored and compared; the caller has checked it (`codec.ts`). */
  encode(column: Column, value: Present): SqlValue;
  /** What the driver gave for `read(column)`. */
  decode(column: Column, raw: unknown): Value;
  /** Expression that gives a column to `decode` without loss. */
  read(column: Column, reference: string): string;
  /** Expression for the column's JSON text; never null. */
  json(column: Column, reference: string, unsetTextAsEmpty: boolean): string;
  /** A whole number or truth value as it stands in a statement; `undefined` where the planner does not weigh values, or for others. */
  literal(value: SqlValue): string | undefined;
  /** A column in a filter that should not choose the index, where the database does not weigh a limit by itself. */
  unindexed(reference: string): string;
  /** `exists` of a whole `select`. */
  exists(select: string): string;
  /** Joins text expressions, none of them null. */
  concat(parts: readonly string[]): string;
  /** Position of `part` in `whole`, from 1; 0 when it is not there. */
  position(whole: string, part: string): string;
  /** The last `length` characters. */
  ending(whole: string, length: string): string;
  /** A pattern in the database's own language, and the condition that a text key has its form. */
  pattern(pattern: Pattern): string;
  matches(key: string, pattern: string): string;
  /** Many values in one parameter, and the condition that a column is among them. */
  list(values: readonly SqlValue[]): string;
  inList(reference: string, index: number, kind: ParameterKind): string;
  /** Condition that a column is among the values that a query of its own gives, which are looked up before the rows. */
  inRows(reference: string, query: string): string;
  /** Condition that is always true and ends a statement that looks at too many rows, where the database has no time limit of its own. */
  step(reference: string): string | undefined;
  /** Aggregates that together give the exact sum of a column, and that sum in units of its last digit; `undefined`: of nothing. */
  sum(reference: string): readonly string[];
  sumUnits(column: Column, parts: readonly unknown[]): bigint | undefined;
  /** Day in its year, from 1, and day of the week of that year's first day, from 0 for Sunday, of a stored moment. */
  dayOfYear(reference: string): string;
  firstWeekday(reference: string): string;
  /** `asc` and `desc` of a column that may be null: absent values are lowest. */
  ascending(nullable: boolean): string;
  descending(nullable: boolean): string;
}
