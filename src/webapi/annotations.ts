import type { Column, Model, Navigation } from '../metadata/table.ts';
import type { Expand, Query } from '../odata/query.ts';
import { type JsonMember, joinObject, splitArray, splitObject } from './json-text.ts';

/** Annotations of a property that clients can ask for with `Prefer: odata.include-annotations` (dataverse-web-api 4.7). */
const formattedValue = 'OData.Community.Display.V1.FormattedValue';
const associatedNavigation = 'Microsoft.Dynamics.CRM.associatednavigationproperty';
const lookupLogicalName = 'Microsoft.Dynamics.CRM.lookuplogicalname';

export const propertyAnnotations = [formattedValue, associatedNavigation, lookupLogicalName] as const;

export type AnnotationFilter = (name: string) => boolean;

/** Does the caller want any annotation on properties? If not, rows go out as the database wrote them. */
export const wantsPropertyAnnotations = (wants: AnnotationFilter): boolean => propertyAnnotations.some(wants);

/** Adds the display expands that give lookups their names; `annotateRow` takes them out again. */
export function withLookupNames(query: Query, wants: AnnotationFilter): Query {
  if (!wants(formattedValue)) return query;
  const expanded = new Set(query.expand.map((expand) => expand.navigation.name));
  const names = query.columns.flatMap((column) => nameExpand(query, column, expanded));
  const expand = query.expand.map((item) => ({ ...item, query: withLookupNames(item.query, wants) }));
  return { ...query, expand: [...expand, ...names] };
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

/** The row's JSON text with the annotations that the caller wants in front of their properties. */
export function annotateRow(model: Model, query: Query, row: string, wants: AnnotationFilter): string {
  const members = splitObject(row);
  const names = lookupNames(query, members);
  const hidden = new Set(query.expand.filter((expand) => expand.optional).map((expand) => expand.navigation.name));
  const result: JsonMember[] = [];
  for (const member of members) {
    if (hidden.has(member.name)) continue;
    const column = query.table.property.get(member.name);
    if (column !== undefined && member.text !== 'null') {
      result.push(...annotationsOf(model, column, member.text, names.get(column.name), wants));
    }
    const expand = query.expand.find((item) => item.navigation.name === member.name);
    result.push(
      expand === undefined ? member : { name: member.name, text: annotateNested(model, expand, member, wants) },
    );
  }
  return joinObject(result);
}

function annotateNested(model: Model, expand: Expand, member: JsonMember, wants: AnnotationFilter): string {
  if (member.text === 'null') return member.text;
  if (!member.text.startsWith('[')) return annotateRow(model, expand.query, member.text, wants);
  return `[${splitArray(member.text)
    .map((row) => annotateRow(model, expand.query, row, wants))
    .join(',')}]`;
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

function annotationsOf(
  model: Model,
  column: Column,
  text: string,
  lookupName: string | undefined,
  wants: AnnotationFilter,
): JsonMember[] {
  const found: JsonMember[] = [];
  const add = (name: string, value: string | undefined): void => {
    if (value !== undefined && wants(name)) found.push({ name: `${column.property}@${name}`, text: value });
  };
  if (column.lookup === undefined) add(formattedValue, formatValue(model, column, text));
  else {
    add(formattedValue, lookupName);
    add(associatedNavigation, JSON.stringify(column.lookup.navigation));
    add(lookupLogicalName, JSON.stringify(column.lookup.target));
  }
  return found;
}

const numberFormat = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 10 });
const integerFormat = new Intl.NumberFormat('en-US');
const dateFormat = new Intl.DateTimeFormat('en-US', { timeZone: 'UTC', dateStyle: 'short' });
const dateTimeFormat = new Intl.DateTimeFormat('en-US', { timeZone: 'UTC', dateStyle: 'short', timeStyle: 'short' });

/** Display text of a value as JSON text; `undefined` for types that have none (text, ids). */
function formatValue(model: Model, column: Column, text: string): string | undefined {
  switch (column.type) {
    case 'Choice':
      return choiceLabel(model, column, Number(text));
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
  const choice = column.choice === undefined ? undefined : model.choice.get(column.choice);
  const option = choice?.options.find((candidate) => candidate.value === value);
  return option === undefined ? undefined : JSON.stringify(option.label);
}
