import type { AuditedRow, AuditNotes } from '../kernel/audit.ts';
import type { HttpRequest, HttpResponse } from '../kernel/http.ts';
import type { Log } from '../kernel/log.ts';
import { type Caller, issuerCredential } from '../token/caller.ts';
import type { ApiAddress } from './address.ts';
import { type AnswerContext, answerOperation } from './answer-operation.ts';
import { answerBatch } from './batch/answer-batch.ts';
import { countRequest } from './count-request.ts';
import { userOf } from './find-asker.ts';
import { orNoteAsked } from './note-asked.ts';
import type { Recorder } from './recorder.ts';
import type { ServiceLimits } from './service-limits.ts';
import type { WebApiEnvironment } from './web-api-environment.ts';

/** Where a request is answered, and written down. */
export interface RequestPlace {
  readonly environment: WebApiEnvironment;
  readonly notes: AuditNotes;
  /** Further rows that the request changes, for the audit log. */
  readonly rows: AuditedRow[];
  readonly log: Log;
  /** For the parts of a batch. */
  readonly recorder: Recorder;
  /** `undefined`: nothing is counted. */
  readonly limits: ServiceLimits | undefined;
}

/** One request of the Web API, told from the `Authorization` header to the answer. Refusals are thrown, or rejected with. */
export function answerRequest(place: RequestPlace, address: ApiAddress, request: HttpRequest): Promise<HttpResponse> {
  const authenticated = place.environment.authenticate(request.headers['authorization']); // 401
  // Almost every caller is there at once, and a turn of waiting costs.
  return authenticated instanceof Promise
    ? authenticated.then((caller) => answerCaller(place, caller, address, request))
    : answerCaller(place, authenticated, address, request);
}

function answerCaller(
  place: RequestPlace,
  caller: Caller,
  address: ApiAddress,
  request: HttpRequest,
): Promise<HttpResponse> {
  const { environment, notes } = place;
  noteCaller(notes, caller);
  const { rows, log, recorder, limits } = place;
  // Named one by one: spreading the place costs as much as the first gate.
  const context = { environment, runners: environment, caller, notes, rows, log, recorder, limits };
  // What this process asks of itself, such as the seed, has no address.
  if (limits === undefined || request.remoteAddress === undefined) return answerCounted(context, address, request);
  const find = () => userOf(environment.dataverse.current, caller);
  const user = orNoteAsked(place, address, request, find); // 403, not a member or disabled
  notes.userId = user.id;
  return countRequest(limits, `${environment.id} ${user.id}`, () => answerCounted(context, address, request)); // 429
}

async function answerCounted(
  context: AnswerContext & RequestPlace,
  address: ApiAddress,
  request: HttpRequest,
): Promise<HttpResponse> {
  if (address.path === '$batch') return answerBatch(context, address, request); // 400, 415, and those of each part
  return (await answerOperation(context, address, request)).response;
}

function noteCaller(notes: AuditNotes, { clientId, tenantId, objectId, tokenId, outside }: Caller): void {
  notes.clientId = clientId;
  notes.tenantId = tenantId;
  notes.objectId = objectId;
  notes.tokenId = tokenId;
  if (outside !== undefined) notes.credential = issuerCredential(outside.trusted.name);
}
