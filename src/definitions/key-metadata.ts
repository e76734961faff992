import type { AlternateKey } from '../metadata/alternate-keys.ts';
import { label, managed, metadataBase } from './complex-types.ts';
import { bool, constants, type Definition, defineType, definition, property, text } from './definition-type.ts';
import { keyIndexStatuses } from './enum-types.ts';
import { isManaged, type KeyRow, keyId } from './rows.ts';

/** An alternate key (learn.microsoft.com, "EntityKeyMetadata EntityType"). */
export const entityKeyMetadata = defineType<KeyRow>({
  name: 'EntityKeyMetadata',
  kind: 'Entity',
  keys: ['LogicalName'],
  properties: [
    property('EntityKeyIndexStatus', keyIndexStatuses, () => 'Active'),
    property('EntityLogicalName', text, ({ key }) => key.table.logicalName),
    property('KeyAttributes', { kind: 'collection', of: text }, ({ key }) => key.columns.map(({ name }) => name)),
    property('LogicalName', text, ({ key }) => key.name),
    property('SchemaName', text, ({ key }) => key.schemaName),
    property('IntroducedVersion', text, () => '1.0'),
    property('IsManaged', bool, ({ key }) => isManaged(key.table)),
    ...constants<KeyRow>(bool, false, 'IsExportKey', 'IsSecondaryKey'),
    ...constants<KeyRow>(bool, true, 'IsSynchronous'),
    label(
      'DisplayName',
      ({ key }) => ({ en: key.label, nb: key.labelNb }),
      ({ key }) => ({ id: `key:${key.table.logicalName}:${key.name}`, isManaged: isManaged(key.table) }),
    ),
    managed(
      'IsCustomizable',
      'iscustomizable',
      ({ key }) => !isManaged(key.table),
      ({ key }) => !isManaged(key.table),
    ),
    ...metadataBase<KeyRow>(({ key }) => keyId(key)),
  ],
});

export const keyDefinition = (key: AlternateKey): Definition => definition(entityKeyMetadata, keyId(key), { key });
