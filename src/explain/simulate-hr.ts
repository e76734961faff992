import { administrationRow } from '../hr/administration-row.ts';
import { buildHrSnapshot } from '../hr/build-snapshot.ts';
import { administrationTable, columnOf, type HrSet, hrSets, rowReader } from '../hr/hr-rows.ts';
import type { HrSnapshot } from '../hr/hr-snapshot.ts';
import type { Guid } from '../kernel/ids.ts';
import type { Model } from '../metadata/table.ts';
import type { Value } from '../odata/query.ts';
import type { Row } from '../odata/row-store.ts';
import type { EnvironmentView } from './environment-view.ts';

type Named = Readonly<Record<string, Value>>;

/** A change of Human Resources' administration that is thought of, not made. Keys are the natural ones. */
export type HrChange =
  | { readonly kind: 'add'; readonly set: HrSet; readonly values: Named }
  | { readonly kind: 'set'; readonly set: HrSet; readonly key: Named; readonly values: Named }
  | { readonly kind: 'remove'; readonly set: HrSet; readonly key: Named };

/** The administration rows of an environment, to try changes on. */
export class HrDraft {
  readonly #model: Model;
  readonly #rows: ReadonlyMap<HrSet, readonly Row[]>;

  private constructor(model: Model, rows: ReadonlyMap<HrSet, readonly Row[]>) {
    this.#model = model;
    this.#rows = rows;
  }

  static async read(view: EnvironmentView): Promise<HrDraft> {
    const pairs = await Promise.all(hrSets.map(async (set) => [set, await view.administration(set)] as const));
    return new HrDraft(view.model, new Map(pairs));
  }

  /** Rows of a set, as text by column. */
  list(set: HrSet): readonly Readonly<Record<string, string>>[] {
    const table = administrationTable(this.#model, set);
    return (this.#rows.get(set) ?? []).map((row) => {
      const read = rowReader(row);
      return Object.fromEntries(table.columns.map(({ name }) => [name, read(name)]));
    });
  }

  /** The security that would be in force after these changes, built by the very code that builds the one in force. */
  snapshotAfter(changes: readonly HrChange[]): HrSnapshot {
    const rows = new Map(this.#rows);
    for (const change of changes) rows.set(change.set, this.#changed(rows.get(change.set) ?? [], change));
    return buildHrSnapshot((set) => rows.get(set) ?? []);
  }

  #changed(rows: readonly Row[], change: HrChange): readonly Row[] {
    const table = administrationTable(this.#model, change.set);
    if (change.kind === 'add') {
      const values = administrationRow(table, change.values);
      return [...rows, { id: values.get(table.primaryKey) as Guid, version: 0n, values }];
    }
    const isMeant = (row: Row): boolean => {
      const read = rowReader(row);
      return Object.entries(change.key).every(([name, value]) => isSame(read(name), String(value ?? '')));
    };
    if (change.kind === 'remove') return rows.filter((row) => !isMeant(row));
    const values = Object.entries(change.values).map(([name, value]) => [columnOf(table, name), value] as const);
    return rows.map((row) => (isMeant(row) ? { ...row, values: new Map([...row.values, ...values]) } : row));
  }
}

const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
