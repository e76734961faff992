import { unreachable } from '../../kernel/unreachable.ts';
import type { Column, Navigation } from '../../metadata/table.ts';
import type { ComparisonOperator, Condition, Linked, Through, Value } from '../../odata/query.ts';
import { equalityKey, orderKeyRange } from '../text-key.ts';
import { fittedComparison } from './codec.ts';
import type { SqlValue } from './dialect.ts';
import { buildHierarchy } from './hierarchy.ts';
import { buildLike } from './like.ts';
import { comparedColumn, equalityColumn, reference } from './names.ts';
import { comparedKind, type PlanBuilder, type Render } from './plan-builder.ts';

const operators = { eq: '=', ne: '<>', gt: '>', ge: '>=', lt: '<', le: '<=' } as const satisfies Record<
  ComparisonOperator,
  string
>;

/** Neither true nor false: what a comparison with an absent value is. */
const unknown = '(null = null)';

/** A condition on the row that `alias` stands for. */
export function buildCondition(builder: PlanBuilder, condition: Condition, alias: string): Render {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return buildJunction(builder, condition.kind, condition.of, alias);
    case 'not': {
      builder.shape += 'not(';
      const inner = buildCondition(builder, condition.of, alias);
      builder.shape += ')';
      return () => `not (${inner()})`;
    }
    case 'compare':
      return buildComparison(builder, condition.op, condition.column, condition.value, alias);
    case 'compareColumns':
      return buildColumnComparison(builder, condition.op, condition.left, condition.right, alias);
    case 'text':
      return buildTextSearch(builder, condition.op, condition.column, condition.value, alias);
    case 'month':
      return buildMonth(builder, condition.column, condition.months, alias);
    case 'in':
      return buildIn(builder, condition.column, condition.values, alias);
    case 'options':
      return buildOptions(builder, condition.column, condition.options, alias);
    case 'bits':
      return buildBits(builder, condition.column, condition.mask, alias);
    case 'like':
      return buildLike(builder, condition, alias);
    case 'through':
      return buildThrough(builder, condition, alias);
    case 'linked':
      return buildLinked(builder, condition, alias);
    case 'hierarchy':
      return buildHierarchy(builder, condition, alias, (of) => buildAmong(builder, condition.among, of));
    case 'always':
    case 'never':
      builder.shape += condition.kind;
      return () => (condition.kind === 'always' ? 'true' : 'false');
    default:
      return unreachable(condition);
  }
}

function buildJunction(builder: PlanBuilder, kind: 'and' | 'or', of: readonly Condition[], alias: string): Render {
  builder.shape += `${kind}(`;
  const parts = of.map((condition) => buildCondition(builder, condition, alias));
  builder.shape += ')';
  if (parts.length === 0) return () => (kind === 'and' ? 'true' : 'false');
  return () => `(${parts.map((part) => part()).join(` ${kind} `)})`;
}

function buildComparison(
  builder: PlanBuilder,
  op: ComparisonOperator,
  column: Column,
  value: Value,
  alias: string,
): Render {
  const left = filtered(builder, column, alias);
  if (value === null) {
    builder.shape += `${column.name} ${op} null;`;
    if (op === 'eq') return () => `${left()} is null`;
    return () => (op === 'ne' ? `${left()} is not null` : unknown);
  }
  const fitted = fittedComparison(builder.codec, column, op, value);
  if (fitted === 'always') {
    builder.shape += 'always';
    return () => 'true';
  }
  builder.shape += `${column.name} ${fitted.op};`;
  const right = builder.weighed(fitted.value, column);
  // OData 4.01, 5.1.1.1.2: a row without a value is not equal to any value.
  if (fitted.op === 'ne') return () => `${left()} is distinct from ${right()}`;
  return () => `${left()} ${operators[fitted.op]} ${right()}`;
}

/** The column in a filter. One of few different values is kept from choosing the index when an order is to be walked. */
function filtered(builder: PlanBuilder, column: Column, alias: string): Render {
  const isCoarse = column.type === 'Choice' || column.type === 'Boolean' || column === column.table.company;
  return () => {
    const plain = reference(alias, comparedColumn(column));
    return isCoarse && builder.walked !== undefined && builder.walked !== column
      ? builder.dialect.unindexed(plain)
      : plain;
  };
}

function buildColumnComparison(
  builder: PlanBuilder,
  op: ComparisonOperator,
  left: Column,
  right: Column,
  alias: string,
): Render {
  builder.shape += `${left.name} ${op} ${right.name};`;
  return () => compareColumnsSql(builder, op, { alias, column: left }, { alias, column: right });
}

/** A column of the row that `alias` stands for. */
export interface ColumnOf {
  readonly alias: string;
  readonly column: Column;
}

/** `left op right`, where either may be of another row. Throws a TypeError where their types do not go together. */
export function compareColumnsSql(
  builder: PlanBuilder,
  op: ComparisonOperator,
  left: ColumnOf,
  right: ColumnOf,
): string {
  const { a, b } = comparable(builder, left.column, right.column);
  const sql = ({ alias, column }: ColumnOf): string => reference(alias, comparedColumn(column));
  return `${a(sql(left))} ${operators[op]} ${b(sql(right))}`;
}

