import type { Column, Model, Navigation } from '../metadata/table.ts';
import type { AnswerFormat } from '../odata/headers.ts';
import type { Expand, Query } from '../odata/query.ts';
import { encodeSkipToken } from '../odata/skip-token.ts';
import { type JsonMember, joinObject, splitArray, splitObject } from './json-text.ts';
import { columnText, plainText, referenceText } from './render-parts.ts';

/** Annotations of a property that clients can ask for with `Prefer: odata.include-annotations` (dataverse-web-api 4.7). */
export const formattedValue = 'OData.Community.Display.V1.FormattedValue';
export const associatedNavigation = 'Microsoft.Dynamics.CRM.associatednavigationproperty';
export const lookupLogicalName = 'Microsoft.Dynamics.CRM.lookuplogicalname';

const propertyAnnotations = [formattedValue, associatedNavigation, lookupLogicalName] as const;

export type AnnotationFilter = (name: string) => boolean;

/** Adds the display expands that give lookups their names; `annotateRow` takes them out again. */
export function withLookupNames(query: Query, wants: AnnotationFilter): Query {
  if (!wants(formattedValue)) return query;
  const expanded = new Set(query.expand.map((expand) => expand.navigation.name));
  const names = query.columns.flatMap((column) => nameExpand(query, column, expanded));
  const expand = query.expand.map((item) => withName(query, { ...item, query: withLookupNames(item.query, wants) }));
  return { ...query, expand: [...expand, ...names] };
}

/** A lookup that is both selected and expanded gets its name from the expanded row. */
function withName(outer: Query, expand: Expand): Expand {
  const { navigation, query } = expand;
  const name = navigation.target.primaryName;
  const isWanted = navigation.kind === 'single' && outer.columns.includes(navigation.column);
  if (!isWanted || query.columns.includes(name) || name === query.table.primaryKey) return expand;
  return { ...expand, query: { ...query, columns: [...query.columns, name] }, nameAdded: true };
}

function nameExpand(query: Query, column: Column, expanded: ReadonlySet<string>): Expand[] {
  const navigation = column.lookup && query.table.navigation.get(column.lookup.navigation);
  if (navigation === undefined || expanded.has(navigation.name)) return [];
  return [{ navigation, optional: true, query: nameQuery(navigation) }];
}

const nameQuery = (navigation: Navigation): Query => ({
  table: navigation.target,
  columns: [navigation.target.primaryName],
  where: undefined,
  orderBy: [],
  expand: [],
  limit: undefined,
  countUpTo: undefined,
  after: undefined,
  etag: false,
  unsetTextAsEmpty: false,
});

/** How rows must look where that differs from what the database writes. */
export interface RowFormat {
  readonly model: Model;
  /** Absolute URL of the API, for ids. */
  readonly apiRoot: string;
  readonly wants: AnnotationFilter;
  readonly answer: AnswerFormat;
  /** Logical name of the table that an owner is a row of; `undefined` when there is no such user or team any more. */
  ownerTable(id: string): string | undefined;
}

/** Table of the row that a lookup points to, as JSON text. */
export function lookupTable(format: RowFormat, { lookup }: Column, text: string): string | undefined {
  return JSON.stringify(lookup?.targets === undefined ? lookup?.target : format.ownerTable(plainText(text)));
}

/** Is anything asked for beyond the rows as the database writes them? */
export const rewritesRows = ({ wants, answer }: RowFormat, query: Query): boolean =>
  answer.metadata !== 'minimal' || answer.numbersAsText || propertyAnnotations.some(wants) || rewritesExpands(query);

const rewritesExpands = ({ expand }: Query): boolean =>
  expand.some((each) => each.reference === true || each.pageSize !== undefined || rewritesExpands(each.query));

/** The row's JSON text in the format that the caller wants: annotations in front of their properties, display expands out. */
export function rewriteRow(format: RowFormat, query: Query, row: string): string {
  const members = splitObject(row);
  const names = lookupNames(query, members);
  const hidden = new Set(query.expand.filter((expand) => expand.optional).map((expand) => expand.navigation.name));
  const result = identityOf(format, query, members);
  for (const member of members) {
    if (hidden.has(member.name) || (format.answer.metadata === 'none' && isControl(member.name))) continue;
    const column = query.table.property.get(member.name);
    const expand = query.expand.find((item) => item.navigation.name === member.name);
    if (expand !== undefined) result.push({ name: member.name, text: rewriteNested(format, expand, member) });
    else if (member.name.endsWith(nextLink)) result.push(...linkOf(query, members, member));
    else if (column === undefined || member.text === 'null') result.push(member);
    else
      result.push(
        ...annotationsOf(format, column, member.text, names.get(column.name)),
        numeric(format, column, member),
      );
  }
  return joinObject(result);
}

/** Control information that `odata.metadata=none` leaves out (OData JSON 4.01 section 3.1.3): all but links and counts. */
const isControl = (name: string): boolean => name.startsWith('@odata.') || /@odata\.(?!nextLink|count)/.test(name);

/** `odata.metadata=full`: type and addresses of the row (OData JSON 4.01 section 3.1.2). */
function identityOf({ answer, apiRoot }: RowFormat, { table }: Query, members: readonly JsonMember[]): JsonMember[] {
  if (answer.metadata !== 'full') return [];
  const key = members.find((member) => member.name === table.primaryKey.property)?.text;
  const address = JSON.stringify(`${table.entitySetName}(${key === undefined ? '' : (JSON.parse(key) as string)})`);
  return [
    { name: '@odata.type', text: JSON.stringify(`#Microsoft.Dynamics.CRM.${table.logicalName}`) },
    { name: '@odata.id', text: `"${apiRoot}${address.slice(1)}` },
    { name: '@odata.editLink', text: address },
  ];
}

