import {
  type Audit,
  type AuditEntry,
  type AuditedRow,
  type AuditNotes,
  type AuditOutcome,
  type AuditText,
  AuditUnavailable,
} from './audit.ts';
import type { HttpResponse } from './http.ts';
import { newRequestId } from './ids.ts';
import { Refusal, type Stage } from './refusal.ts';
import { type Unavailability, Unavailable } from './unavailable.ts';

/** The ids by which the answer is known to its client. */
export type AuditIds = Pick<AuditEntry, 'requestId' | 'correlationId'>;

/** One request, as the surface that answers it sees it. */
export interface AuditedRequest {
  readonly audit: Audit;
  /** What is known of it; `answer` adds to this. */
  readonly notes: AuditNotes;
  /** Further rows that `answer` has changed; it adds to this. */
  readonly rows?: readonly AuditedRow[];
  /** Answers it. Throws a `Refusal` when it does not. */
  answer(): Promise<HttpResponse>;
  /** A refusal in the dialect of the surface. */
  refuse(refusal: Refusal): HttpResponse;
  /** The refusal of that name in the dialect of the surface. `reason` is for the log. */
  unavailable(why: Unavailability, reason: string): Refusal;
  idsOf(answer: HttpResponse): AuditIds;
  /** The true reason, without secrets and values. */
  reasonOf(refusal: Refusal): AuditText;
}

/** What a refusal of a stage says of the request. A refusal of the token endpoint is a denial whatever it is for. */
const outcomeOf: Readonly<Record<Stage, AuditOutcome>> = {
  token: 'denied',
  authenticate: 'denied',
  user: 'denied',
  limit: 'denied',
  parse: 'failed',
  table: 'denied',
  link: 'denied',
  data: 'denied',
  run: 'failed',
};

/**
 * Answers a request and leaves exactly one entry of it in the audit log, and one of each further row that it changed. What is not a read, and every denial, is on
 * disk before this resolves; when it cannot be, the answer says so instead. A read that was allowed waits for nothing.
 */
export async function answerAudited(request: AuditedRequest): Promise<HttpResponse> {
  const { audit, notes } = request;
  const began = performance.now();
  if (notes.kind !== 'read' && !audit.isWorking) return notAudited(request, 'auditUnavailable', began);
  let response: HttpResponse;
  let refusal: Refusal | undefined;
  let isUnknown = false;
  try {
    response = await request.answer();
  } catch (error) {
    if (error instanceof Refusal) refusal = error;
    else if (error instanceof Unavailable) {
      isUnknown = mayBeDone(notes, error);
      refusal = request.unavailable(isUnknown ? 'outcomeUnknown' : 'dataUnavailable', error.message);
    } else {
      await recordFault(request, error, began);
      throw error;
    }
    response = await refuseOrRecord(request, refusal, began);
  }
  const told = entryOf(request, response, refusal);
  const entry: AuditEntry = isUnknown ? { ...told, outcome: 'faulted' } : told;
  if (notes.kind === 'read' && entry.outcome !== 'denied') {
    audit.note(entry);
    audit.answered?.(entry, began);
    return response;
  }
  try {
    await Promise.all([entry, ...rowEntries(entry, request.rows)].map((each) => audit.write(each)));
    audit.answered?.(entry, began);
    return response;
  } catch (error) {
    if (!(error instanceof AuditUnavailable)) throw error;
    // What was done stays done: who is told to try again would do it twice.
    if (isUnknown) {
      audit.answered?.(entry, began);
      return response;
    }
    const isDone = refusal === undefined && changes(notes);
    return notAudited(request, isDone ? 'outcomeUnknown' : 'auditUnavailable', began);
  }
}

/** A read leaves nothing behind, and a token that nobody got is none. */
const changes = ({ kind }: AuditNotes): boolean => kind !== 'read' && kind !== 'token';

/** May the request have been carried out, though storage failed? */
const mayBeDone = (notes: AuditNotes, error: Unavailable): boolean => changes(notes) && !error.isUndone;

async function refuseOrRecord(request: AuditedRequest, refusal: Refusal, began: number): Promise<HttpResponse> {
  try {
    return request.refuse(refusal);
  } catch (error) {
    await recordFault(request, error, began);
    throw error;
  }
}

/** No entry could be written, but it is counted. */
function notAudited(request: AuditedRequest, why: Unavailability, began: number): HttpResponse {
  const response = request.refuse(request.unavailable(why, 'the audit log cannot be written'));
  const entry = { ...request.notes, requestId: '', outcome: 'faulted' as const, status: response.status };
  request.audit.answered?.(entry, began);
  return response;
}

/** The entry of a request that was answered with `response`; `refusal` where that is one. */
export function entryOf(
  request: Pick<AuditedRequest, 'notes' | 'idsOf' | 'reasonOf'>,
  response: HttpResponse,
  refusal: Refusal | undefined,
): AuditEntry {
  const { status } = response;
  const ids = request.idsOf(response);
  // Nearly every request ends here: the notes become the entry, which costs less than a copy.
  if (refusal === undefined) return Object.assign(request.notes, ids, { outcome: 'allowed' as const, status });
  const { stage, problem, unmet: cause } = refusal;
  const reason = request.reasonOf(refusal);
  const entry = { ...request.notes, ...ids, outcome: outcomeOf[stage], status, code: problem.code, stage, reason };
  return cause === undefined ? entry : { ...entry, cause };
}

/** What is written of further rows: nothing where the request was not carried out, for then they were not kept. */
export function rowEntries(entry: AuditEntry, rows: readonly AuditedRow[] = []): readonly AuditEntry[] {
  if (entry.outcome !== 'allowed') return [];
  const { table: _table, message: _message, targetId: _targetId, sensitive: _sensitive, ...rest } = entry;
  // What the request asked of the gates for all of its rows is told once.
  const { shapes: _shapes, ...request } = rest;
  return rows.map((row) => ({ ...request, ...row }));
}

/** The failure itself stays the answer, whether it could be written or not. */
async function recordFault({ audit, notes }: AuditedRequest, error: unknown, began: number): Promise<void> {
  const entry = faultOf({ ...notes, requestId: newRequestId(), outcome: 'faulted', status: 500 }, error);
  if (notes.kind === 'read') audit.note(entry);
  else await audit.write(entry).catch(() => undefined);
  audit.answered?.(entry, began);
}

/** The entry of a request that ended with an error of ours. Its message may hold values: only its name is kept. */
export const faultOf = (entry: AuditEntry, error: unknown): AuditEntry => ({
  ...entry,
  outcome: 'faulted',
  code: error instanceof Error ? error.name : typeof error,
});
