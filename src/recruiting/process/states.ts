import type { Step } from './state-graph.ts';

/** `mshr_hcmrecruitingrequeststatus` (ats-api 4.1). */
export const requestStatus = {
  draft: 200_000_000,
  inReview: 200_000_001,
  pending: 200_000_002,
  canceled: 200_000_003,
  denied: 200_000_004,
  active: 200_000_005,
  closed: 200_000_006,
} as const;

/** `mshr_hcmrecruitingrequestpositionstatus` (ats-api 4.3). */
export const positionStatus = { open: 200_000_000, filled: 200_000_001, canceled: 200_000_002 } as const;

/** `mshr_hcmapplicantintegrationresult` (ats-api 5.1). */
export const result = {
  notProcessed: 200_000_000,
  hired: 200_000_001,
  notHired: 200_000_002,
  dismissed: 200_000_003,
} as const;

/** `workflow`: only where requests of the legal entity are approved; `noWorkflow`: only where they are not. */
export type RequestStep = Step<'workflow' | 'noWorkflow'>;

/** Life of a recruiting request. Transitions are not published; this is the graph that the states suggest (ats-api 4.1). */
export const requestGraph: readonly RequestStep[] = [
  { method: 'Activate', from: requestStatus.draft, to: requestStatus.active, only: 'noWorkflow' },
  { method: 'Submit', from: requestStatus.draft, to: requestStatus.inReview, only: 'workflow' },
  { method: 'Review', from: requestStatus.inReview, to: requestStatus.pending },
  { method: 'Approve', from: requestStatus.pending, to: requestStatus.active },
  { method: 'Deny', from: requestStatus.pending, to: requestStatus.denied },
  { method: 'Cancel', from: requestStatus.pending, to: requestStatus.canceled },
  { method: 'Recall', from: requestStatus.inReview, to: requestStatus.draft },
  { method: 'Recall', from: requestStatus.pending, to: requestStatus.draft },
  { method: 'Reopen', from: requestStatus.denied, to: requestStatus.draft },
  { method: 'Close', from: requestStatus.active, to: requestStatus.closed },
];

/** States that nothing leads out of: the positions of such a request stand still, too. */
export const endedRequests: readonly number[] = [requestStatus.canceled, requestStatus.closed];

/** A position of a request. One that was filled is free again when the candidate does not come. */
export const positionGraph: readonly Step[] = [
  { method: 'Fill', from: positionStatus.open, to: positionStatus.filled },
  { method: 'Cancel', from: positionStatus.open, to: positionStatus.canceled },
  { method: 'Reopen', from: positionStatus.filled, to: positionStatus.open },
  { method: 'Reopen', from: positionStatus.canceled, to: positionStatus.open },
];

/** What became of a candidate. */
export const resultGraph: readonly Step[] = [
  { method: 'Hire', from: result.notProcessed, to: result.hired },
  { method: 'DoNotHire', from: result.notProcessed, to: result.notHired },
  { method: 'Dismiss', from: result.notProcessed, to: result.dismissed },
  { method: 'Dismiss', from: result.hired, to: result.dismissed },
];
