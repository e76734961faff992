import { BoundedCache } from '../kernel/bounded-cache.ts';
import { parseGuid } from '../kernel/ids.ts';
import type { Column } from '../metadata/table.ts';
import { Differences, type FidelityRule } from './fidelity.ts';
import { literalColumns, type ShapedQuery, shapeOfQuery, valuesOf, withValues } from './filter-shape.ts';
import { type ParsedRequest, parseOperation, type RequestInput } from './parse-operation.ts';

/** What a read was parsed to, and the rules that it used. */
interface Remembered {
  readonly parsed: ParsedRequest;
  readonly rules: readonly FidelityRule[];
}

/** A page that was remembered, for those that ask the same with other literals in their filter. */
interface Shaped extends Remembered {
  /** What the literals are compared with, in their order. */
  readonly columns: readonly Column[];
}

/** Reads kept, at most twice as many; and the longest URL and headers that are worth it. */
const keptReads = 500;
const longestKey = 4096;

/** Headers that the parse of a read looks at. With a precondition a read is parsed anew. */
const lookedAt = ['prefer', 'accept', 'odata-version', 'odata-maxversion'] as const;
const preconditions = ['if-match', 'if-none-match'] as const;

const rowPath = /^([a-z_]\w*)\(([0-9a-f-]{36})\)$/i;

/**
 * `parseOperation` that remembers reads: clients ask the same again and again, for other rows, with other
 * literals in a filter, or for the next change. One for each model and fidelity. A hit gives the very same `Query`, so that
 * storage finds its statement at once; one that differs in literals alone is not parsed and bound again. Rights have no
 * part in it: gates look at each query that it gives.
 */
export class RememberedParser {
  readonly #reads = new BoundedCache<Remembered>(keptReads);
  readonly #shapes = new BoundedCache<Shaped>(keptReads);
  #last: Last | undefined;

  parse(input: RequestInput): ParsedRequest {
    const row = rowPath.exec(input.path);
    const id = row === null ? undefined : parseGuid(row[2] ?? '');
    // Anything but a whole set or a row by its id is rare, and parsed anew.
    const isSet = !input.path.includes('(');
    const target = isSet ? input.path : id && `${row?.[1]}()`;
    const remembered = target === undefined ? undefined : this.#find(input, target);
    if (remembered === undefined) return parseOperation(input);
    const { parsed, rules } = remembered;
    for (const rule of rules) input.differences.use(rule);
    const { operation } = parsed;
    return operation.kind === 'retrieve' && id !== undefined ? { ...parsed, operation: { ...operation, id } } : parsed;
  }

  /** `undefined` when it is not to be remembered. The last one is found without its key, whose hash costs more than all else here. */
  #find(input: RequestInput, target: string): Remembered | undefined {
    if (this.#last !== undefined && isSame(this.#last, input, target)) return this.#last.remembered;
    const key = keyOf(input, target, input.query);
    if (key === undefined) return undefined;
    const known = this.#reads.get(key);
    if (known === undefined) return this.#remember(key, input, target);
    const { headers, apiRoot, query } = input;
    this.#last = { apiRoot, target, query, lookedAt: lookedAt.map((name) => headers[name]), remembered: known };
    return known;
  }

  #remember(key: string, input: RequestInput, target: string): Remembered {
    const shaped = target === input.path ? shapeOfQuery(input.query) : undefined;
    const shapeKey = shaped && keyOf(input, target, shaped.shape);
    const filled = shapeKey === undefined ? undefined : fill(this.#shapes.get(shapeKey), shaped);
    if (filled !== undefined) {
      this.#reads.set(key, filled);
      return filled;
    }
    const differences = new Differences(input.differences.fidelity);
    const parsed = parseOperation({ ...input, differences });
    const remembered = { parsed, rules: differences.rules };
    const { operation } = parsed;
    const isRead = operation.kind === 'retrieve' || operation.kind === 'retrieveMultiple' || operation.kind === 'flat';
    // What depends on the time or on who asks is another query next time.
    if (!isRead || input.asking.used) return remembered;
    this.#reads.set(key, remembered);
    if (operation.kind !== 'retrieveMultiple' || shapeKey === undefined || shaped === undefined) return remembered;
    const { where } = operation.query;
    const columns = where && literalColumns(where, shaped.literals);
    if (columns !== undefined) this.#shapes.set(shapeKey, { ...remembered, columns });
    return remembered;
  }
}

/** What a page of the same shape is with these literals. `undefined` when that is for the parser to say. */
function fill(known: Shaped | undefined, shaped: ShapedQuery | undefined): Remembered | undefined {
  if (known === undefined || shaped === undefined) return undefined;
  const { parsed, rules, columns } = known;
  const { operation } = parsed;
  const where = operation.kind === 'retrieveMultiple' ? operation.query.where : undefined;
  const values = where && valuesOf(columns, shaped.literals);
  if (operation.kind !== 'retrieveMultiple' || where === undefined || values === undefined) return undefined;
  const query = { ...operation.query, where: withValues(where, values) };
  return { parsed: { ...parsed, operation: { ...operation, query } }, rules };
}

/** The read that was asked last, and what of it stands in its key. */
interface Last extends Pick<RequestInput, 'apiRoot' | 'query'> {
  readonly target: string;
  readonly lookedAt: readonly (string | undefined)[];
  readonly remembered: Remembered;
}

/** Has the read the same key? Loops, for this is done for every request. */
function isSame(last: Last, { method, headers, apiRoot, query }: RequestInput, target: string): boolean {
  if (method !== 'GET' || last.query !== query || last.target !== target || last.apiRoot !== apiRoot) return false;
  for (let at = 0; at < lookedAt.length; at++) {
    const name = lookedAt[at] as (typeof lookedAt)[number];
    if ((last.lookedAt[at] ?? '') !== (headers[name] ?? '')) return false;
  }
  for (const name of preconditions) if (headers[name] !== undefined) return false;
  return true;
}

/** Everything that the parse depends on, but for a row's id. `undefined` when it is not to be remembered. */
function keyOf({ method, headers, apiRoot }: RequestInput, target: string, query: string): string | undefined {
  if (method !== 'GET' || preconditions.some((name) => headers[name] !== undefined)) return undefined;
  let key = `${apiRoot}\n${target}`;
  for (const name of lookedAt) key += `\n${headers[name] ?? ''}`;
  // Last, since a shape holds text that was decoded.
  key += `\n${query}`;
  return key.length > longestKey ? undefined : key;
}
