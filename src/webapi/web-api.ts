import type { Audit, AuditedRow } from '../kernel/audit.ts';
import type { HttpRequest, HttpResponse, Surface } from '../kernel/http.ts';
import type { Log } from '../kernel/log.ts';
import { Refusal } from '../kernel/refusal.ts';
import { parseApiAddress } from './address.ts';
import { beginRequest, Recorder } from './recorder.ts';
import { answerRequest, type RequestPlace } from './request.ts';
import type { ServiceLimits } from './service-limits.ts';
import type { WebApiEnvironment } from './web-api-environment.ts';

export interface WebApiDeps {
  /** The environment that the host of a request names. */
  readonly find: (host: string) => WebApiEnvironment | undefined;
  readonly log: Log;
  readonly audit: Audit;
  /** `undefined`: nothing is counted. */
  readonly limits: ServiceLimits | undefined;
}

/** The Web API of all environments. */
export function createWebApi({ find, log, audit, limits }: WebApiDeps): Surface {
  const recorder = new Recorder(audit, log);
  return (request) => {
    const environment = find(request.host);
    const notes = beginRequest(request);
    const rows: AuditedRow[] = [];
    return recorder.answer({ request, notes, rows, model: environment?.model }, () =>
      answer(environment, request, { notes, rows }, { log, recorder, limits }),
    );
  };
}

function answer(
  environment: WebApiEnvironment | undefined,
  request: HttpRequest,
  { notes, rows }: Pick<RequestPlace, 'notes' | 'rows'>,
  shared: Pick<RequestPlace, 'log' | 'recorder' | 'limits'>,
): Promise<HttpResponse> {
  if (environment === undefined) throw noSuch(`no environment is served under the host name '${request.host}'`);
  notes.environmentId = environment.id;
  const address = parseApiAddress(environment.publicUrl, request.url);
  if (address === undefined) {
    throw noSuch('the Web API is served under /api/data/v9.0/, /api/data/v9.1/ and /api/data/v9.2/');
  }
  return answerRequest({ environment, notes, rows, ...shared }, address, request);
}

const noSuch = (message: string): Refusal => new Refusal('parse', { status: 404, code: '0x8006088a', message });
