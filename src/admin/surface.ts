import type { AuditKeeper } from '../audit/audit-keeper.ts';
import type { Directory } from '../directory/directory.ts';
import {
  allowAdministration,
  type InstallationAccess,
  installationRoles,
  mayAdminister,
} from '../directory/installation-roles.ts';
import type { WebhookAdministration } from '../events/webhook-administration.ts';
import type { EnvironmentView } from '../explain/environment-view.ts';
import { type Audit, type AuditNotes, beginNotes } from '../kernel/audit.ts';
import { parseReason } from '../kernel/audit-text.ts';
import { answerAudited } from '../kernel/audited.ts';
import type { HttpRequest, HttpResponse, Surface } from '../kernel/http.ts';
import { type EnvironmentId, parseGuid, type TenantId } from '../kernel/ids.ts';
import type { Log } from '../kernel/log.ts';
import type { MaybePromise } from '../kernel/maybe-promise.ts';
import type { Refusal } from '../kernel/refusal.ts';
import type { Caller } from '../token/caller.ts';
import { auditIds, startTrace, type Trace } from '../token/trace.ts';
import type { AuditReader } from './audit.ts';
import type { AdminAnswer, AdminCall, AdminRoute } from './call.ts';
import type { EnvironmentAdministration } from './environment-administration.ts';
import type { KeyAdministration } from './keys.ts';
import { openApiDocument } from './openapi.ts';
import type { OperatorAdministration } from './operators.ts';
import type { PeopleAdministration } from './people.ts';
import { AdminRefusal } from './problems.ts';
import type { RecruitingAdministration } from './recruiting.ts';
import { findResource } from './routes.ts';
import type { TrafficSource } from './traffic.ts';

export interface AdminDeps {
  readonly directory: Directory;
  readonly environments: EnvironmentAdministration;
  /** The environment at whose host the request was made; its token counts. */
  readonly findEnvironment: (host: string) => AskedEnvironment | undefined;
  readonly findView: AdminCall['findView'];
  /** Origin of the token authority. */
  readonly publicUrl: string;
  readonly log: Log;
  readonly audit: Audit;
  readonly readAudit: AuditReader;
  readonly auditKeeper: AuditKeeper;
  readonly keys: KeyAdministration;
  readonly operators: OperatorAdministration;
  readonly traffic: TrafficSource;
}

export interface AskedEnvironment {
  readonly id: EnvironmentId;
  readonly tenantId: TenantId;
  readonly webhooks: WebhookAdministration;
  readonly people: PeopleAdministration;
  readonly recruiting: RecruitingAdministration;
  readonly view: EnvironmentView;
  /** Is the caller an enabled application user there, with the role System Administrator? */
  isAdministrator(caller: Caller): boolean;
  /** @throws Refusal 401 */
  authenticate(authorization: string | undefined): MaybePromise<Caller>;
}

const root = '/portvakt/v1/';

/** What only we have, under `/portvakt/v1/`: JSON of our own, described by `openapi.json` there. */
export function createAdminSurface(deps: AdminDeps): Surface {
  return (request) => {
    const trace = startTrace(request);
    const notes = beginNotes('portvakt', isRead(request) ? 'read' : 'change', request);
    return answerAudited({
      audit: deps.audit,
      notes,
      answer: async () => render(trace, await answer(deps, request, notes)),
      refuse(error) {
        const refusal = asAdminRefusal(error);
        const { stage, problem } = refusal;
        const reason = parseReason(refusal, request);
        const { status, code } = problem;
        deps.log.info('administration refused', { stage, status, code, reason, traceId: trace.traceId });
        return renderRefusal(trace, refusal);
      },
      unavailable: (why, reason) => new AdminRefusal(why, [], { reason }),
      idsOf: () => auditIds(trace),
      reasonOf: (refusal) => parseReason(refusal, request),
    });
  };
}

const isRead = ({ method }: HttpRequest): boolean => method === 'GET' || method === 'HEAD';

/** One request, told from the host to the answer. Refusals are thrown. */
async function answer(deps: AdminDeps, request: HttpRequest, notes: AuditNotes): Promise<AdminAnswer> {
  const environment = deps.findEnvironment(request.host);
  if (environment === undefined) throw new AdminRefusal('hostUnknown', [request.host]); // 404
  const [path = '', query = ''] = splitOnce(request.url, '?');
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  // No secret is in the document, and who is to write a client may have no token yet.
  if (path === `${root}openapi.json` && method === 'GET') return { status: 200, body: openApiDocument() };
  const caller = await environment.authenticate(request.headers['authorization']); // 401
  const { clientId, tenantId, objectId, tokenId } = caller;
  Object.assign(notes, { clientId, tenantId, objectId, tokenId });
  const found = path.startsWith(root) ? findResource(path.slice(root.length)) : undefined;
  const route = found?.methods.get(method);
  const onlyEnvironment = checkPermission(deps, environment, caller, route); // 403
  if (found === undefined) throw new AdminRefusal('resourceUnknown', [path]); // 404
  if (route === undefined) {
    const headers = { Allow: [...found.methods.keys()].join(', ') };
    throw new AdminRefusal('methodNotAllowed', [request.method], { headers }); // 405
  }
  const { parameters } = found;
  noteTarget(notes, route, parameters);
  const {
    directory,
    environments,
    publicUrl: authorityUrl,
    log,
    readAudit,
    auditKeeper,
    keys,
    findView,
    operators,
    traffic,
  } = deps;
  const options = parseOptions(route, query); // 400
  const { webhooks, people, recruiting, view } = environment;
  const shared = {
    caller,
    directory,
    environments,
    authorityUrl,
    log,
    readAudit,
    auditKeeper,
    keys,
    operators,
    traffic,
    webhooks,
    people,
    recruiting,
    view,
    findView,
    onlyEnvironment,
  };
  const result = await route.run({ ...shared, request, parameters, query: options }); // 400, 404, 409
  if (result.status === 201) notes.targetId = result.location.slice(result.location.lastIndexOf('/') + 1);
  return result;
}

