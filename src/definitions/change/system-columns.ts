import type { Choice, ColumnDefinition, TableDefinition } from '../../metadata/table.ts';

type Owner = NonNullable<TableDefinition['ownership']>;

const readOnly = { access: 'read-only', systemGenerated: true } as const;

const lookup = (
  table: string,
  name: string,
  schemaName: string,
  [label, labelNb]: readonly [string, string],
  target: string,
  inverse = `${table}_${name}`,
): ColumnDefinition => ({
  ...readOnly,
  name,
  schemaName,
  label,
  labelNb,
  type: 'Lookup',
  lookup: { target, navigation: name, inverse },
});

/** Columns that every custom table has and the system keeps, in the product's names ("Custom tables", system columns). */
export function systemColumns(table: string, owner: Owner): readonly ColumnDefinition[] {
  return [
    {
      ...readOnly,
      name: 'createdon',
      schemaName: 'CreatedOn',
      label: 'Created On',
      labelNb: 'Opprettet',
      type: 'DateTime',
    },
    {
      ...readOnly,
      name: 'modifiedon',
      schemaName: 'ModifiedOn',
      label: 'Modified On',
      labelNb: 'Endret',
      type: 'DateTime',
    },
    lookup(table, 'createdby', 'CreatedBy', ['Created By', 'Opprettet av'], 'systemuser'),
    lookup(table, 'modifiedby', 'ModifiedBy', ['Modified By', 'Endret av'], 'systemuser'),
    lookup(
      table,
      'createdonbehalfby',
      'CreatedOnBehalfBy',
      ['Created By (Delegate)', 'Opprettet av (representant)'],
      'systemuser',
    ),
    lookup(
      table,
      'modifiedonbehalfby',
      'ModifiedOnBehalfBy',
      ['Modified By (Delegate)', 'Endret av (representant)'],
      'systemuser',
    ),
    ...ownerColumns(table, owner),
    {
      name: 'statecode',
      label: 'Status',
      labelNb: 'Status',
      type: 'Choice',
      choice: `${table}_statecode`,
      access: 'read-write',
      default: 0,
    },
    {
      name: 'statuscode',
      label: 'Status Reason',
      labelNb: 'Statusårsak',
      type: 'Choice',
      choice: `${table}_statuscode`,
      access: 'read-write',
    },
    {
      ...readOnly,
      name: 'versionnumber',
      schemaName: 'VersionNumber',
      label: 'Version Number',
      labelNb: 'Versjonsnummer',
      type: 'BigInt',
      rowVersion: true,
    },
  ];
}

function ownerColumns(table: string, owner: Owner): readonly ColumnDefinition[] {
  if (owner === 'organization') {
    return [lookup(table, 'organizationid', 'OrganizationId', ['Organization', 'Organisasjon'], 'organization')];
  }
  return [
    ownerColumn(table),
    lookup(
      table,
      'owningbusinessunit',
      'OwningBusinessUnit',
      ['Owning Business Unit', 'Eiende forretningsenhet'],
      'businessunit',
      `business_unit_${table}`,
    ),
    owningColumn(table, 'user', 'OwningUser', ['Owning User', 'Eiende bruker'], 'systemuser'),
    owningColumn(table, 'team', 'OwningTeam', ['Owning Team', 'Eiende team'], 'team'),
  ];
}

/** The user or team that owns the row. Callers may name another one: the row is then assigned. */
const ownerColumn = (table: string): ColumnDefinition => ({
  name: 'ownerid',
  schemaName: 'OwnerId',
  label: 'Owner',
  labelNb: 'Eier',
  type: 'Lookup',
  access: 'read-write',
  required: true,
  systemGenerated: true,
  lookup: {
    target: 'owner',
    targets: ['systemuser', 'team'],
    navigation: 'ownerid',
    inverse: `owner_${table}`,
  },
});

/** The owner once more, where it is a user or where it is a team. Who owns rows cannot be deleted (dataverse-web-api 2.3). */
function owningColumn(
  table: string,
  kind: 'user' | 'team',
  schemaName: string,
  labels: readonly [string, string],
  target: string,
): ColumnDefinition {
  const column = lookup(table, `owning${kind}`, schemaName, labels, target, `${kind}_${table}`);
  return { ...column, lookup: { target, navigation: column.name, inverse: `${kind}_${table}`, onDelete: 'Restrict' } };
}

/** The two states of a row, and one status for each. */
export const systemChoices = (table: string): readonly Choice[] => [
  {
    name: `${table}_statecode`,
    custom: true,
    label: 'Status',
    labelNb: 'Status',
    options: [
      { value: 0, name: 'Active', label: 'Active', labelNb: 'Aktiv', defaultStatus: 1 },
      { value: 1, name: 'Inactive', label: 'Inactive', labelNb: 'Inaktiv', defaultStatus: 2 },
    ],
  },
  {
    name: `${table}_statuscode`,
    custom: true,
    label: 'Status Reason',
    labelNb: 'Statusårsak',
    options: [
      { value: 1, name: 'Active', label: 'Active', labelNb: 'Aktiv', state: 0 },
      { value: 2, name: 'Inactive', label: 'Inactive', labelNb: 'Inaktiv', state: 1 },
    ],
  },
];
