import type { Choice, ColumnDefinition, TableDefinition } from '../../metadata/table.ts';

type Owner = NonNullable<TableDefinition['ownership']>;

const readOnly = { access: 'read-only', systemGenerated: true } as const;

const lookup = (
  table: string,
  name: string,
  schemaName: string,
  [label, labelNb]: readonly [string, string],
  target: string,
): ColumnDefinition => ({
  ...readOnly,
  name,
  schemaName,
  label,
  labelNb,
  type: 'Lookup',
  lookup: { target, navigation: name, inverse: `${table}_${name}` },
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
    lookup(table, 'ownerid', 'OwnerId', ['Owner', 'Eier'], 'systemuser'),
    lookup(
      table,
      'owningbusinessunit',
      'OwningBusinessUnit',
      ['Owning Business Unit', 'Eiende forretningsenhet'],
      'businessunit',
    ),
  ];
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
