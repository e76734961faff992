import type { AuthorizedPlan, WriteScope } from '../../odata/authorized-plan.ts';
import type { FlatQuery } from '../../odata/flat-query.ts';
import type { Query } from '../../odata/query.ts';
import type { FlatPage, Page, RowStore, Transaction } from '../../odata/row-store.ts';
import type { RowTransaction } from './row-transaction.ts';

/** A row store inside one open transaction. */
export class TransactionStore implements RowStore {
  readonly #rows: RowTransaction;

  constructor(rows: RowTransaction) {
    this.#rows = rows;
  }

  query(plan: AuthorizedPlan<Query>): Promise<Page> {
    return this.#rows.page(plan.scope);
  }

  flat(plan: AuthorizedPlan<FlatQuery>): Promise<FlatPage> {
    return this.#rows.flat(plan.scope);
  }

  /** What the job did not wait for is waited for here: a failure belongs to this write, not to a later one. */
  async write<T>(
    plan: AuthorizedPlan<WriteScope>,
    job: (rows: Transaction, scope: WriteScope) => Promise<T>,
  ): Promise<T> {
    try {
      const result = await job(this.#rows, plan.scope);
      await this.#rows.settle();
      return result;
    } catch (error) {
      throw this.#rows.told(error);
    }
  }

  together<T>(job: (rows: RowStore) => Promise<T>): Promise<T> {
    return job(this);
  }
}
