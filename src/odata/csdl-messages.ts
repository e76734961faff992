import { entityActions, responseTypeOf } from '../metadata/entity-actions.ts';

/** A function or an action in `$metadata`. Types are written as in CSDL; `Type?` may be absent. */
export interface MessageDefinition {
  readonly kind: 'function' | 'action';
  readonly name: string;
  /** Logical names of the tables whose rows it is called on; absent when it is called on the service root. */
  readonly boundTo?: string | readonly string[];
  readonly parameters: Readonly<Record<string, string>>;
  readonly returnType?: string;
}

export interface EnumTypeDefinition {
  readonly name: string;
  readonly members: Readonly<Record<string, number>>;
}

export interface ComplexTypeDefinition {
  readonly name: string;
  /** It has further members. */
  readonly isOpen?: boolean;
  readonly properties: Readonly<Record<string, string>>;
}

const optionPlace = {
  OptionSetName: 'Edm.String?',
  EntityLogicalName: 'Edm.String?',
  AttributeLogicalName: 'Edm.String?',
  SolutionUniqueName: 'Edm.String?',
} as const;
const bulkTargets = { Targets: 'Collection(mscrm.crmbaseentity)' } as const;
const optionLabels = { Label: 'mscrm.Label', Description: 'mscrm.Label?' } as const;

/** Messages on definitions. Their complex types beside labels are open: members as those of the metadata entities. */
const definitionMessages: readonly MessageDefinition[] = [
  {
    kind: 'function',
    name: 'RetrieveMetadataChanges',
    parameters: {
      Query: 'mscrm.EntityQueryExpression?',
      ClientVersionStamp: 'Edm.String?',
      DeletedMetadataFilters: 'mscrm.DeletedMetadataFilters?',
    },
    returnType: 'mscrm.RetrieveMetadataChangesResponse',
  },
  {
    kind: 'function',
    name: 'RetrieveAllEntities',
    parameters: { EntityFilters: 'mscrm.EntityFilters', RetrieveAsIfPublished: 'Edm.Boolean' },
    returnType: 'mscrm.RetrieveAllEntitiesResponse',
  },
  {
    kind: 'function',
    name: 'RetrieveEntity',
    parameters: {
      EntityFilters: 'mscrm.EntityFilters',
      LogicalName: 'Edm.String?',
      MetadataId: 'Edm.Guid?',
      RetrieveAsIfPublished: 'Edm.Boolean',
    },
    returnType: 'mscrm.RetrieveEntityResponse',
  },
  { kind: 'function', name: 'RetrieveTimestamp', parameters: {}, returnType: 'mscrm.RetrieveTimestampResponse' },
  {
    kind: 'function',
    name: 'RetrieveProvisionedLanguages',
    parameters: {},
    returnType: 'mscrm.RetrieveProvisionedLanguagesResponse',
  },
  {
    kind: 'function',
    name: 'RetrieveAvailableLanguages',
    parameters: {},
    returnType: 'mscrm.RetrieveAvailableLanguagesResponse',
  },
  {
    kind: 'action',
    name: 'InsertOptionValue',
    parameters: { ...optionPlace, ...optionLabels, Value: 'Edm.Int32?' },
    returnType: 'mscrm.InsertOptionValueResponse',
  },
  {
    kind: 'action',
    name: 'InsertStatusValue',
    parameters: { ...optionPlace, ...optionLabels, StateCode: 'Edm.Int32', Value: 'Edm.Int32?' },
    returnType: 'mscrm.InsertStatusValueResponse',
  },
  {
    kind: 'action',
    name: 'UpdateOptionValue',
    parameters: { ...optionPlace, ...optionLabels, Value: 'Edm.Int32', MergeLabels: 'Edm.Boolean' },
  },
  {
    kind: 'action',
    name: 'UpdateStateValue',
    parameters: {
      ...optionPlace,
      ...optionLabels,
      Value: 'Edm.Int32',
      DefaultStatusCode: 'Edm.Int32?',
      MergeLabels: 'Edm.Boolean',
    },
  },
  { kind: 'action', name: 'DeleteOptionValue', parameters: { ...optionPlace, Value: 'Edm.Int32' } },
  { kind: 'action', name: 'OrderOption', parameters: { ...optionPlace, Values: 'Collection(Edm.Int32)' } },
  { kind: 'action', name: 'PublishXml', parameters: { ParameterXml: 'Edm.String' } },
  { kind: 'action', name: 'PublishAllXml', parameters: {} },
];