type Adjust = (sql: string) => string;

/** Units of different size are brought to the same one; PostgreSQL's `numeric` needs nothing. */
function comparable(builder: PlanBuilder, left: Column, right: Column): { a: Adjust; b: Adjust } {
  const same: Adjust = (sql) => sql;
  if (comparisonClass[left.type] !== comparisonClass[right.type]) {
    throw new TypeError(`\`${left.name}\` and \`${right.name}\` cannot be compared`);
  }
  const digits = (column: Column): number => (column.type === 'Decimal' ? column.scale : 0);
  const difference = digits(left) - digits(right);
  if (builder.dialect.name === 'postgres' || comparisonClass[left.type] !== 'number') return { a: same, b: same };
  const larger: Adjust = (sql) => `(${sql} * ${10 ** Math.abs(difference)})`;
  return { a: difference < 0 ? larger : same, b: difference > 0 ? larger : same };
}

const comparisonClass = {
  Guid: 'guid',
  Lookup: 'guid',
  String: 'text',
  Memo: 'text',
  Date: 'time',
  DateTime: 'time',
  Integer: 'number',
  Choice: 'number',
  Choices: 'options',
  BigInt: 'number',
  Decimal: 'number',
  Boolean: 'boolean',
} as const satisfies Record<Column['type'], string>;

/** The value is looked for as it stands: `%` and `_` are ordinary characters. */
function buildTextSearch(
  builder: PlanBuilder,
  op: 'contains' | 'startswith' | 'endswith',
  column: Column,
  value: string,
  alias: string,
): Render {
  if (!column.isText) throw new TypeError(`\`${column.name}\` is not text`);
  const { dialect, alphabet } = builder.codec;
  const key = (): string => reference(alias, equalityColumn(column));
  // The empty text is everywhere; as a beginning or an ending it would need special cases.
  const search = value === '' ? 'contains' : op;
  builder.shape += `${column.name} ${search};`;
  const part = builder.parameter(equalityKey(value), 'text');
  if (search === 'contains') return () => `${dialect.position(key(), part())} > 0`;
  if (search === 'endswith') return () => `${dialect.ending(key(), `length(${part()})`)} = ${part()}`;
  const range = orderKeyRange(value, alphabet);
  const from = builder.parameter(range.from, 'text');
  const to = builder.parameter(range.to, 'text');
  const sorted = (): string => reference(alias, comparedColumn(column));
  // The range is for the index, the comparison decides.
  return () =>
    `(${sorted()} >= ${from()} and ${sorted()} < ${to()} and substr(${key()}, 1, length(${part()})) = ${part()})`;
}

/** Stored moments begin `YYYY-MM`. */
function buildMonth(builder: PlanBuilder, column: Column, months: readonly number[], alias: string): Render {
  const list = months.map((month) => `'${String(month).padStart(2, '0')}'`).join(', ');
  builder.shape += `${column.name} month ${list};`;
  return () => (list === '' ? 'false' : `substr(${reference(alias, column.name)}, 6, 2) in (${list})`);
}

/** Options are stored with commas between them; with one at either end each is found as a part of the text. */
function buildOptions(builder: PlanBuilder, column: Column, options: readonly number[], alias: string): Render {
  builder.shape += `${column.name} options ${options.length};`;
  const parts = options.map((option) => builder.parameter(`,${option},`, 'text'));
  const whole = `(',' || ${reference(alias, column.name)} || ',')`;
  return () => eitherOf(parts.map((part) => `${builder.dialect.position(whole, part())} > 0`));
}

/** `a or b or …` as a balanced tree: SQLite takes no expression that is deeper than 1000. */
function eitherOf(parts: readonly string[]): string {
  const [first = 'false'] = parts;
  if (parts.length <= 1) return first;
  const middle = parts.length >> 1;
  return `(${eitherOf(parts.slice(0, middle))} or ${eitherOf(parts.slice(middle))})`;
}

/** One of few masks: it stands in the statement. */
function buildBits(builder: PlanBuilder, column: Column, mask: number, alias: string): Render {
  if (!Number.isSafeInteger(mask)) throw new TypeError(`${mask} is no mask`);
  builder.shape += `${column.name} bits ${mask};`;
  return () => `(${reference(alias, column.name)} & ${mask}) = ${mask}`;
}

/** Lists up to this long have a parameter for each value. */
const shortList = 16;

function buildIn(builder: PlanBuilder, column: Column, values: readonly Value[], alias: string): Render {
  const left = filtered(builder, column, alias);
  const withNull = values.includes(null);
  const present = presentValues(builder, column, values);
  builder.shape += `${column.name} in${withNull ? ' null' : ''}${values.length === 0 ? ' nothing' : ''}`;
  const among = buildList(builder, column, left, present);
  builder.shape += ';';
  if (among === undefined && withNull) return () => `${left()} is null`;
  if (among === undefined) return values.length === 0 ? () => 'false' : () => `${left()} <> ${left()}`;
  return withNull ? () => `(${among()} or ${left()} is null)` : among;
}