function noteTarget(
  notes: AuditNotes,
  { operationId, path }: AdminRoute,
  { id = '' }: Readonly<Record<string, string>>,
) {
  notes.message = operationId;
  const [collection] = path.split('/');
  if (collection !== undefined) notes.table = collection;
  const target = parseGuid(id);
  if (target !== undefined) notes.targetId = target;
}

/**
 * Asked of the directory, not of the token: what is granted and withdrawn counts at once. Gives the environment that the
 * caller's power ends with; `undefined` for those who may administer the installation.
 */
function checkPermission(
  { directory, environments }: AdminDeps,
  environment: AskedEnvironment,
  caller: Caller,
  route: AdminRoute | undefined,
): EnvironmentId | undefined {
  const access = route?.access ?? 'read';
  const home = environments.list().find(({ isFirst }) => isFirst)?.tenantId;
  if (home !== undefined && mayAdministerInstallation(directory, caller, home, access)) return undefined;
  if (home !== undefined && route?.isForRecruiting && mayAdministerInstallation(directory, caller, home, 'recruiting'))
    return environment.id;
  if (route?.isForEnvironment === true && environment.isAdministrator(caller)) return environment.id;
  const reason = `${caller.clientId} of tenant ${caller.tenantId} may not ${access} the installation`;
  throw new AdminRefusal('notPermitted', [installationRoles[access]], { reason }).because({
    condition: 'directory-permission',
    data: { permission: installationRoles[access] },
  });
}

/** What an outside issuer may give is the setting's to say, and has been left out of its token otherwise (`appRoles`). */
function mayAdministerInstallation(
  { current }: Directory,
  { clientId, tenantId, outside, roles }: Caller,
  home: TenantId,
  access: InstallationAccess | 'recruiting',
): boolean {
  if (outside !== undefined) return tenantId === home && allowAdministration(roles, access);
  return mayAdminister(current.findServicePrincipal(tenantId, clientId), home, access);
}

function parseOptions(route: AdminRoute, text: string): URLSearchParams {
  const options = new URLSearchParams(text);
  for (const name of options.keys()) {
    if (!Object.hasOwn(route.options ?? {}, name))
      throw new AdminRefusal('optionInvalid', [name, 'one of this resource']);
  }
  return options;
}

/** Refusals of other layers, in this surface's words. */
function asAdminRefusal(error: Refusal): AdminRefusal {
  if (error instanceof AdminRefusal) return error;
  const { stage, problem, reason, headers, unmet } = error;
  const refusal =
    stage === 'authenticate'
      ? new AdminRefusal('tokenInvalid', [problem.message], { reason, headers })
      : new AdminRefusal('directoryRefused', [problem.message], { reason });
  return unmet === undefined ? refusal : refusal.because(unmet);
}

function splitOnce(text: string, mark: string): readonly [string, string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

const headersOf = (trace: Trace): Record<string, string> => ({
  // The answer that makes a tenant holds a secret.
  'Cache-Control': 'no-store',
  'Content-Type': 'application/json; charset=utf-8',
  'X-Content-Type-Options': 'nosniff',
  'request-id': trace.traceId,
  'client-request-id': trace.correlationId,
});

function render(trace: Trace, result: AdminAnswer): HttpResponse {
  const headers = headersOf(trace);
  if (result.status === 204) return { status: 204, headers, body: '' };
  if ('stream' in result) {
    const own = { ...headers, 'Content-Type': 'text/event-stream; charset=utf-8', 'X-Accel-Buffering': 'no' };
    return { status: result.status, headers: own, body: '', stream: result.stream };
  }
  if (result.status === 201) headers['Location'] = `${root}${result.location}`;
  return { status: result.status, headers, body: JSON.stringify(result.body) };
}

function renderRefusal(trace: Trace, { problem, details, headers }: AdminRefusal): HttpResponse {
  const { status, code, message } = problem;
  const body = JSON.stringify({ error: { code, message, details: { ...details, requestId: trace.traceId } } });
  return { status, headers: { ...headersOf(trace), ...headers }, body };
}
