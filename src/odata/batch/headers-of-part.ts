import { BoundedCache } from '../../kernel/bounded-cache.ts';
import { batchLimits, refuseBatch } from './batch.ts';

/** Lines of header fields, and what comes after the empty line behind them. */
export interface Head {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly rest: Buffer;
}

const newline = 0x0a;
const carriageReturn = 0x0d;

/** The line that begins at `from`, without its end (CRLF or LF), and where the next one begins. */
export function takeLine(bytes: Buffer, from: number): { line: string; next: number } {
  const end = bytes.indexOf(newline, from);
  const next = end < 0 ? bytes.length : end + 1;
  let stop = end < 0 ? bytes.length : end;
  if (stop > from && bytes[stop - 1] === carriageReturn) stop--;
  return { line: bytes.toString('latin1', from, stop), next };
}

const emptyLine = '\r\n\r\n';
/** Heads kept, at most twice as many, and the longest that is worth it. */
const keptHeads = 100;
const longestKept = 512;
const heads = new BoundedCache<Head['headers']>(keptHeads);

/**
 * Header fields up to an empty line, or to the end: clients leave the empty line out where no body follows. A line that
 * begins with a space continues the one before it (RFC 5322 section 2.2.3).
 *
 * Remembered by their text: parts of a batch differ in their URLs and bodies, seldom in their headers.
 */
export function parseHead(bytes: Buffer, from = 0): Head {
  const found = bytes.indexOf(emptyLine, from, 'latin1');
  const end = found < 0 ? bytes.length : found + emptyLine.length;
  if (end - from > longestKept) return parseLines(bytes, from);
  const text = bytes.toString('latin1', from, end);
  const known = heads.get(text);
  if (known !== undefined) return { headers: known, rest: bytes.subarray(end) };
  const head = parseLines(bytes, from);
  // Where an empty line ended it before, what follows was not looked at. Nothing of who asks is kept.
  if (head.rest.length === bytes.length - end && head.headers['authorization'] === undefined)
    heads.set(text, head.headers);
  return head;
}

function parseLines(bytes: Buffer, from: number): Head {
  const lines: string[] = [];
  let at = from;
  let size = 0;
  while (at < bytes.length) {
    const taken = takeLine(bytes, at);
    at = taken.next;
    if (taken.line === '') break;
    size += taken.line.length;
    if (lines.length >= batchLimits.headers || size > batchLimits.headerText) {
      throw refuseBatch('the headers of a part are longer than is accepted');
    }
    const previous = lines.pop();
    if (previous === undefined) lines.push(taken.line);
    else if (/^[ \t]/.test(taken.line)) lines.push(`${previous} ${taken.line.trim()}`);
    else lines.push(previous, taken.line);
  }
  return { headers: parseFields(lines), rest: bytes.subarray(at) };
}

const fieldPattern = /^([!#$%&'*+.^_`|~\w-]+)[ \t]*:(.*)$/;

/** Fields that mean nothing when they come twice. */
const single: readonly string[] = ['content-type', 'content-id', 'content-length', 'authorization', 'host'];

/** Header fields by lower-case name. Refuses what could end a line, or be read in two ways. */
export function parseFields(lines: readonly string[]): Readonly<Record<string, string | undefined>> {
  const headers: Record<string, string | undefined> = Object.create(null) as Record<string, string | undefined>;
  for (const line of lines) {
    const match = fieldPattern.exec(line);
    // A carriage return in the middle of a line, or any other control character, is how headers are smuggled.
    if (match === null || /[^\t\x20-\x7e\x80-\xff]/.test(line)) {
      throw refuseBatch(`'${printable(line)}' is not a header of a part`);
    }
    const name = (match[1] ?? '').toLowerCase();
    const value = (match[2] ?? '').trim();
    const before = headers[name];
    if (before !== undefined && single.includes(name)) throw refuseBatch(`the header '${name}' comes twice in a part`);
    headers[name] = before === undefined ? value : `${before}, ${value}`;
  }
  return headers;
}

/** Text of a client as it may stand in a message. */
export const printable = (text: string): string => text.slice(0, 80).replace(/[^\x20-\x7e]/g, '?');

/** Media type in lower case, and its parameters by lower-case name (RFC 9110 section 8.3.1). Spaces may surround `;` and `=`. */
export function parseMediaType(text: string): { type: string; parameters: ReadonlyMap<string, string> } {
  if (!text.includes(';')) return { type: text.trim().toLowerCase(), parameters: noParameters };
  const pieces = text.match(/(?:[^;"]|"(?:[^"\\]|\\.)*"?)+/g) ?? [];
  const parameters = new Map<string, string>();
  for (const piece of pieces.slice(1)) {
    const equals = piece.indexOf('=');
    if (equals < 0) continue;
    const name = piece.slice(0, equals).trim().toLowerCase();
    if (!parameters.has(name)) parameters.set(name, unquote(piece.slice(equals + 1).trim()));
  }
  return { type: (pieces[0] ?? '').trim().toLowerCase(), parameters };
}

const noParameters: ReadonlyMap<string, string> = new Map();

const unquote = (text: string): string =>
  text.length >= 2 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1).replace(/\\(.)/g, '$1') : text;
