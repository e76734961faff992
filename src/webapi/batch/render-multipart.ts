import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { HttpResponse } from '../../kernel/http.ts';
import { baseHeaders, differsHeader } from '../render.ts';
import { type ItemAnswer, isFailure, type PartAnswer } from './part-answer.ts';

const lineEnd = '\r\n';

/**
 * The answer to a multipart batch, line by line as strict clients read it (dataverse-web-api 4.11): the first line is the
 * boundary, whose names begin with `batchresponse_` and `changesetresponse_`; a change set's part has one header; each
 * status line has a reason of plain words; an answer without a body has two empty lines behind its headers.
 *
 * The status is 200, or that of the first failure where the batch stopped at it.
 */
export function renderMultipart(answers: readonly ItemAnswer[], continuesOnError: boolean): HttpResponse {
  const boundary = `batchresponse_${randomUUID()}`;
  const chunks: Buffer[] = [];
  for (const answer of answers) writeItem(chunks, boundary, answer);
  chunks.push(Buffer.from(`--${boundary}--${lineEnd}`));
  const parts = answers.flatMap(partsOf);
  const status = continuesOnError ? 200 : (parts.find(isFailure)?.response.status ?? 200);
  const headers = { ...baseHeaders(), 'Content-Type': `multipart/mixed; boundary=${boundary}`, ...differsOf(parts) };
  return { status, headers, body: Buffer.concat(chunks) };
}

const partsOf = (answer: ItemAnswer): readonly PartAnswer[] =>
  answer.kind === 'changeSet' ? answer.answers : [answer.answer];

/** What the parts used together, as on any answer (docs/differs.md). */
export function differsOf(parts: readonly PartAnswer[], more: readonly string[] = []): Record<string, string> {
  const rules = new Set(parts.flatMap(({ response }) => response.headers[differsHeader]?.split(', ') ?? []));
  for (const rule of more) rules.add(rule);
  return rules.size === 0 ? {} : { [differsHeader]: [...rules].sort().join(', ') };
}

function writeItem(chunks: Buffer[], boundary: string, answer: ItemAnswer): void {
  if (answer.kind !== 'changeSet') {
    writePart(chunks, boundary, answer.answer);
    return;
  }
  const inner = `changesetresponse_${randomUUID()}`;
  const type = `Content-Type: multipart/mixed; boundary=${inner}`;
  chunks.push(Buffer.from([`--${boundary}`, type, '', ''].join(lineEnd)));
  for (const part of answer.answers) writePart(chunks, inner, part);
  chunks.push(Buffer.from(`--${inner}--${lineEnd}`));
}

function writePart(chunks: Buffer[], boundary: string, { id, response }: PartAnswer): void {
  const { status, body } = response;
  const lines = [`--${boundary}`, 'Content-Type: application/http', 'Content-Transfer-Encoding: binary'];
  if (id !== undefined) lines.push(`Content-ID: ${id}`);
  lines.push('', `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Unknown'}`);
  for (const [name, value] of Object.entries(partHeaders(response))) lines.push(`${name}: ${value}`);
  lines.push('', '');
  chunks.push(Buffer.from(lines.join(lineEnd)), typeof body === 'string' ? Buffer.from(body) : body);
  chunks.push(Buffer.from(lineEnd));
}

/** Parts name the new row twice, and say that their JSON is streamed, as the real product does. */
function partHeaders({ headers, status }: HttpResponse): Readonly<Record<string, string>> {
  const entity = headers['OData-EntityId'];
  const type = headers['Content-Type'];
  const streamed = status < 400 && type?.startsWith('application/json') === true;
  return {
    ...headers,
    ...(entity !== undefined && { Location: entity }),
    ...(streamed && { 'Content-Type': `${type}; odata.streaming=true` }),
  };
}
