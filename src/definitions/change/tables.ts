import { relationshipsOf } from '../../metadata/relationships.ts';
import type { AlternateKeyDefinition, Choice, ColumnDefinition, TableDefinition } from '../../metadata/table.ts';
import { Differences } from '../../odata/fidelity.ts';
import type { Texts } from '../complex-types.ts';
import type { Definition } from '../definition-type.ts';
import { entityDefinition } from '../entity-metadata.ts';
import { columnId, relationshipId, tableId } from '../rows.ts';
import { type Change, type ChangeContext, findCustomTable, makeChange, replaceTable } from './change.ts';
import { refuseChange } from './change-problems.ts';
import { columnFromBody } from './columns.ts';
import { type DefinitionBody, refuseUnkept } from './definition-body.ts';
import { checkSchemaName, longestName, longestTableName, pluralOf } from './schema-names.ts';
import { systemChoices, systemColumns } from './system-columns.ts';
import { changedTexts, textsOf } from './texts.ts';

/** Tables that customizers of one environment may make. */
const mostTables = 500;

/** Object type codes of custom tables begin here: those of the product's own are lower. */
const firstTypeCode = 12_000;

const owners = {
  UserOwned: 'user',
  OrganizationOwned: 'organization',
} as const satisfies Record<string, NonNullable<TableDefinition['ownership']>>;

const isOwner = (text: string): text is keyof typeof owners => Object.hasOwn(owners, text);

const textOf = ({ en, nb }: Texts & { readonly en: string }) => ({
  label: en,
  ...(nb === undefined ? {} : { labelNb: nb }),
});

/** Creates a table with its columns; one of them is the primary name. */
export function createTable(context: ChangeContext, body: DefinitionBody): Change {
  const { customization, model } = context;
  const schemaName = body.requireText('SchemaName');
  const name = checkSchemaName(schemaName, longestTableName);
  const entitySetName = (body.text('EntitySetName') ?? pluralOf(name)).toLowerCase();
  checkSchemaName(entitySetName, longestTableName + 2);
  if (customization.tables.length >= mostTables) throw refuseChange.limit('custom tables', mostTables);
  const taken = model.tables.some((each) => each.logicalName === name || each.entitySetName === entitySetName);
  if (taken) throw refuseChange.tableExists(schemaName);
  const owner = body.text('OwnershipType') ?? 'UserOwned';
  if (!isOwner(owner)) throw refuseChange.notBuilt(`the ownership '${owner.slice(0, 50)}'`);
  const { columns, choices, primaryName } = columnsOf(context, body, name);
  const label = textOf(body.requireLabel('DisplayName'));
  body.requireLabel('DisplayCollectionName');
  const { description, descriptionNb, ...texts } = changedTexts(label, body, false);
  const table: TableDefinition = {
    logicalName: name,
    schemaName,
    entitySetName,
    ...label,
    ...texts,
    kind: 'native',
    custom: true,
    ownership: owners[owner],
    privilegeSuffix: schemaName,
    objectTypeCode: nextTypeCode(context),
    purpose: description ?? '',
    ...(descriptionNb === undefined ? {} : { purposeNb: descriptionNb }),
    primaryKey: `${name}id`,
    primaryName,
    naturalKey: [],
    columns: [keyColumn(schemaName, label.label), ...columns, ...systemColumns(name, owners[owner])],
  };
  const change = makeChange(context, {
    tables: [...customization.tables, table],
    choices: [...customization.choices, ...choices, ...systemChoices(name)],
    touched: [name],
  });
  refuseUnkept(body, { made: entityOf(change, name), except: ['Attributes'] });
  return { ...change, created: `EntityDefinitions(${entityOf(change, name).id})` };
}

const keyColumn = (schemaName: string, label: string): ColumnDefinition => ({
  name: `${schemaName.toLowerCase()}id`,
  schemaName: `${schemaName}Id`,
  label,
  type: 'Guid',
  access: 'read-only',
  required: true,
  systemGenerated: true,
});

