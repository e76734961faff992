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
  const written = new Text();
  for (const answer of answers) writeItem(written, boundary, answer);
  written.add(`--${boundary}--${lineEnd}`);
  const parts = answers.flatMap(partsOf);
  const status = continuesOnError ? 200 : (parts.find(isFailure)?.response.status ?? 200);
  const headers = { ...baseHeaders(), 'Content-Type': `multipart/mixed; boundary=${boundary}`, ...differsOf(parts) };
  return { status, headers, body: written.toBytes() };
}

const partsOf = (answer: ItemAnswer): readonly PartAnswer[] =>
  answer.kind === 'changeSet' ? answer.answers : [answer.answer];

/** What the parts used together, as on any answer (docs/differs.md). */
export function differsOf(parts: readonly PartAnswer[], more: readonly string[] = []): Record<string, string> {
  const rules = new Set(more);
  for (const { response } of parts) {
    const differs = response.headers[differsHeader];
    for (const rule of differs?.split(', ') ?? []) rules.add(rule);
  }
  return rules.size === 0 ? {} : { [differsHeader]: [...rules].sort().join(', ') };
}

function writeItem(written: Text, boundary: string, answer: ItemAnswer): void {
  if (answer.kind !== 'changeSet') {
    writePart(written, boundary, answer.answer);
    return;
  }
  const inner = `changesetresponse_${randomUUID()}`;
  const type = `Content-Type: multipart/mixed; boundary=${inner}`;
  written.add([`--${boundary}`, type, '', ''].join(lineEnd));
  for (const part of answer.answers) writePart(written, inner, part);
  written.add(`--${inner}--${lineEnd}`);
}

function writePart(written: Text, boundary: string, { id, response }: PartAnswer): void {
  const { status, body, headers } = response;
  let head = `--${boundary}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n`;
  if (id !== undefined) head += `Content-ID: ${id}\r\n`;
  head += `\r\nHTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Unknown'}\r\n`;
  for (const name in headers) head += `${name}: ${partHeader(name, response)}\r\n`;
  const entity = headers['OData-EntityId'];
  if (entity !== undefined) head += `Location: ${entity}\r\n`;
  written.add(`${head}\r\n`);
  written.add(body);
  written.add(lineEnd);
}

/** What is written piece by piece: text is made to bytes once, when all of it is there. */
class Text {
  readonly #chunks: Buffer[] = [];
  #text = '';

  add(piece: string | Buffer): void {
    if (typeof piece === 'string') {
      this.#text += piece;
      return;
    }
    this.#chunks.push(Buffer.from(this.#text), piece);
    this.#text = '';
  }

  toBytes(): Buffer {
    const rest = Buffer.from(this.#text);
    return this.#chunks.length === 0 ? rest : Buffer.concat([...this.#chunks, rest]);
  }
}

/** Parts say that their JSON is streamed, as the real product does, and name a new row twice. */
function partHeader(name: string, { headers, status }: HttpResponse): string {
  const value = headers[name] ?? '';
  const streamed = name === 'Content-Type' && status < 400 && value.startsWith('application/json');
  return streamed ? `${value}; odata.streaming=true` : value;
}
