/** A function or an action in `$metadata`. Types are written as in CSDL. */
export interface MessageDefinition {
  readonly kind: 'function' | 'action';
  readonly name: string;
  /** Logical name of the table whose rows it is called on; absent when it is called on the service root. */
  readonly boundTo?: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly returnType?: string;
}

export interface EnumTypeDefinition {
  readonly name: string;
  readonly members: Readonly<Record<string, number>>;
}

export interface ComplexTypeDefinition {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
}

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
];

/** Types that only messages use (dataverse-web-api 3.3 and 3.5). */
export const messageEnums: readonly EnumTypeDefinition[] = [
  { name: 'PrivilegeDepth', members: { Basic: 0, Local: 1, Deep: 2, Global: 3 } },
];

export const messageComplexTypes: readonly ComplexTypeDefinition[] = [
  {
    name: 'WhoAmIResponse',
    properties: { BusinessUnitId: 'Edm.Guid', UserId: 'Edm.Guid', OrganizationId: 'Edm.Guid' },
  },
  { name: 'RetrieveVersionResponse', properties: { Version: 'Edm.String' } },
  {
    name: 'RetrieveRolePrivilegesRoleResponse',
    properties: { RolePrivileges: 'Collection(mscrm.RolePrivilege)' },
  },
  { name: 'RetrieveUserPrivilegesResponse', properties: { RolePrivileges: 'Collection(mscrm.RolePrivilege)' } },
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
