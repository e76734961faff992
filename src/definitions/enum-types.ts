import type { EnumType } from './definition-type.ts';

const numbered = (name: string, ...members: readonly string[]): EnumType => ({
  kind: 'enum',
  name,
  members: Object.fromEntries(members.map((member, value) => [member, value])),
});

/** Enumerations of the metadata entities; numbers as published ("Web API EnumType reference"). */
export const ownershipTypes: EnumType = {
  kind: 'enum',
  name: 'OwnershipTypes',
  members: {
    None: 0,
    UserOwned: 1,
    TeamOwned: 2,
    BusinessOwned: 4,
    OrganizationOwned: 8,
    BusinessParented: 16,
  },
};

export const attributeTypeCode = numbered(
  'AttributeTypeCode',
  'Boolean',
  'Customer',
  'DateTime',
  'Decimal',
  'Double',
  'Integer',
  'Lookup',
  'Memo',
  'Money',
  'Owner',
  'PartyList',
  'Picklist',
  'State',
  'Status',
  'String',
  'Uniqueidentifier',
  'CalendarRules',
  'Virtual',
  'BigInt',
  'ManagedProperty',
  'EntityName',
);

export const requiredLevels = numbered(
  'AttributeRequiredLevel',
  'None',
  'SystemRequired',
  'ApplicationRequired',
  'Recommended',
);

export const relationshipTypes = numbered('RelationshipType', 'OneToManyRelationship', 'ManyToManyRelationship');

export const securityTypes: EnumType = {
  kind: 'enum',
  name: 'SecurityTypes',
  members: { None: 0, Append: 1, ParentChild: 2, Pointer: 4, Inheritance: 8 },
};

export const cascadeTypes = numbered(
  'CascadeType',
  'NoCascade',
  'Cascade',
  'Active',
  'UserOwned',
  'RemoveLink',
  'Restrict',
);

export const menuBehaviors = numbered('AssociatedMenuBehavior', 'UseCollectionName', 'UseLabel', 'DoNotDisplay');

export const menuGroups = numbered('AssociatedMenuGroup', 'Details', 'Sales', 'Service', 'Marketing');

export const optionSetTypes = numbered('OptionSetType', 'Picklist', 'State', 'Status', 'Boolean');

export const stringFormats = numbered(
  'StringFormat',
  'Email',
  'Text',
  'TextArea',
  'Url',
  'TickerSymbol',
  'PhoneticGuide',
  'VersionNumber',
  'Phone',
  'Json',
  'RichText',
);

export const imeModes = numbered('ImeMode', 'Auto', 'Inactive', 'Active', 'Disabled');
export const integerFormats = numbered('IntegerFormat', 'None', 'Duration', 'TimeZone', 'Language', 'Locale');
export const dateTimeFormats = numbered('DateTimeFormat', 'DateOnly', 'DateAndTime');
export const lookupFormats = numbered('LookupFormat', 'None', 'Connection', 'Regarding', 'Text');
export const keyIndexStatuses = numbered('EntityKeyIndexStatus', 'Pending', 'InProgress', 'Active', 'Failed');

export const privilegeTypes = numbered(
  'PrivilegeType',
  'None',
  'Create',
  'Read',
  'Write',
  'Delete',
  'Assign',
  'Share',
  'Append',
  'AppendTo',
);
