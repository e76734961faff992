import type { HttpRequest, HttpResponse } from '../kernel/http.ts';
import type { Log } from '../kernel/log.ts';
import type { ApiAddress } from './address.ts';
import { answerOperation } from './answer-operation.ts';
import { answerBatch } from './batch/answer-batch.ts';
import type { WebApiEnvironment } from './web-api-environment.ts';

/** One request of the Web API, told from the `Authorization` header to the answer. Refusals are thrown. */
export async function answerRequest(
  environment: WebApiEnvironment,
  address: ApiAddress,
  request: HttpRequest,
  log: Log,
): Promise<HttpResponse> {
  const authenticated = environment.authenticate(request.headers['authorization']); // 401
  // Almost every caller is there at once, and a turn of waiting costs.
  const caller = authenticated instanceof Promise ? await authenticated : authenticated;
  const context = { environment, runners: environment, caller };
  if (address.path === '$batch') return answerBatch({ ...context, log }, address, request); // 400, 415, and those of each part
  return (await answerOperation(context, address, request)).response;
}
