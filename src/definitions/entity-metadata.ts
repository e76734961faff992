import { type AlternateKey, alternateKeysOf } from '../metadata/alternate-keys.ts';
import { privilegesOf, rightNames } from '../metadata/privileges.ts';
import { relationshipsOf } from '../metadata/relationships.ts';
import type { Table } from '../metadata/table.ts';
import { attributeDefinition, attributeMetadata } from './attribute-metadata.ts';
import { label, managed, metadataBase, privilegeType } from './complex-types.ts';
import {
  bool,
  constants,
  type Definition,
  defineType,
  definition,
  guid,
  int32,
  moment,
  type Property,
  property,
  text,
} from './definition-type.ts';
import { ownershipTypes } from './enum-types.ts';
import { entityKeyMetadata, keyDefinition } from './key-metadata.ts';
import { manyToManyMetadata, oneToManyMetadata, relationshipDefinition } from './relationship-metadata.ts';
import { isManaged, type TableRow, tableId, visibleColumns } from './rows.ts';

const place = ({ table }: TableRow) => ({ id: `entity:${table.logicalName}`, isManaged: isManaged(table) });
const isVirtual = ({ table }: TableRow): boolean => table.kind === 'virtual';
const isCustom = ({ table }: TableRow): boolean => table.custom === true;
const never = (): boolean => false;
const always = (): boolean => true;

const ownership = {
  organization: 'OrganizationOwned',
  businessUnit: 'BusinessOwned',
  user: 'UserOwned',
} as const satisfies Record<NonNullable<Table['ownership']>, string>;

const ownershipOf = ({ table }: TableRow): string =>
  table.intersect === true
    ? 'None'
    : ownership[table.kind === 'virtual' ? 'organization' : (table.ownership ?? 'organization')];

/** The data provider of OData sources: ours is not published (dataverse-web-api 6). */
const dataProvider = '7015a531-cc0d-4537-b5f2-c882a1eb65ad';

const hasColumn =
  (name: string) =>
  ({ table }: TableRow): boolean =>
    table.column.has(name);

const labels: readonly Property<TableRow>[] = [
  label('Description', ({ table }) => ({ en: table.purpose, nb: table.purposeNb }), place),
  label(
    'DisplayCollectionName',
    ({ table }) => ({ en: table.pluralLabel ?? table.label, nb: table.pluralLabelNb ?? table.labelNb }),
    place,
  ),
  label('DisplayName', ({ table }) => ({ en: table.label, nb: table.labelNb }), place),
];

/** What a table is: names, keys, owner, where its rows come from. */
const identity: readonly Property<TableRow>[] = [
  property('LogicalName', text, ({ table }) => table.logicalName),
  property('SchemaName', text, ({ table }) => table.schemaName),
  property('EntitySetName', text, ({ table }) => table.entitySetName),
  property('LogicalCollectionName', text, ({ table }) => table.entitySetName),
  property('CollectionSchemaName', text, ({ table }) => collectionSchemaName(table)),
  property('ObjectTypeCode', int32, ({ table }) => table.objectTypeCode),
  property('OwnershipType', ownershipTypes, ownershipOf),
  property('PrimaryIdAttribute', text, ({ table }) => table.primaryKey.name),
  property('PrimaryNameAttribute', text, ({ table }) =>
    table.primaryName === table.primaryKey ? null : table.primaryName.name,
  ),
  property('TableType', text, (row) => (isVirtual(row) ? 'Virtual' : 'Standard')),
  property('DataProviderId', guid, (row) => (isVirtual(row) ? dataProvider : null)),
  property('DataSourceId', guid, () => null),
  property('ExternalName', text, ({ table }) => table.entityName ?? null),
  property('ExternalCollectionName', text, ({ table }) =>
    table.entityName === undefined ? null : withoutPrefix(table.entitySetName),
  ),
  property('ReportViewName', text, (row) => (isVirtual(row) ? null : `Filtered${row.table.schemaName}`)),
  property('IntroducedVersion', text, () => '1.0'),
];

