import { type AuditEntry, AuditUnavailable } from '../../kernel/audit.ts';
import { faultOf } from '../../kernel/audited.ts';
import type { HttpRequest, HttpResponse } from '../../kernel/http.ts';
import type { Log } from '../../kernel/log.ts';
import { Refusal } from '../../kernel/refusal.ts';
import { Unavailable } from '../../kernel/unavailable.ts';
import { type Batch, type BatchItem, type BatchPart, batchLimits, type ChangeSet } from '../../odata/batch/batch.ts';
import { parseBatch } from '../../odata/batch/parse-batch.ts';
import { References } from '../../odata/batch/references.ts';
import { Differences } from '../../odata/fidelity.ts';
import { parsePreferences } from '../../odata/preferences.ts';
import { refuse } from '../../odata/problems.ts';
import type { ApiAddress } from '../address.ts';
import { type AnswerContext, answerOperation } from '../answer-operation.ts';
import { unavailable } from '../errors.ts';
import { findAsker } from '../find-asker.ts';
import { beginRequest, type Recorded, type Recorder } from '../recorder.ts';
import type { ServiceLimits } from '../service-limits.ts';
import { Turns } from '../turns.ts';
import { failedDependency, type ItemAnswer, isFailed, type PartAnswer, partFault } from './part-answer.ts';
import { type OuterRequest, partRequest } from './part-request.ts';
import { renderJsonBatch } from './render-json.ts';
import { renderMultipart } from './render-multipart.ts';

export interface BatchContext extends AnswerContext {
  readonly log: Log;
  readonly recorder: Recorder;
  /** `undefined`: nothing is counted. */
  readonly limits: ServiceLimits | undefined;
}

/**
 * `POST $batch`: requests carried out one after the other, in the order in which they stand (dataverse-web-api 4.11, OData
 * 4.01 part 1 section 11.7). The token was verified once; every part finds its user and passes both gates by itself.
 */
export async function answerBatch(
  context: BatchContext,
  address: ApiAddress,
  request: HttpRequest,
): Promise<HttpResponse> {
  context.notes.message = '$batch';
  findAsker(context.environment.dataverse.current, context.caller, request.headers, context.notes); // 403
  if (request.method !== 'POST') throw refuse.methodNotAllowed(request.method, ['POST']);
  const batch = parseBatch(request.headers, request.body); // 400, 415
  const differences = new Differences(context.environment.fidelity);
  if (batch.format === 'json') differences.use('json-batch'); // 415 under strict
  // Each part has an entry of its own; the batch itself changes nothing.
  context.notes.kind = 'read';
  const answers = await new BatchRun(context, address, request).run(batch);
  return batch.format === 'json'
    ? renderJsonBatch(answers, differences)
    : renderMultipart(answers, continuesOnError(request, batch));
}

/** Multipart batches stop at the first failure, JSON batches go on, unless the preference says otherwise. */
function continuesOnError(request: HttpRequest, { format }: Batch): boolean {
  return parsePreferences(request.headers).continueOnError ?? format === 'json';
}

/** Which request of a change set is being carried out, and those that were, with their answers. */
interface Progress {
  at: BatchPart | undefined;
  recorded: Recorded | undefined;
  done: { readonly recorded: Recorded; readonly response: HttpResponse }[];
}

/** With what a part is carried out. */
interface PartPlace {
  readonly references: References;
  readonly within: Within;
  readonly isTogether: boolean;
}

type Within = Pick<AnswerContext, 'environment' | 'runners'>;

/** A read that was begun before its turn. */
interface Started {
  readonly recorded: Recorded;
  readonly answering: Promise<PartAnswer>;
}

/** Reads of a batch that are begun together at most: they wait for the database at the same time. */
const readsTogether = 32;

class BatchRun {
  readonly #context: BatchContext;
  readonly #outer: OuterRequest;
  readonly #references = new References();
  /** Ids and groups that were carried out without an error. */
  readonly #succeeded = new Set<string>();
  readonly #turns = new Turns();
  readonly #started = new Map<BatchPart, Started>();
  /** Of the answers so far. */
  #bytes = 0;

  constructor(context: BatchContext, address: ApiAddress, request: HttpRequest) {
    this.#context = context;
    const { publicUrl, hosts } = context.environment;
    this.#outer = { publicUrl, hosts, address, request };
  }

