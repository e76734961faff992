import { unreachable } from '../kernel/unreachable.ts';
import { averageScale, type FlatQuery, type Output } from '../odata/flat-query.ts';
import type { Value } from '../odata/query.ts';
import type { FlatRow } from '../odata/row-store.ts';
import {
  type AnnotationFilter,
  associatedNavigation,
  formattedValue,
  formatValue,
  integerFormat,
  lookupLogicalName,
  lookupTable,
  numberFormat,
  type RowFormat,
} from './annotations.ts';
import { type JsonMember, joinObject } from './json-text.ts';

/** Of a column under a name that is not its own: the column's logical name. */
const attributeName = 'OData.Community.Display.V1.AttributeName';

/** Asks for the names of the rows that lookups point to, where formatted values are wanted. */
export function withFlatNames(query: FlatQuery, wants: AnnotationFilter): FlatQuery {
  if (!wants(formattedValue)) return query;
  const outputs = query.outputs.map((output): Output => {
    const { lookup, table } = output.column;
    const navigation = lookup && table.navigation.get(lookup.navigation);
    return output.kind === 'column' && navigation?.kind === 'single' ? { ...output, display: { navigation } } : output;
  });
  return { ...query, outputs };
}

export interface FlatFormat extends RowFormat {
  /** Give `""` for text of virtual tables that was never set (`strict` fidelity). */
  readonly unsetTextAsEmpty: boolean;
}

/** A row of joined rows or a group as JSON text. Outputs without a value are left out (dataverse-web-api 4.10). */
export function flatRowText(format: FlatFormat, query: FlatQuery, row: FlatRow): string {
  const members = identityOf(format, query, row);
  for (const [at, output] of query.outputs.entries()) {
    const value = row.values[at] ?? null;
    const text = value === null ? emptyText(format, output) : jsonText(output, value);
    if (text === undefined) continue;
    members.push(...annotationsOf(format, output, text, value, row.displays[at]));
    members.push({ name: output.name, text: isLarge(format, output) ? `"${text}"` : text });
  }
  return joinObject(members);
}

const emptyText = ({ unsetTextAsEmpty }: FlatFormat, { kind, column }: Output): string | undefined =>
  unsetTextAsEmpty && kind === 'column' && column.isText && column.table.kind === 'virtual' ? '""' : undefined;

/** ETag, and type and addresses with `odata.metadata=full`, of rows that are rows of the table itself. */
function identityOf({ answer, apiRoot }: FlatFormat, query: FlatQuery, row: FlatRow): JsonMember[] {
  const { table, outputs } = query;
  const members: JsonMember[] = [];
  const key = outputs.findIndex(({ name, kind }) => kind === 'column' && name === table.primaryKey.property);
  if (answer.metadata === 'full' && query.answer === 'rows' && key >= 0) {
    const address = `${table.entitySetName}(${String(row.values[key])})`;
    members.push(
      { name: '@odata.type', text: JSON.stringify(`#Microsoft.Dynamics.CRM.${table.logicalName}`) },
      { name: '@odata.id', text: JSON.stringify(apiRoot + address) },
      { name: '@odata.editLink', text: JSON.stringify(address) },
    );
  }
  if (row.version !== undefined && answer.metadata !== 'none') {
    members.push({ name: '@odata.etag', text: JSON.stringify(`W/"${row.version}"`) });
  }
  return members;
}

function jsonText(output: Output, value: Exclude<Value, null>): string {
  if (output.kind === 'datePart') return String(output.part === 'fiscalPeriod' ? Number(value) % 100 : value);
  const scale = scaleOf(output);
  if (scale !== undefined) return fixed(String(value), scale);
  return typeof value === 'bigint' ? String(value) : JSON.stringify(value);
}

/** Digits after the point that a number is shown with; `undefined` where it is no decimal. */
function scaleOf(output: Output): number | undefined {
  const { column } = output;
  const own = column.type === 'Decimal' ? column.scale : undefined;
  if (output.kind !== 'aggregate') return own;
  switch (output.function) {
    case 'sum':
      return own ?? 0;
    case 'average':
      return averageScale(column);
    case 'min':
    case 'max':
      return own;
    case 'count':
    case 'countColumn':
    case 'countDistinct':
      return undefined;
    default:
      return unreachable(output.function);
  }
}

function fixed(text: string, scale: number): string {
  const [whole = '', fraction = ''] = text.split('.');
  return scale === 0 ? whole : `${whole}.${fraction.padEnd(scale, '0')}`;
}

/** `IEEE754Compatible=true`: numbers that a double may not hold go as strings. */
const isLarge = ({ answer }: FlatFormat, output: Output): boolean =>
  answer.numbersAsText &&
  output.kind !== 'datePart' &&
  (scaleOf(output) !== undefined || (output.column.type === 'BigInt' && isValue(output)));

/** Is what is given a value of the column, not something worked out of it? */
const isValue = (output: Output): boolean =>
  output.kind === 'column' || (output.kind === 'aggregate' && (output.function === 'min' || output.function === 'max'));

function annotationsOf(
  format: FlatFormat,
  output: Output,
  text: string,
  value: Value,
  display: string | undefined,
): JsonMember[] {
  const { column, name } = output;
  const found: JsonMember[] = [];
  const add = (term: string, own: string | undefined): void => {
    if (own !== undefined && format.wants(term)) found.push({ name: `${name}@${term}`, text: own });
  };
  if (name !== column.property) add(attributeName, JSON.stringify(column.name));
  if (output.kind === 'column' && column.lookup !== undefined) {
    add(formattedValue, display === undefined ? undefined : JSON.stringify(display));
    if (name === column.property) add(associatedNavigation, JSON.stringify(column.lookup.navigation));
    add(lookupLogicalName, lookupTable(format, column, text));
  } else
    add(formattedValue, isValue(output) ? formatValue(format.model, column, text) : workedOut(output, text, value));
  return found;
}

/** Display text of a count, a sum, an average or a part of a date. */
function workedOut(output: Output, text: string, value: Value): string | undefined {
  if (output.kind === 'datePart') return JSON.stringify(partText(output.part, Number(value)));
  const scale = scaleOf(output) ?? 0;
  return JSON.stringify(scale === 0 ? integerFormat.format(BigInt(text)) : numberFormat.format(Number(text)));
}

/** As the product's documentation shows them ("Aggregate data using FetchXml"). */
function partText(part: Extract<Output, { kind: 'datePart' }>['part'], value: number): string {
  if (part === 'fiscalYear') return `FY${value}`;
  if (part === 'fiscalPeriod') return `Quarter ${value % 100} FY${Math.floor(value / 100)}`;
  return integerFormat.format(value);
}
