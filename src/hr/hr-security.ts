import type { Model } from '../metadata/table.ts';
import type { MaintenanceStore, Row } from '../odata/row-store.ts';
import { buildHrSnapshot, type HrRows } from './build-snapshot.ts';
import { administrationTable, type HrSet, hrSets } from './hr-rows.ts';
import type { HrSnapshot } from './hr-snapshot.ts';

/** What the second gate needs of storage. */
export type HrStore = Pick<MaintenanceStore, 'readAll'>;

/** Holds the snapshot in force. Whoever changes an administration table calls `refresh` before it answers. */
export class HrSecurity {
  readonly #model: Model;
  readonly #store: HrStore;
  #current: HrSnapshot;
  #asked = 0;
  #shown = 0;

  private constructor(model: Model, store: HrStore, current: HrSnapshot) {
    this.#model = model;
    this.#store = store;
    this.#current = current;
  }

  static async load(model: Model, store: HrStore): Promise<HrSecurity> {
    return new HrSecurity(model, store, buildHrSnapshot(await readRows(model, store)));
  }

  get current(): HrSnapshot {
    return this.#current;
  }

  /** Reads the tables again. Of refreshes that overlap, the one asked for last wins, whatever order they end in. */
  async refresh(): Promise<void> {
    this.#asked += 1;
    const turn = this.#asked;
    const snapshot = buildHrSnapshot(await readRows(this.#model, this.#store));
    if (turn < this.#shown) return;
    this.#shown = turn;
    this.#current = snapshot;
  }
}

async function readRows(model: Model, store: HrStore): Promise<HrRows> {
  const pairs = await Promise.all(
    hrSets.map(async (set) => [set, await store.readAll(administrationTable(model, set))] as const),
  );
  const bySet = new Map<HrSet, readonly Row[]>(pairs);
  return (set) => bySet.get(set) ?? [];
}
