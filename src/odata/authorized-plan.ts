import type { FlatQuery } from './flat-query.ts';
import type { Operation } from './operation.ts';
import type { Condition, Query } from './query.ts';

/** The writing kinds of `Operation` that a row store may be asked to carry out. */
export type WriteOperation = Extract<
  Operation,
  { kind: 'create' | 'update' | 'delete' | 'associate' | 'disassociate' }
>;

/** A write with the limits that the gates put on it. */
export interface WriteScope {
  readonly operation: WriteOperation;
  /** The existing row must meet this, or the write answers as if the row were not there. */
  readonly rowFilter: Condition | undefined;
}

/**
 * Proof that the gates were passed. Storage accepts nothing else, and only `plan-mint.ts` makes one: `hr/` for virtual
 * and administration tables, `dataverse/` for native ones (`test/architecture.test.ts` holds others off that module).
 */
export class AuthorizedPlan<Scope extends Query | FlatQuery | WriteScope = Query | FlatQuery | WriteScope> {
  readonly scope: Scope;
  /** Makes the class nominal: an object that merely looks like one does not type-check. */
  readonly #minted = true;

  constructor(key: typeof planKey, scope: Scope) {
    if (key !== planKey) throw new TypeError('an AuthorizedPlan comes from plan-mint.ts');
    this.scope = scope;
  }

  get minted(): boolean {
    return this.#minted;
  }
}

/** INVARIANT: imported by `plan-mint.ts` only. */
export const planKey: unique symbol = Symbol('plan key');
