import { type Guid, type PrivilegeId, parseGuid, type SecurityRoleId, type SystemUserId } from '../../kernel/ids.ts';
import { Refusal } from '../../kernel/refusal.ts';
import type { MessageParameters } from '../../odata/operation.ts';
import { refuse } from '../../odata/problems.ts';
import type { OperationResult } from '../../odata/result.ts';
import { roleTemplates } from '../application-user.ts';
import { invalidArgument } from '../messages.ts';
import { depthOfNumber, depthWords, type PrivilegeIndex } from '../privilege-index.ts';
import { getTable } from '../security-rows.ts';
import type { TableGrant } from '../table-grant.ts';
import { answer, boundRow, type MessageOperation } from './message-answer.ts';
import type { NativeDeps } from './native-deps.ts';
import { requireRow } from './read.ts';

type Retrieve = (deps: NativeDeps, grant: TableGrant, operation: MessageOperation) => Promise<OperationResult>;

/** What a role gives; a copy gives what its root does (dataverse-web-api 3.1 and 3.5). */
export const retrieveRolePrivileges: Retrieve = async (deps, grant, { parameters }) => {
  const text = parameters['RoleId'];
  const id = typeof text === 'string' ? parseGuid<SecurityRoleId>(text) : undefined;
  if (id === undefined) throw new Refusal('parse', invalidArgument('`RoleId` must be the id of a role'));
  const table = getTable(deps.model, 'role');
  await requireRow(deps, grant, table, id);
  const { current } = deps.security;
  const role = current.roles.get(id);
  if (role === undefined) throw refuse.rowNotFound(table, id);
  const held = listPrivileges(
    current.index,
    role.templateId === roleTemplates.systemAdministrator.id ? current.fullPower : role.depths,
    role.businessUnitId,
  );
  return answer('RetrieveRolePrivilegesRole', { RolePrivileges: held });
};

/** What a user has by their roles and teams: all of it, or what of it the message asks for. */
export const retrieveUserPrivileges: Retrieve = async (deps, grant, operation) => {
  const { table, id } = boundRow(operation);
  const { current } = deps.security;
  const asked = askedFor[operation.name]?.(current.index, operation.parameters);
  await requireRow(deps, grant, table, id);
  const user = current.users.get(parseUserId(id));
  if (user === undefined) throw refuse.rowNotFound(table, id);
  const held = listPrivileges(current.index, current.depthsOf(user), user.businessUnitId, asked);
  return answer(operation.name, { RolePrivileges: held });
};

/** What a team's own roles give. An access team has none. */
export const retrieveTeamPrivileges: Retrieve = async (deps, grant, operation) => {
  const { table, id } = boundRow(operation);
  await requireRow(deps, grant, table, id);
  const { current } = deps.security;
  const team = current.teams.get(id);
  const held =
    team === undefined
      ? []
      : listPrivileges(current.index, current.depthsOf(current.principalOf(team)), team.businessUnitId);
  return answer('RetrieveTeamPrivileges', { RolePrivileges: held });
};

/** Numbers of the privileges that a message asks for; those that do not exist are held by nobody. */
const askedFor: Readonly<Record<string, (index: PrivilegeIndex, parameters: MessageParameters) => readonly number[]>> =
  {
    RetrieveUserPrivilegeByPrivilegeId: (index, { PrivilegeId }) => slotsOfIds(index, [PrivilegeId], '`PrivilegeId`'),
    RetrieveUserSetOfPrivilegesByIds: (index, { PrivilegeIds }) =>
      slotsOfIds(index, parseList(PrivilegeIds, '`PrivilegeIds`'), '`PrivilegeIds`'),
    RetrieveUserPrivilegeByPrivilegeName: (index, { PrivilegeName }) =>
      slotsOfNames(index, [PrivilegeName], '`PrivilegeName`'),
    RetrieveUserSetOfPrivilegesByNames: (index, { PrivilegeNames }) =>
      slotsOfNames(index, parseList(PrivilegeNames, '`PrivilegeNames`'), '`PrivilegeNames`'),
  };

function parseList(value: unknown, name: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new Refusal('parse', invalidArgument(`${name} must be a list`));
  return value as readonly unknown[];
}

function slotsOfIds(index: PrivilegeIndex, ids: readonly unknown[], name: string): readonly number[] {
  return ids.flatMap((text) => {
    const id = typeof text === 'string' ? parseGuid<PrivilegeId>(text) : undefined;
    if (id === undefined) throw new Refusal('parse', invalidArgument(`${name} must name privileges by their ids`));
    return index.findById(id) ?? [];
  });
}

function slotsOfNames(index: PrivilegeIndex, names: readonly unknown[], name: string): readonly number[] {
  return names.flatMap((text) => {
    if (typeof text !== 'string') throw new Refusal('parse', invalidArgument(`${name} must name privileges`));
    return index.findByName(text) ?? [];
  });
}

/** Complex type `RolePrivilege` (dataverse-web-api 3.5), in the order of the privileges. */
function listPrivileges(
  { privileges }: PrivilegeIndex,
  held: Uint8Array,
  businessUnitId: Guid,
  asked?: readonly number[],
): readonly object[] {
  return privileges.flatMap(({ privilegeId, name }, slot) => {
    const depth = depthOfNumber(held[slot] ?? 0);
    if (depth === undefined || asked?.includes(slot) === false) return [];
    return [
      { Depth: depthWords[depth], PrivilegeId: privilegeId, BusinessUnitId: businessUnitId, PrivilegeName: name },
    ];
  });
}

/** The id of a row of `systemuser`. */
const parseUserId = (id: Guid): SystemUserId => id as SystemUserId;