const sharing = { Target: 'mscrm.crmbaseentity', PrincipalAccess: 'mscrm.PrincipalAccess' } as const;

/** Functions and actions that exist (dataverse-web-api 2.6 and 3.5). One that is added is a line here. */
export const messages: readonly MessageDefinition[] = [
  { kind: 'function', name: 'WhoAmI', parameters: {}, returnType: 'mscrm.WhoAmIResponse' },
  { kind: 'function', name: 'RetrieveVersion', parameters: {}, returnType: 'mscrm.RetrieveVersionResponse' },
  {
    kind: 'function',
    name: 'RetrieveRolePrivilegesRole',
    parameters: { RoleId: 'Edm.Guid' },
    returnType: 'mscrm.RetrieveRolePrivilegesRoleResponse',
  },
  {
    kind: 'function',
    name: 'RetrieveUserPrivileges',
    boundTo: 'systemuser',
    parameters: {},
    returnType: 'mscrm.RetrieveUserPrivilegesResponse',
  },
  ...(
    [
      ['RetrieveUserPrivilegeByPrivilegeId', { PrivilegeId: 'Edm.Guid' }],
      ['RetrieveUserPrivilegeByPrivilegeName', { PrivilegeName: 'Edm.String' }],
      ['RetrieveUserSetOfPrivilegesByIds', { PrivilegeIds: 'Collection(Edm.Guid)' }],
      ['RetrieveUserSetOfPrivilegesByNames', { PrivilegeNames: 'Collection(Edm.String)' }],
    ] as const
  ).map(
    ([name, parameters]): MessageDefinition => ({
      kind: 'function',
      name,
      boundTo: 'systemuser',
      parameters,
      returnType: `mscrm.${name}Response`,
    }),
  ),
  {
    kind: 'function',
    name: 'RetrieveTeamPrivileges',
    boundTo: 'team',
    parameters: {},
    returnType: 'mscrm.RetrieveTeamPrivilegesResponse',
  },
  {
    kind: 'action',
    name: 'AddMembersTeam',
    boundTo: 'team',
    parameters: { Members: 'Collection(mscrm.systemuser)' },
  },
  {
    kind: 'action',
    name: 'RemoveMembersTeam',
    boundTo: 'team',
    parameters: { Members: 'Collection(mscrm.systemuser)' },
  },
  {
    kind: 'action',
    name: 'AddPrivilegesRole',
    boundTo: 'role',
    parameters: { Privileges: 'Collection(mscrm.RolePrivilege)' },
  },
  {
    kind: 'action',
    name: 'ReplacePrivilegesRole',
    boundTo: 'role',
    parameters: { Privileges: 'Collection(mscrm.RolePrivilege)' },
  },
  { kind: 'action', name: 'RemovePrivilegeRole', boundTo: 'role', parameters: { PrivilegeId: 'Edm.Guid' } },
  { kind: 'action', name: 'GrantAccess', parameters: sharing },
  { kind: 'action', name: 'ModifyAccess', parameters: sharing },
  {
    kind: 'action',
    name: 'RevokeAccess',
    parameters: { Target: 'mscrm.crmbaseentity', Revokee: 'mscrm.crmbaseentity' },
  },
  {
    kind: 'function',
    name: 'RetrievePrincipalAccess',
    boundTo: ['systemuser', 'team'],
    parameters: { Target: 'mscrm.crmbaseentity' },
    returnType: 'mscrm.RetrievePrincipalAccessResponse',
  },
  {
    kind: 'function',
    name: 'RetrievePrincipalAccessInfo',
    boundTo: ['systemuser', 'team'],
    parameters: { ObjectId: 'Edm.Guid', EntityName: 'Edm.String' },
    returnType: 'mscrm.RetrievePrincipalAccessInfoResponse',
  },
  {
    kind: 'function',
    name: 'RetrieveSharedPrincipalsAndAccess',
    parameters: { Target: 'mscrm.crmbaseentity' },
    returnType: 'mscrm.RetrieveSharedPrincipalsAndAccessResponse',
  },
  {
    kind: 'function',
    name: 'RetrieveCurrentOrganization',
    parameters: { AccessType: 'mscrm.EndpointAccessType' },
    returnType: 'mscrm.RetrieveCurrentOrganizationResponse',
  },
  {
    kind: 'function',
    name: 'RetrieveTotalRecordCount',
    parameters: { EntityNames: 'Collection(Edm.String)' },
    returnType: 'mscrm.RetrieveTotalRecordCountResponse',
  },
  {
    kind: 'action',
    name: 'BulkDelete',
    parameters: {
      QuerySet: 'Collection(mscrm.QueryExpression)',
      JobName: 'Edm.String',
      SendEmailNotification: 'Edm.Boolean?',
      ToRecipients: 'Collection(mscrm.crmbaseentity)?',
      CCRecipients: 'Collection(mscrm.crmbaseentity)?',
      RecurrencePattern: 'Edm.String?',
      StartDateTime: 'Edm.DateTimeOffset?',
      SourceImportId: 'Edm.Guid?',
      RunNow: 'Edm.Boolean?',
    },
    returnType: 'mscrm.BulkDeleteResponse',
  },
  ...definitionMessages,
];

