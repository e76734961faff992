import type { HttpRequest, HttpResponse } from '../../kernel/http.ts';
import type { Log } from '../../kernel/log.ts';
import { type Batch, type BatchItem, type BatchPart, batchLimits, type ChangeSet } from '../../odata/batch/batch.ts';
import { parseBatch } from '../../odata/batch/parse-batch.ts';
import { References } from '../../odata/batch/references.ts';
import { Differences } from '../../odata/fidelity.ts';
import { parsePreferences } from '../../odata/preferences.ts';
import { refuse } from '../../odata/problems.ts';
import type { ApiAddress } from '../address.ts';
import { type AnswerContext, answerOperation, refuseImpersonation, userOf } from '../answer-operation.ts';
import { answerRefusal } from '../refused.ts';
import type { Runners } from '../web-api-environment.ts';
import { failedDependency, type ItemAnswer, isFailed, type PartAnswer, partFault } from './part-answer.ts';
import { type OuterRequest, partRequest } from './part-request.ts';
import { renderJsonBatch } from './render-json.ts';
import { renderMultipart } from './render-multipart.ts';
import { Turns } from './turns.ts';

export interface BatchContext extends AnswerContext {
  readonly log: Log;
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
  userOf(context.environment.dataverse.current, context.caller); // 403
  refuseImpersonation(request); // 501
  if (request.method !== 'POST') throw refuse.methodNotAllowed(request.method, ['POST']);
  const batch = parseBatch(request.headers, request.body); // 400, 415
  const differences = new Differences(context.environment.fidelity);
  if (batch.format === 'json') differences.use('json-batch'); // 415 under strict
  const answers = await new BatchRun(context, address, request).run(batch);
  return batch.format === 'json'
    ? renderJsonBatch(answers, differences)
    : renderMultipart(answers, continuesOnError(request, batch));
}

/** Multipart batches stop at the first failure, JSON batches go on, unless the preference says otherwise. */
function continuesOnError(request: HttpRequest, { format }: Batch): boolean {
  return parsePreferences(request.headers).continueOnError ?? format === 'json';
}

/** Which request of a change set is being carried out. */
interface Progress {
  at: BatchPart | undefined;
}

class BatchRun {
  readonly #context: BatchContext;
  readonly #outer: OuterRequest;
  readonly #references = new References();
  /** Ids and groups that were carried out without an error. */
  readonly #succeeded = new Set<string>();
  readonly #turns = new Turns();

  constructor(context: BatchContext, address: ApiAddress, request: HttpRequest) {
    this.#context = context;
    const { publicUrl } = context.environment;
    const hosts = [request.host.toLowerCase(), new URL(publicUrl).host];
    this.#outer = { publicUrl, hosts, address, request };
  }

  async run(batch: Batch): Promise<readonly ItemAnswer[]> {
    const goesOn = continuesOnError(this.#outer.request, batch);
    const answers: ItemAnswer[] = [];
    for (const item of batch.items) {
      await this.#turns.next();
      const answer = await this.#item(item, batch.format);
      answers.push(answer);
      this.#remember(item, answer);
      if (isFailed(answer) && !goesOn) break;
    }
    return answers;
  }

  #item(item: BatchItem, format: Batch['format']): Promise<ItemAnswer> {
    if (item.kind === 'changeSet') return this.#changeSet(item);
    // Only JSON batches refer from one request to another outside of change sets (dataverse-web-api 4.11).
    return this.#single(item.part, format === 'json' ? this.#references : new References());
  }

  #remember(item: BatchItem, answer: ItemAnswer): void {
    if (isFailed(answer)) return;
    for (const { id } of item.kind === 'single' ? [item.part] : item.parts)
      if (id !== undefined) this.#succeeded.add(id);
    if (item.kind === 'changeSet' && item.group !== undefined) this.#succeeded.add(item.group);
  }

  async #single(part: BatchPart, references: References): Promise<ItemAnswer> {
    const { id } = part;
    if (!this.#mayRun(part)) return { kind: 'single', answer: { id, group: undefined, response: failedDependency() } };
    try {
      return { kind: 'single', answer: await this.#answer(part, undefined, references, this.#context.runners, false) };
    } catch (error) {
      return { kind: 'single', answer: { id, group: undefined, response: this.#failure(error) } };
    }
  }

  /**
   * All of its requests in one transaction; the first that fails undoes the others and is the answer to all. A set of one
   * is that request: it needs no transaction around it.
   */
  async #changeSet({ parts, group }: ChangeSet): Promise<ItemAnswer> {
    const progress: Progress = { at: undefined };
    const { environment, runners } = this.#context;
    try {
      if (!parts.every((part) => this.#mayRun(part, parts))) {
        return failedSet(parts, group, undefined, failedDependency());
      }
      const { answers, references } =
        parts.length === 1
          ? await this.#parts(parts, group, runners, progress)
          : await environment.together((inside) => this.#parts(parts, group, inside, progress));
      if (group !== undefined) this.#references.adopt(references);
      return { kind: 'changeSet', answers };
    } catch (error) {
      return failedSet(parts, group, progress.at, this.#failure(error));
    }
  }

  async #parts(
    parts: readonly BatchPart[],
    group: string | undefined,
    runners: Runners,
    progress: Progress,
  ): Promise<{ answers: readonly PartAnswer[]; references: References }> {
    const references = new References(this.#references);
    const answers: PartAnswer[] = [];
    for (const part of parts) {
      progress.at = part;
      await this.#turns.next();
      if (part.method === 'GET' || part.method === 'HEAD') throw refuse.readInChangeSet();
      answers.push(await this.#answer(part, group, references, runners, parts.length > 1));
    }
    return { answers, references };
  }

  async #answer(
    part: BatchPart,
    group: string | undefined,
    references: References,
    runners: Runners,
    isTogether: boolean,
  ): Promise<PartAnswer> {
    const { address, request } = partRequest(this.#outer, part, references);
    const place = { references, longestUrl: batchLimits.url, isTogether };
    const { response, row } = await answerOperation({ ...this.#context, runners, batch: place }, address, request);
    references.note(part.id, { path: row, etag: response.headers['ETag'] });
    return { id: part.id, group, response: part.method === 'HEAD' ? { ...response, body: '' } : response };
  }

  /** Has everything succeeded that the part depends on? `within`: the parts of its own group, which come with it. */
  #mayRun({ dependsOn, isConditional }: BatchPart, within: readonly BatchPart[] = []): boolean {
    return !isConditional && dependsOn.every((id) => this.#succeeded.has(id) || within.some((part) => part.id === id));
  }

  #failure(error: unknown): HttpResponse {
    try {
      return answerRefusal(error, this.#context.log);
    } catch (fault) {
      // A fault of ours in one part: the client learns nothing of it, and the parts before it stay answered.
      return partFault(fault, this.#context.log);
    }
  }
}

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
