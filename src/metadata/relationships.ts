import type { Column, ManyToManyNavigation, Model, Table } from './table.ts';

/** A lookup, seen as what joins two tables. */
export interface OneToMany {
  readonly kind: 'oneToMany';
  readonly schemaName: string;
  /** Table that has the lookup. */
  readonly referencing: Table;
  readonly column: Column;
  readonly referenced: Table;
}

export interface ManyToMany {
  readonly kind: 'manyToMany';
  readonly schemaName: string;
  /** From the first table to the second one. */
  readonly navigation: ManyToManyNavigation;
  /** Name of the navigation property that leads back. */
  readonly inverse: string;
}

export type Relationship = OneToMany | ManyToMany;

/** Relationships between tables of the Web API, in the order of the model. */
export function relationshipsOf(model: Model): readonly Relationship[] {
  return [...model.entitySet.values()].flatMap((table) => [...lookupsOf(model, table), ...manyToManyOf(table)]);
}

function lookupsOf(model: Model, referencing: Table): readonly OneToMany[] {
  return referencing.columns.flatMap((column): OneToMany[] => {
    const referenced = column.lookup === undefined ? undefined : model.table.get(column.lookup.target);
    if (column.hidden === true || column.lookup === undefined || referenced === undefined) return [];
    if (model.entitySet.get(referenced.entitySetName) !== referenced) return [];
    return [{ kind: 'oneToMany', schemaName: nameOf(referencing, column), referencing, column, referenced }];
  });
}

/** Names of the product's own relationships are not published for all: the inverse's name is the relationship's there. */
const nameOf = (table: Table, { name, lookup }: Column): string =>
  lookup?.relationship ?? lookup?.inverse ?? `${table.logicalName}_${name}`;

function manyToManyOf(table: Table): readonly ManyToMany[] {
  return (table.manyToMany ?? []).flatMap(({ navigation, inverse }): ManyToMany[] => {
    const found = table.navigation.get(navigation);
    if (found?.kind !== 'manyToMany') return [];
    return [{ kind: 'manyToMany', schemaName: navigation, navigation: found, inverse }];
  });
}
