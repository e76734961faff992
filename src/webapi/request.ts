import { authorizeTable } from '../dataverse/authorize-table.ts';
import { decisionToRefusal } from '../dataverse/decision-to-refusal.ts';
import { findApplicationUser } from '../dataverse/find-user.ts';
import { findMessage, messageNames } from '../dataverse/message-catalog.ts';
import { isDefinitionPath } from '../definitions/read-definitions.ts';
import type { HttpRequest, HttpResponse } from '../kernel/http.ts';
import { Refusal } from '../kernel/refusal.ts';
import { unreachable } from '../kernel/unreachable.ts';
import { Differences } from '../odata/fidelity.ts';
import type { Operation } from '../odata/operation.ts';
import type { ParsedRequest } from '../odata/parse-operation.ts';
import { refuse } from '../odata/problems.ts';
import type { ApiAddress } from './address.ts';
import { answerDefinitions } from './definitions.ts';
import { withDisplayNames } from './display-names.ts';
import { notImplemented } from './errors.ts';
import { differsHeader, renderResult } from './render.ts';
import { findServiceResource } from './service-resources.ts';
import type { WebApiEnvironment } from './web-api-environment.ts';

/** One request of the Web API, told from the `Authorization` header to the answer. Refusals are thrown. */
export async function answerRequest(
  environment: WebApiEnvironment,
  address: ApiAddress,
  request: HttpRequest,
): Promise<HttpResponse> {
  const authenticated = environment.authenticate(request.headers['authorization']); // 401
  // Almost every caller is there at once, and a turn of waiting costs.
  const caller = authenticated instanceof Promise ? await authenticated : authenticated;
  const snapshot = environment.dataverse.current;
  const boundTo = caller.outside && caller.objectId;
  const user = findApplicationUser(snapshot, caller.clientId, boundTo); // 403, not a member or disabled
  refuseImpersonation(request); // 501
  const differences = new Differences(environment.fidelity);
  const resource = findServiceResource(environment, address, request); // the API's own documents, 501
  if (resource !== undefined) return resource;
  if (isDefinitionPath(address.path))
    return answerDefinitions({ environment, address, snapshot, user, differences }, request);

  const parsed = environment.parser.parse({
    model: environment.model,
    method: request.method === 'HEAD' ? 'GET' : request.method,
    path: address.path,
    query: address.query,
    headers: request.headers,
    body: request.body,
    apiRoot: address.apiRoot,
    differences,
    messages: messageNames,
  }); // 400, 404, 405, 415, 501
  refuseWrongMethod(parsed, `${address.apiRoot}${address.path}`); // 404
  const operation = withDisplayNames(parsed.operation, parsed.preferences);
  const decision = authorizeTable(snapshot, user, operation); // 403, first gate
  if (decision.kind === 'deny') throw decisionToRefusal(decision);

  const { grant } = decision;
  const running = isVirtual(grant.operation)
    ? environment.runVirtual(caller, grant, differences) // 400, second gate; 404, 412
    : environment.runNative(caller, grant, differences); // 404, 412
  const result = await tellDifferences(running, differences);
  return renderResult({ environment, address, parsed, operation: grant.operation, differences }, result);
}

/** Who asks to act as somebody else must not be answered as themselves. */
const impersonationHeaders = ['callerobjectid', 'mscrmcallerid'];

function refuseImpersonation({ headers }: HttpRequest): void {
  if (impersonationHeaders.some((name) => headers[name] !== undefined)) throw notImplemented('impersonation');
}

/** A function is asked for with GET, an action called with POST; the other way round there is nothing (dataverse-web-api 2.6). */
function refuseWrongMethod({ operation, method }: ParsedRequest, url: string): void {
  const kind = operation.kind === 'message' ? findMessage(operation.name)?.kind : undefined;
  if (kind !== undefined && kind !== (method === 'POST' ? 'action' : 'function')) throw refuse.noHttpResource(url);
}

/** A 412 of a virtual table is something that the real product does not answer: refusals say so too. */
async function tellDifferences<T>(running: Promise<T>, differences: Differences): Promise<T> {
  try {
    return await running;
  } catch (error) {
    const header = differences.header;
    if (!(error instanceof Refusal) || error.problem.status !== 412 || header === undefined) throw error;
    const { stage, problem, reason, headers } = error;
    throw new Refusal(stage, problem, reason, { ...headers, [differsHeader]: header });
  }
}

/** Does the operation begin at a virtual table? Then the adapter carries it out, else Dataverse itself does. */
function isVirtual(operation: Operation): boolean {
  switch (operation.kind) {
    case 'retrieve':
    case 'retrieveMultiple':
    case 'count':
      return operation.query.table.kind === 'virtual';
    case 'retrieveRelated':
      return operation.navigation.table.kind === 'virtual';
    case 'create':
    case 'update':
    case 'delete':
    case 'associate':
    case 'disassociate':
      return operation.table.kind === 'virtual';
    case 'message':
      return operation.bound?.table.kind === 'virtual';
    default:
      return unreachable(operation);
  }
}
