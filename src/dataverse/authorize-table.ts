import type { SecurityRoleId } from '../kernel/ids.ts';
import type { Problem } from '../kernel/refusal.ts';
import type { AccessRight } from '../metadata/privileges.ts';
import type { Table } from '../metadata/table.ts';
import type { Operation } from '../odata/operation.ts';
import type { Query } from '../odata/query.ts';
import { pruneDisplays, seesDisplay } from '../odata/walk-flat-query.ts';
import type { ApplicationUser } from './application-user.ts';
import { noRole, noSuchPrivilege } from './messages.ts';
import { describeMissing } from './missing-privilege.ts';
import { everyoneSlot, type Privilege } from './privilege-index.ts';
import { type RequirementVisitor, walkOperation, walkQuery } from './requirements.ts';
import type { DataverseSnapshot } from './snapshot.ts';
import { grantKey, TableGrant } from './table-grant.ts';

/** What the first gate decided. The same value answers the request and explains itself. */
export type TableDecision =
  | { readonly kind: 'allow'; readonly grant: TableGrant; readonly because: readonly SecurityRoleId[] }
  | TableDenial;

export interface TableDenial {
  readonly kind: 'deny';
  /** `role`: the user has none at all. `right`: the table has no such privilege, so nobody can hold it. */
  readonly lacks: 'role' | 'privilege' | 'right';
  /** First privilege that is missing; absent where there is no such privilege. */
  readonly missing: Privilege | undefined;
  /** The table and right that no privilege exists for. */
  readonly right?: { readonly table: string; readonly right: AccessRight };
  readonly problem: Problem;
}

/**
 * The first gate (human-resources-security 7, steps 7 and 8): does this user hold every privilege that the operation needs?
 * Pure and in memory; depths below Global come back as row filters of the grant.
 */
export function authorizeTable(
  snapshot: DataverseSnapshot,
  user: ApplicationUser,
  operation: Operation,
): TableDecision {
  const check = new PrivilegeCheck(snapshot, user);
  if (!walkOperation(operation, check)) return deny(snapshot, user, check);
  const granted = withoutRefusedExpands(withoutRefusedCreate(operation, check), check);
  const grant = new TableGrant(grantKey, snapshot, user, granted);
  return new Allowance(grant);
}

/** Does this user hold every one of these miscellaneous privileges? `undefined`: yes. */
export function authorizePrivileges(
  snapshot: DataverseSnapshot,
  user: ApplicationUser,
  names: readonly string[],
): TableDenial | undefined {
  const check = new PrivilegeCheck(snapshot, user);
  return names.every((name) => check.needsNamed(name, undefined)) ? undefined : deny(snapshot, user, check);
}

/** A class rather than a literal: a getter in a literal costs each decision more than all of its checks. */
class Allowance {
  readonly kind = 'allow';
  readonly grant: TableGrant;

  constructor(grant: TableGrant) {
    this.grant = grant;
  }

  get because(): readonly SecurityRoleId[] {
    return this.grant.because;
  }
}

/** Ends the walk at the first privilege that the user does not hold, and remembers it. */
class PrivilegeCheck implements RequirementVisitor {
  readonly #index: DataverseSnapshot['index'];
  readonly #depths: Uint8Array;
  readonly #hasRole: boolean;
  slot = 0;
  subject: Table | string = '';
  right: AccessRight | undefined;

  constructor(snapshot: DataverseSnapshot, user: ApplicationUser) {
    this.#index = snapshot.index;
    this.#depths = snapshot.depthsOf(user);
    this.#hasRole = user.roles.length > 0;
  }

  needs(table: Table, right: AccessRight): boolean {
    return this.#holds(this.#index.slotOf(table, right), table, right);
  }

  needsNamed(name: string, right: AccessRight | undefined): boolean {
    return this.#holds(this.#index.slotOfNamed(name, right), name, right);
  }

  #holds(slot: number, subject: Table | string, right: AccessRight | undefined): boolean {
    if (slot >= 0 ? (this.#depths[slot] ?? 0) > 0 : slot === everyoneSlot && this.#hasRole) return true;
    this.slot = slot;
    this.subject = subject;
    this.right = right;
    return false;
  }
}

function deny(snapshot: DataverseSnapshot, user: ApplicationUser, check: PrivilegeCheck): TableDenial {
  const missing = check.slot >= 0 ? snapshot.index.at(check.slot) : undefined;
  const table = typeof check.subject === 'string' ? snapshot.model.table.get(check.subject) : check.subject;
  if (user.roles.length === 0) {
    const name = missing?.name ?? `prvRead${table?.privilegeSuffix ?? table?.logicalName ?? ''}`;
    return { kind: 'deny', lacks: 'role', missing, problem: noRole(user.id, name) };
  }
  if (missing === undefined) {
    if (table === undefined) throw new TypeError(`there is no privilege ${String(check.subject)}`);
    const right = check.right ?? 'read';
    const named = { table: table.logicalName, right };
    return { kind: 'deny', lacks: 'right', missing, right: named, problem: noSuchPrivilege(table, right) };
  }
  return { kind: 'deny', lacks: 'privilege', missing, problem: describeMissing(snapshot, user, check.slot) };
}

/** A PATCH without `If-Match` may create. Who may only write keeps the half that they may do: an unknown id is not found. */
function withoutRefusedCreate(operation: Operation, check: PrivilegeCheck): Operation {
  if (operation.kind !== 'update' || !operation.mayUpdate || !operation.mayCreate) return operation;
  return check.needs(operation.table, 'create') ? operation : { ...operation, mayCreate: false };
}

/** Expands that are wanted for display only give way instead of refusing the request. */
function withoutRefusedExpands(operation: Operation, check: PrivilegeCheck): Operation {
  switch (operation.kind) {
    case 'retrieve':
    case 'retrieveMultiple':
    case 'retrieveRelated':
    case 'count': {
      const query = prune(operation.query, check);
      return query === operation.query ? operation : { ...operation, query };
    }
    case 'flat': {
      const visitor = { table: (table: Table) => check.needs(table, 'read') };
      const query = pruneDisplays(operation.query, (output) => seesDisplay(output, visitor));
      return query === operation.query ? operation : { ...operation, query };
    }
    case 'create':
    case 'update': {
      if (operation.representation === undefined) return operation;
      const representation = prune(operation.representation, check);
      return representation === operation.representation ? operation : { ...operation, representation };
    }
    default:
      return operation;
  }
}

function prune(query: Query, check: PrivilegeCheck): Query {
  if (query.expand.length === 0) return query;
  const expand = query.expand
    .filter((each) => each.optional !== true || walkQuery(each.query, check))
    .map((each) => {
      const inner = prune(each.query, check);
      return inner === each.query ? each : { ...each, query: inner };
    });
  const unchanged = expand.length === query.expand.length && expand.every((each, at) => each === query.expand[at]);
  return unchanged ? query : { ...query, expand };
}
