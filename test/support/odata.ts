import type { Answer } from './client.ts';

/** A row as the wire shows it. */
export type WireRow = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is WireRow =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The body as a JSON object. Throws with the answer when it is none, or when the status is another one. */
export function bodyOf(answer: Answer, status = 200): WireRow {
  const body: unknown = answer.status === status ? answer.json() : undefined;
  if (!isObject(body)) throw new Error(`expected ${status} with an object, got ${answer.status} ${answer.text}`);
  return body;
}

/** The rows of a collection, or of an expanded one. */
export function rowsOf(source: Answer | unknown): readonly WireRow[] {
  const list = isAnswer(source) ? bodyOf(source)['value'] : source;
  if (!Array.isArray(list) || !list.every(isObject)) throw new Error(`expected rows, got ${JSON.stringify(list)}`);
  return list;
}

const isAnswer = (source: unknown): source is Answer => isObject(source) && 'status' in source && 'text' in source;

export interface WireError {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** Status, code and message of a refusal. */
export function errorOf(answer: Answer): WireError {
  const error = bodyOf(answer, answer.status)['error'];
  if (!isObject(error)) throw new Error(`expected an error, got ${answer.status} ${answer.text}`);
  return { status: answer.status, code: String(error['code']), message: String(error['message']) };
}

/** Id of the row that a create or upsert made (header `OData-EntityId`). */
export function createdId(answer: Answer): string {
  const id = /\(([0-9a-f-]{36})\)$/.exec(answer.headers['odata-entityid'] ?? '')?.[1];
  if (answer.status !== 204 || id === undefined) throw new Error(`nothing was made: ${answer.status} ${answer.text}`);
  return id;
}

/** Query options with encoded values; the `$` of the names stays readable. */
export const query = (options: Readonly<Record<string, string>>): string =>
  Object.entries(options)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
