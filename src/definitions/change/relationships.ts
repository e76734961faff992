import type { CustomManyToMany } from '../../metadata/customization.ts';
import type { ManyToMany, OneToMany, Relationship } from '../../metadata/relationships.ts';
import { relationshipsOf } from '../../metadata/relationships.ts';
import type { ColumnDefinition, Table, TableDefinition } from '../../metadata/table.ts';
import { relationshipDefinition } from '../relationship-metadata.ts';
import { relationshipId, tableId } from '../rows.ts';
import { type Change, type ChangeContext, findCustomTable, makeChange } from './change.ts';
import { refuseChange } from './change-problems.ts';
import { addColumn, requireOpenTable, withoutColumn } from './columns.ts';
import { type DefinitionBody, refuseUnkept } from './definition-body.ts';
import { checkSchemaName, longestColumnName, longestName, longestTableName } from './schema-names.ts';
import { changedTexts } from './texts.ts';

/** Creates a relationship: a lookup in a custom table, or an intersect table between two native ones. */
export function createRelationship(context: ChangeContext, body: DefinitionBody): Change {
  const schemaName = body.requireText('SchemaName');
  checkSchemaName(schemaName, longestName);
  const lower = schemaName.toLowerCase();
  if (relationshipsOf(context.model).some((each) => each.schemaName.toLowerCase() === lower)) {
    throw refuseChange.exists('Relationship', schemaName);
  }
  const isMany = body.typeName === 'ManyToManyRelationshipMetadata';
  if (!isMany && body.typeName !== 'OneToManyRelationshipMetadata') {
    throw refuseChange.payload(
      "'@odata.type' must be Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata or ManyToManyRelationshipMetadata.",
    );
  }
  const change = isMany ? createManyToMany(context, schemaName, body) : createOneToMany(context, schemaName, body);
  refuseUnkept(body, { made: relationshipDefinition(getRelationship(change, schemaName)), except: menus });
  return { ...change, created: `RelationshipDefinitions(${relationshipId(schemaName)})` };
}

/** Where related rows stand in forms, of which there are none; and the lookup, which is compared by itself. */
const menus = ['Lookup', 'Entity1AssociatedMenuConfiguration', 'Entity2AssociatedMenuConfiguration'];

function getRelationship({ model }: Pick<Change, 'model'>, schemaName: string): Relationship {
  const found = relationshipsOf(model).find((each) => each.schemaName === schemaName);
  if (found === undefined) throw new TypeError(`there is no relationship ${schemaName}`);
  return found;
}

function createOneToMany(context: ChangeContext, schemaName: string, body: DefinitionBody): Change {
  const referencing = requireOpenTable(context, body.requireText('ReferencingEntity'));
  const target = requireTable(context, body.requireText('ReferencedEntity'));
  // Rows of virtual tables are behind the second gate, which a lookup of a native table would have to pass.
  if (target.kind !== 'native') throw refuseChange.notBuilt(`a lookup to the virtual table '${target.logicalName}'`);
  const lookup = body.object('Lookup');
  if (lookup === undefined) throw refuseChange.payload("'Lookup' must be given.");
  const lookupSchemaName = lookup.requireText('SchemaName');
  const { en: label, nb: labelNb } = lookup.requireLabel('DisplayName');
  const level = lookup.object('RequiredLevel')?.text('Value');
  const column: ColumnDefinition = {
    name: checkSchemaName(lookupSchemaName, longestColumnName),
    schemaName: lookupSchemaName,
    label,
    ...changedTexts({ label, ...(labelNb === undefined ? {} : { labelNb }) }, lookup, false),
    type: 'Lookup',
    access: 'read-write',
    custom: true,
    ...(level === 'ApplicationRequired' || level === 'Recommended' ? { requiredLevel: level } : {}),
    lookup: {
      relationship: schemaName,
      target: target.logicalName,
      navigation: navigationName(body, 'ReferencingEntityNavigationPropertyName', lookupSchemaName),
      inverse: navigationName(body, 'ReferencedEntityNavigationPropertyName', schemaName),
      ...onDeleteOf(body),
    },
  };
  return addColumn(context, referencing, column);
}

function navigationName(body: DefinitionBody, member: string, byDefault: string): string {
  const name = body.text(member) ?? byDefault;
  checkSchemaName(name, longestName);
  return name;
}

function onDeleteOf(body: DefinitionBody): { readonly onDelete?: 'Restrict' } {
  const action = body.object('CascadeConfiguration')?.text('Delete') ?? 'RemoveLink';
  if (action === 'RemoveLink') return {};
  if (action === 'Restrict') return { onDelete: 'Restrict' };
  throw refuseChange.notBuilt(`CascadeConfiguration/Delete '${action.slice(0, 40)}'`);
}

function requireTable({ model }: ChangeContext, name: string): Table {
  const table = model.table.get(name);
  if (table === undefined || model.entitySet.get(table.entitySetName) !== table) {
    throw refuseChange.invalid(`There is no table '${name.slice(0, 60)}'.`);
  }
  return table;
}

