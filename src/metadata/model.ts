import { columnDefaults } from './limits.ts';
import { checkDefinitions } from './model-check.ts';
import { ModelError } from './model-error.ts';
import type {
  Choice,
  Column,
  ColumnDefinition,
  ManyToManyDefinition,
  Model,
  Navigation,
  Table,
  TableDefinition,
  TableKind,
} from './table.ts';

/**
 * Definitions to a model in which tables, columns and navigation properties know each other. Throws a `ModelError` that
 * names the table and the column when a definition is contradictory or points to something that is not there.
 */
export function linkModel(definitions: readonly TableDefinition[], choices: readonly Choice[]): Model {
  const choice = uniqueMap(choices, (each) => each.name, 'choice');
  const linked = definitions.map(linkTable);
  const tables = linked.map((each) => each.table);
  const table = uniqueMap(tables, (each) => each.logicalName, 'table');
  checkDefinitions(definitions, choice);
  for (const each of linked) addNavigations(each, linked);
  return {
    tables,
    table,
    entitySet: setsOf(tables, ['virtual', 'native']),
    administrationSet: setsOf(tables, ['administration']),
    choice,
  };
}

/** A table whose navigation properties are still being collected. */
interface LinkedTable {
  readonly definition: TableDefinition;
  readonly table: Table;
  readonly navigation: Map<string, Navigation>;
}

function linkTable(definition: TableDefinition): LinkedTable {
  const navigation = new Map<string, Navigation>();
  const columns = definition.columns.map((column) => linkColumn(column, () => table));
  const column = uniqueMap(columns, (each) => each.name, `table \`${definition.logicalName}\`: column`);
  const get = (name: string): Column => getColumn(definition, column, name);
  const table: Table = {
    ...definition,
    columns,
    primaryKey: get(definition.primaryKey),
    primaryName: get(definition.primaryName),
    primaryNameFrom: (definition.primaryNameFrom ?? []).map(get),
    naturalKey: definition.naturalKey.map(get),
    company: definition.companyColumn === undefined ? undefined : get(definition.companyColumn),
    column,
    property: uniqueMap(
      columns.filter((each) => each.hidden !== true),
      (each) => each.property,
      `table \`${definition.logicalName}\`: property`,
    ),
    navigation,
  };
  return { definition, table, navigation };
}

/** `tableOf` is asked only once the table exists: columns are made before the table that holds them. */
function linkColumn(definition: ColumnDefinition, tableOf: () => Table): Column {
  return {
    ...definition,
    get table() {
      return tableOf();
    },
    property: definition.type === 'Lookup' ? `_${definition.name}_value` : definition.name,
    maxLength: maxLengthOf(definition),
    scale: definition.type === 'Decimal' ? (definition.scale ?? columnDefaults.decimalScale) : 0,
    isText: definition.type === 'String' || definition.type === 'Memo',
  };
}

function maxLengthOf({ type, maxLength }: ColumnDefinition): number {
  if (type === 'String') return maxLength ?? columnDefaults.textLength;
  if (type === 'Memo') return maxLength ?? columnDefaults.memoLength;
  return 0;
}

function addNavigations(from: LinkedTable, all: readonly LinkedTable[]): void {
  for (const column of from.table.columns) {
    if (column.lookup !== undefined) addLookup(from, column, column.lookup, all);
  }
  for (const relation of from.definition.manyToMany ?? []) addManyToMany(from, relation, all);
}

function addLookup(
  from: LinkedTable,
  column: Column,
  lookup: NonNullable<Column['lookup']>,
  all: readonly LinkedTable[],
): void {
  const to = getTable(all, lookup.target, `table \`${from.table.logicalName}\`, column \`${column.name}\``);
  add(from, { kind: 'single', name: lookup.navigation, table: from.table, target: to.table, column });
  if (lookup.inverse === undefined) return;
  add(to, { kind: 'collection', name: lookup.inverse, table: to.table, target: from.table, column });
}

function addManyToMany(from: LinkedTable, relation: ManyToManyDefinition, all: readonly LinkedTable[]): void {
  const where = `table \`${from.table.logicalName}\`, navigation \`${relation.navigation}\``;
  const to = getTable(all, relation.target, where);
  const through = getTable(all, relation.intersect, where);
  if (through.table.intersect !== true) throw new ModelError(`${where}: \`${relation.intersect}\` is no intersect`);
  const intersect = through.table;
  const own = getColumn(through.definition, intersect.column, relation.ownColumn);
  const other = getColumn(through.definition, intersect.column, relation.targetColumn);
  const shared = { kind: 'manyToMany', intersect } as const;
  const [ownKey, targetKey] = [
    relation.ownKey === undefined
      ? from.table.primaryKey
      : getColumn(from.definition, from.table.column, relation.ownKey),
    to.table.primaryKey,
  ];
  const there = { table: from.table, target: to.table, ownColumn: own, targetColumn: other, ownKey, targetKey };
  const back = {
    table: to.table,
    target: from.table,
    ownColumn: other,
    targetColumn: own,
    ownKey: targetKey,
    targetKey: ownKey,
  };
  add(from, { ...shared, ...there, name: relation.navigation });
  add(to, { ...shared, ...back, name: relation.inverse });
}

function add(to: LinkedTable, navigation: Navigation): void {
  if (to.navigation.has(navigation.name) || to.table.property.has(navigation.name)) {
    throw new ModelError(`table \`${to.table.logicalName}\`: navigation \`${navigation.name}\` is there twice`);
  }
  to.navigation.set(navigation.name, navigation);
}

function getTable(all: readonly LinkedTable[], logicalName: string, where: string): LinkedTable {
  const found = all.find((each) => each.table.logicalName === logicalName);
  if (found === undefined) throw new ModelError(`${where}: there is no table \`${logicalName}\``);
  return found;
}

function getColumn(definition: TableDefinition, columns: ReadonlyMap<string, Column>, name: string): Column {
  const column = columns.get(name);
  if (column === undefined) {
    throw new ModelError(`table \`${definition.logicalName}\`: there is no column \`${name}\``);
  }
  return column;
}

function setsOf(tables: readonly Table[], kinds: readonly TableKind[]): ReadonlyMap<string, Table> {
  const addressable = tables.filter((table) => kinds.includes(table.kind) && table.intersect !== true);
  return uniqueMap(addressable, (table) => table.entitySetName, 'entity set');
}

function uniqueMap<T>(values: readonly T[], nameOf: (value: T) => string, what: string): ReadonlyMap<string, T> {
  const map = new Map<string, T>();
  for (const value of values) {
    const name = nameOf(value);
    if (map.has(name)) throw new ModelError(`${what} \`${name}\` is there twice`);
    map.set(name, value);
  }
  return map;
}
