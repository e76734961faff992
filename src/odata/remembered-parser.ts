import { BoundedCache } from '../kernel/bounded-cache.ts';
import { parseGuid } from '../kernel/ids.ts';
import { Differences, type FidelityRule } from './fidelity.ts';
import { type ParsedRequest, parseOperation, type RequestInput } from './parse-operation.ts';

/** What a read was parsed to, and the rules that it used. */
interface Remembered {
  readonly parsed: ParsedRequest;
  readonly rules: readonly FidelityRule[];
}

/** Reads kept, at most twice as many; and the longest URL and headers that are worth it. */
const keptReads = 500;
const longestKey = 4096;

/** Headers that the parse of a read looks at. With a precondition a read is parsed anew. */
const lookedAt = ['prefer', 'accept', 'odata-version', 'odata-maxversion'] as const;
const preconditions = ['if-match', 'if-none-match'] as const;

const rowPath = /^([a-z_]\w*)\(([0-9a-f-]{36})\)$/i;

/**
 * `parseOperation` that remembers reads: clients ask the same again and again, for other rows or for the next change.
 * One for each model and fidelity. A hit gives the very same `Query`, so that storage finds its statement at once.
 */
export class RememberedParser {
  readonly #reads = new BoundedCache<Remembered>(keptReads);

  parse(input: RequestInput): ParsedRequest {
    const row = rowPath.exec(input.path);
    const id = row === null ? undefined : parseGuid(row[2] ?? '');
    // Anything but a whole set or a row by its id is rare, and parsed anew.
    const isSet = !input.path.includes('(');
    const target = isSet ? input.path : id && `${row?.[1]}()`;
    const key = target === undefined ? undefined : keyOf(input, target);
    if (key === undefined) return parseOperation(input);
    const { parsed, rules } = this.#reads.get(key) ?? this.#remember(key, input);
    for (const rule of rules) input.differences.use(rule);
    const { operation } = parsed;
    return operation.kind === 'retrieve' && id !== undefined ? { ...parsed, operation: { ...operation, id } } : parsed;
  }

  #remember(key: string, input: RequestInput): Remembered {
    const differences = new Differences(input.differences.fidelity);
    const parsed = parseOperation({ ...input, differences });
    const remembered = { parsed, rules: differences.rules };
    const { kind } = parsed.operation;
    const isRead = kind === 'retrieve' || kind === 'retrieveMultiple' || kind === 'flat';
    // What depends on the time or on who asks is another query next time.
    if (isRead && !input.asking.used) this.#reads.set(key, remembered);
    return remembered;
  }
}

/** Everything that the parse depends on, but for a row's id. `undefined` when it is not to be remembered. */
function keyOf({ method, headers, apiRoot, query }: RequestInput, target: string): string | undefined {
  if (method !== 'GET' || preconditions.some((name) => headers[name] !== undefined)) return undefined;
  let key = `${apiRoot}\n${target}\n${query}`;
  for (const name of lookedAt) key += `\n${headers[name] ?? ''}`;
  return key.length > longestKey ? undefined : key;
}
