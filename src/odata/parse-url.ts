import type { Clock } from '../kernel/clock.ts';
import { systemClock } from '../kernel/clock.ts';
import { Refusal } from '../kernel/refusal.ts';
import { builtInModel } from '../metadata/built-in.ts';
import type { Model } from '../metadata/table.ts';
import type { AnswerShape } from './answer-shape.ts';
import { type Asker, Asking } from './asking.ts';
import { messages } from './csdl-messages.ts';
import { Differences, type Fidelity } from './fidelity.ts';
import type { Operation } from './operation.ts';
import { maxUrlLength, type ParsedRequest, parseOperation } from './parse-operation.ts';
import { printOperation } from './print-query.ts';
import { type Place, PlacedRefusal } from './problems.ts';
import { optionName } from './syntax/query-string.ts';

/** What `parse` may be told beside the URL and the model. */
export interface ParseOptions {
  /** Values of request headers by lower-case name: `prefer` and `accept` shape what a read gives. */
  readonly headers?: Readonly<Record<string, string>>;
  /** `extended` (default) takes what Portvakt gives beyond the real product, `strict` refuses it. */
  readonly fidelity?: Fidelity;
  /** When it is asked (`LastXDays`); default: now. */
  readonly now?: Clock;
  /** Who asks (`EqualUserId`); without it such functions are refused. */
  readonly asker?: Asker;
}

/** What a GET request asks for. */
export interface ParsedUrl {
  /** The tree: names looked up in the model, types checked, values canonical. */
  readonly operation: Operation;
  /** What of the rows is the answer. */
  readonly answer: AnswerShape;
  /** Rules of docs/differs.md that the URL uses. */
  readonly differs: readonly string[];
}

/** A URL that the Web API refuses. */
export class ODataParseError extends Error {
  /** Index into the text that was given (UTF-16 units, from 0) at which the mistake begins. */
  readonly position: number;
  /** What stands there, at most 40 characters; empty at the end of the text. */
  readonly token: string;
  /** Status and code of the Web API's answer; the message is its message. */
  readonly status: number;
  readonly code: string;

  constructor({ problem }: Refusal, position: number, token: string) {
    super(problem.message);
    this.name = 'ODataParseError';
    this.position = position;
    this.token = token;
    this.status = problem.status;
    this.code = problem.code;
  }
}

/**
 * Parses the URL of a GET request: a path and query such as `systemusers?$top=1`, with or without what stands in front of
 * it (`/api/data/v9.2/`, scheme and host), percent-encoded as it is sent. Throws an `ODataParseError`.
 */
export function parse(url: string, model: Model = builtInModel(), options: ParseOptions = {}): ParsedUrl {
  const parts = splitUrl(url);
  const differences = new Differences(options.fidelity ?? 'extended');
  try {
    const { operation, answer }: ParsedRequest = parseOperation({
      model,
      method: 'GET',
      path: parts.path,
      query: parts.query,
      headers: options.headers ?? {},
      body: Buffer.alloc(0),
      apiRoot: `${url.slice(0, parts.pathAt)}`,
      differences,
      asking: new Asking(options.now ?? systemClock, () => options.asker),
      messages: new Set(messages.map(({ name }) => name)),
    });
    return { operation, answer, differs: differences.rules };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const position = error instanceof PlacedRefusal ? positionOf(error.place, parts) : placeless(error);
    throw new ODataParseError(error, position, tokenAt(url, position));
  }
}

/** Too long a URL is refused unread: what is too much begins behind the limit. */
const placeless = ({ problem }: Refusal): number => (problem.status === 414 ? maxUrlLength : 0);

/** The tree as short text, the same for every spelling of it (docs/odata-parser.md). */
export const print = ({ operation, answer }: ParsedUrl): string => printOperation(operation, answer);

interface UrlParts {
  readonly path: string;
  readonly pathAt: number;
  readonly query: string;
  readonly queryAt: number;
}

const serviceRoot = /^(?:https?:\/\/[^/?#]*)?\/api\/data\/v\d{1,2}\.\d{1,2}\/|^\//i;

function splitUrl(url: string): UrlParts {
  const pathAt = serviceRoot.exec(url)?.[0].length ?? 0;
  const mark = url.indexOf('?', pathAt);
  const pathEnd = mark < 0 ? url.length : mark;
  const queryAt = mark < 0 ? url.length : mark + 1;
  return { path: url.slice(pathAt, pathEnd), pathAt, query: url.slice(queryAt), queryAt };
}

/** A place in a decoded part as an index into the URL. */
function positionOf({ part = '', at }: Place, { path, pathAt, query, queryAt }: UrlParts): number {
  if (part === 'path') return pathAt + at;
  if (part === 'query') return queryAt + at;
  const segment = /^segment (\d+)$/.exec(part)?.[1];
  if (segment !== undefined) {
    const before = path.split('/').slice(0, Number(segment));
    const start = before.reduce((sum, each) => sum + each.length + 1, 0);
    return pathAt + start + rawLength(path.slice(start), at);
  }
  const option = findOption(query, part.replace(/^option /, ''));
  if (option === undefined) return 0;
  return queryAt + (part.startsWith('option ') ? option.at : option.valueAt + rawLength(option.value, at));
}

/** A query option and its value without the space before it, which is not part of the decoded text. */
function findOption(query: string, name: string): { at: number; value: string; valueAt: number } | undefined {
  let begins = 0;
  for (const option of query.split('&')) {
    const equals = option.indexOf('=');
    const written = equals < 0 ? '' : decodeURIComponent(option.slice(0, equals).replaceAll('+', ' ')).trim();
    if (equals >= 0 && optionName(written) === name) {
      const space = /^(?:\s|\+|%20|%09)*/.exec(option.slice(equals + 1))?.[0].length ?? 0;
      const start = equals + 1 + space;
      return { at: begins, value: option.slice(start), valueAt: begins + start };
    }
    begins += option.length + 1;
  }
  return undefined;
}

/** How much of a percent-encoded text makes up so many UTF-16 units of the decoded one. */
function rawLength(raw: string, decoded: number): number {
  let length = 0;
  for (let units = 0; units < decoded && length < raw.length; ) {
    if (raw[length] !== '%') {
      length++;
      units++;
      continue;
    }
    const first = Number.parseInt(raw.slice(length + 1, length + 3), 16);
    const bytes = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    length += 3 * bytes;
    units += bytes === 4 ? 2 : 1;
  }
  return length;
}

/** A name, a number, a text in quotes, or one character. */
const tokenPattern = /(?:'(?:[^']|'')*'?|[\p{L}\p{N}_.$@-]+|\S|$)/uy;
const longestToken = 40;

function tokenAt(url: string, position: number): string {
  tokenPattern.lastIndex = position;
  return (tokenPattern.exec(url)?.[0] ?? '').slice(0, longestToken);
}
