import { unreachable } from '../kernel/unreachable.ts';
import type { AccessRight } from '../metadata/privileges.ts';
import type { Column, ManyToManyNavigation, Navigation, Table } from '../metadata/table.ts';
import type { Bind, Join, Operation, Values } from '../odata/operation.ts';
import type { Query } from '../odata/query.ts';
import { walkFlatQuery } from '../odata/walk-flat-query.ts';
import { walkQuery as walkTables } from '../odata/walk-query.ts';
import { findCallable } from './message-catalog.ts';
import { ownerColumnOf } from './owner-column.ts';

/** Hears of every privilege that an operation needs, in the order of the checks. `false` ends the walk. */
export interface RequirementVisitor {
  needs(table: Table, right: AccessRight): boolean;
  /** A right on a table that is named, not linked; or a miscellaneous privilege, which has no right. */
  needsNamed(tableOrPrivilege: string, right: AccessRight | undefined): boolean;
}

/**
 * Walks over the privileges that an operation needs (dataverse-web-api 3.2; human-resources-security 7 step 8): the right on
 * its own table, Append and AppendTo for every bind, Read for every `$expand`, for tables that a filter goes through and
 * for what `return=representation` shows. `false` when the visitor ended the walk. Optional expands are not needed.
 */
export function walkOperation(operation: Operation, visitor: RequirementVisitor): boolean {
  switch (operation.kind) {
    case 'retrieve':
    case 'retrieveMultiple':
    case 'count':
      return walkQuery(operation.query, visitor);
    case 'flat':
      return walkFlatQuery(operation.query, { table: (table) => visitor.needs(table, 'read') });
    case 'retrieveRelated':
      return visitor.needs(operation.navigation.table, 'read') && walkQuery(operation.query, visitor);
    case 'create':
      return visitor.needs(operation.table, 'create') && walkBody(operation, visitor);
    case 'update':
      // What may do either needs Write; without Create it is granted as an update alone (`authorizeTable`).
      return visitor.needs(operation.table, operation.mayUpdate ? 'write' : 'create') && walkBody(operation, visitor);
    case 'delete':
      return visitor.needs(operation.table, 'delete');
    case 'associate':
    case 'disassociate':
      return walkLink(operation.navigation, visitor);
    case 'message':
      return walkMessage(operation.name, visitor);
    default:
      return unreachable(operation);
  }
}

/** Read on every table that a query touches. */
export const walkQuery = (query: Query, visitor: RequirementVisitor): boolean =>
  walkTables(query, { table: (table) => visitor.needs(table, 'read') });

interface Body {
  readonly table: Table;
  readonly values: Values;
  readonly binds: readonly Bind[];
  readonly joins?: readonly Join[];
  readonly representation?: Query;
}

function walkBody({ table, values, binds, joins = [], representation }: Body, visitor: RequirementVisitor): boolean {
  for (const { navigation, id } of binds) {
    // Clearing a lookup links nothing. A new owner is another matter: that is Assign, of this row.
    if (id !== null && navigation.column !== ownerColumnOf(table) && !walkReference(table, navigation.target, visitor))
      return false;
  }
  for (const { navigation } of joins) {
    // The row is the caller's own of a moment ago: there is nothing to try out, and Read is not asked for.
    if (!(visitor.needs(table, 'append') && visitor.needs(navigation.target, 'appendTo'))) return false;
  }
  for (const [column, value] of values) {
    // INVARIANT: a lookup set by its value is a bind, however it got into the operation.
    if (column.type !== 'Lookup' || value === null) continue;
    if (!walkReference(table, targetOf(table, column), visitor)) return false;
  }
  return representation === undefined || walkQuery(representation, visitor);
}

function targetOf(table: Table, column: Column): Table {
  for (const navigation of table.navigation.values()) {
    if (navigation.kind === 'single' && navigation.column === column) return navigation.target;
  }
  throw new TypeError(`lookup ${column.name} of ${table.logicalName} has no navigation property`);
}

/** A row of `from` comes to point to a row of `to`. Read on `to`, so that ids cannot be tried out. */
const walkReference = (from: Table, to: Table, visitor: RequirementVisitor): boolean =>
  visitor.needs(from, 'append') && visitor.needs(to, 'appendTo') && visitor.needs(to, 'read');

function walkLink(navigation: Navigation, visitor: RequirementVisitor): boolean {
  switch (navigation.kind) {
    case 'single': {
      const { table, target, column } = navigation;
      return (
        visitor.needs(table, 'write') && (column === ownerColumnOf(table) || walkReference(table, target, visitor))
      );
    }
    case 'collection':
      // The lookup lies on the other side: rows of the target change.
      return visitor.needs(navigation.target, 'write') && walkReference(navigation.target, navigation.table, visitor);
    case 'manyToMany':
      return walkManyToMany(navigation, visitor);
    default:
      return unreachable(navigation);
  }
}

type Need = readonly [tableOrPrivilege: string, right?: AccessRight];

/**
 * What links between users, teams and roles need, from either direction. That the caller holds what a role gives is
 * checked when the link is made (`native/grantable.ts`).
 */
const linkNeeds: Readonly<Record<string, readonly Need[]>> = {
  systemuserroles: [['systemuser', 'read'], ['role', 'read'], ['prvAssignRole']],
  teamroles: [['team', 'read'], ['role', 'read'], ['team', 'write'], ['prvAssignRole']],
  teammembership: [
    ['systemuser', 'read'],
    ['team', 'read'],
    ['team', 'write'],
  ],
  systemuserprofiles: [
    ['systemuser', 'read'],
    ['fieldsecurityprofile', 'read'],
    ['fieldsecurityprofile', 'write'],
  ],
  teamprofiles: [
    ['team', 'read'],
    ['fieldsecurityprofile', 'read'],
    ['fieldsecurityprofile', 'write'],
  ],
  roleprivileges: [
    ['role', 'read'],
    ['role', 'write'],
  ],
};

function walkManyToMany(navigation: ManyToManyNavigation, visitor: RequirementVisitor): boolean {
  const needs = linkNeeds[navigation.intersect.logicalName];
  if (needs !== undefined) return walkNeeds(needs, visitor);
  return visitor.needs(navigation.table, 'read') && walkReference(navigation.table, navigation.target, visitor);
}

function walkMessage(name: string, visitor: RequirementVisitor): boolean {
  const message = findCallable(name);
  return message === undefined || walkNeeds(message.needs, visitor);
}

const walkNeeds = (needs: readonly Need[], visitor: RequirementVisitor): boolean =>
  needs.every(([name, right]) => visitor.needsNamed(name, right));