/** Actions on a set of rows, bound to the type that all tables extend ("Use bulk operation messages"). */
export const setMessages: readonly Omit<MessageDefinition, 'kind' | 'boundTo'>[] = [
  { name: 'CreateMultiple', parameters: bulkTargets, returnType: 'mscrm.CreateMultipleResponse' },
  { name: 'UpdateMultiple', parameters: bulkTargets },
  { name: 'UpsertMultiple', parameters: bulkTargets },
];

/** Actions of Human Resources on rows of virtual tables. */
export const entityMessages: readonly MessageDefinition[] = entityActions.map((action) => ({
  kind: 'action',
  name: action.name,
  boundTo: action.boundTo,
  parameters: action.parameters,
  ...(action.returns && { returnType: `mscrm.${responseTypeOf(action)}` }),
}));

/** What those on tables that are there answer. */
export const entityMessageTypes = (tables: ReadonlyMap<string, unknown>): readonly ComplexTypeDefinition[] =>
  entityActions.flatMap((action) =>
    action.returns === undefined || !tables.has(action.boundTo)
      ? []
      : [{ name: responseTypeOf(action), properties: action.returns }],
  );

/** Types that only messages use (dataverse-web-api 3.3 and 3.5). */
export const messageEnums: readonly EnumTypeDefinition[] = [
  { name: 'PrivilegeDepth', members: { Basic: 0, Local: 1, Deep: 2, Global: 3 } },
  {
    name: 'AccessRights',
    members: {
      None: 0,
      ReadAccess: 1,
      WriteAccess: 2,
      AppendAccess: 4,
      AppendToAccess: 16,
      CreateAccess: 32,
      DeleteAccess: 65_536,
      ShareAccess: 262_144,
      AssignAccess: 524_288,
    },
  },
  { name: 'EndpointAccessType', members: { Default: 0, Internet: 1, Intranet: 2 } },
  { name: 'EntityFilters', members: { Entity: 1, Attributes: 2, Privileges: 4, Relationships: 8, All: 15 } },
  {
    name: 'DeletedMetadataFilters',
    members: { Entity: 1, Attribute: 2, Relationship: 4, Label: 8, OptionSet: 16, All: 31 },
  },
];

