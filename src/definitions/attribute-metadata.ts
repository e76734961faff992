import { columnDefaults } from '../metadata/limits.ts';
import type { ColumnType } from '../metadata/table.ts';
import {
  dateTimeBehaviorType,
  label,
  managed,
  memoFormatNameType,
  metadataBase,
  requiredLevelType,
  stringFormatNameType,
  typeNameType,
} from './complex-types.ts';
import {
  bool,
  constants,
  type Definition,
  type DefinitionType,
  defineType,
  definition,
  guid,
  int32,
  moment,
  type Navigation,
  type Property,
  primitive,
  property,
  text,
} from './definition-type.ts';
import {
  attributeTypeCode,
  dateTimeFormats,
  imeModes,
  integerFormats,
  lookupFormats,
  stringFormats,
} from './enum-types.ts';
import {
  booleanOptionSetMetadata,
  optionSetDefinition,
  optionSetMetadata,
  optionSetOf,
} from './option-set-metadata.ts';
import { type ColumnRow, columnId } from './rows.ts';

const place = ({ column }: ColumnRow) => ({
  id: `attribute:${column.table.logicalName}:${column.name}`,
  isManaged: column.custom !== true,
});
const isCustom = ({ column }: ColumnRow): boolean => column.custom === true;
const isKey = ({ column }: ColumnRow): boolean => column === column.table.primaryKey;
const isVirtual = ({ column }: ColumnRow): boolean => column.table.kind === 'virtual';
const never = (): boolean => false;
const always = (): boolean => true;

/** What the product demands, and what its forms demand: `SystemRequired`, `ApplicationRequired` or `None`. */
function requiredLevel({ column }: ColumnRow): string {
  if (column === column.table.primaryKey || column.systemGenerated === true) return 'SystemRequired';
  if (column.requiredLevel !== undefined) return column.requiredLevel;
  if (column.requiredOnCreate === true) return 'ApplicationRequired';
  return column.required === true && column.access !== 'read-only' ? 'ApplicationRequired' : 'None';
}

const schemaNameOf = ({ column }: ColumnRow): string => column.schemaName ?? column.lookup?.navigation ?? column.name;

const identity: readonly Property<ColumnRow>[] = [
  property('LogicalName', text, ({ column }) => column.name),
  property('SchemaName', text, schemaNameOf),
  property('EntityLogicalName', text, ({ column }) => column.table.logicalName),
  property('AttributeType', attributeTypeCode, (row) => typeOf(row).code),
  property('AttributeTypeName', typeNameType, (row) => ({ Value: typeOf(row).display })),
  property('ColumnNumber', int32, ({ column }) => column.table.columns.indexOf(column) + 1),
  property('ExternalName', text, (row) => (isVirtual(row) ? row.column.name.replace(/^[a-z]+_/, '') : null)),
  property('IntroducedVersion', text, () => '1.0'),
  label('Description', ({ column }) => ({ en: column.description, nb: column.descriptionNb }), place),
  label('DisplayName', ({ column }) => ({ en: column.label, nb: column.labelNb }), place),
  property('RequiredLevel', requiredLevelType, (row) => ({
    Value: requiredLevel(row),
    CanBeChanged: isCustom(row) && !isKey(row),
    ManagedPropertyLogicalName: 'canmodifyrequirementlevelsettings',
  })),
];

const flags: readonly Property<ColumnRow>[] = [
  property('IsCustomAttribute', bool, (row) => isVirtual(row) || isCustom(row)),
  property('IsManaged', bool, (row) => !isCustom(row)),
  property('IsPrimaryId', bool, isKey),
  property('IsPrimaryName', bool, (row) => row.column === row.column.table.primaryName && !isKey(row)),
  property(
    'IsValidForCreate',
    bool,
    ({ column }) => column.access !== 'read-only' || column === column.table.primaryKey,
  ),
  property('IsValidForUpdate', bool, ({ column }) => column.access === 'read-write'),
  ...constants<ColumnRow>(bool, true, 'IsValidForRead', 'IsRetrievable', 'IsValidODataAttribute'),
  property('IsRequiredForForm', bool, (row) => requiredLevel(row) === 'ApplicationRequired'),
  property('IsValidForForm', bool, (row) => !isKey(row)),
  property('IsValidForGrid', bool, always),
  ...constants<ColumnRow>(bool, false, 'IsDataSourceSecret', 'IsFilterable', 'IsLogical', 'IsSearchable'),
  property('CanBeSecuredForCreate', bool, isCustom),
  property('CanBeSecuredForRead', bool, isCustom),
  property('CanBeSecuredForUpdate', bool, isCustom),
  property('IsSecured', bool, ({ column }) => column.secured === true),
  ...constants<ColumnRow>(text, null, 'AttributeOf', 'AutoNumberFormat', 'DeprecatedVersion', 'InheritsFrom'),
  ...constants<ColumnRow>(guid, null, 'LinkedAttributeId'),
  ...constants<ColumnRow>(moment, null, 'CreatedOn', 'ModifiedOn'),
  ...constants<ColumnRow>(int32, 0, 'SourceType'),
];