function presentValues(builder: PlanBuilder, column: Column, values: readonly Value[]): SqlValue[] {
  const present: SqlValue[] = [];
  for (const value of values) {
    if (value === null) continue;
    const fitted = fittedComparison(builder.codec, column, 'eq', value);
    if (fitted !== 'always' && fitted.op === 'eq') present.push(fitted.value);
  }
  return present;
}

function buildList(builder: PlanBuilder, column: Column, left: Render, values: SqlValue[]): Render | undefined {
  const last = values.at(-1);
  if (last === undefined) return undefined;
  if (values.length > shortList) {
    builder.shape += ' many';
    const index = builder.values.push(builder.dialect.list(values));
    return () => builder.dialect.inList(left(), index, comparedKind(column));
  }
  // Repeating the last value up to a power of two keeps the number of shapes small.
  const places = 2 ** Math.ceil(Math.log2(values.length));
  builder.shape += ` ${places}`;
  const parameters = Array.from({ length: places }, (_, at) => builder.compared(values[at] ?? last, column));
  return () => `${left()} in (${parameters.map((parameter) => parameter()).join(', ')})`;
}

function buildThrough(builder: PlanBuilder, { navigation, where, every, among }: Through, alias: string): Render {
  const target = builder.alias();
  builder.shape += `${navigation.name}/${every === true ? 'every' : ''}(`;
  const join = joinTo(builder, navigation, alias, target);
  const seen = buildAmong(builder, among, target);
  const inner = buildCondition(builder, where, target);
  builder.shape += ')';
  const rows = (): string => `select 1 from ${join.from()} where ${join.on()}${seen()}`;
  // A row for which the condition is neither true nor false does not meet it.
  const { dialect } = builder;
  if (every === true) return () => `not ${dialect.exists(`${rows()} and (${inner()}) is not true`)}`;
  return () => dialect.exists(`${rows()} and ${inner()}`);
}

function buildLinked(builder: PlanBuilder, linked: Linked, alias: string): Render {
  const { column, target, where, among, isGathered } = linked;
  const other = builder.alias();
  builder.shape += `${column.name}=${target.table.logicalName}.${target.name}${isGathered === true ? ' gathered' : ''}(`;
  const seen = buildAmong(builder, among, other);
  const inner = buildCondition(builder, where, other);
  builder.shape += ')';
  return () => {
    const table = `${builder.rowsOf(target.table)} as ${other}`;
    if (isGathered === true) {
      // In a list a column without a value would be neither true nor false.
      if (column !== column.table.primaryKey) throw new TypeError(`\`${column.name}\` may have no value`);
      const value = reference(other, target.name);
      const few = `select ${value} from ${table} where ${inner()}${seen()} and ${value} is not null`;
      // The row itself may be absent, where it is joined: it is in no list then, rather than perhaps.
      const own = reference(alias, column.name);
      return `(${own} is not null and ${builder.dialect.inRows(own, few)})`;
    }
    const tie = compareColumnsSql(builder, 'eq', { alias: other, column: target }, { alias, column });
    return builder.dialect.exists(`select 1 from ${table} where ${tie}${seen()} and ${inner()}`);
  };
}

/** ` and <condition>` for the rows that may be looked at, or nothing. */
export function buildAmong(builder: PlanBuilder, among: Condition | undefined, alias: string): Render {
  if (among === undefined) return () => '';
  builder.shape += 'among(';
  const seen = buildCondition(builder, among, alias);
  builder.shape += ')';
  return () => ` and ${seen()}`;
}

/** The rows that a navigation property leads to: what to select from, and what joins them to the row of `alias`. */
export function joinTo(
  builder: PlanBuilder,
  navigation: Navigation,
  alias: string,
  target: string,
): { readonly from: Render; readonly on: Render } {
  const key = (column: Column, of: string): string => reference(of, column.name);
  const { dialect } = builder;
  const targetTable = (): string => `${builder.rowsOf(navigation.target)} as ${target}`;
  const ownId = (): string => key(navigation.table.primaryKey, alias);
  const targetId = (): string => key(navigation.target.primaryKey, target);
  switch (navigation.kind) {
    case 'single':
      return { from: targetTable, on: () => `${targetId()} = ${key(navigation.column, alias)}` };
    case 'collection':
      return { from: targetTable, on: () => `${key(navigation.column, target)} = ${ownId()}` };
    case 'manyToMany': {
      const between = builder.alias();
      const intersect = (): string => `${dialect.table(navigation.intersect.logicalName)} as ${between}`;
      const { ownColumn, ownKey, targetColumn, targetKey } = navigation;
      return {
        from: () => `${intersect()} join ${targetTable()} on ${key(targetKey, target)} = ${key(targetColumn, between)}`,
        on: () => `${key(ownColumn, between)} = ${key(ownKey, alias)}`,
      };
    }
    default:
      return unreachable(navigation);
  }
}
