import type { SecurityRoleId } from '../../kernel/ids.ts';
import { Refusal } from '../../kernel/refusal.ts';
import type { Table } from '../../metadata/table.ts';
import { refuse } from '../../odata/problems.ts';
import { equals } from '../../odata/query.ts';
import type { Row, Transaction } from '../../odata/row-store.ts';
import type { SecurityRole } from '../application-user.ts';
import { buildRoles } from '../build-snapshot.ts';
import { invalidOperation, notImplemented } from '../messages.ts';
import { accessTeamWithoutRoles, defaultTeam, roleOfAnotherUnit } from '../rule-messages.ts';
import { findGuid, findNumber, getColumn, getTable, isTrue } from '../security-rows.ts';
import type { TableGrant } from '../table-grant.ts';
import { requireRoleHeld } from './held-privileges.ts';
import type { NativeDeps } from './native-deps.ts';
import { getReachable } from './reachable.ts';
import { rootOf } from './role-copies.ts';
import { listPrivileges } from './role-privileges.ts';
import { requireOpen } from './rules/column-security.ts';

/** What linking and unlinking through an intersect table mean beyond the row in it. */
export interface LinkRules {
  /** Checks before a link is made; `row` gives the row at one end, which is there and within reach. */
  add?(context: LinkContext): Promise<void>;
  remove?(context: LinkContext): Promise<void>;
}

export interface LinkContext {
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
      requireSameUnit(context, { table: 'systemuser', column: 'systemuserid', who: 'user' });
      await requireRoleToGive(context, end(context, 'roleid').id);
    },
  },
  teamroles: {
    async add(context) {
      const team = getTable(context.deps.model, 'team');
      if (findNumber(end(context, 'teamid'), getColumn(team, 'teamtype')) === accessTeam) {
        throw new Refusal('run', accessTeamWithoutRoles(end(context, 'teamid').id));
      }
      requireSameUnit(context, { table: 'team', column: 'teamid', who: 'team' });
      await requireRoleToGive(context, end(context, 'roleid').id);
    },
  },
  systemuserprofiles: { add: checkProfile, remove: checkProfile },
  teamprofiles: { add: checkProfile, remove: checkProfile },
  teammembership: { add: checkNewMember, remove: async (context) => requireOpenTeam(context, 'left') },
};

async function checkProfile(context: LinkContext): Promise<void> {
  requireOpen(end(context, 'fieldsecurityprofileid').id);
}

/** Rules of an intersect table. Refuses (501) to link through one that nothing is known of. */
export function rulesOf(intersect: Table): LinkRules {
  const rules = linkRules[intersect.logicalName] ?? (intersect.custom === true ? customLinks : undefined);
  if (rules === undefined) throw new Refusal('run', notImplemented(`linking through \`${intersect.logicalName}\``));
  return rules;
}

/** Both rows must be within reach of the rights that a link between rows of customers' tables needs. */
const customLinks: LinkRules = { add: requireAppend, remove: requireAppend };

async function requireAppend({ grant, rows, ends, own, target }: LinkContext): Promise<void> {
  await getReachable({ grant, rows }, own.table, end({ ends }, own.column).id, 'append');
  await getReachable({ grant, rows }, target.table, end({ ends }, target.column).id, 'appendTo');
}

/** A member gets the team's roles, so the caller must be able to give them. */
async function checkNewMember(context: LinkContext): Promise<void> {
  requireOpenTeam(context, 'joined');
  const { rows, deps } = context;
  const table = getTable(deps.model, 'teamroles');
  const roleColumn = getColumn(table, 'roleid');
  const where = equals(getColumn(table, 'teamid'), end(context, 'teamid').id);
  for (const row of await rows.list(table, where, 1000)) {
    const roleId = row.values.get(roleColumn);
    if (typeof roleId === 'string') await requireRoleToGive(context, roleId);
  }
}

/** The members of a default team are kept by the system. */
function requireOpenTeam(context: LinkContext, what: 'joined' | 'left'): void {
  const [table, team] = [getTable(context.deps.model, 'team'), end(context, 'teamid')];
  if (isTrue(team, getColumn(table, 'isdefault'))) throw new Refusal('run', defaultTeam[what](team.id));
}

interface Holder {
  readonly table: 'systemuser' | 'team';
  readonly column: string;
  readonly who: 'user' | 'team';
}

/** A role is given where it is: in the business unit of the user or team, which has a copy of each role above (3.1). */
function requireSameUnit(context: LinkContext, { table, column, who }: Holder): void {
  const unitOf = (name: string, row: Row) =>
    findGuid(row, getColumn(getTable(context.deps.model, name), 'businessunitid'));
  if (unitOf('role', end(context, 'roleid')) === unitOf(table, end(context, column))) return;
  throw new Refusal('run', roleOfAnotherUnit(who));
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
  const table = getTable(deps.model, 'role');
  const row = await rows.get(table, id);
  const root = row && (await rows.get(table, rootOf(deps.model, row)));
  if (row === undefined || root === undefined) return undefined;
  const roleprivileges = await listPrivileges(deps, rows, root.id, index);
  return buildRoles(deps.model, index, { role: [row, root], roleprivileges }).get(id);
}

/** Ids read from rows of `role` and of intersects with it. */
const parseRoleId = (id: string): SecurityRoleId => id as SecurityRoleId;

function end({ ends }: Pick<LinkContext, 'ends'>, column: string): Row {
  const row = ends[column];
  if (row === undefined) throw new TypeError(`the link has no ${column}`);
  return row;
}