const settings: readonly Property<ColumnRow>[] = [
  managed('IsAuditEnabled', 'canmodifyauditsettings', never, never),
  managed('IsGlobalFilterEnabled', 'canmodifyglobalfiltersettings', never, never),
  managed('IsSortableEnabled', 'canmodifyissortablesettings', always, never),
  managed('IsCustomizable', 'iscustomizable', always, isCustom),
  managed('IsRenameable', 'isrenameable', always, isCustom),
  managed('IsValidForAdvancedFind', 'canmodifysearchsettings', always, isCustom),
  managed('CanModifyAdditionalSettings', 'canmodifyadditionalsettings', isCustom, isCustom),
];

/** What all columns have (learn.microsoft.com, "AttributeMetadata EntityType"). */
export const attributeMetadata: DefinitionType<ColumnRow> = defineType<ColumnRow>({
  name: 'AttributeMetadata',
  kind: 'Attribute',
  keys: ['LogicalName'],
  properties: [...identity, ...flags, ...settings, ...metadataBase<ColumnRow>(({ column }) => columnId(column))],
});

interface AttributeType {
  readonly code: string;
  readonly display: string;
  readonly type: DefinitionType<ColumnRow>;
}

function attributeType(
  code: string,
  properties: readonly Property<ColumnRow>[] = [],
  navigations: readonly Navigation<ColumnRow>[] = [],
  { name = code, display = `${code}Type`, base = attributeMetadata } = {},
): AttributeType {
  const type = defineType<ColumnRow>({
    name: `${name}AttributeMetadata`,
    kind: 'Attribute',
    base,
    properties,
    navigations,
  });
  return { code, display, type };
}

const formula = constants<ColumnRow>(text, null, 'FormulaDefinition');
const source = constants<ColumnRow>(int32, 0, 'SourceTypeMask');
const ime = constants<ColumnRow>(imeModes, 'Auto', 'ImeMode');
const noIme = constants<ColumnRow>(imeModes, 'Disabled', 'ImeMode');
const maxLength = property<ColumnRow>('MaxLength', int32, ({ column }) => column.maxLength);

const range = (
  type: 'Int32' | 'Int64' | 'Decimal',
  smallest: number,
  largest: number,
): readonly Property<ColumnRow>[] => [
  property('MinValue', primitive(type), ({ column }) => column.min ?? smallest),
  property('MaxValue', primitive(type), ({ column }) => column.max ?? largest),
];

const largestInt32 = 2_147_483_647;
const decimals = range('Decimal', -columnDefaults.decimalMax, columnDefaults.decimalMax);
const precision = property<ColumnRow>('Precision', int32, ({ column }) => column.scale);

const optionSetNavigations: readonly Navigation<ColumnRow>[] = [
  {
    name: 'OptionSet',
    many: false,
    target: () => optionSetMetadata,
    follow: ({ model, column }) => {
      const row = optionSetOf(model, column);
      return row === undefined ? [] : [optionSetDefinition(row)];
    },
  },
  {
    name: 'GlobalOptionSet',
    many: false,
    target: () => optionSetMetadata,
    follow: ({ model, column }) => {
      const row = optionSetOf(model, column);
      return row?.isGlobal === true ? [optionSetDefinition(row)] : [];
    },
  },
];

/** Columns with options (learn.microsoft.com, "EnumAttributeMetadata EntityType"). */
const enumAttributeMetadata = defineType<ColumnRow>({
  name: 'EnumAttributeMetadata',
  kind: 'Attribute',
  base: attributeMetadata,
  properties: [property('DefaultFormValue', int32, ({ column }) => column.default ?? null)],
  navigations: optionSetNavigations,
});