/** The plural with the capitals of the schema name: `new_BankAccounts` of `new_BankAccount`, `new_bankaccounts`. */
function collectionSchemaName({ schemaName, entitySetName }: Table): string {
  const common = schemaName.toLowerCase();
  return entitySetName.startsWith(common) ? schemaName + entitySetName.slice(common.length) : entitySetName;
}

const withoutPrefix = (name: string): string => name.slice(name.indexOf('_') + 1);

const flags: readonly Property<TableRow>[] = [
  property('IsCustomEntity', bool, (row) => isVirtual(row) || isCustom(row)),
  property('IsManaged', bool, ({ table }) => isManaged(table)),
  property('IsIntersect', bool, ({ table }) => table.intersect === true),
  property('IsStateModelAware', bool, hasColumn('statecode')),
  property('IsOptimisticConcurrencyEnabled', bool, (row) => !isVirtual(row)),
  property('IsImportable', bool, (row) => !isVirtual(row)),
  property('IsEnabledForCharts', bool, (row) => !isVirtual(row)),
  property('IsValidForAdvancedFind', bool, always),
  property('IsReadingPaneEnabled', bool, always),
  property('CanTriggerWorkflow', bool, (row) => !isVirtual(row)),
  ...constants<TableRow>(
    bool,
    false,
    'AutoCreateAccessTeams',
    'AutoRouteToOwnerQueue',
    'ChangeTrackingEnabled',
    'EnforceStateTransitions',
    'EntityHelpUrlEnabled',
    'HasActivities',
    'HasEmailAddresses',
    'HasFeedback',
    'HasNotes',
    'IsAIRUpdated',
    'IsActivity',
    'IsActivityParty',
    'IsArchivalEnabled',
    'IsAvailableOffline',
    'IsBPFEntity',
    'IsBusinessProcessEnabled',
    'IsChildEntity',
    'IsDocumentManagementEnabled',
    'IsEnabledForExternalChannels',
    'IsEnabledForTrace',
    'IsInteractionCentricEnabled',
    'IsKnowledgeManagementEnabled',
    'IsLogicalEntity',
    'IsOneNoteIntegrationEnabled',
    'IsPrivate',
    'IsQuickCreateEnabled',
    'IsRetrieveAuditEnabled',
    'IsRetrieveMultipleAuditEnabled',
    'IsSLAEnabled',
    'IsSolutionAware',
    'SyncToExternalSearchIndex',
    'UsesBusinessDataLabelTable',
  ),
  ...constants<TableRow>(
    text,
    null,
    'EntityColor',
    'EntityHelpUrl',
    'IconLargeName',
    'IconMediumName',
    'IconSmallName',
    'IconVectorName',
    'MobileOfflineFilters',
    'PrimaryImageAttribute',
    'RecurrenceBaseEntityLogicalName',
  ),
  ...constants<TableRow>(int32, 0, 'ActivityTypeMask', 'DaysSinceRecordLastModified'),
  ...constants<TableRow>(moment, null, 'CreatedOn', 'ModifiedOn'),
];

