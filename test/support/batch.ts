import type { Answer } from './client.ts';

/** One request of a batch, as a client writes it. */
export interface Part {
  readonly method?: string;
  readonly url: string;
  readonly id?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON. */
  readonly body?: unknown;
}

/** A change set is a list. */
export type Item = Part | readonly Part[];

export const batchHeaders = (boundary = 'batch_1'): Record<string, string> => ({
  'content-type': `multipart/mixed; boundary=${boundary}`,
});

/** The body of a multipart batch. */
export function writeBatch(items: readonly Item[], boundary = 'batch_1', lineEnd = '\r\n'): string {
  const lines: string[] = [];
  items.forEach((item, at) => {
    lines.push(`--${boundary}`);
    if (!isSet(item)) {
      lines.push(...partLines(item));
      return;
    }
    const inner = `changeset_${at}`;
    lines.push(`Content-Type: multipart/mixed; boundary=${inner}`, '');
    for (const part of item) lines.push(`--${inner}`, ...partLines(part));
    lines.push(`--${inner}--`);
  });
  lines.push(`--${boundary}--`, '');
  return lines.join(lineEnd);
}

const isSet = (item: Item): item is readonly Part[] => Array.isArray(item);

function partLines({ method = 'GET', url, id, headers = {}, body }: Part): string[] {
  const lines = ['Content-Type: application/http', 'Content-Transfer-Encoding: binary'];
  if (id !== undefined) lines.push(`Content-ID: ${id}`);
  lines.push('', `${method} ${url} HTTP/1.1`);
  if (body !== undefined) lines.push('Content-Type: application/json');
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  lines.push('', body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body));
  return lines;
}

export interface PartAnswer extends Answer {
  readonly id: string | undefined;
}

export type ItemAnswer = PartAnswer | readonly PartAnswer[];

/**
 * The answer to a multipart batch, read as the strictest clients do: CRLF everywhere, the boundary on the first line, its
 * names, `HTTP/1.1` and a reason of plain words. Throws at the first thing that is another way.
 */
export function readBatch(answer: Pick<Answer, 'headers' | 'text'>): readonly ItemAnswer[] {
  const boundary = /^multipart\/mixed; boundary=(batchresponse_[0-9a-f-]{36})$/.exec(
    answer.headers['content-type'] ?? '',
  )?.[1];
  if (boundary === undefined) throw new Error(`not a batch: ${answer.headers['content-type']} ${answer.text}`);
  return splitParts(answer.text, boundary).map((part) => {
    const inner = /^Content-Type: multipart\/mixed; boundary=(changesetresponse_[0-9a-f-]{36})\r\n\r\n/.exec(part);
    if (inner === null) return readPart(part);
    return splitParts(`${part.slice(inner[0].length)}\r\n`, inner[1] ?? '').map(readPart);
  });
}

function splitParts(text: string, boundary: string): string[] {
  const pieces = text.split(`--${boundary}`);
  if (pieces.shift() !== '') throw new Error(`something stands before the boundary: ${text}`);
  if (pieces.pop() !== '--\r\n') throw new Error(`the last boundary is missing: ${text}`);
  return pieces.map((piece) => {
    if (!piece.startsWith('\r\n') || !piece.endsWith('\r\n')) throw new Error(`a boundary is not a line: ${piece}`);
    return piece.slice(2, -2);
  });
}

function readPart(text: string): PartAnswer {
  const pattern =
    /^Content-Type: application\/http\r\nContent-Transfer-Encoding: binary\r\n(?:Content-ID: (.*)\r\n)?\r\nHTTP\/1\.1 (\d{3}) [\w ]+\r\n((?:[\w-]+: .*\r\n)*)\r\n/;
  const match = pattern.exec(text);
  if (match === null) throw new Error(`not a part: ${text}`);
  const body = text.slice(match[0].length);
  const headers = Object.fromEntries(
    (match[3] ?? '')
      .split('\r\n')
      .filter((line) => line !== '')
      .map((line) => {
        const colon = line.indexOf(': ');
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 2)];
      }),
  );
  return { id: match[1], status: Number(match[2]), headers, text: body, json: () => JSON.parse(body) as unknown };
}

/** A request outside a change set. */
export function single(item: ItemAnswer | undefined): PartAnswer {
  if (item === undefined || Array.isArray(item)) throw new Error(`expected one answer, got ${JSON.stringify(item)}`);
  return item as PartAnswer;
}

/** The answers of a change set. */
export function set(item: ItemAnswer | undefined): readonly PartAnswer[] {
  if (!Array.isArray(item)) throw new Error(`expected a change set, got ${JSON.stringify(item)}`);
  return item as readonly PartAnswer[];
}
