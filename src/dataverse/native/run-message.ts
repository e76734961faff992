import { type Guid, parseGuid, type SecurityRoleId, type SystemUserId } from '../../kernel/ids.ts';
import { Refusal } from '../../kernel/refusal.ts';
import type { BoundRow, Operation } from '../../odata/operation.ts';
import { refuse } from '../../odata/problems.ts';
import type { OperationResult } from '../../odata/result.ts';
import { roleTemplates } from '../application-user.ts';
import { findMessage, isLaterMessage, type PlatformMessageName } from '../message-catalog.ts';
import { invalidArgument, notImplemented, unknownMessage } from '../messages.ts';
import { depthOfNumber, depthWords } from '../privilege-index.ts';
import { getTable } from '../security-rows.ts';
import type { DataverseSnapshot } from '../snapshot.ts';
import type { TableGrant } from '../table-grant.ts';
import type { NativeDeps } from './native-deps.ts';
import { productVersion, retrieveCurrentOrganization, retrieveTotalRecordCount } from './organization-messages.ts';
import { requireRow } from './read.ts';
import { addPrivileges, removePrivilege, replacePrivileges } from './role-privileges.ts';

type MessageOperation = Extract<Operation, { kind: 'message' }>;
type Run = (deps: NativeDeps, grant: TableGrant, operation: MessageOperation) => Promise<OperationResult>;

const done: OperationResult = { kind: 'done' };

const runs: Readonly<Record<PlatformMessageName, Run>> = {
  WhoAmI: async (deps, { user }) =>
    answer('WhoAmI', { BusinessUnitId: user.businessUnitId, UserId: user.id, OrganizationId: deps.organizationId }),
  RetrieveVersion: async () => answer('RetrieveVersion', { Version: productVersion }),
  RetrieveCurrentOrganization: retrieveCurrentOrganization,
  RetrieveTotalRecordCount: retrieveTotalRecordCount,
  RetrieveMetadataChanges: runDefinitionMessage,
  RetrieveAllEntities: runDefinitionMessage,
  RetrieveEntity: runDefinitionMessage,
  RetrieveTimestamp: runDefinitionMessage,
  RetrieveProvisionedLanguages: runDefinitionMessage,
  RetrieveAvailableLanguages: runDefinitionMessage,
  InsertOptionValue: runDefinitionMessage,
  InsertStatusValue: runDefinitionMessage,
  UpdateOptionValue: runDefinitionMessage,
  UpdateStateValue: runDefinitionMessage,
  DeleteOptionValue: runDefinitionMessage,
  OrderOption: runDefinitionMessage,
  PublishXml: runDefinitionMessage,
  PublishAllXml: runDefinitionMessage,
  RetrieveRolePrivilegesRole: retrieveRolePrivileges,
  RetrieveUserPrivileges: retrieveUserPrivileges,
  AddPrivilegesRole: async (deps, grant, operation) => {
    await addPrivileges(deps, grant, boundRow(operation), operation.parameters);
    return done;
  },
  ReplacePrivilegesRole: async (deps, grant, operation) => {
    await replacePrivileges(deps, grant, boundRow(operation), operation.parameters);
    return done;
  },
  RemovePrivilegeRole: async (deps, grant, operation) => {
    await removePrivilege(deps, grant, boundRow(operation), operation.parameters);
    return done;
  },
};

/**
 * Carries out a function or action. 501 for one that the real product has and this version does not, 404 for any other
 * name, and for one that is bound to another table (dataverse-web-api 4.6).
 */
export function runMessage(deps: NativeDeps, grant: TableGrant, operation: MessageOperation): Promise<OperationResult> {
  const message = findMessage(operation.name);
  if (message === undefined && isLaterMessage(operation.name)) {
    throw new Refusal('parse', notImplemented(`message \`${operation.name}\``));
  }
  if (message === undefined || message.boundTo !== operation.bound?.table.logicalName) {
    throw new Refusal('parse', unknownMessage(operation.name));
  }
  return runs[message.name](deps, grant, operation);
}

/** Definitions are changed and read by whoever keeps them. */
function runDefinitionMessage(
  deps: NativeDeps,
  _grant: TableGrant,
  operation: MessageOperation,
): Promise<OperationResult> {
  return deps.definitions.run(operation.name, operation.parameters);
}

const answer = (name: PlatformMessageName, members: Readonly<Record<string, unknown>>): OperationResult => ({
  kind: 'message',
  responseType: `${name}Response`,
  members,
});

function boundRow({ bound, name }: MessageOperation): BoundRow {
  if (bound === undefined) throw new Refusal('parse', unknownMessage(name));
  return bound;
}

async function retrieveRolePrivileges(
  deps: NativeDeps,
  grant: TableGrant,
  { parameters }: MessageOperation,
): Promise<OperationResult> {
  const text = parameters['RoleId'];
  const id = typeof text === 'string' ? parseGuid<SecurityRoleId>(text) : undefined;
  if (id === undefined) throw new Refusal('parse', invalidArgument('`RoleId` must be the id of a role'));
  const table = getTable(deps.model, 'role');
  await requireRow(deps, grant, table, id);
  const { current } = deps.security;
  const role = current.roles.get(id);
  if (role === undefined) throw refuse.rowNotFound(table, id);
  const isFull = role.templateId === roleTemplates.systemAdministrator.id;
  const held = isFull ? current.fullPower : role.depths;
  return answer('RetrieveRolePrivilegesRole', { RolePrivileges: listPrivileges(current, held, role.businessUnitId) });
}

async function retrieveUserPrivileges(
  deps: NativeDeps,
  grant: TableGrant,
  operation: MessageOperation,
): Promise<OperationResult> {
  const { table, id } = boundRow(operation);
  await requireRow(deps, grant, table, id);
  const { current } = deps.security;
  const user = current.users.get(parseUserId(id));
  if (user === undefined) throw refuse.rowNotFound(table, id);
  const held = listPrivileges(current, current.depthsOf(user), user.businessUnitId);
  return answer('RetrieveUserPrivileges', { RolePrivileges: held });
}

/** Complex type `RolePrivilege` (dataverse-web-api 3.5), in the order of the privileges. */
function listPrivileges({ index }: DataverseSnapshot, held: Uint8Array, businessUnitId: Guid): readonly object[] {
  return index.privileges.flatMap(({ privilegeId, name }, slot) => {
    const depth = depthOfNumber(held[slot] ?? 0);
    if (depth === undefined) return [];
    return [
      { Depth: depthWords[depth], PrivilegeId: privilegeId, BusinessUnitId: businessUnitId, PrivilegeName: name },
    ];
  });
}

/** The id of a row of `systemuser`. */
const parseUserId = (id: Guid): SystemUserId => id as SystemUserId;
