import { Refusal } from '../kernel/refusal.ts';
import type { Model } from '../metadata/table.ts';
import { buildSnapshot, followRows } from './build-snapshot.ts';
import { securityUnavailable } from './messages.ts';
import { PrivilegeIndex } from './privilege-index.ts';
import {
  addStale,
  isNothing,
  nothingStale,
  readSecurityRows,
  type SecurityStore,
  type Stale,
  watchedSecurity,
} from './security-rows.ts';
import type { DataverseSnapshot } from './snapshot.ts';

/** The snapshot that decides, and how whoever changes a security table has it read again. */
export interface SecurityInForce {
  readonly current: DataverseSnapshot;
  refresh(): Promise<void>;
}

/**
 * Holds the snapshot in force for one environment. Whoever changes a security table calls `refresh` after the change is
 * stored and before the change is answered, so that the next request is decided by it.
 */
export class DataverseSecurity implements SecurityInForce {
  readonly #store: SecurityStore;
  #model: Model;
  #index: PrivilegeIndex;
  #current: DataverseSnapshot | undefined;
  /** What has changed since the last reading began. */
  #stale: Stale = 'everything';
  /** The reading that is under way, and the one that begins when it ends. */
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  private constructor(store: SecurityStore, model: Model) {
    this.#store = store;
    this.#model = model;
    this.#index = new PrivilegeIndex(model);
    store.watch({
      tables: watchedSecurity,
      onOwn: (changes) => {
        this.#stale = addStale(this.#stale, changes);
      },
      onOther: (changes) => {
        this.#stale = changes === 'everything' ? changes : addStale(this.#stale, changes);
        return this.refresh();
      },
    });
  }

  /** Reads the security tables for the first time. */
  static async load(store: SecurityStore, model: Model): Promise<DataverseSecurity> {
    const security = new DataverseSecurity(store, model);
    await security.refresh();
    return security;
  }

  /**
   * The snapshot in force. Throws a `Refusal` (503) when the tables could not be read after a change: what was true
   * before the change may not be granted any more. The next request tries again.
   */
  get current(): DataverseSnapshot {
    if (this.#current !== undefined) return this.#current;
    this.refresh().catch(() => undefined);
    throw new Refusal('user', securityUnavailable, 'reading the security tables failed');
  }

  /**
   * Reads again what has changed; the rest of the snapshot is taken over. A reading that had begun before the call may have missed the caller's change, so a call in
   * the middle waits for one more; all calls in the middle share that one.
   */
  refresh(): Promise<void> {
    if (this.#next !== undefined) return this.#next;
    if (this.#running === undefined) return this.#start();
    this.#next = this.#running
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        return this.#start();
      });
    return this.#next;
  }

  /** Decides by another model of the same environment from now on: one in which tables have come or gone. */
  useModel(model: Model): Promise<void> {
    this.#model = model;
    this.#index = new PrivilegeIndex(model);
    this.#stale = 'everything';
    return this.refresh();
  }

  #start(): Promise<void> {
    const reading = this.#read().finally(() => {
      this.#running = undefined;
    });
    this.#running = reading;
    return reading;
  }

  async #read(): Promise<void> {
    const [model, index, stale, before] = [this.#model, this.#index, this.#stale, this.#current];
    if (isNothing(stale)) return;
    this.#stale = nothingStale;
    try {
      const rows = await readSecurityRows(this.#store, model, stale);
      this.#current =
        stale === 'everything' || before === undefined
          ? buildSnapshot(model, index, rows)
          : followRows(before, stale, rows);
    } catch (error) {
      this.#current = undefined;
      this.#stale = 'everything';
      throw error;
    }
  }
}