const settings: readonly Property<TableRow>[] = [
  managed('IsAuditEnabled', 'canmodifyauditsettings', never, never),
  managed('IsValidForQueue', 'canmodifyqueuesettings', never, never),
  managed('IsConnectionsEnabled', 'canmodifyconnectionsettings', never, never),
  managed('IsCustomizable', 'iscustomizable', always, isCustom),
  managed('IsRenameable', 'isrenameable', always, isCustom),
  managed('IsMappable', 'ismappable', (row) => !isVirtual(row), never),
  managed('IsDuplicateDetectionEnabled', 'canmodifyduplicatedetectionsettings', never, never),
  managed('CanCreateAttributes', 'cancreateattributes', isCustom, never),
  managed('CanCreateForms', 'cancreateforms', always, isCustom),
  managed('CanCreateViews', 'cancreateviews', always, isCustom),
  managed('CanCreateCharts', 'cancreatecharts', (row) => !isVirtual(row), isCustom),
  managed('CanBeRelatedEntityInRelationship', 'canberelatedentityinrelationship', isCustom, never),
  managed('CanBePrimaryEntityInRelationship', 'canbeprimaryentityinrelationship', (row) => !isVirtual(row), never),
  managed('CanBeInManyToMany', 'canbeinmanytomany', (row) => !isVirtual(row), never),
  managed('CanBeInCustomEntityAssociation', 'canbeincustomentityassociation', (row) => !isVirtual(row), never),
  managed('CanEnableSyncToExternalSearchIndex', 'canenablesynctoexternalsearchindex', never, never),
  managed('CanModifyAdditionalSettings', 'canmodifyadditionalsettings', isCustom, isCustom),
  managed('CanChangeHierarchicalRelationship', 'canchangehierarchicalrelationship', never, never),
  managed('CanChangeTrackingBeEnabled', 'canchangetrackingbeenabled', never, never),
  managed('IsMailMergeEnabled', 'canmodifymailmergesettings', never, never),
  managed('IsVisibleInMobile', 'canmodifymobilevisibility', never, never),
  managed('IsVisibleInMobileClient', 'canmodifymobileclientvisibility', never, never),
  managed('IsReadOnlyInMobileClient', 'canmodifymobileclientreadonly', never, never),
  managed('IsOfflineInMobileClient', 'canmodifymobileclientoffline', never, never),
];

/** Shape of dataverse-web-api 3.4. */
const privileges = ({ table }: TableRow): readonly object[] =>
  table.intersect === true
    ? []
    : privilegesOf(table).map(({ depths, name, privilegeId, accessRight }) => ({
        CanBeBasic: depths.includes('basic'),
        CanBeDeep: depths.includes('deep'),
        CanBeGlobal: depths.includes('global'),
        CanBeLocal: depths.includes('local'),
        CanBeEntityReference: false,
        CanBeParentEntityReference: false,
        Name: name,
        PrivilegeId: privilegeId,
        PrivilegeType: rightNames[accessRight],
      }));

/** The real product lists no keys of virtual tables. */
function keysOf({ table, differences }: TableRow): readonly AlternateKey[] {
  const keys = alternateKeysOf(table);
  if (table.kind !== 'virtual' || keys.length === 0) return keys;
  if (differences.fidelity === 'strict') return [];
  differences.use('virtual-key');
  return keys;
}

/** A table (learn.microsoft.com, "EntityMetadata EntityType"). */
export const entityMetadata = defineType<TableRow>({
  name: 'EntityMetadata',
  kind: 'Entity',
  keys: ['LogicalName'],
  properties: [
    ...identity,
    ...labels,
    ...flags,
    ...settings,
    property('Privileges', { kind: 'collection', of: privilegeType }, privileges),
    ...metadataBase<TableRow>(({ table }) => tableId(table)),
  ],
  navigations: [
    {
      name: 'Attributes',
      many: true,
      target: () => attributeMetadata,
      follow: ({ model, table }) => visibleColumns(table).map((column) => attributeDefinition({ model, column })),
    },
    {
      name: 'Keys',
      many: true,
      target: () => entityKeyMetadata,
      follow: (row) => keysOf(row).map(keyDefinition),
    },
    {
      name: 'OneToManyRelationships',
      many: true,
      target: () => oneToManyMetadata,
      follow: ({ model, table }) =>
        relationshipsOf(model)
          .filter((each) => each.kind === 'oneToMany' && each.referenced === table)
          .map(relationshipDefinition),
    },
    {
      name: 'ManyToOneRelationships',
      many: true,
      target: () => oneToManyMetadata,
      follow: ({ model, table }) =>
        relationshipsOf(model)
          .filter((each) => each.kind === 'oneToMany' && each.referencing === table)
          .map(relationshipDefinition),
    },
    {
      name: 'ManyToManyRelationships',
      many: true,
      target: () => manyToManyMetadata,
      follow: ({ model, table }) =>
        relationshipsOf(model)
          .filter(
            (each) =>
              each.kind === 'manyToMany' && (each.navigation.table === table || each.navigation.target === table),
          )
          .map(relationshipDefinition),
    },
  ],
});

export const entityDefinition = (row: TableRow): Definition => definition(entityMetadata, tableId(row.table), row);
