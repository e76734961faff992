import { type Guid, namedGuid } from '../kernel/ids.ts';
import type { AlternateKey } from '../metadata/alternate-keys.ts';
import type { ManyToMany, OneToMany } from '../metadata/relationships.ts';
import type { Choice, ChoiceOption, Column, Model, Table } from '../metadata/table.ts';
import type { Differences } from '../odata/fidelity.ts';

/** What metadata entities are made from. */
export interface TableRow {
  readonly model: Model;
  readonly table: Table;
  readonly differences: Differences;
}

export interface ColumnRow {
  readonly model: Model;
  readonly column: Column;
}

export interface KeyRow {
  readonly key: AlternateKey;
}

export interface OneToManyRow {
  readonly relationship: OneToMany;
}

export interface ManyToManyRow {
  readonly relationship: ManyToMany;
}

/** A choice, or the two options of a yes/no column. */
export interface OptionSetRow {
  readonly name: string;
  readonly label: string;
  readonly labelNb: string | undefined;
  readonly description: string | undefined;
  readonly descriptionNb: string | undefined;
  readonly type: 'Picklist' | 'State' | 'Status' | 'Boolean';
  readonly options: readonly ChoiceOption[];
  readonly isGlobal: boolean;
  readonly isCustom: boolean;
}

/** Ids are made from names, so that they are the same in every environment and after every start. */
export const tableId = (table: Table): Guid => namedGuid(`entity:${table.logicalName}`);
export const columnId = (column: Column): Guid => namedGuid(`attribute:${column.table.logicalName}:${column.name}`);
export const keyId = (key: AlternateKey): Guid => namedGuid(`key:${key.table.logicalName}:${key.name}`);
export const relationshipId = (schemaName: string): Guid => namedGuid(`relationship:${schemaName.toLowerCase()}`);
export const optionSetId = (name: string): Guid => namedGuid(`optionset:${name}`);

/** Column for which a choice is there alone: such a choice is local, and named after table and column. */
export function isLocalTo(choice: Choice, column: Column): boolean {
  return choice.name === `${column.table.logicalName}_${column.name}`;
}

/** Names of the choices that belong to one column. */
export function localChoiceNames(model: Model): ReadonlySet<string> {
  const names = new Set<string>();
  for (const table of model.tables) {
    for (const column of table.columns) {
      const choice = column.choice === undefined ? undefined : model.choice.get(column.choice);
      if (choice !== undefined && isLocalTo(choice, column)) names.add(choice.name);
    }
  }
  return names;
}

/** Columns that a caller ever sees, in the order of the model. */
export const visibleColumns = (table: Table): readonly Column[] =>
  table.columns.filter((column) => column.hidden !== true);

/** Does the publisher of the product own it, so that callers may change its labels at most? */
export const isManaged = (table: Table): boolean => table.custom !== true;
