import { Refusal } from '../kernel/refusal.ts';
import { parseExpression } from '../odata/syntax/expression.ts';
import { parseExpand, parseOrderBy, parseSelect } from '../odata/syntax/options.ts';
import type { ExpandItem, Expression, OrderItem, PathStep, SelectItem } from '../odata/syntax/tree.ts';
import { graphRefusal } from './problems.ts';

/** What follows the `?`, parsed as far as that goes without knowing the type. */
export interface QueryOptions {
  readonly top: number | undefined;
  readonly count: boolean;
  readonly filter: Expression | undefined;
  readonly select: readonly SelectItem[] | undefined;
  readonly orderBy: readonly OrderItem[] | undefined;
  readonly expand: readonly ExpandItem[] | undefined;
  readonly skipToken: string | undefined;
  /** Options as sent, without `$skiptoken`, for the link to the next page. */
  readonly sent: readonly (readonly [string, string])[];
}

const maximumTop = 999;
const known = ['$top', '$filter', '$select', '$orderby', '$expand', '$count', '$skiptoken'];
/** Options of OData or of Microsoft Graph that are not served here. */
const later = ['$search', '$skip', '$apply', '$deltatoken', '$levels', '$format'];

/**
 * Parses the query. The `$` may be left out, as in Microsoft Graph, so that an option never counts as unsent. Unknown
 * names with `$` are refused, others mean nothing.
 */
export function parseQueryOptions(text: string): QueryOptions {
  const values = new Map<string, string>();
  for (const [sentName, value] of new URLSearchParams(text)) {
    const name = optionName(sentName);
    if (name === undefined) continue;
    if (values.has(name)) throw graphRefusal('invalidOption', [name, 'it is there twice']);
    values.set(name, value);
  }
  const parse = <T>(name: string, parser: (value: string) => T): T | undefined => {
    const value = values.get(name);
    return value === undefined ? undefined : inGraphsWords(name, () => parser(value));
  };
  return {
    top: parse('$top', parseTop),
    count: parse('$count', parseFlag) ?? false,
    filter: parse('$filter', parseExpression),
    select: parse('$select', parseSelect),
    orderBy: parse('$orderby', parseOrderBy),
    expand: parse('$expand', parseExpand),
    skipToken: values.get('$skiptoken'),
    sent: [...values].filter(([name]) => name !== '$skiptoken'),
  };
}

function optionName(sent: string): string | undefined {
  const lower = sent.trim().toLowerCase();
  const name = lower.startsWith('$') ? lower : `$${lower}`;
  if (known.includes(name)) return name;
  if (later.includes(name)) throw graphRefusal('notImplemented', [`the query option '${name}'`]);
  if (lower.startsWith('$')) throw graphRefusal('unknownOption', [sent]);
  return undefined;
}

/** The parser is the Web API's, and so are its codes. Only what it says is told on. */
function inGraphsWords<T>(option: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof Refusal) || error.stage !== 'parse' || error.problem.code.startsWith('Request_'))
      throw error;
    throw graphRefusal('invalidOption', [option, error.problem.message]);
  }
}

function parseTop(text: string): number {
  const top = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (top < 1) throw graphRefusal('invalidOption', ['$top', `must be between 1 and ${maximumTop} inclusive`]);
  return top;
}

function parseFlag(text: string): boolean {
  if (text !== 'true' && text !== 'false') throw graphRefusal('invalidOption', ['$count', 'true or false']);
  return text === 'true';
}

/** The single name that a path consists of. */
export function singleName(option: string, steps: readonly PathStep[]): string {
  const [step, ...more] = steps;
  if (step?.kind !== 'name' || more.length > 0) {
    throw graphRefusal('invalidOption', [option, 'only the names of properties are supported']);
  }
  return step.name;
}
