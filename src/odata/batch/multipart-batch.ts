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
  const counter = { left: batchLimits.requests };
  const items = splitMultipart(body, parseBoundary(parameters)).map((bytes) => parseItem(bytes, counter));
  if (items.length === 0) throw refuseBatch('it holds no request');
  return { format: 'multipart', items };
}

/** How many more requests are accepted. */
interface Counter {
  left: number;
}

function parseItem(bytes: Buffer, counter: Counter): BatchItem {
  const { headers, rest } = parseHead(bytes);
  const { type, parameters } = parseMediaType(headers['content-type'] ?? '');
  if (type === 'multipart/mixed') return parseChangeSet(rest, parameters, counter);
  return { kind: 'single', part: parsePart(headers, type, rest, counter) };
}

function parseChangeSet(body: Buffer, parameters: ReadonlyMap<string, string>, counter: Counter): ChangeSet {
  const parts = splitMultipart(body, parseBoundary(parameters)).map((bytes) => {
    const { headers, rest } = parseHead(bytes);
    const { type } = parseMediaType(headers['content-type'] ?? '');
    if (type === 'multipart/mixed') throw refuseBatch('a change set cannot hold another one');
    return parsePart(headers, type, rest, counter);
  });
  if (parts.length === 0) throw refuseBatch('a change set holds no request');
  refuseDuplicates(parts.map(({ id }) => id));
  return { kind: 'changeSet', group: undefined, parts };
}

function parsePart(
  headers: Readonly<Record<string, string | undefined>>,
  type: string,
  bytes: Buffer,
  counter: Counter,
): BatchPart {
  if (type !== 'application/http') throw refuseBatch('each part must have the content type application/http');
  const encoding = headers['content-transfer-encoding']?.toLowerCase();
  if (encoding !== undefined && !['binary', '8bit', '7bit'].includes(encoding)) {
    throw refuseBatch('the only content transfer encoding of a part is binary');
  }
  if (--counter.left < 0) throw refuseTooMany();
  const request = parseHttpRequest(bytes);
  const id = headers['content-id'] ?? request.headers['content-id'];
  return {
    ...request,
    id: id === undefined ? undefined : parsePartId(id),
    dependsOn: [],
    isConditional: false,
  };
}

/** A request as it would be sent over HTTP/1.1. Empty lines in front and behind mean nothing. */
function parseHttpRequest(bytes: Buffer): Pick<BatchPart, 'method' | 'url' | 'headers' | 'body'> {
  let { line, next } = takeLine(bytes, 0);
  while (line.trim() === '' && next < bytes.length) ({ line, next } = takeLine(bytes, next));
  const { headers, rest: body } = parseHead(bytes, next);
  const request = parseRequestLine(line);
  if (request.method === 'GET' || request.method === 'DELETE') refuseLostRequest(body, 'inside another one');
  return { ...request, headers, body: trimLines(body) };
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