function nextTypeCode({ model }: ChangeContext): number {
  return Math.max(firstTypeCode - 1, ...model.tables.map((table) => table.objectTypeCode)) + 1;
}

interface TableColumns {
  readonly columns: readonly ColumnDefinition[];
  readonly choices: readonly Choice[];
  readonly primaryName: string;
}

function columnsOf(context: ChangeContext, body: DefinitionBody, table: string): TableColumns {
  const columns: ColumnDefinition[] = [];
  const choices: Choice[] = [];
  const primary: string[] = [];
  for (const each of body.objects('Attributes')) {
    const { column, choice } = columnFromBody(each, table, context);
    if (columns.some((other) => other.name === column.name)) throw refuseChange.columnExists(column.name, table);
    columns.push(column);
    if (choice !== undefined) choices.push(choice);
    if (each.flag('IsPrimaryName') !== true) continue;
    if (column.type !== 'String') throw refuseChange.primaryName(table);
    primary.push(column.name);
  }
  const [primaryName, other] = primary;
  if (primaryName === undefined || other !== undefined) throw refuseChange.primaryName(table);
  if (columns.some((column) => column.name === `${table}id`)) throw refuseChange.columnExists(`${table}id`, table);
  return { columns, choices, primaryName };
}

/** A table as it would be read. What the fidelity allows plays no part in what is compared. */
function entityOf({ model }: Pick<Change, 'model'>, name: string): Definition {
  const table = model.table.get(name);
  if (table === undefined) throw new TypeError(`there is no table ${name}`);
  return entityDefinition({ model, table, differences: new Differences('strict') });
}

/** Replaces what may change of a table: its texts. */
export function updateTable(context: ChangeContext, name: string, body: DefinitionBody): Change {
  const { customization, mergeLabels } = context;
  const own = findCustomTable(context, name);
  const before = own ?? context.model.table.get(name);
  if (before === undefined) throw new TypeError(`there is no table ${name}`);
  const old = textsOf({ ...before, ...purposeOf(before) });
  const texts = changedTexts(old, body, mergeLabels);
  const change =
    own === undefined
      ? makeChange(context, { texts: { ...customization.texts, [`table ${name}`]: texts }, touched: [name] })
      : makeChange(context, { tables: replaceTable(customization.tables, withTexts(own, texts)), touched: [name] });
  refuseUnkept(body, {
    made: entityOf(change, name),
    before: entityOf(context, name),
    except: ['Attributes', 'ManyToOneRelationships', 'OneToManyRelationships', 'ManyToManyRelationships', 'Keys'],
  });
  return change;
}

const purposeOf = ({ purpose, purposeNb }: Pick<TableDefinition, 'purpose' | 'purposeNb'>) => ({
  description: purpose,
  ...(purposeNb === undefined ? {} : { descriptionNb: purposeNb }),
});

function withTexts(
  table: TableDefinition,
  { description, descriptionNb, ...texts }: ReturnType<typeof textsOf>,
): TableDefinition {
  const { label, labelNb, pluralLabel, pluralLabelNb, purpose, purposeNb, ...rest } = table;
  return {
    ...rest,
    label,
    ...texts,
    purpose: description ?? '',
    ...(descriptionNb === undefined ? {} : { purposeNb: descriptionNb }),
  };
}