/** The types of columns, by the name of their type without `AttributeMetadata`. Some have no columns here. */
const types = {
  BigInt: attributeType('BigInt', [...range('Int64', Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)]),
  Boolean: attributeType(
    'Boolean',
    [property('DefaultValue', bool, ({ column }) => column.default ?? false), ...formula, ...source],
    optionSetNavigations.map((each) => ({ ...each, target: () => booleanOptionSetMetadata })),
  ),
  DateTime: attributeType('DateTime', [
    property('Format', dateTimeFormats, ({ column }) => (column.type === 'Date' ? 'DateOnly' : 'DateAndTime')),
    property('DateTimeBehavior', dateTimeBehaviorType, (row) => ({
      Value:
        row.column.behavior ??
        (row.column.type === 'Date' ? 'DateOnly' : isVirtual(row) ? 'TimeZoneIndependent' : 'UserLocal'),
    })),
    managed('CanChangeDateTimeBehavior', 'canchangedatetimebehavior', never, never),
    ...constants<ColumnRow>(moment, '1753-01-01T00:00:00Z', 'MinSupportedValue'),
    ...constants<ColumnRow>(moment, '9999-12-30T23:59:59Z', 'MaxSupportedValue'),
    ...noIme,
    ...formula,
    ...source,
  ]),
  Decimal: attributeType('Decimal', [...decimals, precision, ...noIme, ...formula, ...source]),
  Double: attributeType('Double', [...decimals, precision, ...noIme]),
  EntityName: attributeType('EntityName', [], [], { base: enumAttributeMetadata }),
  File: attributeType('Virtual', [], [], { name: 'File', display: 'FileType' }),
  Image: attributeType('Virtual', [], [], { name: 'Image', display: 'ImageType' }),
  Integer: attributeType('Integer', [
    ...range('Int32', -largestInt32 - 1, largestInt32),
    ...constants<ColumnRow>(integerFormats, 'None', 'Format'),
    ...formula,
    ...source,
  ]),
  Lookup: attributeType('Lookup', [
    property('Targets', { kind: 'collection', of: text }, ({ column }) =>
      column.lookup === undefined ? [] : (column.lookup.targets ?? [column.lookup.target]),
    ),
    ...constants<ColumnRow>(lookupFormats, 'None', 'Format'),
  ]),
  ManagedProperty: attributeType('ManagedProperty'),
  Memo: attributeType('Memo', [
    maxLength,
    ...constants<ColumnRow>(stringFormats, 'TextArea', 'Format'),
    property('FormatName', memoFormatNameType, () => ({ Value: 'TextArea' })),
    ...constants<ColumnRow>(bool, false, 'IsLocalizable'),
    ...ime,
  ]),
  Money: attributeType('Money', [
    ...decimals,
    precision,
    ...constants<ColumnRow>(int32, 0, 'PrecisionSource'),
    ...constants<ColumnRow>(text, null, 'CalculationOf'),
    ...constants<ColumnRow>(bool, false, 'IsBaseCurrency'),
    ...noIme,
    ...formula,
    ...source,
  ]),
  MultiSelectPicklist: attributeType('Virtual', [], [], {
    name: 'MultiSelectPicklist',
    display: 'MultiSelectPicklistType',
    base: enumAttributeMetadata,
  }),
  Picklist: attributeType(
    'Picklist',
    [
      ...constants<ColumnRow>(text, null, 'ParentPicklistLogicalName'),
      property('ChildPicklistLogicalNames', { kind: 'collection', of: text }, () => []),
      ...formula,
      ...source,
    ],
    [],
    { base: enumAttributeMetadata },
  ),
  State: attributeType('State', [], [], { base: enumAttributeMetadata }),
  Status: attributeType('Status', [], [], { base: enumAttributeMetadata }),
  String: attributeType('String', [
    maxLength,
    property('Format', stringFormats, ({ column }) => column.format ?? 'Text'),
    property('FormatName', stringFormatNameType, ({ column }) => ({ Value: column.format ?? 'Text' })),
    // Characters of UTF-16, two bytes each.
    property('DatabaseLength', int32, ({ column }) => column.maxLength * 2),
    ...constants<ColumnRow>(bool, false, 'IsLocalizable'),
    ...constants<ColumnRow>(text, null, 'YomiOf'),
    ...ime,
    ...formula,
    ...source,
  ]),
  UniqueIdentifier: attributeType('Uniqueidentifier', [], [], {
    name: 'UniqueIdentifier',
    display: 'UniqueidentifierType',
  }),
} as const;

const byColumnType = {
  Guid: types.UniqueIdentifier,
  String: types.String,
  Memo: types.Memo,
  Integer: types.Integer,
  BigInt: types.BigInt,
  Decimal: types.Decimal,
  Boolean: types.Boolean,
  Date: types.DateTime,
  DateTime: types.DateTime,
  Choice: types.Picklist,
  Choices: types.MultiSelectPicklist,
  Lookup: types.Lookup,
} as const satisfies Record<ColumnType, AttributeType>;

/** A lookup to users and teams: of the type of lookups, under another name. */
const ownerType: AttributeType = { code: 'Owner', display: 'OwnerType', type: types.Lookup.type };

function typeOf({ column }: ColumnRow): AttributeType {
  if (column.lookup?.targets !== undefined) return ownerType;
  if (column.numeric !== undefined) return types[column.numeric];
  if (column.type !== 'Choice') return byColumnType[column.type];
  if (column.choice === undefined) return types.Integer;
  if (column.name === 'statecode') return types.State;
  return column.name === 'statuscode' ? types.Status : types.Picklist;
}

/** Types that `/Attributes` can be cast to. */
export const attributeTypes: readonly DefinitionType<ColumnRow>[] = Object.values(types).map(({ type }) => type);

export const attributeDefinition = (row: ColumnRow): Definition =>
  definition(typeOf(row).type, columnId(row.column), row);
