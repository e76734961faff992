import { newGuid } from '../../kernel/ids.ts';
import { Refusal } from '../../kernel/refusal.ts';
import type { OperationResult } from '../../odata/result.ts';
import { findMessage, isBoundTo, isLaterMessage, type PlatformMessageName } from '../message-catalog.ts';
import { notImplemented, unknownMessage } from '../messages.ts';
import type { TableGrant } from '../table-grant.ts';
import { answer, boundRow, type MessageOperation } from './message-answer.ts';
import type { NativeDeps } from './native-deps.ts';
import { productVersion, retrieveCurrentOrganization, retrieveTotalRecordCount } from './organization-messages.ts';
import { retrieveAccess, retrieveAccessInfo, retrieveShares } from './principal-access.ts';
import { retrieveRolePrivileges, retrieveTeamPrivileges, retrieveUserPrivileges } from './privilege-messages.ts';
import { addPrivileges, removePrivilege, replacePrivileges } from './role-privileges.ts';
import { shareRow, unshareRow } from './sharing.ts';
import { changeMembers } from './team-members.ts';

type Run = (deps: NativeDeps, grant: TableGrant, operation: MessageOperation) => Promise<OperationResult>;

const done: OperationResult = { kind: 'done' };

const runs: Readonly<Record<PlatformMessageName, Run>> = {
  WhoAmI: async (deps, { user }) =>
    answer('WhoAmI', { BusinessUnitId: user.businessUnitId, UserId: user.id, OrganizationId: deps.organizationId }),
  RetrieveVersion: async () => answer('RetrieveVersion', { Version: productVersion }),
  // The rows are deleted one by one, each through both gates (`webapi/delete-in-bulk.ts`); this is what the job is called.
  BulkDelete: async () => answer('BulkDelete', { JobId: newGuid() }),
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
  RetrieveUserPrivilegeByPrivilegeId: retrieveUserPrivileges,
  RetrieveUserPrivilegeByPrivilegeName: retrieveUserPrivileges,
  RetrieveUserSetOfPrivilegesByIds: retrieveUserPrivileges,
  RetrieveUserSetOfPrivilegesByNames: retrieveUserPrivileges,
  RetrieveTeamPrivileges: retrieveTeamPrivileges,
  AddMembersTeam: async (deps, grant, operation) => {
    await changeMembers(deps, grant, boundRow(operation), 'associate', operation.parameters);
    return done;
  },
  RemoveMembersTeam: async (deps, grant, operation) => {
    await changeMembers(deps, grant, boundRow(operation), 'disassociate', operation.parameters);
    return done;
  },
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
  GrantAccess: async (deps, grant, { parameters }) => {
    await shareRow(deps, grant, 'GrantAccess', parameters);
    return done;
  },
  ModifyAccess: async (deps, grant, { parameters }) => {
    await shareRow(deps, grant, 'ModifyAccess', parameters);
    return done;
  },
  RevokeAccess: async (deps, grant, { parameters }) => {
    await unshareRow(deps, grant, parameters);
    return done;
  },
  RetrievePrincipalAccess: async (deps, grant, operation) => {
    const members = await retrieveAccess(deps, grant, boundRow(operation), operation.parameters);
    return answer('RetrievePrincipalAccess', members);
  },
  RetrievePrincipalAccessInfo: async (deps, grant, operation) => {
    const members = await retrieveAccessInfo(deps, grant, boundRow(operation), operation.parameters);
    return answer('RetrievePrincipalAccessInfo', members);
  },
  RetrieveSharedPrincipalsAndAccess: async (deps, grant, { parameters }) =>
    answer('RetrieveSharedPrincipalsAndAccess', await retrieveShares(deps, grant, parameters)),
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
  if (message === undefined || !isBoundTo(message, operation.bound?.table.logicalName)) {
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
