import type { Column, Model, Table } from '../../../metadata/table.ts';

/** How a table of the model is found at another source, as the file says it (docs/providers.md). */
export interface TableMapping {
  /** Entity set or relation. */
  readonly from: string;
  readonly id: {
    readonly name: string;
    /** `recordId`: a 64-bit number that row ids are computed from; `guid`: the row id itself. */
    readonly form: 'recordId' | 'guid';
  };
  /** Logical name of a column to its name at the source. */
  readonly columns: Readonly<Record<string, string>>;
  /** OData: ids are texts there, and stand in quotes. */
  readonly idsAreText?: boolean;
  /** OData: names of the key, in order; the id where it is absent. */
  readonly key?: readonly string[];
}

/** A mapping joined to the model. */
export interface MappedTable {
  readonly table: Table;
  readonly mapping: TableMapping;
  /** Names at the source. The primary key is among them. */
  readonly names: ReadonlyMap<Column, string>;
}

export type MappedTables = ReadonlyMap<Table, MappedTable>;

/** A mapping names what is not there. The message is one line for the administrator. */
export class MappingError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'MappingError';
  }
}

/**
 * Joins mappings to the tables of a model.
 * @throws MappingError for unknown tables and columns, tables that are not virtual, and a legal entity that is left out
 */
export function resolveMappings(model: Model, mappings: Readonly<Record<string, TableMapping>>): MappedTables {
  return new Map(
    Object.entries(mappings).map(([name, mapping]) => {
      const table = model.table.get(name);
      if (table?.kind !== 'virtual') throw new MappingError(`there is no virtual table ${name}`);
      return [table, { table, mapping, names: namesOf(table, mapping) }] as const;
    }),
  );
}

function namesOf(table: Table, { id, columns }: TableMapping): ReadonlyMap<Column, string> {
  const names = new Map([[table.primaryKey, id.name]]);
  for (const [name, place] of Object.entries(columns)) {
    const column = table.column.get(name);
    if (column === undefined) throw new MappingError(`the table ${table.logicalName} has no column ${name}`);
    names.set(column, place);
  }
  // INVARIANT: the second gate limits rows by their legal entity, so no source may leave it out.
  if (table.company !== undefined && !names.has(table.company)) {
    throw new MappingError(`the table ${table.logicalName} needs its column ${table.company.name}: the legal entity`);
  }
  return names;
}
