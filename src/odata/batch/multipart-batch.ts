import type { Refusal } from '../../kernel/refusal.ts';
import {
  type Batch,
  type BatchItem,
  type BatchPart,
  batchLimits,
  type ChangeSet,
  parsePartId,
  refuseBatch,
  refuseDuplicates,
  refuseTooMany,
} from './batch.ts';
import { parseHead, parseMediaType, printable, takeLine } from './headers-of-part.ts';
import { parseBoundary, refuseLostRequest, splitMultipart } from './multipart.ts';

/**
 * A batch as `multipart/mixed` (OData 4.0 part 1 section 11.7): requests, and change sets, which are multipart
 * themselves. Read as a whole before anything of it is carried out.
 */
export function parseMultipartBatch(body: Buffer, parameters: ReadonlyMap<string, string>): Batch {
  const reading: Reading = { left: batchLimits.requests, last: undefined };
  const items = splitMultipart(body, parseBoundary(parameters)).map((bytes) => parseItem(bytes, reading));
  if (items.length === 0) throw refuseBatch('it holds no request');
  return { format: 'multipart', items };
}

/** How far a batch has been read. */
interface Reading {
  /** How many more requests are accepted. */
  left: number;
  last: LastPart | undefined;
}

/** The part that was read last, which has no body, and all text in front of and behind its request line. */
interface LastPart {
  readonly part: BatchPart;
  readonly before: string;
  readonly after: string;
}

/** Bytes of a part that is looked at for being like the last one. */
const longestAlike = 4096;

function parseItem(bytes: Buffer, reading: Reading): BatchItem {
  const alike = parseLikeLast(bytes, reading);
  if (alike !== undefined) return { kind: 'single', part: alike };
  const { headers, rest } = parseHead(bytes);
  const { type, parameters } = parseMediaType(headers['content-type'] ?? '');
  if (type === 'multipart/mixed') return parseChangeSet(rest, parameters, reading);
  const { part, line } = parsePart(headers, type, rest, reading);
  const [start, end] = [bytes.length - rest.length + line.start, bytes.length - rest.length + line.end];
  const isKept = part.body.length === 0 && bytes.length <= longestAlike;
  reading.last = isKept
    ? { part, before: bytes.toString('latin1', 0, start), after: bytes.toString('latin1', end) }
    : undefined;
  return { kind: 'single', part };
}

/** A part that differs from the last one in its request line alone, as most reads of a batch do; else `undefined`. */
function parseLikeLast(bytes: Buffer, reading: Reading): BatchPart | undefined {
  const { last } = reading;
  if (last === undefined || bytes.length > longestAlike) return undefined;
  const { part, before, after } = last;
  const text = bytes.toString('latin1');
  const end = text.length - after.length;
  if (end <= before.length || !text.startsWith(before) || !text.endsWith(after)) return undefined;
  const line = text.slice(before.length, end);
  // What does not begin and end this very line is for the whole parser to read.
  if (line.includes('\n') || line.endsWith('\r') || line.trim() === '') return undefined;
  countRequest(reading);
  const { method, url } = parseRequestLine(line);
  const { id, headers, body, dependsOn, isConditional } = part;
  return { method, url, headers, body, id, dependsOn, isConditional };
}

function countRequest(reading: Reading): void {
  if (--reading.left < 0) throw refuseTooMany();
}

function parseChangeSet(body: Buffer, parameters: ReadonlyMap<string, string>, reading: Reading): ChangeSet {
  const parts = splitMultipart(body, parseBoundary(parameters)).map((bytes) => {
    const { headers, rest } = parseHead(bytes);
    const { type } = parseMediaType(headers['content-type'] ?? '');
    if (type === 'multipart/mixed') throw refuseBatch('a change set cannot hold another one');
    return parsePart(headers, type, rest, reading).part;
  });
  if (parts.length === 0) throw refuseBatch('a change set holds no request');
  refuseDuplicates(parts.map(({ id }) => id));
  return { kind: 'changeSet', group: undefined, parts };
}

function parsePart(
  headers: Readonly<Record<string, string | undefined>>,
  type: string,
  bytes: Buffer,
  reading: Reading,
): { part: BatchPart; line: Place } {
  if (type !== 'application/http') throw refuseBatch('each part must have the content type application/http');
  const encoding = headers['content-transfer-encoding']?.toLowerCase();
  if (encoding !== undefined && !['binary', '8bit', '7bit'].includes(encoding)) {
    throw refuseBatch('the only content transfer encoding of a part is binary');
  }
  countRequest(reading);
  const { request, line } = parseHttpRequest(bytes);
  const text = headers['content-id'] ?? request.headers['content-id'];
  const id = text === undefined ? undefined : parsePartId(text);
  return { part: { ...request, id, dependsOn: [], isConditional: false }, line };
}

/** Where the text of a line begins and ends, without its line end. */
interface Place {
  readonly start: number;
  readonly end: number;
}

/** A request as it would be sent over HTTP/1.1. Empty lines in front and behind mean nothing. */
function parseHttpRequest(bytes: Buffer): {
  request: Pick<BatchPart, 'method' | 'url' | 'headers' | 'body'>;
  line: Place;
} {
  let start = 0;
  let { line, next } = takeLine(bytes, start);
  while (line.trim() === '' && next < bytes.length) {
    start = next;
    ({ line, next } = takeLine(bytes, start));
  }
  const { headers, rest: body } = parseHead(bytes, next);
  const request = parseRequestLine(line);
  if (request.method === 'GET' || request.method === 'DELETE') refuseLostRequest(body, 'inside another one');
  return {
    request: { ...request, headers, body: trimLines(body) },
    line: { start, end: start + line.length },
  };
}

/** `GET url HTTP/1.1`. Clients write spaces and letters with marks into the URL as they are; they are encoded here. */
function parseRequestLine(line: string): Pick<BatchPart, 'method' | 'url'> {
  const refusal = (): Refusal => refuseBatch(`'${printable(line)}' is not the request line of a part`);
  if (/[^\x20-\x7e\x80-\xff]/.test(line)) throw refusal();
  const text = line.trim();
  const start = text.indexOf(' ');
  const end = text.lastIndexOf(' ');
  const stop = end >= start && /^HTTP\/\d(?:\.\d)?$/i.test(text.slice(end + 1)) ? end : text.length;
  const method = text.slice(0, Math.max(0, start));
  const url = text.slice(start + 1, stop).trim();
  if (!/^[A-Za-z]{1,20}$/.test(method) || url === '') throw refusal();
  const encoded = /[^\x21-\x7e]/.test(url) ? encodeBytes(url) : url;
  if (encoded.length > batchLimits.url) throw refuseBatch(`a URL has more than ${batchLimits.url} characters`);
  return { method: method.toUpperCase(), url: encoded };
}

/** Each byte that cannot stand in a URL as `%xx`: the bytes of UTF-8 become its percent-encoding. */
const encodeBytes = (url: string): string =>
  url.replace(/[^\x21-\x7e]/g, (char) => `%${char.charCodeAt(0).toString(16).padStart(2, '0')}`);

/** Line breaks around a body are the batch's, not the body's. */
function trimLines(body: Buffer): Buffer {
  let end = body.length;
  while (end > 0 && (body[end - 1] === 0x0a || body[end - 1] === 0x0d)) end--;
  return body.subarray(0, end);
}
