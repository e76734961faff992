import { batchLimits, refuseBatch } from './batch.ts';

const newline = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
const tab = 0x09;
const hyphen = 0x2d;

/** A line that is the boundary and nothing else. */
interface Delimiter {
  /** Where what stands before it ends; the line break before the delimiter belongs to it. */
  readonly before: number;
  /** Where the line after it begins. */
  readonly after: number;
  readonly isLast: boolean;
}

/**
 * The parts of a multipart body (RFC 2046 section 5.1): what stands between lines with the boundary. Text before the first
 * and after the last one is ignored, unless a request stands in it. Lines may end in CRLF or LF. Linear: each byte is
 * looked at once per kind of search.
 */
export function splitMultipart(body: Buffer, boundary: string): readonly Buffer[] {
  const parts: Buffer[] = [];
  const line = Buffer.from(`--${boundary}`, 'latin1');
  let delimiter = findDelimiter(body, line, 0);
  if (delimiter === undefined) throw refuseBatch('the boundary of its content type is not found in the body');
  refuseLostRequest(body.subarray(0, delimiter.before), 'in front of the first boundary');
  while (!delimiter.isLast) {
    const next = findDelimiter(body, line, delimiter.after);
    if (next === undefined) throw refuseBatch('the boundary that ends it is missing');
    parts.push(body.subarray(delimiter.after, Math.max(delimiter.after, next.before)));
    if (parts.length > batchLimits.requests) return parts;
    delimiter = next;
  }
  refuseLostRequest(body.subarray(delimiter.after), 'behind the boundary that ends it');
  return parts;
}

const requestLine = /^[a-z]{1,20} [^\r\n]* HTTP\/\d/im;

/** A request where none is read, of a client that forgot a boundary (o.js does), would go unanswered without a word. */
export function refuseLostRequest(text: Buffer, where: string): void {
  if (requestLine.test(text.toString('latin1'))) throw refuseBatch(`a request stands ${where}: a boundary is missing`);
}

function findDelimiter(body: Buffer, line: Buffer, from: number): Delimiter | undefined {
  for (let at = body.indexOf(line, from); at >= 0; at = body.indexOf(line, at + line.length)) {
    const found = delimiterAt(body, line, at);
    if (found !== undefined) return found;
  }
  return undefined;
}

function delimiterAt(body: Buffer, line: Buffer, at: number): Delimiter | undefined {
  if (at > 0 && body[at - 1] !== newline) return undefined;
  let end = at + line.length;
  const isLast = body[end] === hyphen && body[end + 1] === hyphen;
  if (isLast) end += 2;
  // Spaces that a gateway has added (`transport-padding`).
  while (body[end] === space || body[end] === tab) end++;
  if (body[end] === carriageReturn && (body[end + 1] === newline || end + 1 === body.length)) end++;
  if (end < body.length && body[end] !== newline) return undefined;
  const before = at > 1 && body[at - 2] === carriageReturn ? at - 2 : Math.max(0, at - 1);
  return { before, after: Math.min(body.length, end + 1), isLast };
}

/** The boundary as a content type gives it. Any printable text, since clients make up their own. */
export function parseBoundary(parameters: ReadonlyMap<string, string>): string {
  const boundary = parameters.get('boundary') ?? '';
  if (!/^[\x20-\x7e]*[\x21-\x7e]$/.test(boundary) || boundary.length > batchLimits.boundary) {
    throw refuseBatch('the content type multipart/mixed needs a boundary');
  }
  return boundary;
}
