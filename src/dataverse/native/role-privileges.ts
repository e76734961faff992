import { type Guid, type PrivilegeId, parseGuid } from '../../kernel/ids.ts';
import { Refusal } from '../../kernel/refusal.ts';
import type { PrivilegeDepth } from '../../metadata/privileges.ts';
import type { BoundRow, MessageParameters } from '../../odata/operation.ts';
import { equals } from '../../odata/query.ts';
import type { Row, Transaction } from '../../odata/row-store.ts';
import { actOnBehalfFixed, invalidArgument, invalidDepth, unknownPrivilege } from '../messages.ts';
import { depthMasks, depthNumbers, depths, depthWords, type PrivilegeIndex } from '../privilege-index.ts';
import { findGuid, getColumn, getTable } from '../security-rows.ts';
import type { TableGrant } from '../table-grant.ts';
import { requireHeld } from './held-privileges.ts';
import { addLink, removeLinks } from './links.ts';
import type { NativeDeps } from './native-deps.ts';
import { getReachable } from './reachable.ts';
import { requireChangeable } from './rules/role.ts';
import { writeNative } from './write-row.ts';

/** Privileges by number, each with the depth that is to be given. */
type Wanted = ReadonlyMap<number, PrivilegeDepth>;

/** Only changed by the role Delegate of the product, never by these messages (dataverse-web-api 3.5). */
const actOnBehalf = 'prvActOnBehalfOfAnotherUser';

/** Adds privileges to a role, or sets the depth of those that it has. */
export async function addPrivileges(
  deps: NativeDeps,
  grant: TableGrant,
  bound: BoundRow,
  parameters: MessageParameters,
): Promise<void> {
  const wanted = parsePrivileges(grant.snapshot.index, parameters);
  requireGivable(grant, wanted);
  await changeRole(deps, grant, bound, (rows, role) => putPrivileges(deps, grant, rows, role, wanted));
}

/** Gives a role exactly these privileges. The one of acting on behalf stays as it is. */
export async function replacePrivileges(
  deps: NativeDeps,
  grant: TableGrant,
  bound: BoundRow,
  parameters: MessageParameters,
): Promise<void> {
  const { index } = grant.snapshot;
  const wanted = parsePrivileges(index, parameters);
  requireGivable(grant, wanted);
  await changeRole(deps, grant, bound, async (rows, role) => {
    const table = getTable(deps.model, 'roleprivileges');
    const privilege = getColumn(table, 'privilegeid');
    for (const row of await listPrivileges(deps, rows, role.id, index)) {
      const slot = index.findById(findGuid<PrivilegeId>(row, privilege) ?? parsePrivilegeId(row.id));
      const stays = slot !== undefined && (wanted.has(slot) || index.at(slot).name === actOnBehalf);
      if (!stays) await rows.delete(table, row.id);
    }
    await putPrivileges(deps, grant, rows, role, wanted);
  });
}

/** Takes one privilege from a role; nothing happens when the role does not have it. */
export async function removePrivilege(
  deps: NativeDeps,
  grant: TableGrant,
  bound: BoundRow,
  parameters: MessageParameters,
): Promise<void> {
  const slot = parsePrivilege(grant.snapshot.index, parameters['PrivilegeId']);
  const { privilegeId, name } = grant.snapshot.index.at(slot);
  if (name === actOnBehalf) throw new Refusal('run', actOnBehalfFixed);
  await changeRole(deps, grant, bound, async (rows, role) => {
    await removeLinks(rows, deps.model, 'roleprivileges', { roleid: role.id, privilegeid: privilegeId });
  });
}

