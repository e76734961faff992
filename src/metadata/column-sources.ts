import type { Column, Table } from './table.ts';

/** What a column tells about: itself, what its primary name is made of, what a lookup follows, what a mirror shows. */
export function sourcesOf(column: Column): readonly Column[] {
  const found = new Set<Column>();
  addSources(column, found);
  return [...found];
}

function addSources(column: Column, found: Set<Column>): void {
  if (found.has(column)) return;
  found.add(column);
  const { table } = column;
  if (column === table.primaryName) for (const part of table.primaryNameFrom) addSources(part, found);
  for (const name of Object.keys(column.lookup?.resolvedFrom ?? {})) addNamed(table, name, found);
  for (const mirror of table.mirrors ?? []) {
    const shown = mirror.columns[column.name];
    const lookup = table.column.get(mirror.through)?.lookup;
    const navigation = lookup && table.navigation.get(lookup.navigation);
    if (shown !== undefined && navigation !== undefined) addNamed(navigation.target, shown, found);
  }
}

/** The legal entity is a column of its own kind, which step 17 guards. */
function addNamed(table: Table, name: string, found: Set<Column>): void {
  const column = table.column.get(name);
  if (column !== undefined && column !== table.company) addSources(column, found);
}

const guarded = new WeakMap<Table, ReadonlySet<Column>>();

/** Columns of a table that need a permission of their own, or tell what such a column holds. Looked for once. */
export function guardedColumns(table: Table): ReadonlySet<Column> {
  const known = guarded.get(table);
  if (known !== undefined) return known;
  const isGuarded = (column: Column): boolean => column.protected === true || column.secured === true;
  const found = new Set(table.columns.filter((column) => sourcesOf(column).some(isGuarded)));
  guarded.set(table, found);
  return found;
}
