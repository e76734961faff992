import type { Column, Table } from '../metadata/table.ts';
import { edmType } from '../odata/edm-type.ts';
import { JsonNumber, type JsonObject, type JsonValue, parseJson } from '../odata/json.ts';
import type { Values } from '../odata/operation.ts';
import type { Value } from '../odata/query.ts';
import { isCleanText, isInt32, parseMoment } from '../odata/values.ts';
import { finopsRefuse } from './finops-problems.ts';

/** Bytes of a body. Rows of administration tables are small. */
const maxBodyBytes = 1024 * 1024;
/** Arrays and objects inside each other; only annotations may hold any. */
const maxDepth = 64;

/** A JSON object as values of columns. Names, types and lengths are checked, none comes twice; annotations are passed over. */
export function parseRow(table: Table, body: Buffer): Values {
  const values = new Map<Column, Value>();
  for (const [name, value] of parseObject(body)) {
    if (name.includes('@')) continue;
    const column = table.property.get(name);
    if (column === undefined) throw finopsRefuse.unknownProperty(table, name);
    values.set(column, parseValue(column, value));
  }
  return values;
}

function parseObject(body: Buffer): JsonObject {
  if (body.length > maxBodyBytes) throw finopsRefuse.badRequest(`the body is larger than ${maxBodyBytes} bytes`);
  const parsed = parseJson(body.toString('utf8'), {
    maxDepth,
    refuse: (what, at) => finopsRefuse.badRequest(`the body is not valid JSON: ${what} at position ${at}`),
  });
  if (!(parsed instanceof Map)) throw finopsRefuse.badRequest('the body must be a JSON object');
  return parsed;
}

function parseValue(column: Column, value: JsonValue): Value {
  if (value === null) return null;
  const parsed = parsers[column.type]?.(value, column);
  if (parsed !== undefined) return parsed;
  throw finopsRefuse.badRequest(
    `Cannot convert the value of property '${column.property}' to the type '${edmType(column)}'.`,
  );
}

type Parse = (value: Exclude<JsonValue, null>, column: Column) => Value | undefined;

const text: Parse = (value, column) => (typeof value === 'string' ? parseText(column, value) : undefined);

/** By type of column, of those that administration tables have; `undefined`: the value is of another type. */
const parsers: Readonly<Partial<Record<Column['type'], Parse>>> = {
  String: text,
  Memo: text,
  Boolean: (value) => (typeof value === 'boolean' ? value : undefined),
  Integer: (value) => {
    const number = value instanceof JsonNumber ? Number(value.text) : Number.NaN;
    return isInt32(number) ? number : undefined;
  },
  DateTime: (value) => (typeof value === 'string' ? parseMoment(value)?.utc : undefined),
};

function parseText(column: Column, text: string): string {
  if (!isCleanText(text)) {
    throw finopsRefuse.badRequest(`property '${column.property}' holds a NUL character or half of a surrogate pair`);
  }
  if (text.length > column.maxLength) {
    throw finopsRefuse.badRequest(`property '${column.property}' is longer than ${column.maxLength} characters`);
  }
  return text;
}
