import { namedGuid } from '../kernel/ids.ts';
import {
  bool,
  type ComplexType,
  guid,
  int32,
  type Property,
  primitive,
  property,
  text,
  type ValueType,
} from './definition-type.ts';
import { cascadeTypes, menuBehaviors, menuGroups, privilegeTypes, requiredLevels } from './enum-types.ts';

const complex = (name: string, members: Readonly<Record<string, ValueType>>): ComplexType => ({
  kind: 'complex',
  name,
  members,
});

const localizedLabel = complex('LocalizedLabel', {
  Label: text,
  LanguageCode: int32,
  IsManaged: bool,
  MetadataId: guid,
  HasChanged: bool,
});

/** Text in several languages. Not to be filtered by (learn.microsoft.com, "Query table definitions"). */
const labelType = complex('Label', {
  LocalizedLabels: { kind: 'collection', of: localizedLabel },
  UserLocalizedLabel: localizedLabel,
});

/** The environment's languages: English is the base language, Norwegian bokmål the other one that is provisioned. */
const baseLanguage = 1033;
const norwegian = 1044;

export interface LocalizedLabelValue {
  readonly Label: string;
  readonly LanguageCode: number;
  readonly IsManaged: boolean;
  readonly MetadataId: string;
  readonly HasChanged: null;
}

export interface LabelValue {
  readonly LocalizedLabels: readonly LocalizedLabelValue[];
  readonly UserLocalizedLabel: LocalizedLabelValue | null;
}

/** Text by language; what is missing has no label in that language. */
export interface Texts {
  readonly en: string | undefined;
  readonly nb: string | undefined;
}

/** `name` makes the ids of the labels: the same for the same definition, everywhere. */
export function makeLabel({ en, nb }: Texts, name: string, isManaged: boolean): LabelValue {
  const localized = (Label: string | undefined, LanguageCode: number): LocalizedLabelValue[] =>
    Label === undefined
      ? []
      : [{ Label, LanguageCode, IsManaged: isManaged, MetadataId: labelId(name, LanguageCode), HasChanged: null }];
  const LocalizedLabels = [...localized(en, baseLanguage), ...localized(nb, norwegian)];
  return { LocalizedLabels, UserLocalizedLabel: LocalizedLabels[0] ?? null };
}

const labelId = (name: string, language: number): string => namedGuid(`label:${name}:${language}`);

export function label<Row>(
  name: string,
  of: (row: Row) => Texts,
  place: (row: Row) => { readonly id: string; readonly isManaged: boolean },
): Property<Row> {
  return property(name, labelType, (row: Row) => {
    const { id, isManaged } = place(row);
    return makeLabel(of(row), `${id}:${name}`, isManaged);
  });
}

/** A label that nobody has written. */
export const noLabel: LabelValue = { LocalizedLabels: [], UserLocalizedLabel: null };

export const managedType = complex('BooleanManagedProperty', {
  Value: bool,
  CanBeChanged: bool,
  ManagedPropertyLogicalName: text,
});

/** A setting that a publisher may lock. `logicalName` is the name without `is` or `can` where the product says so. */
export function managed<Row>(
  name: string,
  logicalName: string,
  value: (row: Row) => boolean,
  canBeChanged: (row: Row) => boolean,
): Property<Row> {
  return property(name, managedType, (row: Row) => ({
    Value: value(row),
    CanBeChanged: canBeChanged(row),
    ManagedPropertyLogicalName: logicalName,
  }));
}

export const requiredLevelType = complex('AttributeRequiredLevelManagedProperty', {
  Value: requiredLevels,
  CanBeChanged: bool,
  ManagedPropertyLogicalName: text,
});

export const typeNameType = complex('AttributeTypeDisplayName', { Value: text });
export const stringFormatNameType = complex('StringFormatName', { Value: text });
export const memoFormatNameType = complex('MemoFormatName', { Value: text });
export const dateTimeBehaviorType = complex('DateTimeBehavior', { Value: text });

export const privilegeType = complex('SecurityPrivilegeMetadata', {
  CanBeBasic: bool,
  CanBeDeep: bool,
  CanBeGlobal: bool,
  CanBeLocal: bool,
  CanBeEntityReference: bool,
  CanBeParentEntityReference: bool,
  Name: text,
  PrivilegeId: guid,
  PrivilegeType: privilegeTypes,
});

const optionMembers = {
  Value: int32,
  Label: labelType,
  Description: labelType,
  Color: text,
  IsManaged: bool,
  ExternalValue: text,
  ParentValues: { kind: 'collection', of: int32 },
  Tag: text,
  IsHidden: bool,
  MetadataId: guid,
  HasChanged: bool,
} as const;

export const optionType = complex('OptionMetadata', optionMembers);
export const stateOptionType = complex('StateOptionMetadata', {
  ...optionMembers,
  DefaultStatus: int32,
  InvariantName: text,
});
export const statusOptionType = complex('StatusOptionMetadata', {
  ...optionMembers,
  State: int32,
  TransitionData: text,
});

export const cascadeType = complex('CascadeConfiguration', {
  Assign: cascadeTypes,
  Delete: cascadeTypes,
  Archive: cascadeTypes,
  Merge: cascadeTypes,
  Reparent: cascadeTypes,
  Share: cascadeTypes,
  Unshare: cascadeTypes,
  RollupView: cascadeTypes,
});

export const menuType = complex('AssociatedMenuConfiguration', {
  Behavior: menuBehaviors,
  Group: menuGroups,
  Label: labelType,
  Order: int32,
  IsCustomizable: bool,
  Icon: text,
  ViewId: guid,
  AvailableOffline: bool,
  MenuId: text,
  QueryApi: text,
});

/** Members of every definition (`MetadataBase`). `id` is where its id comes from. */
export const metadataBase = <Row>(id: (row: Row) => string): Property<Row>[] => [
  property('MetadataId', primitive('Guid'), id),
  property('HasChanged', bool, () => null),
];
