import type { Guid } from '../../kernel/ids.ts';
import { guardedColumns } from '../../metadata/column-sources.ts';
import type { Column, Model, Table } from '../../metadata/table.ts';
import { equals, type Value } from '../../odata/query.ts';
import type { MaintenanceStore, Row, Transaction } from '../../odata/row-store.ts';
import { listAll } from '../listing.ts';
import { getTable } from '../model-lookup.ts';
import { erasures, type PersonReference, personReferences, personTable } from './person-tables.ts';

type ShownRow = Readonly<Record<string, string | number | boolean | null>>;

/** All that is stored about one person. */
export interface PersonExport {
  /** Rows by the logical name of their table. */
  readonly tables: Readonly<Record<string, readonly ShownRow[]>>;
  /** Columns, as `table.column`, of which no value is given. */
  readonly withheld: readonly string[];
}

/** How many rows an erasure removed and anonymised; or the table whose row holds it up. */
export type ErasureOutcome =
  | { readonly kind: 'erased'; readonly removed: number; readonly anonymised: number }
  | { readonly kind: 'heldUp'; readonly by: string };

/** What stands in the place of a name that must not be empty. */
const erased = 'Erased';

/**
 * FULL POWER for an administrator's duty to a person: gives or erases all that is stored about one. INVARIANT: nothing of it
 * goes into a log.
 */
export class PersonData {
  readonly #store: MaintenanceStore;
  readonly #model: () => Model;

  constructor(store: MaintenanceStore, model: () => Model) {
    this.#store = store;
    this.#model = model;
  }

  /**
   * `undefined`: there is no such person.
   * @param isWhole also columns that nobody may read without a right of their own: who asks has passed neither gate
   */
  export(id: Guid, isWhole: boolean): Promise<PersonExport | undefined> {
    const model = this.#model();
    const table = getTable(model, personTable);
    return this.#store.maintain(async (rows) => {
      const person = await rows.get(table, id);
      if (person === undefined) return undefined;
      const withheld = new Set<Column>();
      const show = (of: Table, row: Row): ShownRow => {
        if (isWhole) return shown(of, row);
        const filled = [...guardedColumns(of)].filter((column) => (row.values.get(column) ?? null) !== null);
        for (const column of filled) withheld.add(column);
        return shown(of, {
          ...row,
          values: new Map([...row.values, ...filled.map((column) => [column, null] as const)]),
        });
      };
      const tables: Record<string, ShownRow[]> = { [table.logicalName]: [show(table, person)] };
      for (const reference of personReferences(model)) {
        const of = await rowsOf(rows, reference, id);
        if (of.length === 0) continue;
        tables[reference.table.logicalName] = of.map((row) => show(reference.table, row));
      }
      return { tables, withheld: [...withheld].map((column) => `${column.table.logicalName}.${column.name}`).sort() };
    });
  }

  /** All of it in one transaction. Doing it again changes nothing. `undefined`: there is no such person. */
  erase(id: Guid): Promise<ErasureOutcome | undefined> {
    const model = this.#model();
    const table = getTable(model, personTable);
    return this.#store.maintain(async (rows): Promise<ErasureOutcome | undefined> => {
      const person = await rows.get(table, id);
      if (person === undefined) return undefined;
      const references = personReferences(model);
      for (const reference of references.filter(({ table: { logicalName } }) => kindOf(logicalName) === 'holdUp')) {
        if ((await rowsOf(rows, reference, id)).length > 0) return { kind: 'heldUp', by: reference.table.logicalName };
      }
      let [removed, anonymised] = [0, 0];
      for (const reference of references) {
        for (const row of await rowsOf(rows, reference, id)) {
          if (kindOf(reference.table.logicalName) === 'remove') {
            await rows.delete(reference.table, row.id);
            removed += 1;
          } else if (await anonymise(rows, reference.table, row)) anonymised += 1;
        }
      }
      if (await anonymise(rows, table, person)) anonymised += 1;
      return { kind: 'erased', removed, anonymised };
    });
  }
}

/** A table that has no rule is one that a customizer made: its rows about a person go. */
const kindOf = (logicalName: string) => erasures[logicalName]?.kind ?? 'remove';

async function rowsOf(rows: Transaction, { table, lookup }: PersonReference, id: Guid): Promise<readonly Row[]> {
  const found: Row[] = [];
  for await (const row of listAll(rows, table, equals(lookup, id))) found.push(row);
  return found;
}

/** Gives whether there was anything to take out. */
async function anonymise(rows: Transaction, table: Table, row: Row): Promise<boolean> {
  const rule = erasures[table.logicalName];
  if (rule?.kind !== 'anonymise') return false;
  const changes = new Map<Column, Value>();
  for (const column of table.columns) {
    if (column === table.primaryKey || rule.keeps.includes(column.name)) continue;
    const value = isName(column) ? erased : null;
    if ((row.values.get(column) ?? null) !== value) changes.set(column, value);
  }
  if (changes.size === 0) return false;
  await rows.update(table, row.id, changes);
  return true;
}

const isName = ({ name }: Column): boolean => name === 'mshr_firstname' || name === 'mshr_name';

const shown = (table: Table, row: Row): ShownRow =>
  Object.fromEntries(
    [...table.property.values()].map((column) => {
      const value = row.values.get(column) ?? null;
      return [column.property, typeof value === 'bigint' ? value.toString() : value];
    }),
  );
