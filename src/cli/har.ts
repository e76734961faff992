import { usageError } from './cli-error.ts';
import { readText } from './read-text.ts';

/** A request of a HAR file (HTTP Archive 1.2), without what proves who sent it. */
export interface HarRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Headers that the Web API reads a request by. Tokens and cookies stay where they are. */
const kept = new Set(['prefer', 'content-type', 'accept', 'if-match', 'if-none-match', 'odata-version']);

const webApi = /^https?:\/\/[^/?#]+\/api\/data\/v\d+\.\d+\//i;

/**
 * Requests to a Web API that were answered with a success, each kind once.
 * @throws CliError when the file is no HAR file or holds no such request
 */
export function readRequestsOfHar(file: string): readonly HarRequest[] {
  const requests = new Map<string, HarRequest>();
  for (const entry of entriesOf(file)) {
    const request = objectIn(entry, 'request');
    const status = Number(objectIn(entry, 'response')['status']);
    const url = String(request['url'] ?? '');
    if (!webApi.test(url) || status < 200 || status >= 300) continue;
    const read = {
      method: String(request['method'] ?? 'GET'),
      url,
      headers: headersOf(request),
      body: bodyOf(request),
    };
    requests.set(JSON.stringify(read), read);
  }
  if (requests.size === 0) throw usageError(`${file} holds no request to /api/data that was answered with a success`);
  return [...requests.values()];
}

type Json = Readonly<Record<string, unknown>>;

function entriesOf(file: string): readonly Json[] {
  const entries = objectIn(parse(file), 'log')['entries'];
  if (!Array.isArray(entries)) throw usageError(`${file} is not a HAR file: it has no log.entries`);
  return entries.map(asObject);
}

function parse(file: string): Json {
  try {
    return asObject(JSON.parse(readText(file)));
  } catch (error) {
    if (error instanceof SyntaxError) throw usageError(`${file} is not a HAR file: it is not JSON`);
    throw error;
  }
}

const asObject = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};

const objectIn = (value: Json, name: string): Json => asObject(value[name]);

function headersOf(request: Json): Record<string, string> {
  const headers = Array.isArray(request['headers']) ? request['headers'].map(asObject) : [];
  const pairs = headers.map(({ name, value }) => [String(name).toLowerCase(), String(value)] as const);
  return Object.fromEntries(pairs.filter(([name]) => kept.has(name)));
}

function bodyOf(request: Json): string {
  const { text } = objectIn(request, 'postData');
  return typeof text === 'string' ? text : '';
}
