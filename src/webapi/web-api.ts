import type { HttpRequest, HttpResponse, Surface } from '../kernel/http.ts';
import type { Log } from '../kernel/log.ts';
import { Refusal } from '../kernel/refusal.ts';
import { parseApiAddress } from './address.ts';
import { answerRefusal } from './refused.ts';
import { answerRequest } from './request.ts';
import type { WebApiEnvironment } from './web-api-environment.ts';

/** The Web API of all environments: `find` gives the one that a request's host names. */
export function createWebApi(find: (host: string) => WebApiEnvironment | undefined, log: Log): Surface {
  return async (request) => {
    try {
      return await answer(find, request, log);
    } catch (error) {
      return answerRefusal(error, log);
    }
  };
}

async function answer(
  find: (host: string) => WebApiEnvironment | undefined,
  request: HttpRequest,
  log: Log,
): Promise<HttpResponse> {
  const environment = find(request.host);
  if (environment === undefined) throw noSuch(`no environment is served under the host name '${request.host}'`);
  const address = parseApiAddress(environment.publicUrl, request.url);
  if (address === undefined) {
    throw noSuch('the Web API is served under /api/data/v9.0/, /api/data/v9.1/ and /api/data/v9.2/');
  }
  return answerRequest(environment, address, request, log);
}

const noSuch = (message: string): Refusal => new Refusal('parse', { status: 404, code: '0x8006088a', message });
