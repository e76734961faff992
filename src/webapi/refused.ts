import type { AuditText } from '../kernel/audit.ts';
import type { HttpResponse } from '../kernel/http.ts';
import type { Log } from '../kernel/log.ts';
import { Refusal } from '../kernel/refusal.ts';
import { renderRefusal } from './render.ts';

/** A refusal as the caller is told it; the log gets the stage and `reason`, the true one. Anything else is thrown again. */
export function answerRefusal(error: unknown, reason: AuditText, log: Log): HttpResponse {
  if (!(error instanceof Refusal)) throw error;
  const answered = renderRefusal(error);
  log.info('refused', {
    stage: error.stage,
    status: error.problem.status,
    code: error.problem.code,
    reason,
    request: answered.headers['REQ_ID'],
  });
  return answered;
}
