import { type Guid, getGuid, newGuid } from '../../kernel/ids.ts';
import type { Value } from '../../odata/query.ts';
import type { Draft } from '../draft.ts';
import type { EntityWriter } from '../entity-writer.ts';
import { getColumn, getTable } from '../model-lookup.ts';
import { requestStatus, result } from './states.ts';

/** Events that others can hear of. Types are part of what subscribers rely on. */
export const eventTypes = [
  'recruitingRequest.activated',
  'recruitingRequest.changed',
  'recruitingRequest.closed',
  'candidate.received',
  'candidate.hired',
  'candidate.notHired',
  'candidate.dismissed',
] as const;

export type EventType = (typeof eventTypes)[number];

const outcomes: ReadonlyMap<Value, EventType> = new Map([
  [result.hired, 'candidate.hired'],
  [result.notHired, 'candidate.notHired'],
  [result.dismissed, 'candidate.dismissed'],
]);

/** What a new or changed request is to others. Changes before it is active concern nobody outside. */
export function announceRequest(draft: Draft, writer: EntityWriter): void {
  const status = draft.value('mshr_status');
  const before = draft.before?.values.get(getColumn(draft.table, 'mshr_status'));
  if (status === requestStatus.active) {
    tellRequest(writer, before === status ? 'recruitingRequest.changed' : 'recruitingRequest.activated', draft);
  } else if (status === requestStatus.closed && before !== status)
    tellRequest(writer, 'recruitingRequest.closed', draft);
}

/** A position, skill or education was added to, changed on or taken from a request. */
export async function announcePart(draft: Draft, writer: EntityWriter): Promise<void> {
  const id = draft.value('mshr_fk_recruitingrequest_id');
  if (typeof id !== 'string') return;
  const table = getTable(writer.model, 'mshr_hcmrecruitingrequestentity');
  const row = await writer.rows.get(table, getGuid(id));
  if (row?.values.get(getColumn(table, 'mshr_status')) !== requestStatus.active) return;
  tellRequest(writer, 'recruitingRequest.changed', {
    id: row.id,
    value: (name) => row.values.get(getColumn(table, name)) ?? null,
  });
}

/** A candidate that came, and what became of it. */
export function announceCandidate(draft: Draft, writer: EntityWriter): void {
  if (draft.isNew) tellCandidate(writer, 'candidate.received', draft);
  const column = getColumn(draft.table, 'mshr_applicantintegrationresult');
  const outcome = draft.isChanged(column) ? outcomes.get(draft.get(column)) : undefined;
  if (outcome !== undefined) tellCandidate(writer, outcome, draft);
}

interface Told {
  readonly id: Guid;
  value(name: string): Value;
}

function tellRequest(writer: EntityWriter, type: EventType, request: Told): void {
  const { events } = writer.rows;
  // Whoever hears of the first one looks at the request after all of this has been done.
  const isTold = events.some(
    (event) => event.subject === request.id && (event.type === type || isBeginning(event.type)),
  );
  if (isTold && type === 'recruitingRequest.changed') return;
  tell(writer, type, request.id, {
    recruitingRequestEntityId: request.id,
    recruitingRequestId: text(request.value('mshr_recruitingrequestid')),
    dataAreaId: text(request.value('mshr_dataareaid')),
    status: whole(request.value('mshr_status')),
  });
}

const isBeginning = (type: string): boolean => type === 'recruitingRequest.activated';

function tellCandidate(writer: EntityWriter, type: EventType, candidate: Told): void {
  const request = candidate.value('mshr_fk_recruitingrequest_id');
  tell(writer, type, typeof request === 'string' ? getGuid(request) : candidate.id, {
    candidateToHireEntityId: candidate.id,
    candidateId: text(candidate.value('mshr_candidateid')),
    recruitingRequestEntityId: text(request),
    recruitingRequestId: text(candidate.value('mshr_recruitingrequestid')),
    dataAreaId: text(candidate.value('mshr_dataareaid')),
    applicantIntegrationResult: whole(candidate.value('mshr_applicantintegrationresult')),
  });
}

/** INVARIANT: `data` holds ids and states alone. Outbox and deliveries outlive the personal data of a candidate. */
function tell(
  writer: EntityWriter,
  type: EventType,
  subject: Guid,
  data: Readonly<Record<string, string | number | null>>,
): void {
  writer.rows.announce({ id: newGuid(), type, subject, time: writer.now().toISOString(), data });
}

const text = (value: Value): string | null => (value === null ? null : String(value));
const whole = (value: Value): number | null => (value === null ? null : Number(value));
