import type { Column, Model, Table } from '../metadata/table.ts';
import { edmType } from '../odata/edm-type.ts';
import { element } from '../odata/xml.ts';

/** Namespace and container of finance and operations. */
const namespace = 'Microsoft.Dynamics.DataEntities';
const container = 'Resources';

/** `GET /data/$metadata` in XML (OData CSDL XML 4.0): the sets of administration, by the keys that address their rows. */
export function metadataDocument(model: Model): string {
  const tables = [...model.administrationSet.values()].sort((left, right) =>
    left.entitySetName < right.entitySetName ? -1 : 1,
  );
  const sets = tables.map(({ entitySetName, schemaName }) =>
    element('EntitySet', { Name: entitySetName, EntityType: `${namespace}.${schemaName}` }),
  );
  const schema = element('Schema', { Namespace: namespace, xmlns: 'http://docs.oasis-open.org/odata/ns/edm' }, [
    ...tables.map(entityType),
    element('EntityContainer', { Name: container }, sets),
  ]);
  const edmx = element('edmx:Edmx', { Version: '4.0', 'xmlns:edmx': 'http://docs.oasis-open.org/odata/ns/edmx' }, [
    element('edmx:DataServices', {}, [schema]),
  ]);
  return `<?xml version="1.0" encoding="utf-8"?>\n${edmx.join('\n')}\n`;
}

const entityType = (table: Table): readonly string[] =>
  element('EntityType', { Name: table.schemaName }, [
    element(
      'Key',
      {},
      table.naturalKey.map(({ property }) => element('PropertyRef', { Name: property })),
    ),
    ...[...table.property.values()].filter((column) => column !== table.primaryKey).map(property),
  ]);

const property = (column: Column): readonly string[] =>
  element('Property', {
    Name: column.property,
    Type: edmType(column),
    Nullable: column.required === true ? false : undefined,
    MaxLength: column.isText ? column.maxLength : undefined,
  });