/** Takes a table away with its rows. Refused while another table refers to it. */
export function deleteTable(context: ChangeContext, name: string): Change {
  const { customization, model } = context;
  const table = findCustomTable(context, name);
  if (table === undefined || table.intersect === true) throw refuseChange.managed('Entity', name);
  const users = [
    ...customization.tables
      .filter((other) => other !== table)
      .flatMap((other) =>
        other.columns
          .filter((column) => column.lookup?.target === name)
          .map((column) => `Attribute ${other.logicalName}.${column.name}`),
      ),
    ...customization.relationships
      .filter((each) => each.table === name || each.target === name)
      .map((each) => `Relationship ${each.navigation}`),
  ];
  if (users.length > 0) throw refuseChange.inUse('Entity', name, users);
  const linked = model.table.get(name);
  if (linked === undefined) throw new TypeError(`there is no table ${name}`);
  const ownChoices = new Set(table.columns.map((column) => `${name}_${column.name}`));
  return makeChange(context, {
    tables: customization.tables.filter((each) => each !== table),
    choices: customization.choices.filter((choice) => !ownChoices.has(choice.name)),
    touched: [],
    deleted: [
      { kind: 'Entity', id: tableId(linked) },
      ...linked.columns.map((column) => ({ kind: 'Attribute' as const, id: columnId(column) })),
      ...relationshipsOf(model)
        .filter((each) => each.kind === 'oneToMany' && each.referencing === linked)
        .map((each) => ({ kind: 'Relationship' as const, id: relationshipId(each.schemaName) })),
    ],
    retired: [{ table: name }],
  });
}

/** Columns of an alternate key that the real product allows. */
const keyTypes: readonly string[] = ['String', 'Integer', 'BigInt', 'Decimal', 'Choice', 'Lookup', 'Date', 'DateTime'];
const mostKeys = 10;
const mostKeyColumns = 16;

/** Adds an alternate key to a custom table: no two rows may then have the same values. */
export function createKey(context: ChangeContext, tableName: string, body: DefinitionBody): Change {
  const table = findCustomTable(context, tableName);
  if (table === undefined) throw refuseChange.managed('Entity', tableName);
  const schemaName = body.requireText('SchemaName');
  const name = checkSchemaName(schemaName, longestName);
  const keys = table.keys ?? [];
  if (keys.some((each) => each.name === name)) throw refuseChange.exists('EntityKey', schemaName);
  if (keys.length >= mostKeys) throw refuseChange.limit('alternate keys of a table', mostKeys);
  const columns = keyColumnsOf(table, body);
  if (keys.some((each) => [...each.columns].sort().join() === [...columns].sort().join())) {
    throw refuseChange.exists('EntityKey with the same columns', schemaName);
  }
  const label = body.has('DisplayName') ? textOf(body.requireLabel('DisplayName')) : { label: schemaName };
  const key: AlternateKeyDefinition = { name, schemaName, ...label, columns };
  const change = makeChange(context, {
    tables: replaceTable(context.customization.tables, { ...table, keys: [...keys, key] }),
    touched: [tableName],
  });
  const made = entityOf(change, tableName)
    .follow('Keys')
    .find((each) => each.read('LogicalName') === name);
  if (made === undefined) throw new TypeError('the key that was made is missing');
  refuseUnkept(body, { made });
  return { ...change, created: `EntityDefinitions(LogicalName='${tableName}')/Keys(${made.id})` };
}

function keyColumnsOf(table: TableDefinition, body: DefinitionBody): readonly string[] {
  const names = body.list('KeyAttributes');
  if (names.length === 0 || names.length > mostKeyColumns || new Set(names).size !== names.length) {
    throw refuseChange.invalid(`KeyAttributes must name 1 to ${mostKeyColumns} columns, each once.`);
  }
  return names.map((name) => {
    const column = table.columns.find((each) => each.name === name);
    if (column === undefined || !keyTypes.includes(column.type) || column.rowVersion === true) {
      throw refuseChange.invalid(
        `'${String(name).slice(0, 60)}' is no column of '${table.logicalName}' that can be part of a key.`,
      );
    }
    return column.name;
  });
}

export function deleteKey(context: ChangeContext, tableName: string, keyName: string): Change {
  const table = findCustomTable(context, tableName);
  if (table === undefined) throw refuseChange.managed('EntityKey', keyName);
  const keys = (table.keys ?? []).filter((each) => each.name !== keyName);
  return makeChange(context, {
    tables: replaceTable(context.customization.tables, { ...table, keys }),
    touched: [tableName],
  });
}
