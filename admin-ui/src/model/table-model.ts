import type { ApiClient } from '../api/api-client.ts';
import { literal, webApi } from '../api/odata.ts';
import type { Label } from '../screens/tables/label.ts';

/** A table as its definition says. */
export interface TableModel {
  readonly logicalName: string;
  readonly entitySet: string;
  readonly label: Label;
  readonly idColumn: string;
  readonly nameColumn: string | undefined;
  readonly columns: readonly ModelColumn[];
  /** What the table allows at all; whether somebody may is said when it is asked for. */
  readonly may: { readonly create: boolean; readonly write: boolean; readonly delete: boolean };
}

export interface ModelColumn {
  readonly name: string;
  /** Its name on the wire: `_name_value` for lookups. */
  readonly property: string;
  readonly label: Label;
  readonly type: ColumnType;
  /** May a value be given on create, and later? */
  readonly onCreate: boolean;
  readonly onUpdate: boolean;
  readonly isRequired: boolean;
  readonly maxLength: number | undefined;
  /** Of choices. */
  readonly options: readonly { readonly value: number; readonly label: Label }[];
  /** Of lookups: logical names of the tables, and the navigation property that each is set by. */
  readonly targets: readonly { readonly table: string; readonly navigation: string }[];
}

export type ColumnType =
  | 'text'
  | 'memo'
  | 'number'
  | 'boolean'
  | 'date'
  | 'dateTime'
  /** A moment on the clock of whoever wrote it, in no time zone. */
  | 'localTime'
  | 'choice'
  | 'choices'
  | 'lookup'
  | 'guid';

interface Attribute {
  readonly LogicalName: string;
  readonly AttributeType: string;
  readonly AttributeTypeName: { readonly Value: string };
  readonly DisplayName: Label;
  readonly RequiredLevel: { readonly Value: string };
  readonly IsPrimaryId: boolean;
  readonly IsValidForCreate: boolean;
  readonly IsValidForUpdate: boolean;
  readonly IsValidForRead: boolean;
}

interface Definition {
  readonly LogicalName: string;
  readonly EntitySetName: string;
  readonly DisplayName: Label;
  readonly PrimaryIdAttribute: string;
  readonly PrimaryNameAttribute: string | null;
  readonly Attributes: readonly Attribute[];
  readonly Privileges: readonly { readonly PrivilegeType: string }[];
  readonly ManyToOneRelationships: readonly Relationship[];
}

interface Relationship {
  readonly ReferencingAttribute: string;
  readonly ReferencedEntity: string;
  readonly ReferencingEntityNavigationPropertyName: string;
}

interface OptionSet {
  readonly Options: readonly { readonly Value: number; readonly Label: Label }[];
}

/** What attributes of one kind say besides. */
interface Detail {
  readonly LogicalName: string;
  readonly MaxLength?: number;
  readonly Format?: string;
  readonly DateTimeBehavior?: { readonly Value: string };
  readonly OptionSet?: OptionSet | null;
  readonly GlobalOptionSet?: OptionSet | null;
}

const options =
  '?$select=LogicalName,EntitySetName,DisplayName,PrimaryIdAttribute,PrimaryNameAttribute,Privileges' +
  '&$expand=Attributes($select=LogicalName,AttributeType,AttributeTypeName,DisplayName,RequiredLevel,IsPrimaryId,' +
  'IsValidForCreate,IsValidForUpdate,IsValidForRead),ManyToOneRelationships($select=ReferencingAttribute,' +
  'ReferencedEntity,ReferencingEntityNavigationPropertyName)';

const details = [
  'StringAttributeMetadata?$select=LogicalName,MaxLength',
  'MemoAttributeMetadata?$select=LogicalName,MaxLength',
  'DateTimeAttributeMetadata?$select=LogicalName,Format,DateTimeBehavior',
  'PicklistAttributeMetadata?$select=LogicalName&$expand=OptionSet($select=Options),GlobalOptionSet($select=Options)',
  'MultiSelectPicklistAttributeMetadata?$select=LogicalName&$expand=OptionSet($select=Options),GlobalOptionSet($select=Options)',
];

/** Reads a table's definition. */
export async function readTableModel(api: ApiClient, name: string, signal: AbortSignal): Promise<TableModel> {
  const path = `${webApi}/EntityDefinitions(LogicalName=${encodeURIComponent(literal(name))})`;
  const [definition, ...more] = await Promise.all([
    api.get<Definition>(path + options, { signal }),
    ...details.map((kind) =>
      api.list<Detail>(`${path}/Attributes/Microsoft.Dynamics.CRM.${kind}`, { signal }).then(({ rows }) => rows),
    ),
  ]);
  const may = (type: string): boolean => definition.Privileges.some(({ PrivilegeType }) => PrivilegeType === type);
  const detail = new Map(more.flat().map((each) => [each.LogicalName, each]));
  return {
    logicalName: definition.LogicalName,
    entitySet: definition.EntitySetName,
    label: definition.DisplayName,
    idColumn: definition.PrimaryIdAttribute,
    may: { create: may('Create'), write: may('Write'), delete: may('Delete') },
    nameColumn: definition.PrimaryNameAttribute ?? undefined,
    columns: definition.Attributes.filter(({ IsValidForRead }) => IsValidForRead).map((attribute) =>
      columnOf(attribute, detail.get(attribute.LogicalName), definition.ManyToOneRelationships),
    ),
  };
}

function columnOf(
  attribute: Attribute,
  detail: Detail | undefined,
  relationships: readonly Relationship[],
): ModelColumn {
  const name = attribute.LogicalName;
  const type = typeOf(attribute, detail);
  const set = detail?.GlobalOptionSet ?? detail?.OptionSet;
  return {
    ...{ name, type, label: attribute.DisplayName },
    property: type === 'lookup' ? `_${name}_value` : name,
    // Ids are given on create by those who must; a person never does.
    onCreate: attribute.IsValidForCreate && !attribute.IsPrimaryId,
    onUpdate: attribute.IsValidForUpdate,
    isRequired: attribute.RequiredLevel.Value === 'ApplicationRequired',
    maxLength: detail?.MaxLength,
    options: (set?.Options ?? []).map(({ Value, Label }) => ({ value: Value, label: Label })),
    targets: relationships
      .filter(({ ReferencingAttribute }) => ReferencingAttribute === name)
      .map((each) => ({ table: each.ReferencedEntity, navigation: each.ReferencingEntityNavigationPropertyName })),
  };
}

/** Attribute types as the wire names them; what is not here is shown as text. */
const types: Readonly<Record<string, ColumnType>> = {
  Memo: 'memo',
  Integer: 'number',
  BigInt: 'number',
  Decimal: 'number',
  Double: 'number',
  Money: 'number',
  Boolean: 'boolean',
  DateTime: 'dateTime',
  Picklist: 'choice',
  State: 'choice',
  Status: 'choice',
  Lookup: 'lookup',
  Owner: 'lookup',
  Customer: 'lookup',
  Uniqueidentifier: 'guid',
};

function typeOf({ AttributeType, AttributeTypeName }: Attribute, detail: Detail | undefined): ColumnType {
  if (AttributeTypeName.Value === 'MultiSelectPicklistType') return 'choices';
  if (detail?.Format === 'DateOnly') return 'date';
  if (detail?.DateTimeBehavior?.Value === 'TimeZoneIndependent') return 'localTime';
  return types[AttributeType] ?? 'text';
}
