import type { Guid, SecurityRoleId } from '../../kernel/ids.ts';
import { Refusal } from '../../kernel/refusal.ts';
import { unreachable } from '../../kernel/unreachable.ts';
import { findLookupSide } from '../../metadata/back-navigation.ts';
import type { CollectionNavigation, ManyToManyNavigation, SingleNavigation, Table } from '../../metadata/table.ts';
import type { Operation } from '../../odata/operation.ts';
import { refuse } from '../../odata/problems.ts';
import { equals } from '../../odata/query.ts';
import type { Row, Transaction } from '../../odata/row-store.ts';
import type { SecurityRole } from '../application-user.ts';
import { buildRoles } from '../build-snapshot.ts';
import { invalidOperation, notImplemented } from '../messages.ts';
import { findNumber, getColumn, getTable, isTrue } from '../security-rows.ts';
import type { TableGrant } from '../table-grant.ts';
import { requireAdministrator } from './administrators.ts';
import { requireRoleHeld } from './held-privileges.ts';
import { addLink, type Link, removeLinks } from './links.ts';
import type { NativeDeps } from './native-deps.ts';
import { getReachable } from './reachable.ts';
import { requireNative } from './restrict-query.ts';
import { listPrivileges } from './role-privileges.ts';
import { updateRow, writeNative } from './write-row.ts';

type LinkOperation = Extract<Operation, { kind: 'associate' | 'disassociate' }>;

/** `$ref`: sets or clears a lookup, or links two rows through an intersect table (dataverse-web-api 4.9). */
export async function changeLink(deps: NativeDeps, grant: TableGrant, operation: LinkOperation): Promise<void> {
  const { navigation } = operation;
  requireNative(navigation.target);
  switch (navigation.kind) {
    case 'single':
      return setLookup(deps, grant, operation, navigation);
    case 'collection':
      return setLookupOfTarget(deps, grant, operation, navigation);
    case 'manyToMany':
      return changeManyToMany(deps, grant, operation, navigation);
    default:
      return unreachable(navigation);
  }
}

async function setLookup(
  deps: NativeDeps,
  grant: TableGrant,
  operation: LinkOperation,
  navigation: SingleNavigation,
): Promise<void> {
  const id = operation.kind === 'associate' ? (operation.targetId ?? null) : null;
  const named = operation.targetTable;
  await updateRow(deps, grant, operation, {
    table: operation.table,
    id: operation.id,
    values: new Map(),
    binds: [{ navigation, id, ...(named && { table: named }) }],
    mayCreate: false,
    mayUpdate: true,
  });
}

async function setLookupOfTarget(
  deps: NativeDeps,
  grant: TableGrant,
  operation: LinkOperation,
  navigation: CollectionNavigation,
): Promise<void> {
  const { column, target } = navigation;
  const single = findLookupSide(navigation);
  if (single === undefined) throw new TypeError(`lookup ${column.name} has no navigation property`);
  await updateRow(deps, grant, operation, {
    table: target,
    id: getTarget(operation),
    values: new Map(),
    binds: [{ navigation: single, id: operation.kind === 'associate' ? operation.id : null }],
    mayCreate: false,
    mayUpdate: true,
  });
}

function getTarget({ targetId, navigation }: LinkOperation): Guid {
  if (targetId === undefined) throw refuse.badRequest(`a row of '${navigation.target.entitySetName}' must be named`);
  return targetId;
}

/** What linking and unlinking through an intersect table mean beyond the row in it. */
interface LinkRules {
  /** Checks before a link is made; `row` gives the row at one end, which is there and within reach. */
  add?(context: LinkContext): Promise<void>;
  remove?(context: LinkContext): Promise<void>;
}

interface LinkContext {
  readonly deps: NativeDeps;
  readonly grant: TableGrant;
  readonly rows: Transaction;
  /** The two ends by the name of their column in the intersect table. */
  readonly ends: Readonly<Record<string, Row>>;
  /** The side that the request began at, and the other one. */
  readonly own: { readonly table: Table; readonly column: string };
  readonly target: { readonly table: Table; readonly column: string };
}

/** Team type whose teams cannot have roles. */
const accessTeam = 1;

