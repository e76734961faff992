import { ModelError } from './model-error.ts';
import type { Choice, ColumnDefinition, ColumnType, TableDefinition } from './table.ts';

/** Refuses definitions that link but mean nothing. Throws a `ModelError` for the first one. */
export function checkDefinitions(definitions: readonly TableDefinition[], choices: ReadonlyMap<string, Choice>): void {
  const tables = new Map(definitions.map((table) => [table.logicalName, table]));
  checkUniqueNumbers(definitions);
  for (const table of definitions) {
    checkTable(table);
    for (const column of table.columns) {
      checkColumn(table, column, choices);
      checkLookup(table, column, tables);
    }
    checkMirrors(table, tables);
  }
}

/** Row ids of virtual tables begin with the entity number, messages name the object type code: both must tell tables apart. */
function checkUniqueNumbers(definitions: readonly TableDefinition[]): void {
  const reached = definitions.filter((table) => table.kind === 'virtual' || table.kind === 'native');
  const virtual = definitions.filter((table) => table.kind === 'virtual');
  checkUnique(reached, 'object type code', (table) => table.objectTypeCode);
  checkUnique(virtual, 'entity number', (table) => table.entityNumber);
  checkUnique(virtual, 'entity name', (table) => table.entityName);
}

function checkUnique(
  tables: readonly TableDefinition[],
  what: string,
  of: (table: TableDefinition) => string | number | undefined,
): void {
  const seen = new Map<string | number, string>();
  for (const table of tables) {
    const value = of(table);
    if (value === undefined) throw broken(table, undefined, `the ${what} is missing`);
    const other = seen.get(value);
    if (other !== undefined) throw broken(table, undefined, `${what} ${value} belongs to \`${other}\``);
    seen.set(value, table.logicalName);
  }
}

function checkTable(table: TableDefinition): void {
  const key = columnOf(table, table.primaryKey);
  if (key.type !== 'Guid') throw broken(table, key, 'a primary key is a Guid');
  for (const name of [...(table.indexed ?? []), ...(table.primaryNameFrom ?? [])]) columnOf(table, name);
}

function checkColumn(table: TableDefinition, column: ColumnDefinition, choices: ReadonlyMap<string, Choice>): void {
  if ((column.type === 'Lookup') !== (column.lookup !== undefined)) {
    throw broken(table, column, '`lookup` and the type `Lookup` go together');
  }
  if (column.choice !== undefined && column.type !== 'Choice' && column.type !== 'Choices') {
    throw broken(table, column, '`choice` needs the type `Choice` or `Choices`');
  }
  if (column.sequence !== undefined && column.type !== 'String') {
    throw broken(table, column, '`sequence` needs the type `String`');
  }
  if (column.sequence?.prefix === 'company' && table.companyColumn === undefined) {
    throw broken(table, column, 'a sequence per company needs a company column');
  }
  const choice = column.choice === undefined ? undefined : choices.get(column.choice);
  if (column.choice !== undefined && choice === undefined) {
    throw broken(table, column, `there is no choice \`${column.choice}\``);
  }
  checkDefault(table, column, choice);
}

/** JavaScript type of a default by column type; `undefined`: no default can be written down. */
const defaultTypes: Readonly<Record<ColumnType, string | undefined>> = {
  Guid: undefined,
  String: 'string',
  Memo: 'string',
  Integer: 'number',
  BigInt: 'number',
  Decimal: 'number',
  Boolean: 'boolean',
  Date: undefined,
  DateTime: undefined,
  Choice: 'number',
  Choices: undefined,
  Lookup: undefined,
};

function checkDefault(table: TableDefinition, column: ColumnDefinition, choice: Choice | undefined): void {
  if (column.default === undefined) return;
  if (typeof column.default !== defaultTypes[column.type]) {
    throw broken(table, column, `\`${column.default}\` is no default for the type \`${column.type}\``);
  }
  if (choice !== undefined && !choice.options.some((option) => option.value === column.default)) {
    throw broken(table, column, `default \`${column.default}\` is no option of \`${choice.name}\``);
  }
}

/** The readable columns that select the target must be its whole business key: less could find several rows. */
function checkLookup(
  table: TableDefinition,
  column: ColumnDefinition,
  tables: ReadonlyMap<string, TableDefinition>,
): void {
  if (column.lookup === undefined) return;
  const target = tables.get(column.lookup.target);
  if (target === undefined) throw broken(table, column, `there is no table \`${column.lookup.target}\``);
  if (column.lookup.resolvedFrom === undefined) return;
  const pairs = Object.entries(column.lookup.resolvedFrom);
  for (const [local, remote] of pairs) checkSameType(table, columnOf(table, local), columnOf(target, remote));
  const named = pairs.map(([, remote]) => remote).sort();
  if (named.join() !== [...target.naturalKey].sort().join()) {
    throw broken(table, column, `\`resolvedFrom\` is not the business key of \`${target.logicalName}\``);
  }
}

function checkMirrors(table: TableDefinition, tables: ReadonlyMap<string, TableDefinition>): void {
  for (const mirror of table.mirrors ?? []) {
    const through = columnOf(table, mirror.through);
    const source = through.lookup === undefined ? undefined : tables.get(through.lookup.target);
    if (source === undefined) throw broken(table, through, 'a mirror goes through a lookup');
    for (const [own, other] of Object.entries(mirror.columns)) {
      checkSameType(table, columnOf(table, own), columnOf(source, other));
    }
  }
}

function checkSameType(table: TableDefinition, own: ColumnDefinition, other: ColumnDefinition): void {
  if (own.type !== other.type || own.choice !== other.choice) {
    throw broken(table, own, `the type differs from that of \`${other.name}\``);
  }
}

function columnOf(table: TableDefinition, name: string): ColumnDefinition {
  const column = table.columns.find((each) => each.name === name);
  if (column === undefined) throw broken(table, undefined, `there is no column \`${name}\``);
  return column;
}

function broken(table: TableDefinition, column: ColumnDefinition | undefined, problem: string): ModelError {
  const where = column === undefined ? '' : `, column \`${column.name}\``;
  return new ModelError(`table \`${table.logicalName}\`${where}: ${problem}`);
}