  async run(batch: Batch): Promise<readonly ItemAnswer[]> {
    const goesOn = continuesOnError(this.#outer.request, batch);
    const answers: ItemAnswer[] = [];
    // Where requests that run at a time are counted, a batch is one of them. Parts of JSON batches refer to each other.
    const startsReads = batch.format === 'multipart' && this.#context.limits === undefined;
    for (const [at, item] of batch.items.entries()) {
      await this.#turns.next();
      if (startsReads && this.#started.size === 0) this.#startReads(batch.items, at);
      if (this.#bytes > batchLimits.answer) return [...answers, this.#tooLarge(item)];
      const answer = await this.#item(item, batch.format);
      answers.push(answer);
      this.#remember(item, answer);
      if (isFailed(answer) && !goesOn) break;
    }
    return answers;
  }

  /**
   * Begins the reads that stand here, up to what may change something. Each is written down when its turn comes: one that
   * stands behind a failure was neither answered nor asked, as far as anybody can see.
   */
  #startReads(items: readonly BatchItem[], from: number): void {
    for (const item of items.slice(from, from + readsTogether)) {
      if (item.kind !== 'single' || !isRead(item.part)) return;
      const recorded = this.#record(item.part);
      const place = { references: new References(), within: this.#latest(), isTogether: false };
      const answering = this.#answer(item.part, recorded, place);
      answering.catch(() => undefined);
      this.#started.set(item.part, { recorded, answering });
    }
  }

  #item(item: BatchItem, format: Batch['format']): Promise<ItemAnswer> {
    if (item.kind === 'changeSet') return this.#changeSet(item);
    // Only JSON batches refer from one request to another outside of change sets (dataverse-web-api 4.11).
    return this.#single(item.part, format === 'json' ? this.#references : new References());
  }

  /** The last answer of a batch whose answers have become too many. */
  #tooLarge(item: BatchItem): ItemAnswer {
    const part = item.kind === 'single' ? item.part : item.parts[0];
    const response = this.#context.recorder.refuse(refuse.batchAnswerTooLarge(batchLimits.answer));
    return { kind: 'single', answer: { id: part?.id, group: undefined, response } };
  }

  /** Of a request with a condition of its own: whether it holds is never looked at. */
  #conditional(): HttpResponse {
    return this.#context.recorder.refuse(refuse.notSupported("a condition ('if') of a request in a batch"));
  }

