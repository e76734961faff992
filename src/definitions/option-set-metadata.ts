import { namedGuid } from '../kernel/ids.ts';
import type { Choice, ChoiceOption, Column, Model } from '../metadata/table.ts';
import {
  type LabelValue,
  label,
  makeLabel,
  managed,
  metadataBase,
  noLabel,
  optionType,
  stateOptionType,
  statusOptionType,
} from './complex-types.ts';
import {
  bool,
  type ComplexType,
  constants,
  type Definition,
  type DefinitionType,
  defineType,
  definition,
  property,
  text,
} from './definition-type.ts';
import { optionSetTypes } from './enum-types.ts';
import { isLocalTo, type OptionSetRow, optionSetId } from './rows.ts';

const place = ({ name, isCustom }: OptionSetRow) => ({ id: `optionset:${name}`, isManaged: !isCustom });

/** What all sets of options have (learn.microsoft.com, "OptionSetMetadataBase EntityType"). */
export const optionSetMetadataBase = defineType<OptionSetRow>({
  name: 'OptionSetMetadataBase',
  kind: 'OptionSet',
  keys: ['Name'],
  properties: [
    label('Description', ({ description, descriptionNb }) => ({ en: description, nb: descriptionNb }), place),
    label('DisplayName', ({ label: en, labelNb }) => ({ en, nb: labelNb }), place),
    property('IsCustomOptionSet', bool, ({ isCustom, isGlobal }) => isCustom || isGlobal),
    property('IsGlobal', bool, ({ isGlobal }) => isGlobal),
    property('IsManaged', bool, ({ isCustom }) => !isCustom),
    managed(
      'IsCustomizable',
      'iscustomizable',
      () => true,
      ({ isCustom }) => isCustom,
    ),
    property('Name', text, ({ name }) => name),
    property('OptionSetType', optionSetTypes, ({ type }) => type),
    property('IntroducedVersion', text, () => '1.0'),
    ...constants<OptionSetRow>(text, null, 'ExternalTypeName'),
    ...metadataBase<OptionSetRow>(({ name }) => optionSetId(name)),
  ],
});

const optionTypes: Readonly<Record<OptionSetRow['type'], ComplexType>> = {
  Picklist: optionType,
  State: stateOptionType,
  Status: statusOptionType,
  Boolean: optionType,
};

/** One option as a complex value. */
function optionValue(row: OptionSetRow, option: ChoiceOption): object {
  const id = `optionset:${row.name}:${option.value}`;
  const described = { en: option.description, nb: option.descriptionNb };
  const Description: LabelValue = makeLabel(described, `${id}:Description`, !row.isCustom);
  return {
    Value: option.value,
    Label: makeLabel({ en: option.label, nb: option.labelNb }, `${id}:Label`, !row.isCustom),
    Description: Description.UserLocalizedLabel === null ? noLabel : Description,
    Color: option.color ?? null,
    IsManaged: !row.isCustom,
    // What Human Resources matches options of its own by.
    ExternalValue: row.isCustom ? null : option.name,
    ParentValues: [],
    Tag: null,
    IsHidden: false,
    MetadataId: namedGuid(id),
    HasChanged: null,
    ...(row.type === 'State' ? { DefaultStatus: option.defaultStatus ?? null, InvariantName: option.name } : {}),
    ...(row.type === 'Status' ? { State: option.state ?? null, TransitionData: null } : {}),
  };
}

/** A choice (learn.microsoft.com, "OptionSetMetadata EntityType"). */
export const optionSetMetadata: DefinitionType<OptionSetRow> = defineType<OptionSetRow>({
  name: 'OptionSetMetadata',
  kind: 'OptionSet',
  base: optionSetMetadataBase,
  properties: [
    property('Options', { kind: 'collection', of: optionTypes.Picklist }, (row) =>
      row.options.map((option) => optionValue(row, option)),
    ),
    ...constants<OptionSetRow>(text, null, 'ParentOptionSetName'),
  ],
});

const optionOf = (row: OptionSetRow, value: number): object | null => {
  const option = row.options.find((each) => each.value === value);
  return option === undefined ? null : optionValue(row, option);
};

/** The two options of a yes/no column (learn.microsoft.com, "BooleanOptionSetMetadata EntityType"). */
export const booleanOptionSetMetadata: DefinitionType<OptionSetRow> = defineType<OptionSetRow>({
  name: 'BooleanOptionSetMetadata',
  kind: 'OptionSet',
  base: optionSetMetadataBase,
  properties: [
    property('TrueOption', optionType, (row) => optionOf(row, 1)),
    property('FalseOption', optionType, (row) => optionOf(row, 0)),
  ],
});

export const optionSetDefinition = (row: OptionSetRow): Definition =>
  definition(row.type === 'Boolean' ? booleanOptionSetMetadata : optionSetMetadata, optionSetId(row.name), row);

export function choiceRow(choice: Choice, isGlobal: boolean, column?: Column): OptionSetRow {
  const type = isGlobal ? 'Picklist' : column?.name === 'statecode' ? 'State' : 'Picklist';
  return {
    ...choice,
    labelNb: choice.labelNb,
    description: choice.description,
    descriptionNb: choice.descriptionNb,
    isCustom: choice.custom === true,
    isGlobal,
    type: column?.name === 'statuscode' && !isGlobal ? 'Status' : type,
  };
}

/** The choice of a column; `undefined` for columns without. */
export function optionSetOf(model: Model, column: Column): OptionSetRow | undefined {
  if (column.type === 'Boolean') return booleanRow(column);
  const choice = column.choice === undefined ? undefined : model.choice.get(column.choice);
  return choice === undefined ? undefined : choiceRow(choice, !isLocalTo(choice, column), column);
}

const yesNo: readonly ChoiceOption[] = [
  { value: 1, name: 'Yes', label: 'Yes', labelNb: 'Ja' },
  { value: 0, name: 'No', label: 'No', labelNb: 'Nei' },
];

const booleanRow = (column: Column): OptionSetRow => ({
  name: `${column.table.logicalName}_${column.name}`,
  label: column.label,
  labelNb: column.labelNb,
  description: undefined,
  descriptionNb: undefined,
  options: column.yesNo ?? yesNo,
  isGlobal: false,
  isCustom: column.custom === true,
  type: 'Boolean',
});
