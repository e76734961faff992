import { type JsonObject, type JsonValue, parseJson, printJson } from '../json.ts';
import {
  type Batch,
  type BatchItem,
  type BatchPart,
  batchLimits,
  parsePartId,
  refuseBatch,
  refuseDuplicates,
  refuseTooMany,
} from './batch.ts';
import { parseFields } from './headers-of-part.ts';

/** Arrays and objects inside each other: those of a body, and the four around it. */
const maxDepth = 68;

/** A batch as JSON (OData JSON format 4.01 section 19). Read as a whole before anything of it is carried out. */
export function parseJsonBatch(body: Buffer): Batch {
  const document = parseJson(decodeUtf8(body), {
    maxDepth,
    refuse: (what, at) => refuseBatch(`${what} at position ${at}`),
  });
  const requests = document instanceof Map ? document.get('requests') : undefined;
  if (!Array.isArray(requests) || requests.length === 0) throw refuseBatch("it needs 'requests', a list of requests");
  if (requests.length > batchLimits.requests) throw refuseTooMany();
  const parts = (requests as readonly JsonValue[]).map(parseRequest);
  refuseDuplicates(parts.map(({ part }) => part.id));
  return { format: 'json', items: groupParts(parts) };
}

function decodeUtf8(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw refuseBatch('the body is not UTF-8');
  }
}

interface GroupedPart {
  readonly part: BatchPart;
  readonly group: string | undefined;
}

const known: readonly string[] = ['id', 'method', 'url', 'headers', 'body', 'dependsOn', 'atomicityGroup', 'if'];

function parseRequest(request: JsonValue): GroupedPart {
  if (!(request instanceof Map)) throw refuseBatch('each of the requests must be an object');
  for (const name of request.keys()) {
    if (!known.includes(name) && !name.includes('@')) throw refuseBatch('a request has a member that is not known');
  }
  const method = textOf(request, 'method').toUpperCase();
  const url = textOf(request, 'url');
  if (url.length > batchLimits.url) throw refuseBatch(`a URL has more than ${batchLimits.url} characters`);
  if (!/^[A-Z]{1,20}$/.test(method) || !/^[\x21-\x7e]+$/.test(url)) throw refuseBatch('a method or URL is none');
  const group = request.get('atomicityGroup') ?? undefined;
  if (group !== undefined && typeof group !== 'string') throw refuseBatch("'atomicityGroup' must be a text");
  const headers = headersOf(request.get('headers') ?? null);
  const part = {
    id: parsePartId(textOf(request, 'id')),
    method,
    url,
    ...contentOf(request.get('body') ?? null, method, headers),
    dependsOn: idsOf(request.get('dependsOn') ?? null),
    isConditional: request.has('if'),
  };
  return { part, group: group === undefined ? undefined : parsePartId(group) };
}

function textOf(request: JsonObject, name: string): string {
  const value = request.get(name);
  if (typeof value !== 'string') throw refuseBatch(`each request needs '${name}', a text`);
  return value;
}

function idsOf(given: JsonValue): readonly string[] {
  if (given === null) return [];
  if (!Array.isArray(given)) throw refuseBatch("'dependsOn' must be a list");
  return [...new Set((given as readonly JsonValue[]).map((id) => parsePartId(typeof id === 'string' ? id : '')))];
}

function headersOf(given: JsonValue): BatchPart['headers'] {
  if (given === null) return {};
  if (!(given instanceof Map)) throw refuseBatch("'headers' must be an object");
  const lines = [...given].map(([name, value]) => {
    if (typeof value !== 'string') throw refuseBatch('the value of a header must be a text');
    return `${name}: ${value}`;
  });
  return parseFields(lines);
}

const jsonTypePattern = /^application\/(?:[\w.-]+\+)?json\b/i;

/** JSON stands in the batch as JSON, text as a text, anything else as base64url. */
function contentOf(
  given: JsonValue,
  method: string,
  headers: BatchPart['headers'],
): Pick<BatchPart, 'headers' | 'body'> {
  if (given === null) return { headers, body: Buffer.alloc(0) };
  if (method === 'GET' || method === 'DELETE') throw refuseBatch(`a request with the method ${method} has a body`);
  const type = headers['content-type'];
  if (type === undefined) {
    return { headers: { ...headers, 'content-type': 'application/json' }, body: Buffer.from(printJson(given)) };
  }
  if (jsonTypePattern.test(type)) return { headers, body: Buffer.from(printJson(given)) };
  if (typeof given !== 'string') throw refuseBatch('a body that is not JSON must be a text');
  return { headers, body: Buffer.from(given, /^text\//i.test(type) ? 'utf8' : 'base64url') };
}

/** Requests of a group lie side by side; nothing depends on what comes after it. */
function groupParts(parts: readonly GroupedPart[]): readonly BatchItem[] {
  const items: { group: string | undefined; parts: BatchPart[] }[] = [];
  const ids = new Set(parts.map(({ part }) => part.id));
  const seen = new Set<string>();
  for (const { part, group } of parts) {
    for (const id of part.dependsOn) {
      if (!seen.has(id)) throw refuseBatch(`a request depends on '${id}', which is not in front of it`);
    }
    const last = items.at(-1);
    if (group !== undefined && last?.group === group) last.parts.push(part);
    else if (group === undefined || !(seen.has(group) || ids.has(group))) items.push({ group, parts: [part] });
    else throw refuseBatch(`the requests of the group '${group}' must lie side by side, and no id be called the same`);
    for (const id of [part.id, group]) if (id !== undefined) seen.add(id);
  }
  return items.map(({ group, parts: grouped }): BatchItem => {
    const [only] = grouped;
    return group === undefined && only !== undefined
      ? { kind: 'single', part: only }
      : { kind: 'changeSet', group, parts: grouped };
  });
}