function createManyToMany(context: ChangeContext, schemaName: string, body: DefinitionBody): Change {
  const one = requireTable(context, body.requireText('Entity1LogicalName'));
  const other = requireTable(context, body.requireText('Entity2LogicalName'));
  if (one.kind !== 'native' || other.kind !== 'native') throw refuseChange.virtualManyToMany();
  if (one.custom !== true && other.custom !== true) {
    throw refuseChange.notBuilt('a many-to-many relationship without a custom table');
  }
  if (one === other) throw refuseChange.notBuilt('a many-to-many relationship of a table with itself');
  const intersect = checkSchemaName(body.text('IntersectEntityName') ?? schemaName, longestTableName);
  if (context.model.table.has(intersect)) throw refuseChange.tableExists(intersect);
  const relationship: CustomManyToMany = {
    table: one.logicalName,
    intersect,
    navigation: schemaName,
    target: other.logicalName,
    inverse: navigationName(body, 'Entity2NavigationPropertyName', schemaName),
    ownColumn: one.primaryKey.name,
    targetColumn: other.primaryKey.name,
  };
  const taken = [one.navigation.has(schemaName), other.navigation.has(relationship.inverse)];
  if (taken.includes(true)) throw refuseChange.navigationTaken(schemaName);
  const { customization } = context;
  return makeChange(context, {
    tables: [...customization.tables, intersectTable(context, relationship, one, other)],
    relationships: [...customization.relationships, relationship],
    touched: [one.logicalName, other.logicalName, intersect],
  });
}

function intersectTable(
  { model }: ChangeContext,
  { intersect, navigation }: CustomManyToMany,
  one: Table,
  other: Table,
): TableDefinition {
  const id = (name: string, label: string): ColumnDefinition => ({
    name,
    label,
    type: 'Guid',
    access: 'read-only',
    required: true,
    systemGenerated: true,
  });
  return {
    logicalName: intersect,
    schemaName: intersect,
    entitySetName: `${intersect}set`,
    label: navigation,
    kind: 'native',
    custom: true,
    ownership: 'organization',
    intersect: true,
    objectTypeCode: Math.max(...model.tables.map((table) => table.objectTypeCode)) + 1,
    purpose: `Joins ${one.logicalName} and ${other.logicalName}.`,
    primaryKey: `${intersect}id`,
    primaryName: `${intersect}id`,
    naturalKey: [one.primaryKey.name, other.primaryKey.name],
    columns: [
      id(`${intersect}id`, navigation),
      id(one.primaryKey.name, one.label),
      id(other.primaryKey.name, other.label),
    ],
  };
}

/** Replaces what may change: what becomes of rows whose row goes. */
export function updateRelationship(context: ChangeContext, relationship: Relationship, body: DefinitionBody): Change {
  const { schemaName } = relationship;
  const change =
    relationship.kind === 'oneToMany' && relationship.column.custom === true
      ? changeLookup(context, relationship, body)
      : makeChange(context, { touched: [] });
  refuseUnkept(body, {
    made: relationshipDefinition(getRelationship(change, schemaName)),
    before: relationshipDefinition(relationship),
    except: menus,
  });
  return change;
}

function changeLookup(context: ChangeContext, { referencing, column }: OneToMany, body: DefinitionBody): Change {
  const table = requireOpenTable(context, referencing.logicalName);
  const columns = table.columns.map((each): ColumnDefinition => {
    if (each.name !== column.name || each.lookup === undefined || !body.has('CascadeConfiguration')) return each;
    const { onDelete, ...lookup } = each.lookup;
    return { ...each, lookup: { ...lookup, ...onDeleteOf(body) } };
  });
  const tables = context.customization.tables.map((each) => (each === table ? { ...table, columns } : each));
  return makeChange(context, { tables, touched: [table.logicalName] });
}

/** Takes a relationship away: the lookup with its values, or the intersect table with its links. */
export function deleteRelationship(context: ChangeContext, relationship: Relationship): Change {
  return relationship.kind === 'oneToMany'
    ? deleteLookup(context, relationship)
    : deleteManyToMany(context, relationship);
}

function deleteLookup(context: ChangeContext, { schemaName, referencing, referenced, column }: OneToMany): Change {
  const table = findCustomTable(context, referencing.logicalName);
  const definition = table?.columns.find((each) => each.name === column.name);
  if (table === undefined || definition?.custom !== true) throw refuseChange.managed('Relationship', schemaName);
  const parts = withoutColumn(context, table, definition);
  return makeChange(context, {
    ...parts,
    deleted: [...parts.deleted, { kind: 'Relationship', id: relationshipId(schemaName) }],
    touched: [table.logicalName, referenced.logicalName],
  });
}

function deleteManyToMany(context: ChangeContext, { schemaName, navigation }: ManyToMany): Change {
  const { customization } = context;
  const own = customization.relationships.find((each) => each.navigation === schemaName);
  if (own === undefined) throw refuseChange.managed('Relationship', schemaName);
  return makeChange(context, {
    tables: customization.tables.filter((each) => each.logicalName !== own.intersect),
    relationships: customization.relationships.filter((each) => each !== own),
    touched: [own.table, own.target],
    deleted: [
      { kind: 'Relationship', id: relationshipId(schemaName) },
      { kind: 'Entity', id: tableId(navigation.intersect) },
    ],
    retired: [{ table: own.intersect }],
  });
}
