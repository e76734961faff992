import type { ApplicationUser } from '../dataverse/application-user.ts';
import { authorizePrivileges } from '../dataverse/authorize-table.ts';
import { decisionToRefusal } from '../dataverse/decision-to-refusal.ts';
import type { DataverseSnapshot } from '../dataverse/snapshot.ts';
import { type ChangeMethod, parseDefinitionChange } from '../definitions/change/apply-change.ts';
import { parseDefinitionRead, readDefinitions } from '../definitions/read-definitions.ts';
import type { AuditNotes } from '../kernel/audit.ts';
import type { HttpRequest, HttpResponse } from '../kernel/http.ts';
import type { Differences } from '../odata/fidelity.ts';
import { refuse } from '../odata/problems.ts';
import type { ApiAddress } from './address.ts';
import { noteDefinitionId } from './note-operation.ts';
import { baseHeaders, jsonType } from './render.ts';
import type { WebApiEnvironment } from './web-api-environment.ts';

/** Who asks for metadata entities, and where. */
export interface DefinitionContext {
  readonly environment: WebApiEnvironment;
  readonly address: ApiAddress;
  readonly snapshot: DataverseSnapshot;
  readonly user: ApplicationUser;
  readonly differences: Differences;
  readonly notes: AuditNotes;
}

/** A request for metadata entities. The first gate alone guards them (dataverse-web-api 3.4, 4.13). */
export async function answerDefinitions(context: DefinitionContext, request: HttpRequest): Promise<HttpResponse> {
  const { environment, address, differences } = context;
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  if (isChange(method)) return changeDefinitions(context, method, request);
  if (method !== 'GET')
    throw refuse.methodNotAllowed(request.method.slice(0, 20), ['GET', 'HEAD', 'POST', 'PUT', 'DELETE']);
  const read = parseDefinitionRead({ ...address, headers: request.headers }); // 400, 404
  authorize(
    context,
    [...read.needs].map((kind) => `prvRead${kind}`),
  ); // 403
  const body = readDefinitions(read, { model: environment.model, apiRoot: address.apiRoot, differences }); // 404
  if (body === undefined) return { status: 204, headers: baseHeaders(differences), body: '' };
  const { metadata } = read.format;
  const type = metadata === 'minimal' ? jsonType : `application/json; odata.metadata=${metadata}`;
  const headers = { ...baseHeaders(differences), 'Content-Type': type };
  return { status: 200, headers, body: Buffer.from(JSON.stringify(body)) };
}

const isChange = (method: string): method is ChangeMethod => ['POST', 'PUT', 'DELETE'].includes(method);

/** Creates, replaces and deletes definitions. Each is in force when it is answered. */
async function changeDefinitions(
  context: DefinitionContext,
  method: ChangeMethod,
  { headers, body }: HttpRequest,
): Promise<HttpResponse> {
  const { environment, address, notes } = context;
  const change = parseDefinitionChange({ method, path: address.path, headers, body }); // 400, 404, 405, 415
  authorize(context, change.needs); // 403
  const { created } = await environment.changeDefinitions((current) => change.change(current)); // 400, 404
  if (created !== undefined) noteDefinitionId(notes, created);
  const entity = created === undefined ? {} : { 'OData-EntityId': `${address.apiRoot}${created}` };
  return { status: 204, headers: { ...baseHeaders(), ...entity }, body: '' };
}

function authorize({ snapshot, user, notes }: DefinitionContext, privileges: readonly string[]): void {
  notes.shapes = [{ kind: 'definition', privileges }];
  const denial = authorizePrivileges(snapshot, user, privileges);
  if (denial !== undefined) throw decisionToRefusal(denial);
}
