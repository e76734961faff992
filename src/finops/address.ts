import type { Column, Model, Table } from '../metadata/table.ts';
import type { Value } from '../odata/query.ts';
import { parseQueryString, type QueryOptions } from '../odata/syntax/query-string.ts';
import { parseResourcePath } from '../odata/syntax/resource-path.ts';
import type { Argument, PathSegment } from '../odata/syntax/tree.ts';
import { finopsRefuse } from './finops-problems.ts';

/** What a URL under `/data/` names: a set, and one of its rows where a key is given. */
export interface Address {
  readonly table: Table;
  /** Values of the key columns, in their order; absent for the set itself. */
  readonly key: readonly Value[] | undefined;
  /** Only the number of rows: `/data/Set/$count`. */
  readonly isCount: boolean;
  readonly options: QueryOptions;
}

/** What finance and operations takes and Dataverse does not. */
const ownOptions: ReadonlySet<string> = new Set(['$skip']);

/** What a URL names that is no set: the document that lists the sets, or the one that describes them. */
export function findDocument(url: string): 'service' | 'metadata' | undefined {
  const [path = ''] = url.split('?', 1);
  if (path === '/data' || path === '/data/') return 'service';
  return path === '/data/$metadata' ? 'metadata' : undefined;
}

/** `/data/Set`, `/data/Set/$count`, `/data/Set('id')`, `/data/Set(First='a',Second='b')`. Options that begin neither with `$` nor `@` are ignored. */
export function parseAddress(model: Model, url: string): Address {
  const [path = '', query = ''] = url.split(/\?(.*)/s, 2);
  const rest = /^\/data\/(.+)$/s.exec(path)?.[1];
  if (rest === undefined) throw finopsRefuse.noResource(url);
  if (rest.startsWith('$')) throw finopsRefuse.notImplemented(`/data/${rest.slice(0, 50)}`);
  const [set, ...further] = parseResourcePath(rest);
  const table = set && model.administrationSet.get(set.name);
  if (set === undefined || table === undefined) throw finopsRefuse.noResource(url);
  const key = parseKey(table, set);
  const isCount = key === undefined && further.length === 1 && further[0]?.name === '$count';
  if (further.length > 0 && !isCount) throw finopsRefuse.notImplemented(`a path below ${table.entitySetName}`);
  return { table, key, isCount, options: parseQueryString(query, ownOptions) };
}

function parseKey(table: Table, { arguments: given }: PathSegment): readonly Value[] | undefined {
  if (given === undefined) return undefined;
  const [only] = given;
  if (given.length === 1 && only?.name === undefined && only !== undefined && table.naturalKey.length === 1) {
    return [keyValue(table, only)];
  }
  // The product puts the company into every key; security data has none, so it is taken and passed over there.
  const isKey = (name: string | undefined): boolean => table.naturalKey.some((column) => column.name === name);
  const told = given.filter(({ name }) => name?.toLowerCase() !== 'dataareaid' || isKey(name));
  const named = new Map(told.map((each) => [each.name, each]));
  const key = table.naturalKey.map((column) => named.get(column.name));
  if (named.size !== table.naturalKey.length || !key.every((argument) => argument !== undefined)) {
    throw finopsRefuse.badRequest(`the key of ${table.entitySetName} is ${keyText(table.naturalKey)}`);
  }
  return key.map((argument) => keyValue(table, argument));
}

const keyText = (columns: readonly Column[]): string => columns.map(({ name }) => `${name}='…'`).join(',');

function keyValue(table: Table, { value }: Argument): Value {
  if (value.kind === 'literal') {
    const { literal } = value;
    if (literal.type === 'string') return literal.value;
    if (literal.type === 'guid' || literal.type === 'number') return literal.text;
  }
  throw finopsRefuse.badRequest(`the key of ${table.entitySetName} must be given as text in single quotes`);
}
