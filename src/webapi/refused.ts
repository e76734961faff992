import type { HttpResponse } from '../kernel/http.ts';
import type { Log } from '../kernel/log.ts';
import { Refusal } from '../kernel/refusal.ts';
import { renderRefusal } from './render.ts';

/** A refusal as the caller is told it; the log gets the stage and the true reason. Anything else is thrown again. */
export function answerRefusal(error: unknown, log: Log): HttpResponse {
  if (!(error instanceof Refusal)) throw error;
  const answered = renderRefusal(error);
  log.info('refused', {
    stage: error.stage,
    status: error.problem.status,
    code: error.problem.code,
    reason: error.reason,
    request: answered.headers['REQ_ID'],
  });
  return answered;
}
