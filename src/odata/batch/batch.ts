import { type Problem, Refusal } from '../../kernel/refusal.ts';
import type { RequestHeaders } from '../headers.ts';

/** One request inside a batch, as it was sent. */
export interface BatchPart {
  /** `Content-ID` or `id`. */
  readonly id: string | undefined;
  readonly method: string;
  /** Absolute, from the host's root, from the service root, or beginning with a reference such as `$1`. */
  readonly url: string;
  readonly headers: RequestHeaders;
  readonly body: Buffer;
  /** JSON batch: ids of requests and groups that must have succeeded. */
  readonly dependsOn: readonly string[];
  /** JSON batch: the request has a condition (`if`) of its own, which nobody evaluates: 501. */
  readonly isConditional: boolean;
}

/** Requests of which all are carried out or none: a change set, or an atomicity group of a JSON batch. */
export interface ChangeSet {
  readonly kind: 'changeSet';
  /** `atomicityGroup`; `undefined` for a change set, which has no name. */
  readonly group: string | undefined;
  readonly parts: readonly BatchPart[];
}

export type BatchItem = ChangeSet | { readonly kind: 'single'; readonly part: BatchPart };

export interface Batch {
  /** The answer has the format of the request. */
  readonly format: 'multipart' | 'json';
  readonly items: readonly BatchItem[];
}

export const batchLimits = {
  /** Requests in one batch, those in change sets included (dataverse-web-api 4.11). */
  requests: 1000,
  /** Characters of a URL inside a batch (4.1). */
  url: 65_536,
  /** Bytes of all answers together after which no further request is carried out. A guess: enough for 30 full pages. */
  answer: 128 * 1024 * 1024,
  /** Characters of a boundary. RFC 2046 allows 70; clients may send others. */
  boundary: 200,
  /** Header lines of a part, and characters of them together. */
  headers: 100,
  headerText: 16_384,
} as const;

const malformed = (message: string): Problem => ({
  status: 400,
  code: '0x80048d19',
  message: `Error identified in Payload provided by the user for Entity :'$batch': ${message}.`,
});

/** The batch as a whole cannot be read: nothing of it has been carried out. */
export const refuseBatch = (message: string): Refusal => new Refusal('parse', malformed(message));

/** What the real product answers here is not published (dataverse-web-api 8). */
export const refuseTooMany = (): Refusal =>
  refuseBatch(`the batch has more than ${batchLimits.requests} requests, the most that are accepted`);

/** RFC 2045 tokens, which is what clients use as ids; nothing that could end a line of the answer. */
const idPattern = /^[\w.~!#%&'*+^`|@:-]{1,100}$/;

/** A `Content-ID` or `id`. `<1>`, the form of RFC 2392, names the same as `1`. */
export function parsePartId(text: string): string {
  const bare = /^<(.*)>$/.exec(text)?.[1] ?? text;
  if (!idPattern.test(bare)) throw refuseBatch('an id of a request has a form that is not accepted');
  return bare;
}

/** Refuses ids that come twice: a reference to them would be ambiguous. */
export function refuseDuplicates(ids: readonly (string | undefined)[]): void {
  const seen = new Set<string>();
  for (const id of ids) {
    if (id === undefined) continue;
    if (seen.has(id)) throw refuseBatch(`the id '${id}' is given to more than one request`);
    seen.add(id);
  }
}
