import type { Relationship } from '../metadata/relationships.ts';
import type { Table } from '../metadata/table.ts';
import { cascadeType, makeLabel, managedType, menuType, metadataBase } from './complex-types.ts';
import {
  bool,
  constants,
  type Definition,
  type DefinitionType,
  defineType,
  definition,
  type Property,
  property,
  text,
} from './definition-type.ts';
import { relationshipTypes, securityTypes } from './enum-types.ts';
import { isManaged, type ManyToManyRow, type OneToManyRow, relationshipId } from './rows.ts';

interface RelationshipRow {
  readonly relationship: Relationship;
}

const isCustom = ({ relationship }: RelationshipRow): boolean =>
  relationship.kind === 'oneToMany'
    ? relationship.column.custom === true
    : relationship.navigation.intersect.custom === true;

/** What all relationships have (learn.microsoft.com, "RelationshipMetadataBase EntityType"). */
export const relationshipMetadataBase = defineType<RelationshipRow>({
  name: 'RelationshipMetadataBase',
  kind: 'Relationship',
  keys: ['SchemaName'],
  properties: [
    property('IsCustomRelationship', bool, isCustom),
    property('IsCustomizable', managedType, (row: RelationshipRow) => ({
      Value: isCustom(row),
      CanBeChanged: isCustom(row),
      ManagedPropertyLogicalName: 'iscustomizable',
    })),
    property('IsValidForAdvancedFind', bool, () => true),
    property('SchemaName', text, ({ relationship }) => relationship.schemaName),
    property('SecurityTypes', securityTypes, ({ relationship }) =>
      relationship.kind === 'oneToMany' ? 'Append' : 'None',
    ),
    property('IsManaged', bool, (row) => !isCustom(row)),
    property('RelationshipType', relationshipTypes, ({ relationship }) =>
      relationship.kind === 'oneToMany' ? 'OneToManyRelationship' : 'ManyToManyRelationship',
    ),
    property('IntroducedVersion', text, () => '1.0'),
    ...metadataBase<RelationshipRow>(({ relationship }) => relationshipId(relationship.schemaName)),
  ],
});

/** Where the related rows stand in the product's forms, which there are none of here. */
const menu = (table: Table, id: string): object => ({
  Behavior: 'UseCollectionName',
  Group: 'Details',
  Label: makeLabel(
    { en: table.pluralLabel ?? table.label, nb: table.pluralLabelNb ?? table.labelNb },
    id,
    isManaged(table),
  ),
  Order: 10_000,
  IsCustomizable: true,
  Icon: null,
  ViewId: '00000000-0000-0000-0000-000000000000',
  AvailableOffline: true,
  MenuId: null,
  QueryApi: null,
});

/**
 * What happens to rows that refer to a row that goes: the lookup is emptied on native tables. Nothing happens on virtual
 * ones, whose rows Human Resources looks after.
 */
const cascade = ({ relationship }: OneToManyRow): object => ({
  Assign: 'NoCascade',
  Delete:
    relationship.referencing.kind === 'virtual' ? 'NoCascade' : (relationship.column.lookup?.onDelete ?? 'RemoveLink'),
  Archive: 'NoCascade',
  Merge: 'NoCascade',
  Reparent: 'NoCascade',
  Share: 'NoCascade',
  Unshare: 'NoCascade',
  RollupView: 'NoCascade',
});

const oneToManyNames: readonly Property<OneToManyRow>[] = [
  property('ReferencedEntity', text, ({ relationship }) => relationship.referenced.logicalName),
  property('ReferencedAttribute', text, ({ relationship }) => relationship.referenced.primaryKey.name),
  property('ReferencingEntity', text, ({ relationship }) => relationship.referencing.logicalName),
  property('ReferencingAttribute', text, ({ relationship }) => relationship.column.name),
  property(
    'ReferencedEntityNavigationPropertyName',
    text,
    ({ relationship }) => relationship.column.lookup?.inverse ?? null,
  ),
  property(
    'ReferencingEntityNavigationPropertyName',
    text,
    ({ relationship }) => relationship.column.lookup?.navigation ?? null,
  ),
];

/** A lookup as a relationship (learn.microsoft.com, "OneToManyRelationshipMetadata EntityType"). */
export const oneToManyMetadata: DefinitionType<OneToManyRow> = defineType<OneToManyRow>({
  name: 'OneToManyRelationshipMetadata',
  kind: 'Relationship',
  base: relationshipMetadataBase,
  properties: [
    ...oneToManyNames,
    property('AssociatedMenuConfiguration', menuType, ({ relationship }) =>
      menu(relationship.referencing, `relationship:${relationship.schemaName}:menu`),
    ),
    property('CascadeConfiguration', cascadeType, cascade),
    ...constants<OneToManyRow>(
      bool,
      false,
      'IsHierarchical',
      'IsDenormalizedLookup',
      'IsRelationshipAttributeDenormalized',
    ),
    ...constants<OneToManyRow>(text, null, 'EntityKey', 'DenormalizedAttributeName'),
  ],
});

const side = (entity: 1 | 2): readonly Property<ManyToManyRow>[] => {
  const of = ({ relationship: { navigation, inverse } }: ManyToManyRow) =>
    entity === 1
      ? { table: navigation.table, column: navigation.ownColumn, name: navigation.name }
      : { table: navigation.target, column: navigation.targetColumn, name: inverse };
  return [
    property(`Entity${entity}LogicalName`, text, (row) => of(row).table.logicalName),
    property(`Entity${entity}IntersectAttribute`, text, (row) => of(row).column.name),
    property(`Entity${entity}NavigationPropertyName`, text, (row) => of(row).name),
    property(`Entity${entity}AssociatedMenuConfiguration`, menuType, (row) =>
      menu(of(row).table, `relationship:${row.relationship.schemaName}:menu${entity}`),
    ),
  ];
};

/** Two tables joined by an intersect table (learn.microsoft.com, "ManyToManyRelationshipMetadata EntityType"). */
export const manyToManyMetadata: DefinitionType<ManyToManyRow> = defineType<ManyToManyRow>({
  name: 'ManyToManyRelationshipMetadata',
  kind: 'Relationship',
  base: relationshipMetadataBase,
  properties: [
    ...side(1),
    ...side(2),
    property('IntersectEntityName', text, ({ relationship }) => relationship.navigation.intersect.logicalName),
  ],
});

export function relationshipDefinition(relationship: Relationship): Definition {
  const id = relationshipId(relationship.schemaName);
  return relationship.kind === 'oneToMany'
    ? definition(oneToManyMetadata, id, { relationship })
    : definition(manyToManyMetadata, id, { relationship });
}