async function changeRole(
  deps: NativeDeps,
  grant: TableGrant,
  { table, id }: BoundRow,
  change: (rows: Transaction, role: Row) => Promise<void>,
): Promise<void> {
  const operation = {
    kind: 'update',
    table,
    id,
    values: new Map(),
    binds: [],
    mayCreate: false,
    mayUpdate: true,
  } as const;
  await writeNative(deps, grant, operation, 'write', async (rows) => {
    const reach = { grant, rows };
    await getReachable(reach, table, id, 'read');
    const role = await getReachable(reach, table, id, 'write');
    requireChangeable({ table, deps }, role);
    await change(rows, role);
  });
}

async function putPrivileges(
  deps: NativeDeps,
  { snapshot: { index } }: TableGrant,
  rows: Transaction,
  role: Row,
  wanted: Wanted,
): Promise<void> {
  const table = getTable(deps.model, 'roleprivileges');
  const privilege = getColumn(table, 'privilegeid');
  const mask = getColumn(table, 'privilegedepthmask');
  const held = new Map(
    (await listPrivileges(deps, rows, role.id, index)).map((row) => [findGuid(row, privilege), row] as const),
  );
  for (const [slot, depth] of wanted) {
    const { privilegeId } = index.at(slot);
    const row = held.get(privilegeId);
    const values = new Map([[mask, depthMasks[depth]]]);
    if (row !== undefined) await rows.update(table, row.id, values);
    else await addLink(rows, deps.model, 'roleprivileges', { roleid: role.id, privilegeid: privilegeId }, values);
  }
}

/** Rows of a role's privileges. One more than there are privileges is as good as all. */
export function listPrivileges(
  { model }: NativeDeps,
  rows: Transaction,
  role: Guid,
  index: PrivilegeIndex,
): Promise<readonly Row[]> {
  const table = getTable(model, 'roleprivileges');
  return rows.list(table, equals(getColumn(table, 'roleid'), role), index.size * 2);
}

/** Nobody gives what they do not have, and no privilege at a depth that its table's ownership does not allow (3.3). */
function requireGivable(grant: TableGrant, wanted: Wanted): void {
  for (const [slot, depth] of wanted) {
    const privilege = grant.snapshot.index.at(slot);
    if (privilege.name === actOnBehalf) throw new Refusal('run', actOnBehalfFixed);
    if (!privilege.depths.includes(depth)) throw new Refusal('run', invalidDepth(privilege.name, depthWords[depth]));
    requireHeld(grant, slot, depthNumbers[depth]);
  }
}

function parsePrivileges(index: PrivilegeIndex, parameters: MessageParameters): Wanted {
  const list = parameters['Privileges'];
  if (!Array.isArray(list)) throw refuseParameter('`Privileges` must be a list of role privileges');
  const wanted = new Map<number, PrivilegeDepth>();
  for (const item of list as readonly unknown[]) {
    const { PrivilegeId: id, Depth: depth } = parseObject(item);
    wanted.set(parsePrivilege(index, id), parseDepth(depth));
  }
  return wanted;
}

function parseObject(item: unknown): Readonly<Record<string, unknown>> {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) {
    throw refuseParameter('each member of `Privileges` must be an object with `PrivilegeId` and `Depth`');
  }
  return item as Readonly<Record<string, unknown>>;
}

function parsePrivilege(index: PrivilegeIndex, id: unknown): number {
  const guid = typeof id === 'string' ? parseGuid<PrivilegeId>(id) : undefined;
  if (guid === undefined) throw refuseParameter('`PrivilegeId` must be the id of a privilege');
  const slot = index.findById(guid);
  if (slot === undefined) throw new Refusal('run', unknownPrivilege(guid));
  return slot;
}

/** The word or the number of the enumeration `PrivilegeDepth`. */
function parseDepth(value: unknown): PrivilegeDepth {
  const depth = depths.find((each, number) => value === depthWords[each] || value === number);
  if (depth === undefined) throw refuseParameter('`Depth` must be Basic, Local, Deep or Global');
  return depth;
}

const parsePrivilegeId = (id: Guid): PrivilegeId => id as PrivilegeId;

const refuseParameter = (message: string): Refusal => new Refusal('parse', invalidArgument(message));
