import { findEntityAction } from '../metadata/entity-actions.ts';
import type { AccessRight } from '../metadata/privileges.ts';

/** A function or action of the platform, as the first gate knows it. */
export interface PlatformMessage {
  readonly name: string;
  readonly kind: 'function' | 'action';
  /** Logical names of the tables whose rows it is called on; absent when it is called on the service root. */
  readonly boundTo?: string | readonly string[];
  /** Rights on tables, or miscellaneous privileges, that the caller must hold. Empty: any enabled user, even without a role. */
  readonly needs: readonly (readonly [tableOrPrivilege: string, right?: AccessRight])[];
}

/** What reading all definitions of tables needs. */
const readsDefinitions = [
  ['prvReadEntity'],
  ['prvReadAttribute'],
  ['prvReadRelationship'],
  ['prvReadOptionSet'],
] as const;

const changesMembers = [
  ['team', 'read'],
  ['team', 'write'],
  ['systemuser', 'read'],
] as const;

/** Messages that are built (dataverse-web-api 2.6 and 3.5); `native/messages.ts` carries them out. */
export const platformMessages = [
  { name: 'WhoAmI', kind: 'function', needs: [] },
  { name: 'RetrieveVersion', kind: 'function', needs: [] },
  { name: 'RetrieveRolePrivilegesRole', kind: 'function', needs: [['role', 'read']] },
  { name: 'RetrieveUserPrivileges', kind: 'function', boundTo: 'systemuser', needs: [['systemuser', 'read']] },
  {
    name: 'RetrieveUserPrivilegeByPrivilegeId',
    kind: 'function',
    boundTo: 'systemuser',
    needs: [['systemuser', 'read']],
  },
  {
    name: 'RetrieveUserPrivilegeByPrivilegeName',
    kind: 'function',
    boundTo: 'systemuser',
    needs: [['systemuser', 'read']],
  },
  {
    name: 'RetrieveUserSetOfPrivilegesByIds',
    kind: 'function',
    boundTo: 'systemuser',
    needs: [['systemuser', 'read']],
  },
  {
    name: 'RetrieveUserSetOfPrivilegesByNames',
    kind: 'function',
    boundTo: 'systemuser',
    needs: [['systemuser', 'read']],
  },
  { name: 'RetrieveTeamPrivileges', kind: 'function', boundTo: 'team', needs: [['team', 'read']] },
  { name: 'AddMembersTeam', kind: 'action', boundTo: 'team', needs: changesMembers },
  { name: 'RemoveMembersTeam', kind: 'action', boundTo: 'team', needs: changesMembers },
  {
    name: 'AddPrivilegesRole',
    kind: 'action',
    boundTo: 'role',
    needs: [
      ['role', 'read'],
      ['role', 'write'],
    ],
  },
  {
    name: 'ReplacePrivilegesRole',
    kind: 'action',
    boundTo: 'role',
    needs: [
      ['role', 'read'],
      ['role', 'write'],
    ],
  },
  {
    name: 'RemovePrivilegeRole',
    kind: 'action',
    boundTo: 'role',
    needs: [
      ['role', 'read'],
      ['role', 'write'],
    ],
  },
  // What the messages of sharing need depends on the row that they are about: they ask for it themselves.
  { name: 'GrantAccess', kind: 'action', needs: [] },
  { name: 'ModifyAccess', kind: 'action', needs: [] },
  { name: 'RevokeAccess', kind: 'action', needs: [] },
  { name: 'RetrievePrincipalAccess', kind: 'function', boundTo: ['systemuser', 'team'], needs: [] },
  { name: 'RetrievePrincipalAccessInfo', kind: 'function', boundTo: ['systemuser', 'team'], needs: [] },
  { name: 'RetrieveSharedPrincipalsAndAccess', kind: 'function', needs: [] },
  { name: 'RetrieveCurrentOrganization', kind: 'function', needs: [] },
  { name: 'RetrieveTotalRecordCount', kind: 'function', needs: [] },
  { name: 'RetrieveMetadataChanges', kind: 'function', needs: readsDefinitions },
  { name: 'RetrieveAllEntities', kind: 'function', needs: readsDefinitions },
  { name: 'RetrieveEntity', kind: 'function', needs: readsDefinitions },
  { name: 'RetrieveTimestamp', kind: 'function', needs: [['prvReadEntity']] },
  { name: 'RetrieveProvisionedLanguages', kind: 'function', needs: [] },
  { name: 'RetrieveAvailableLanguages', kind: 'function', needs: [] },
  { name: 'InsertOptionValue', kind: 'action', needs: [['prvWriteOptionSet']] },
  { name: 'InsertStatusValue', kind: 'action', needs: [['prvWriteOptionSet']] },
  { name: 'UpdateOptionValue', kind: 'action', needs: [['prvWriteOptionSet']] },
  { name: 'UpdateStateValue', kind: 'action', needs: [['prvWriteOptionSet']] },
  { name: 'DeleteOptionValue', kind: 'action', needs: [['prvWriteOptionSet']] },
  { name: 'OrderOption', kind: 'action', needs: [['prvWriteOptionSet']] },
  { name: 'PublishXml', kind: 'action', needs: [['prvPublishCustomization']] },
  { name: 'PublishAllXml', kind: 'action', needs: [['prvPublishCustomization']] },
  { name: 'BulkDelete', kind: 'action', needs: [['prvBulkDelete']] },
] as const satisfies readonly PlatformMessage[];

export type PlatformMessageName = (typeof platformMessages)[number]['name'];

/** Messages of the real product that this version answers with 501. Any other name is unknown: 404. */
const laterMessages: readonly string[] = [
  'CreateMultiple',
  'DeleteMultiple',
  'RetrieveMultiple',
  'RetrievePrivilegeSet',
  'SetBusinessSystemUser',
  'UpdateMultiple',
  'UpsertMultiple',
];

/** Names that the path of a request may call: what is built, and what answers 501 instead of 404. */
export const messageNames: ReadonlySet<string> = new Set([
  ...platformMessages.map(({ name }) => name),
  ...laterMessages,
]);

const byName: ReadonlyMap<string, PlatformMessage & { readonly name: PlatformMessageName }> = new Map(
  platformMessages.map((message) => [message.name, message]),
);

/** The message of that name, if it is built. Names are case-sensitive (dataverse-web-api 4.1). */
export const findMessage = (name: string): (PlatformMessage & { readonly name: PlatformMessageName }) | undefined =>
  byName.get(name);

/** What the first gate knows of a message: one of the platform, or an action of Human Resources on a row. */
export function findCallable(name: string): PlatformMessage | undefined {
  const action = findEntityAction(name);
  return action === undefined ? findMessage(name) : { ...action, kind: 'action' };
}

/** Known to the real product, not built here. */
export const isLaterMessage = (name: string): boolean => laterMessages.includes(name);

/** Is the message called on rows of this table, or on the service root where there is none? */
export const isBoundTo = ({ boundTo }: PlatformMessage, table: string | undefined): boolean =>
  boundTo === table || (typeof boundTo === 'object' && table !== undefined && boundTo.includes(table));