export const messageComplexTypes: readonly ComplexTypeDefinition[] = [
  {
    name: 'WhoAmIResponse',
    properties: { BusinessUnitId: 'Edm.Guid', UserId: 'Edm.Guid', OrganizationId: 'Edm.Guid' },
  },
  {
    name: 'LocalizedLabel',
    properties: {
      Label: 'Edm.String?',
      LanguageCode: 'Edm.Int32',
      IsManaged: 'Edm.Boolean?',
      MetadataId: 'Edm.Guid?',
      HasChanged: 'Edm.Boolean?',
    },
  },
  {
    name: 'Label',
    properties: { LocalizedLabels: 'Collection(mscrm.LocalizedLabel)', UserLocalizedLabel: 'mscrm.LocalizedLabel?' },
  },
  { name: 'EntityQueryExpression', isOpen: true, properties: {} },
  { name: 'ComplexEntityMetadata', isOpen: true, properties: { MetadataId: 'Edm.Guid', LogicalName: 'Edm.String' } },
  {
    name: 'DeletedMetadataCollection',
    isOpen: true,
    properties: { Count: 'Edm.Int32', IsReadOnly: 'Edm.Boolean' },
  },
  {
    name: 'RetrieveMetadataChangesResponse',
    properties: {
      EntityMetadata: 'Collection(mscrm.ComplexEntityMetadata)',
      ServerVersionStamp: 'Edm.String',
      DeletedMetadata: 'mscrm.DeletedMetadataCollection',
    },
  },
  {
    name: 'RetrieveAllEntitiesResponse',
    properties: { EntityMetadata: 'Collection(mscrm.ComplexEntityMetadata)', Timestamp: 'Edm.String' },
  },
  { name: 'RetrieveEntityResponse', properties: { EntityMetadata: 'mscrm.ComplexEntityMetadata' } },
  { name: 'RetrieveTimestampResponse', properties: { Timestamp: 'Edm.String' } },
  {
    name: 'RetrieveProvisionedLanguagesResponse',
    properties: { RetrieveProvisionedLanguages: 'Collection(Edm.Int32)' },
  },
  { name: 'RetrieveAvailableLanguagesResponse', properties: { LocaleIds: 'Collection(Edm.Int32)' } },
  { name: 'QueryExpression', isOpen: true, properties: { EntityName: 'Edm.String' } },
  { name: 'BulkDeleteResponse', properties: { JobId: 'Edm.Guid' } },
  { name: 'CreateMultipleResponse', properties: { Ids: 'Collection(Edm.Guid)' } },
  { name: 'InsertOptionValueResponse', properties: { NewOptionValue: 'Edm.Int32' } },
  { name: 'InsertStatusValueResponse', properties: { NewOptionValue: 'Edm.Int32' } },
  {
    name: 'EndpointCollection',
    properties: {
      Count: 'Edm.Int32',
      IsReadOnly: 'Edm.Boolean',
      Keys: 'Collection(Edm.String)',
      Values: 'Collection(Edm.String)',
    },
  },
  {
    name: 'OrganizationDetail',
    properties: {
      OrganizationId: 'Edm.Guid',
      FriendlyName: 'Edm.String',
      OrganizationVersion: 'Edm.String',
      EnvironmentId: 'Edm.String',
      TenantId: 'Edm.String',
      Geo: 'Edm.String?',
      UrlName: 'Edm.String',
      UniqueName: 'Edm.String',
      State: 'Edm.String',
      OrganizationType: 'Edm.String',
      Endpoints: 'mscrm.EndpointCollection',
    },
  },
  { name: 'RetrieveCurrentOrganizationResponse', properties: { Detail: 'mscrm.OrganizationDetail' } },
  {
    name: 'EntityRecordCountCollection',
    properties: {
      Count: 'Edm.Int32',
      IsReadOnly: 'Edm.Boolean',
      Keys: 'Collection(Edm.String)',
      Values: 'Collection(Edm.Int64)',
    },
  },
  {
    name: 'RetrieveTotalRecordCountResponse',
    properties: { EntityRecordCountCollection: 'mscrm.EntityRecordCountCollection' },
  },
  {
    name: 'PrincipalAccess',
    properties: { AccessMask: 'mscrm.AccessRights', Principal: 'mscrm.crmbaseentity' },
  },
  { name: 'RetrievePrincipalAccessResponse', properties: { AccessRights: 'mscrm.AccessRights' } },
  { name: 'RetrievePrincipalAccessInfoResponse', properties: { AccessInfo: 'Edm.String' } },
  {
    name: 'RetrieveSharedPrincipalsAndAccessResponse',
    properties: { PrincipalAccesses: 'Collection(mscrm.PrincipalAccess)' },
  },
  { name: 'RetrieveVersionResponse', properties: { Version: 'Edm.String' } },
  {
    name: 'RetrieveRolePrivilegesRoleResponse',
    properties: { RolePrivileges: 'Collection(mscrm.RolePrivilege)' },
  },
  { name: 'RetrieveUserPrivilegesResponse', properties: { RolePrivileges: 'Collection(mscrm.RolePrivilege)' } },
  ...[
    'RetrieveUserPrivilegeByPrivilegeId',
    'RetrieveUserPrivilegeByPrivilegeName',
    'RetrieveUserSetOfPrivilegesByIds',
    'RetrieveUserSetOfPrivilegesByNames',
    'RetrieveTeamPrivileges',
  ].map((name) => ({
    name: `${name}Response`,
    properties: { RolePrivileges: 'Collection(mscrm.RolePrivilege)' },
  })),
  {
    name: 'RolePrivilege',
    properties: {
      Depth: 'mscrm.PrivilegeDepth',
      PrivilegeId: 'Edm.Guid',
      BusinessUnitId: 'Edm.Guid',
      PrivilegeName: 'Edm.String',
    },
  },
];
