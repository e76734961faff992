import {
  type Audit,
  type AuditEntry,
  type AuditedRow,
  type AuditNotes,
  type AuditText,
  beginNotes,
} from '../kernel/audit.ts';
import { parseAuditText, parseRequestText } from '../kernel/audit-text.ts';
import { type AuditedRequest, type AuditIds, answerAudited, entryOf, rowEntries } from '../kernel/audited.ts';
import type { HttpRequest, HttpResponse } from '../kernel/http.ts';
import type { Log } from '../kernel/log.ts';
import type { Refusal } from '../kernel/refusal.ts';
import type { Unavailability } from '../kernel/unavailable.ts';
import { modelNames } from '../metadata/model-names.ts';
import type { Model } from '../metadata/table.ts';
import { unavailable } from './errors.ts';
import { answerRefusal } from './refused.ts';

/** One request, or one part of a batch, as it is written down. */
export interface Recorded {
  readonly request: HttpRequest;
  readonly notes: AuditNotes;
  /** Further rows that it has changed. */
  readonly rows: AuditedRow[];
  /** Of the environment; absent where the host names none. */
  readonly model: Model | undefined;
}

/** Writes every request of the Web API into the audit log, and its refusals into the server's log. */
export class Recorder {
  readonly #audit: Audit;
  readonly #log: Log;
  readonly #names = new WeakMap<Model, ReadonlySet<string>>();

  constructor(audit: Audit, log: Log) {
    this.#audit = audit;
    this.#log = log;
  }

  /** Answers it and leaves its one entry. Rejects only for a fault of ours, which is in the log then. */
  answer(recorded: Recorded, answer: () => Promise<HttpResponse>): Promise<HttpResponse> {
    return answerAudited(new AuditedAnswer(this.#audit, this, recorded, answer));
  }

  /** A refusal as an answer; `recorded` is what was refused, where it is one request. */
  refuse(refusal: Refusal, recorded?: Recorded): HttpResponse {
    const reason = recorded === undefined ? parseAuditText(refusal.reason) : this.reasonOf(recorded, refusal);
    return answerRefusal(refusal, reason, this.#log);
  }

  /** Writes the entries of requests that were answered together, each with those of its further rows. @throws AuditUnavailable */
  async write(requests: readonly (readonly AuditEntry[])[]): Promise<void> {
    await Promise.all(requests.flat().map((entry) => this.#audit.write(entry)));
    for (const [entry] of requests) if (entry !== undefined) this.#audit.answered?.(entry);
  }

  entryOf(recorded: Recorded, response: HttpResponse, refusal?: Refusal): AuditEntry {
    const { notes } = recorded;
    return entryOf({ notes, idsOf, reasonOf: (each) => this.reasonOf(recorded, each) }, response, refusal);
  }

  /** The entry of a request that was carried out, and those of its further rows. */
  entriesOf(recorded: Recorded, response: HttpResponse): readonly AuditEntry[] {
    const entry = this.entryOf(recorded, response);
    return [entry, ...rowEntries(entry, recorded.rows)];
  }

  /** The true reason of a refusal, as far as it may be kept. */
  reasonOf({ request, model }: Recorded, { stage, reason }: Refusal): AuditText {
    const isName = this.#nameTest(model);
    return stage === 'parse' || stage === 'run'
      ? parseRequestText(reason, request, isName)
      : parseAuditText(reason, isName);
  }

  #nameTest(model: Model | undefined): (word: string) => boolean {
    if (model === undefined) return () => false;
    const names = this.#names.get(model) ?? modelNames(model);
    this.#names.set(model, names);
    return (word) => names.has(word);
  }
}

const idsOf = ({ headers }: HttpResponse): AuditIds => ({ requestId: headers['REQ_ID'] ?? '' });

/** A class rather than a literal with closures: one is made for each request. */
class AuditedAnswer implements AuditedRequest {
  readonly audit: Audit;
  readonly notes: AuditNotes;
  readonly rows: readonly AuditedRow[];
  readonly answer: () => Promise<HttpResponse>;
  readonly #recorder: Recorder;
  readonly #recorded: Recorded;

  constructor(audit: Audit, recorder: Recorder, recorded: Recorded, answer: () => Promise<HttpResponse>) {
    this.audit = audit;
    this.notes = recorded.notes;
    this.rows = recorded.rows;
    this.answer = answer;
    this.#recorder = recorder;
    this.#recorded = recorded;
  }

  refuse(refusal: Refusal): HttpResponse {
    return this.#recorder.refuse(refusal, this.#recorded);
  }

  unavailable(why: Unavailability, reason: string): Refusal {
    return unavailable(why, reason);
  }

  idsOf(response: HttpResponse): AuditIds {
    return idsOf(response);
  }

  reasonOf(refusal: Refusal): AuditText {
    return this.#recorder.reasonOf(this.#recorded, refusal);
  }
}

/** Notes of a request of which only the head is known. */
export const beginRequest = (request: HttpRequest): AuditNotes =>
  beginNotes('web-api', request.method === 'GET' || request.method === 'HEAD' ? 'read' : 'change', request);
