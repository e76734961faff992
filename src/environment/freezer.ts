import { Refusal } from '../kernel/refusal.ts';
import type { RowStore, Transaction } from '../odata/row-store.ts';
import type { Database } from '../storage/database.ts';

/** What of a database callers change through. */
type Rows = RowStore & Pick<Database, 'maintain' | 'readAll' | 'watch'>;

/** `AccessDenied` of the real product, which freezes nothing; the words are ours. */
const frozen = (name: string): Refusal =>
  new Refusal('run', {
    status: 403,
    code: '0x80048405',
    message: `Access is denied. The environment '${name}' is frozen: it can be read, and nothing in it can be changed.`,
  });

/** Keeps an environment from being changed for as long as it is frozen. Reads go on. */
export class Freezer {
  readonly #name: string;
  readonly #writes = new Set<Promise<unknown>>();
  #isFrozen: boolean;

  constructor(name: string, isFrozen: boolean) {
    this.#name = name;
    this.#isFrozen = isFrozen;
  }

  /** When it resolves, nothing that began before changes anything any more. */
  async set(isFrozen: boolean): Promise<void> {
    this.#isFrozen = isFrozen;
    if (isFrozen) await Promise.allSettled([...this.#writes]);
  }

  /** @throws Refusal while frozen */
  check(): void {
    if (this.#isFrozen) throw frozen(this.#name);
  }

  /** The same rows, for all that callers ask for. What the product does by itself has the database itself. */
  over(database: Database): Rows {
    return {
      query: (plan) => database.query(plan),
      flat: (plan) => database.flat(plan),
      readAll: (table, where) => database.readAll(table, where),
      watch: (watcher) => database.watch(watcher),
      write: (plan, job) => this.during(() => database.write(plan, job)),
      together: (job) => this.during(() => database.together(job)),
      maintain: <T>(job: (rows: Transaction) => Promise<T>) => this.during(() => database.maintain(job)),
    };
  }

  /** Begins what changes something, and is waited for when it is frozen. @throws Refusal while frozen */
  async during<T>(begin: () => Promise<T>): Promise<T> {
    this.check();
    const writing = begin();
    this.#writes.add(writing);
    try {
      return await writing;
    } finally {
      this.#writes.delete(writing);
    }
  }
}