  #remember(item: BatchItem, answer: ItemAnswer): void {
    // What others depend on must have succeeded, which "not modified" has not (OData JSON format 4.01 section 19.1).
    if (isFailed(answer) || (answer.kind === 'single' && answer.answer.response.status >= 300)) return;
    for (const { id } of item.kind === 'single' ? [item.part] : item.parts)
      if (id !== undefined) this.#succeeded.add(id);
    if (item.kind === 'changeSet' && item.group !== undefined) this.#succeeded.add(item.group);
  }

  async #single(part: BatchPart, references: References): Promise<ItemAnswer> {
    const { id } = part;
    if (part.isConditional) return { kind: 'single', answer: { id, group: undefined, response: this.#conditional() } };
    if (!this.#mayRun(part)) return { kind: 'single', answer: { id, group: undefined, response: failedDependency() } };
    const started = this.#started.get(part);
    this.#started.delete(part);
    const recorded = started?.recorded ?? this.#record(part);
    const { recorder, log } = this.#context;
    try {
      const response = await recorder.answer(recorded, async () => {
        const place = { references, within: this.#latest(), isTogether: false };
        return (await (started?.answering ?? this.#answer(part, recorded, place))).response;
      });
      return { kind: 'single', answer: { id, group: undefined, response } };
    } catch (fault) {
      // A fault of ours in one part: the client learns nothing of it, and the parts before it stay answered.
      return { kind: 'single', answer: { id, group: undefined, response: partFault(fault, log) } };
    }
  }

  /**
   * All of its requests in one transaction; the first that fails undoes the others and is the answer to all. A set of one
   * is that request: it needs no transaction around it. What was done is in the audit log before it is answered.
   */
  async #changeSet({ parts, group }: ChangeSet): Promise<ItemAnswer> {
    const progress: Progress = { at: undefined, recorded: undefined, done: [] };
    const { recorder } = this.#context;
    const latest = this.#latest();
    try {
      const conditional = parts.find(({ isConditional }) => isConditional);
      if (conditional !== undefined) return failedSet(parts, group, conditional, this.#conditional());
      if (!parts.every((part) => this.#mayRun(part, parts))) {
        return failedSet(parts, group, undefined, failedDependency());
      }
      const { answers, references } =
        parts.length === 1
          ? await this.#parts(parts, group, latest, progress)
          : await latest.environment.together((runners) => this.#parts(parts, group, { ...latest, runners }, progress));
      await recorder.write(progress.done.map(({ recorded, response }) => recorder.entriesOf(recorded, response)));
      if (group !== undefined) this.#references.adopt(references);
      return { kind: 'changeSet', answers };
    } catch (error) {
      return failedSet(parts, group, progress.at, await this.#failure(error, progress));
    }
  }

  async #parts(
    parts: readonly BatchPart[],
    group: string | undefined,
    within: Within,
    progress: Progress,
  ): Promise<{ answers: readonly PartAnswer[]; references: References }> {
    const references = new References(this.#references);
    const answers: PartAnswer[] = [];
    // Those of an attempt that collided with another transaction were undone.
    progress.done = [];
    for (const part of parts) {
      const recorded = this.#record(part);
      Object.assign(progress, { at: part, recorded });
      await this.#turns.next();
      if (isRead(part)) throw refuse.readInChangeSet();
      const answer = await this.#answer(part, recorded, { references, within, isTogether: parts.length > 1 });
      progress.done.push({ recorded, response: answer.response });
      answers.push({ ...answer, group });
    }
    return { answers, references };
  }

  async #answer(
    part: BatchPart,
    recorded: Recorded,
    { references, within, isTogether }: PartPlace,
  ): Promise<PartAnswer> {
    const { address, request } = partRequest(this.#outer, part, references);
    const batch = { references, longestUrl: batchLimits.url, isTogether };
    const { notes, rows } = recorded;
    const { environment, runners } = within;
    // Named one by one: spreading costs as much as the first gate.
    const context = { environment, runners, caller: this.#context.caller, notes, rows, batch };
    const { response, row } = await answerOperation(context, address, request);
    references.note(part.id, { path: row, etag: response.headers['ETag'] });
    const isHead = part.method === 'HEAD';
    this.#bytes += Buffer.byteLength(response.body);
    return { id: part.id, group: undefined, response: isHead ? { ...response, body: '' } : response };
  }

  /** A part with what is known of it before it is looked at: who sent the batch. */
  #record(part: BatchPart): Recorded {
    const { notes: outer } = this.#context;
    const { model } = this.#latest().environment;
    const { request } = this.#outer;
    const own = { ...request, method: part.method, url: part.url, body: part.body };
    const { environmentId, clientId, tenantId, objectId, tokenId, userId } = outer;
    const known = { environmentId, clientId, tenantId, objectId, tokenId, userId };
    return { request: own, notes: Object.assign(beginRequest(own), known), rows: [], model };
  }

  /** A part may have changed definitions: the parts after it see them. */
  #latest(): Within {
    const environment = this.#context.environment.latest();
    return { environment, runners: environment };
  }

  /** Has everything succeeded that the part depends on? `within`: the parts of its own group, which come with it. */
  #mayRun({ dependsOn }: BatchPart, within: readonly BatchPart[] = []): boolean {
    return dependsOn.every((id) => this.#succeeded.has(id) || within.some((part) => part.id === id));
  }

  /** The answer to a change set that was not kept, and the entries of its requests. */
  async #failure(error: unknown, { recorded, done }: Progress): Promise<HttpResponse> {
    const { recorder, log } = this.#context;
    // All of it was carried out by then, and only not written down.
    if (error instanceof AuditUnavailable) return recorder.refuse(unavailable('outcomeUnknown', error.message));
    // A fault of ours: the client learns nothing of it, and the parts before it stay answered.
    const refusal = error instanceof Refusal ? error : refusalOf(error);
    const response = refusal === undefined ? partFault(error, log) : recorder.refuse(refusal, recorded);
    const failed = (part: Recorded): AuditEntry => {
      const entry = recorder.entryOf(part, response, refusal);
      return error instanceof Refusal ? entry : faultOf(entry, error);
    };
    // When all were carried out, it is the whole set that failed.
    const isWhole = recorded === undefined || done.some((part) => part.recorded === recorded);
    const entries = isWhole
      ? done.map((part) => failed(part.recorded))
      : [...done.map((part) => recorder.entryOf(part.recorded, failedDependency(), undoneWithSet)), failed(recorded)];
    try {
      await recorder.write(entries.map((entry) => [entry]));
      return response;
    } catch (failure) {
      if (!(failure instanceof AuditUnavailable)) throw failure;
      return error instanceof Refusal ? recorder.refuse(unavailable('auditUnavailable', failure.message)) : response;
    }
  }
}

/** What is told when storage failed; `undefined` for a fault of ours. */
function refusalOf(error: unknown): Refusal | undefined {
  if (!(error instanceof Unavailable)) return undefined;
  return unavailable(error.isUndone ? 'dataUnavailable' : 'outcomeUnknown', error.message);
}

const isRead = ({ method }: BatchPart): boolean => method === 'GET' || method === 'HEAD';

/** Why a request of a change set that was carried out is not there. */
const undoneWithSet = new Refusal('run', {
  status: 424,
  code: '0x80060888',
  message: 'undone, because another request of the change set failed',
});

/** `culprit` is the request that failed; the others were not carried out, or were undone. */
function failedSet(
  parts: readonly BatchPart[],
  group: string | undefined,
  culprit: BatchPart | undefined,
  response: HttpResponse,
): ItemAnswer {
  const failed = culprit ?? parts[0];
  const others = parts.filter((part) => part !== failed).map(({ id }) => ({ id, group, response: failedDependency() }));
  return { kind: 'failedSet', answer: { id: failed?.id, group, response }, others };
}
