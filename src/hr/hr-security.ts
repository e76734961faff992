import { Refusal } from '../kernel/refusal.ts';
import type { Model, Table } from '../metadata/table.ts';
import type { MaintenanceStore, Row } from '../odata/row-store.ts';
import { buildHrSnapshot } from './build-snapshot.ts';
import { securityUnavailable } from './hr-problems.ts';
import { administrationTable, type HrRows, type HrSet, hrSets } from './hr-rows.ts';
import type { HrSnapshot } from './hr-snapshot.ts';

/** What the second gate needs of storage. */
export type HrStore = Pick<MaintenanceStore, 'readAll' | 'watch'>;

/** Holds the snapshot in force. Whoever changes an administration table calls `refresh` before it answers. */
export class HrSecurity {
  readonly #model: Model;
  readonly #store: HrStore;
  /** `undefined` after a reading that failed. */
  #current: HrSnapshot | undefined;
  /** The reading that a request asked for, because nothing is in force. */
  #healing: Promise<void> | undefined;
  #asked = 0;
  #shown = 0;

  private constructor(model: Model, store: HrStore) {
    this.#model = model;
    this.#store = store;
    store.watch({
      tables: new Map(hrSets.map((set) => administrationTable(model, set)).map(keyOf)),
      onOwn: () => undefined,
      onOther: () => this.refresh(),
    });
  }

  static async load(model: Model, store: HrStore): Promise<HrSecurity> {
    const security = new HrSecurity(model, store);
    await security.refresh();
    return security;
  }

  /**
   * The snapshot in force. Throws a `Refusal` (503) when the tables could not be read after a change: what was true
   * before the change may not be granted any more. The next request tries again.
   */
  get current(): HrSnapshot {
    if (this.#current !== undefined) return this.#current;
    this.#healing ??= this.refresh()
      .catch(() => undefined)
      .finally(() => {
        this.#healing = undefined;
      });
    throw new Refusal('link', securityUnavailable, 'reading the administration tables failed');
  }

  /**
   * Reads the tables again. Of refreshes that overlap, the one asked for last wins, whatever order they end in. One that
   * fails leaves nothing in force, and is the caller's to hear of.
   */
  async refresh(): Promise<void> {
    this.#asked += 1;
    const turn = this.#asked;
    try {
      this.#show(turn, buildHrSnapshot(await readRows(this.#model, this.#store)));
    } catch (error) {
      this.#show(turn, undefined);
      throw error;
    }
  }

  #show(turn: number, snapshot: HrSnapshot | undefined): void {
    if (turn < this.#shown) return;
    this.#shown = turn;
    this.#current = snapshot;
  }
}

/** A table by name, with the column that names its rows. */
const keyOf = ({ logicalName, primaryKey }: Table): [string, string] => [logicalName, primaryKey.name];

async function readRows(model: Model, store: HrStore): Promise<HrRows> {
  const pairs = await Promise.all(
    hrSets.map(async (set) => [set, await store.readAll(administrationTable(model, set))] as const),
  );
  const bySet = new Map<HrSet, readonly Row[]>(pairs);
  return (set) => bySet.get(set) ?? [];
}