/** `IEEE754Compatible=true`: numbers that a double cannot hold go as strings (OData JSON 4.01 section 3.2). */
function numeric({ answer }: RowFormat, { type }: Column, member: JsonMember): JsonMember {
  if (!answer.numbersAsText || (type !== 'Decimal' && type !== 'BigInt')) return member;
  return { name: member.name, text: `"${member.text}"` };
}

function rewriteNested(format: RowFormat, expand: Expand, member: JsonMember): string {
  if (member.text === 'null') return member.text;
  if (expand.reference === true) return referenceText(format.apiRoot, expand.query.table, member.text);
  if (!member.text.startsWith('[')) return rewriteRow(format, expand.query, withoutName(expand, member.text));
  const rows = splitArray(member.text).slice(0, expand.pageSize);
  return `[${rows.map((row) => rewriteRow(format, expand.query, row)).join(',')}]`;
}

const nextLink = '@odata.nextLink';

/**
 * The link beside an expanded collection. Where collections come in pages it leads to the page behind the last row shown,
 * and there is none when all rows are; else it leads to the whole collection, as the database wrote it.
 */
function linkOf(query: Query, members: readonly JsonMember[], link: JsonMember): JsonMember[] {
  const expand = query.expand.find(({ navigation }) => `${navigation.name}${nextLink}` === link.name);
  if (expand?.pageSize === undefined) return [link];
  const rows = splitArray(members.find(({ name }) => name === expand.navigation.name)?.text ?? '[]');
  const last = rows[expand.pageSize - 1];
  if (rows.length <= expand.pageSize || last === undefined) return [];
  const key = columnText(last, expand.navigation.target.primaryKey);
  const url = String(JSON.parse(link.text));
  const token = encodeSkipToken(2, [key === undefined ? null : plainText(key)]);
  const next = `${url}${url.includes('?') ? '&' : '?'}$skiptoken=${token}`;
  return [{ name: link.name, text: JSON.stringify(next) }];
}

function withoutName({ nameAdded, query }: Expand, row: string): string {
  if (nameAdded !== true) return row;
  return joinObject(splitObject(row).filter(({ name }) => name !== query.table.primaryName.property));
}

/** Primary name of each lookup's row, as JSON text, by logical name of the lookup column. */
function lookupNames(query: Query, members: readonly JsonMember[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const expand of query.expand) {
    const text = members.find((member) => member.name === expand.navigation.name)?.text;
    if (expand.navigation.kind !== 'single' || text === undefined || text === 'null') continue;
    const name = splitObject(text).find((member) => member.name === expand.navigation.target.primaryName.property);
    if (name !== undefined && name.text !== 'null') names.set(expand.navigation.column.name, name.text);
  }
  return names;
}

function annotationsOf(format: RowFormat, column: Column, text: string, lookupName: string | undefined): JsonMember[] {
  const found: JsonMember[] = [];
  const add = (name: string, value: string | undefined): void => {
    if (value !== undefined && format.wants(name)) found.push({ name: `${column.property}@${name}`, text: value });
  };
  if (column.lookup === undefined) add(formattedValue, formatValue(format.model, column, text));
  else {
    add(formattedValue, lookupName);
    add(associatedNavigation, JSON.stringify(column.lookup.navigation));
    add(lookupLogicalName, lookupTable(format, column, text));
  }
  return found;
}

export const numberFormat = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 10 });
export const integerFormat = new Intl.NumberFormat('en-US');
const dateFormat = new Intl.DateTimeFormat('en-US', { timeZone: 'UTC', dateStyle: 'short' });
const dateTimeFormat = new Intl.DateTimeFormat('en-US', { timeZone: 'UTC', dateStyle: 'short', timeStyle: 'short' });

/** Display text of a value as JSON text; `undefined` for types that have none (text, ids). */
export function formatValue(model: Model, column: Column, text: string): string | undefined {
  switch (column.type) {
    case 'Choice':
      return choiceLabel(model, column, Number(text));
    case 'Choices':
      return choiceLabels(model, column, JSON.parse(text) as string);
    case 'Boolean':
      return text === 'true' ? '"Yes"' : '"No"';
    case 'Integer':
      return JSON.stringify(integerFormat.format(Number(text)));
    case 'BigInt':
      return JSON.stringify(integerFormat.format(BigInt(text)));
    case 'Decimal':
      return JSON.stringify(numberFormat.format(Number(text)));
    case 'Date':
      return JSON.stringify(dateFormat.format(new Date(JSON.parse(text) as string)));
    case 'DateTime':
      return JSON.stringify(dateTimeFormat.format(new Date(JSON.parse(text) as string)));
    default:
      return undefined;
  }
}

function choiceLabel(model: Model, column: Column, value: number): string | undefined {
  const label = findLabel(model, column, value);
  return label === undefined ? undefined : JSON.stringify(label);
}

/** Labels of several options, as the real product joins them; an option that is gone has its number. */
const choiceLabels = (model: Model, column: Column, values: string): string =>
  JSON.stringify(
    values
      .split(',')
      .map((value) => findLabel(model, column, Number(value)) ?? value)
      .join('; '),
  );

const findLabel = (model: Model, { choice }: Column, value: number): string | undefined =>
  model.choice.get(choice ?? '')?.options.find((option) => option.value === value)?.label;
