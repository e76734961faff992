import { columnDefaults } from '../../metadata/limits.ts';
import type { Choice, ColumnDefinition, TableDefinition } from '../../metadata/table.ts';
import { attributeDefinition } from '../attribute-metadata.ts';
import type { Definition } from '../definition-type.ts';
import { columnId } from '../rows.ts';
import { type Change, type ChangeContext, findCustomTable, makeChange, replaceTable } from './change.ts';
import { refuseChange } from './change-problems.ts';
import { columnKinds, columnTypeNames, decimalOf, formatOf, largestInt32, lengthOf, rangeOf } from './column-kinds.ts';
import { type DefinitionBody, refuseUnkept } from './definition-body.ts';
import { checkSchemaName, longestColumnName } from './schema-names.ts';
import { changedTexts, textsOf } from './texts.ts';

/** Columns of one table that a customizer may make. Each text has two more beside it, and PostgreSQL takes 1600 in all. */
const mostColumns = 400;

/** A new column, and the choice that it has for itself. */
export interface NewColumn {
  readonly column: ColumnDefinition;
  readonly choice?: Choice;
}

/** A column whose values column security keeps from those without a permission. */
const securedOf = (body: DefinitionBody, before: boolean): Pick<ColumnDefinition, 'secured'> =>
  (body.flag('IsSecured') ?? before) ? { secured: true } : {};

/** A column as a body describes it, for a table of that name. */
export function columnFromBody(body: DefinitionBody, table: string, context: ChangeContext): NewColumn {
  const typeName = body.typeName ?? columnTypeNames[body.text('AttributeType') ?? ''] ?? '';
  const kind = Object.hasOwn(columnKinds, typeName) ? columnKinds[typeName] : undefined;
  if (kind === undefined) throw refuseChange.notBuilt(`a column of the type '${typeName.slice(0, 60)}'`);
  const schemaName = body.requireText('SchemaName');
  const name = checkSchemaName(schemaName, longestColumnName);
  const { en: label, nb: labelNb } = body.requireLabel('DisplayName');
  const texts = changedTexts({ label, ...(labelNb === undefined ? {} : { labelNb }) }, body, false);
  const { own, ...more } = kind.more?.(body, `${table}_${name}`, context) ?? {};
  const column: ColumnDefinition = {
    name,
    schemaName,
    label,
    ...texts,
    type: kind.type,
    access: 'read-write',
    custom: true,
    ...requiredLevelOf(body),
    ...securedOf(body, false),
    ...more,
  };
  return own === undefined ? { column } : { column, choice: { ...own, ...textsOf(texts), label } };
}

/** Rows of virtual tables are not Dataverse's: it secures none of their columns (dataverse-web-api 3.7). */
function refuseSecuredVirtual({ model }: ChangeContext, tableName: string, body: DefinitionBody): void {
  if (body.flag('IsSecured') !== true || model.table.get(tableName)?.kind !== 'virtual') return;
  throw refuseChange.notSecurable(tableName);
}

/** Adds a column to a custom table. */
export function createColumn(context: ChangeContext, tableName: string, body: DefinitionBody): Change {
  refuseSecuredVirtual(context, tableName, body);
  const table = requireOpenTable(context, tableName);
  if (body.flag('IsPrimaryName') === true) throw refuseChange.primaryName(tableName);
  const { column, choice } = columnFromBody(body, tableName, context);
  const change = addColumn(context, table, column, choice === undefined ? [] : [choice]);
  const linked = change.model.table.get(tableName)?.column.get(column.name);
  if (linked === undefined) throw new TypeError('the column that was made is missing');
  refuseUnkept(body, { made: attributeDefinition({ model: change.model, column: linked }), except: ['OptionSet'] });
  return { ...change, created: `EntityDefinitions(LogicalName='${tableName}')/Attributes(${columnId(linked)})` };
}

/** A custom table with one more column. */
export function addColumn(
  context: ChangeContext,
  table: TableDefinition,
  column: ColumnDefinition,
  choices: readonly Choice[] = [],
): Change {
  checkNewName(context, table, column);
  return makeChange(context, {
    tables: replaceTable(context.customization.tables, { ...table, columns: [...table.columns, column] }),
    choices: [...context.customization.choices, ...choices],
    touched: [table.logicalName],
  });
}

function checkNewName(context: ChangeContext, table: TableDefinition, { name }: ColumnDefinition): void {
  if (table.columns.some((each) => each.name === name)) throw refuseChange.columnExists(name, table.logicalName);
  if (table.columns.length >= mostColumns) throw refuseChange.limit(`columns of '${table.logicalName}'`, mostColumns);
  if (context.model.table.get(table.logicalName)?.navigation.has(name) === true)
    throw refuseChange.navigationTaken(name);
}

/** Replaces what may change of a column. Of the product's own columns that is their texts. */
export function updateColumn(
  context: ChangeContext,
  tableName: string,
  columnName: string,
  body: DefinitionBody,
): Change {
  refuseSecuredVirtual(context, tableName, body);
  const table = findCustomTable(context, tableName);
  const before = table?.columns.find((each) => each.name === columnName);
  const change =
    table === undefined || before === undefined
      ? changeManagedTexts(context, tableName, columnName, body)
      : changeColumn(context, table, before, body);
  refuseUnkept(body, {
    made: getColumn(change, tableName, columnName),
    before: getColumn(context, tableName, columnName),
    except: ['OptionSet', 'GlobalOptionSet'],
  });
  return change;
}