const linkRules: Readonly<Record<string, LinkRules>> = {
  systemuserroles: {
    async add(context) {
      const user = end(context, 'systemuserid');
      if (isTrue(user, getColumn(getTable(context.deps.model, 'systemuser'), 'isdisabled'))) {
        throw new Refusal('run', invalidOperation('A role cannot be assigned to a disabled user.'));
      }
      await requireRoleToGive(context, end(context, 'roleid').id);
    },
  },
  teamroles: {
    async add(context) {
      const team = getTable(context.deps.model, 'team');
      if (findNumber(end(context, 'teamid'), getColumn(team, 'teamtype')) === accessTeam) {
        throw new Refusal('run', invalidOperation('A role cannot be assigned to an access team.'));
      }
      await requireRoleToGive(context, end(context, 'roleid').id);
    },
  },
  teammembership: { add: checkNewMember, remove: async (context) => requireOpenTeam(context) },
};

/** Both rows must be within reach of the rights that a link between rows of customers' tables needs. */
const customLinks: LinkRules = { add: requireAppend, remove: requireAppend };

async function requireAppend({ grant, rows, ends, own, target }: LinkContext): Promise<void> {
  await getReachable({ grant, rows }, own.table, end({ ends }, own.column).id, 'append');
  await getReachable({ grant, rows }, target.table, end({ ends }, target.column).id, 'appendTo');
}

/** A member gets the team's roles, so the caller must be able to give them. */
async function checkNewMember(context: LinkContext): Promise<void> {
  requireOpenTeam(context);
  const { rows, deps } = context;
  const table = getTable(deps.model, 'teamroles');
  const roleColumn = getColumn(table, 'roleid');
  const where = equals(getColumn(table, 'teamid'), end(context, 'teamid').id);
  for (const row of await rows.list(table, where, 1000)) {
    const roleId = row.values.get(roleColumn);
    if (typeof roleId === 'string') await requireRoleToGive(context, roleId);
  }
}

function requireOpenTeam(context: LinkContext): void {
  const team = getTable(context.deps.model, 'team');
  if (!isTrue(end(context, 'teamid'), getColumn(team, 'isdefault'))) return;
  throw new Refusal('run', invalidOperation('The members of a default team are kept by the system.'));
}

async function requireRoleToGive(context: LinkContext, roleId: string): Promise<void> {
  const { grant, deps } = context;
  const id = parseRoleId(roleId);
  const role = deps.security.current.roles.get(id) ?? (await findNewRole(context, id));
  if (role === undefined) throw refuse.rowNotFound(getTable(deps.model, 'role'), roleId);
  requireRoleHeld(grant, role);
}

/** A role that no snapshot knows yet, because this very transaction made it or another one has just done so. */
async function findNewRole({ deps, grant, rows }: LinkContext, id: SecurityRoleId): Promise<SecurityRole | undefined> {
  const { index } = grant.snapshot;
  const row = await rows.get(getTable(deps.model, 'role'), id);
  if (row === undefined) return undefined;
  const roleprivileges = await listPrivileges(deps, rows, id, index);
  return buildRoles(deps.model, index, { role: [row], roleprivileges }).get(id);
}

/** Ids read from rows of `role` and of intersects with it. */
const parseRoleId = (id: string): SecurityRoleId => id as SecurityRoleId;

function end({ ends }: Pick<LinkContext, 'ends'>, column: string): Row {
  const row = ends[column];
  if (row === undefined) throw new TypeError(`the link has no ${column}`);
  return row;
}

/**
 * Linking what is linked, and unlinking what is not, answer 204 and change nothing: the caller's wish is true, and a
 * set-up script may be run twice. (The real product is not documented for it.)
 */
async function changeManyToMany(
  deps: NativeDeps,
  grant: TableGrant,
  operation: LinkOperation,
  { intersect, target, ownColumn, targetColumn }: ManyToManyNavigation,
): Promise<void> {
  const rules = linkRules[intersect.logicalName] ?? (intersect.custom === true ? customLinks : undefined);
  if (rules === undefined) throw new Refusal('run', notImplemented(`linking through \`${intersect.logicalName}\``));
  const targetId = getTarget(operation);
  const link: Link = { [ownColumn.name]: operation.id, [targetColumn.name]: targetId };
  await writeNative(deps, grant, operation, 'read', async (rows) => {
    const reach = { grant, rows };
    const ends = {
      [ownColumn.name]: await getReachable(reach, operation.table, operation.id, 'read'),
      [targetColumn.name]: await getReachable(reach, target, targetId, 'read'),
    };
    const context: LinkContext = {
      deps,
      grant,
      rows,
      ends,
      own: { table: operation.table, column: ownColumn.name },
      target: { table: target, column: targetColumn.name },
    };
    if (operation.kind === 'associate') {
      await rules.add?.(context);
      await addLink(rows, deps.model, intersect.logicalName, link);
    } else {
      await rules.remove?.(context);
      await removeLinks(rows, deps.model, intersect.logicalName, link);
      await requireAdministrator(rows, deps.model);
    }
  });
}
