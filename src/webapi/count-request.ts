import type { HttpResponse } from '../kernel/http.ts';
import { Refusal } from '../kernel/refusal.ts';
import type { ServiceLimits } from './service-limits.ts';

/**
 * Counts a request of the user whom `key` names while `answer` answers it, and says on the answer, refusals included, what
 * is left. The place is given back when `answer` is done, however it ends: a client that went away does not hold it longer
 * than its request runs. Rejects with a `Refusal` (429) without asking for an answer when the user has used too much.
 */
export async function countRequest(
  limits: ServiceLimits,
  key: string,
  answer: () => Promise<HttpResponse>,
): Promise<HttpResponse> {
  const running = limits.begin(key);
  try {
    const response = await answer();
    Object.assign(response.headers, running.end());
    return response;
  } catch (error) {
    throw error instanceof Refusal ? error.withHeaders(running.end()) : error;
  } finally {
    running.end();
  }
}