function getColumn({ model }: Pick<Change, 'model'>, tableName: string, columnName: string): Definition {
  const column = model.table.get(tableName)?.column.get(columnName);
  if (column === undefined) throw new TypeError(`there is no column ${tableName}.${columnName}`);
  return attributeDefinition({ model, column });
}

function changeColumn(
  context: ChangeContext,
  table: TableDefinition,
  before: ColumnDefinition,
  body: DefinitionBody,
): Change {
  const { label, labelNb, description, descriptionNb, requiredLevel, secured, ...rest } = before;
  const kept = requiredLevel === undefined ? {} : { requiredLevel };
  const column: ColumnDefinition = {
    ...rest,
    label,
    ...changedTexts(textsOf(before), body, context.mergeLabels),
    ...(body.has('RequiredLevel') ? requiredLevelOf(body) : kept),
    ...(before.custom === true ? { ...changeable(before, body), ...securedOf(body, secured === true) } : {}),
  };
  const columns = table.columns.map((each) => (each.name === column.name ? column : each));
  return makeChange(context, {
    tables: replaceTable(context.customization.tables, { ...table, columns }),
    touched: [table.logicalName],
  });
}

/** What may change of a column beside its texts, by its type. Type and digits may not: rows have values already. */
function changeable(column: ColumnDefinition, body: DefinitionBody): Partial<ColumnDefinition> {
  switch (column.type) {
    case 'String':
      return { ...lengthOf(body, column.maxLength ?? 100, 4000), ...formatOf(body, column.format) };
    case 'Memo':
      return lengthOf(body, column.maxLength ?? 2000, columnDefaults.memoLength);
    case 'Integer':
      return rangeOf(body, column.min ?? -largestInt32 - 1, column.max ?? largestInt32);
    case 'Decimal':
      return decimalOf(body, column.scale ?? 2, column);
    case 'Boolean': {
      const value = body.flag('DefaultValue');
      return value === undefined ? {} : { default: value };
    }
    case 'Choice': {
      const value = body.integer('DefaultFormValue');
      return value === undefined ? {} : { default: value };
    }
    default:
      return {};
  }
}

function changeManagedTexts(
  context: ChangeContext,
  tableName: string,
  columnName: string,
  body: DefinitionBody,
): Change {
  const column = context.model.table.get(tableName)?.column.get(columnName);
  if (column === undefined) throw new TypeError(`there is no column ${tableName}.${columnName}`);
  const texts = changedTexts(textsOf(column), body, context.mergeLabels);
  return makeChange(context, {
    texts: { ...context.customization.texts, [`column ${tableName}.${columnName}`]: texts },
    touched: [tableName],
  });
}

/** Takes a column away, with its values and the choice that it had for itself. */
export function deleteColumn(context: ChangeContext, tableName: string, columnName: string): Change {
  const table = findCustomTable(context, tableName);
  const column = table?.columns.find((each) => each.name === columnName);
  if (table === undefined || column === undefined)
    throw refuseChange.managed('Attribute', `${tableName}.${columnName}`);
  if (column.custom !== true || columnName === table.primaryName) throw refuseChange.systemColumn(columnName);
  if (column.lookup !== undefined) {
    throw refuseChange.inUse('Attribute', columnName, [`Relationship ${column.lookup.relationship ?? columnName}`]);
  }
  return makeChange(context, { ...withoutColumn(context, table, column), touched: [tableName] });
}

/** A custom table without one of its columns. */
export function withoutColumn(context: ChangeContext, table: TableDefinition, column: ColumnDefinition) {
  const keys = (table.keys ?? []).filter((key) => key.columns.includes(column.name));
  if (keys.length > 0)
    throw refuseChange.inUse(
      'Attribute',
      column.name,
      keys.map((key) => `EntityKey ${key.name}`),
    );
  const linked = context.model.table.get(table.logicalName)?.column.get(column.name);
  const { customization } = context;
  return {
    tables: replaceTable(customization.tables, {
      ...table,
      columns: table.columns.filter((each) => each !== column),
    }),
    choices: customization.choices.filter((each) => each.name !== `${table.logicalName}_${column.name}`),
    retired: [{ table: table.logicalName, column: column.name }],
    deleted: linked === undefined ? [] : [{ kind: 'Attribute' as const, id: columnId(linked) }],
  };
}

/** A table that columns may be added to: one that a customizer made. */
export function requireOpenTable(context: ChangeContext, name: string): TableDefinition {
  const table = findCustomTable(context, name);
  if (table === undefined || table.intersect === true) throw refuseChange.columnsFixed(name);
  return table;
}

function requiredLevelOf(body: DefinitionBody): Pick<ColumnDefinition, 'requiredLevel'> {
  const level = body.object('RequiredLevel')?.text('Value') ?? 'None';
  if (level === 'None') return {};
  if (level === 'ApplicationRequired' || level === 'Recommended') return { requiredLevel: level };
  throw refuseChange.invalid(`The required level '${level.slice(0, 50)}' cannot be chosen.`);
}
