import type { SecurityRoleId } from '../kernel/ids.ts';
import type { AccessRight } from '../metadata/privileges.ts';
import type { Table } from '../metadata/table.ts';
import type { Operation } from '../odata/operation.ts';
import type { Condition } from '../odata/query.ts';
import type { ApplicationUser } from './application-user.ts';
import { findGivingRoles } from './giving-roles.ts';
import { rowFilter } from './row-filter.ts';
import type { DataverseSnapshot } from './snapshot.ts';

/**
 * Proof that the first gate was passed: this user may ask for this operation, on the rows that `filterOf` leaves. Only
 * `authorizeTable` makes one.
 */
export class TableGrant<Granted extends Operation = Operation> {
  readonly user: ApplicationUser;
  /** What was asked, without the optional expands that the user may not read. */
  readonly operation: Granted;
  /** The security data that the decision was made by. */
  readonly snapshot: DataverseSnapshot;
  /** Makes the class nominal: an object that merely looks like one does not type-check. */
  readonly #granted = true;

  constructor(key: typeof grantKey, snapshot: DataverseSnapshot, user: ApplicationUser, operation: Granted) {
    if (key !== grantKey) throw new TypeError('a TableGrant comes from authorizeTable');
    this.snapshot = snapshot;
    this.user = user;
    this.operation = operation;
  }

  /** Rows of a table that the user may reach with a right: `undefined` means all, a table not granted has none. */
  filterOf(table: Table, right: AccessRight = 'read'): Condition | undefined {
    return rowFilter(this.snapshot, this.user, table, right);
  }

  /** Ids of the roles that allowed it. Worked out when asked for: the audit log and "why?" do, the request does not. */
  get because(): readonly SecurityRoleId[] {
    return findGivingRoles(this.snapshot, this.user, this.operation);
  }

  get granted(): boolean {
    return this.#granted;
  }
}

/** INVARIANT: imported by `authorize-table.ts` only. */
export const grantKey: unique symbol = Symbol('grant key');
