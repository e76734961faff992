import { causeOf } from '../adapter/application-link.ts';
import { type AdministrationDenial, type HrAdministrator, openAdministration } from '../hr/authorize-administration.ts';
import type { HrSecurity } from '../hr/hr-security.ts';
import { type Audit, type AuditNotes, beginNotes } from '../kernel/audit.ts';
import { parseReason } from '../kernel/audit-text.ts';
import { answerAudited } from '../kernel/audited.ts';
import type { Clock } from '../kernel/clock.ts';
import type { HttpRequest, HttpResponse, Surface } from '../kernel/http.ts';
import {
  type ClientId,
  type EnvironmentId,
  newRequestId,
  type ServicePrincipalId,
  type TenantId,
} from '../kernel/ids.ts';
import type { Log } from '../kernel/log.ts';
import type { MaybePromise } from '../kernel/maybe-promise.ts';
import { Refusal } from '../kernel/refusal.ts';
import { modelNames } from '../metadata/model-names.ts';
import type { Model } from '../metadata/table.ts';
import { Differences } from '../odata/fidelity.ts';
import { parsePrecondition } from '../odata/preconditions.ts';
import { rowIdOfKey } from '../odata/row-id.ts';
import type { RowStore } from '../odata/row-store.ts';
import { serviceDocument } from '../odata/service-document.ts';
import { type Caller, issuerCredential } from '../token/caller.ts';
import { type Address, findDocument, parseAddress } from './address.ts';
import { errorBody, finopsRefuse } from './finops-problems.ts';
import { metadataDocument } from './metadata-document.ts';
import { parseRow } from './parse-row.ts';
import { readCount, readRow, readSet, rowUrl } from './read-set.ts';
import { createRow, deleteRow, updateRow } from './write-row.ts';

/** One environment as `/data/` sees it. */
export interface FinopsDeps {
  readonly environmentId: EnvironmentId;
  /** Origin such as `https://localhost:8443`, without a trailing slash. */
  readonly publicUrl: string;
  readonly model: Model;
  readonly store: RowStore;
  readonly hrSecurity: Pick<HrSecurity, 'current' | 'refresh'>;
  /** Verifies the token, whose audience must be finance and operations. Throws, or rejects with, a `Refusal` (401). */
  readonly authenticate: (request: HttpRequest) => MaybePromise<FinopsCaller>;
  readonly clock: Clock;
  readonly log: Log;
  readonly audit: Audit;
}

/** Who sent a request, as the token says. */
export interface FinopsCaller {
  readonly clientId: ClientId;
  readonly tenantId: TenantId;
  readonly objectId: ServicePrincipalId;
  readonly tokenId: string;
  readonly outside?: Caller['outside'];
}

/**
 * `/data/`: the administration of Human Resources in the shape of finance and operations (human-resources-security 3.4).
 * Only for callers that are linked to a system administrator: all of it is security data.
 */
export function createFinopsSurface(deps: FinopsDeps): Surface {
  const { log, model, audit, environmentId } = deps;
  const names = modelNames(model);
  const isName = (word: string): boolean => names.has(word);
  return (request) => {
    const requestId = newRequestId();
    const notes = beginNotes('finops', isRead(request) ? 'read' : 'change', request);
    notes.environmentId = environmentId;
    return answerAudited({
      audit,
      notes,
      answer: async () => withId(await answer(deps, request, notes), requestId),
      refuse(refusal) {
        const { stage, problem, headers } = refusal;
        const reason = parseReason(refusal, request, isName);
        log.info('refused', { stage, status: problem.status, reason, request: requestId });
        const answered = { status: problem.status, headers: { ...jsonHeaders, ...headers }, body: errorBody(refusal) };
        return withId(answered, requestId);
      },
      unavailable: finopsRefuse.unavailable,
      idsOf: () => ({ requestId }),
      reasonOf: (refusal) => parseReason(refusal, request, isName),
    });
  };
}

const isRead = ({ method }: HttpRequest): boolean => method === 'GET' || method === 'HEAD';

/** Header by which an answer names its request. The real product's own is not published. */
const idHeader = 'x-ms-request-id';

const withId = (answer: HttpResponse, requestId: string): HttpResponse => ({
  ...answer,
  headers: { ...answer.headers, [idHeader]: requestId },
});

/** One request, told from the token to the answer. */
async function answer(deps: FinopsDeps, request: HttpRequest, notes: AuditNotes): Promise<HttpResponse> {
  const { clientId, tenantId, objectId, tokenId, outside } = await deps.authenticate(request); // 401
  Object.assign(notes, { clientId, tenantId, objectId, tokenId });
  if (outside !== undefined) notes.credential = issuerCredential(outside.trusted.name);
  const administrator = openAdministration(deps.hrSecurity.current, clientId);
  if (administrator.kind !== 'administrator') throw refusalOf(administrator); // 401, 403
  notes.hrUserId = administrator.user.id;
  const document = isRead(request) ? findDocument(request.url) : undefined;
  if (document !== undefined) return documents[document](deps);
  const address = parseAddress(deps.model, request.url); // 400, 404, 501
  noteTarget(notes, address);
  const verb = verbs[request.method === 'HEAD' ? 'GET' : request.method];
  if (verb === undefined) throw finopsRefuse.notImplemented(`${request.method} under /data/`);
  return verb({ ...deps, administrator, request, address, notes }); // 400, 404, 412
}

/** Keys of administration rows are ids: of users, roles, duties, clients, legal entities. */
function noteTarget(notes: AuditNotes, { table, key }: Address): void {
  notes.table = table.entitySetName;
  if (key !== undefined) notes.targetId = key.map(String).join(',').slice(0, longestTarget);
}

const longestTarget = 200;

function refusalOf(denial: AdministrationDenial): Refusal {
  const { kind, reason } = denial;
  const refusal = kind === 'unlinked' ? finopsRefuse.unauthorized(reason) : finopsRefuse.forbidden(reason);
  const cause = causeOf(denial);
  return cause === undefined ? refusal : refusal.because(cause);
}

interface Work extends FinopsDeps {
  readonly administrator: HrAdministrator;
  readonly request: HttpRequest;
  readonly address: Address;
  readonly notes: AuditNotes;
}

const verbs: Readonly<Record<string, (work: Work) => Promise<HttpResponse>>> = {
  GET: read,
  POST: create,
  PATCH: update,
  DELETE: remove,
};

const jsonHeaders = { 'Content-Type': 'application/json; odata.metadata=minimal', 'OData-Version': '4.0' };

/** What the sets are, and what they look like. */
const documents: Readonly<Record<'service' | 'metadata', (deps: FinopsDeps) => HttpResponse>> = {
  service: ({ model, publicUrl }) => ({
    status: 200,
    headers: { ...jsonHeaders },
    body: JSON.stringify(serviceDocument(model.administrationSet, `${publicUrl}/data/$metadata`)),
  }),
  metadata: ({ model }) => ({
    status: 200,
    headers: { 'Content-Type': 'application/xml', 'OData-Version': '4.0' },
    body: metadataDocument(model),
  }),
};

async function read(work: Work): Promise<HttpResponse> {
  const { address, request } = work;
  if (address.isCount) {
    const headers = { 'Content-Type': 'text/plain', 'OData-Version': '4.0' };
    return { status: 200, headers, body: await readCount(work, address) };
  }
  const body =
    address.key === undefined
      ? await readSet(work, address, request.headers)
      : await readRow(work, address, address.key);
  return { status: 200, headers: { ...jsonHeaders }, body };
}

async function create(work: Work): Promise<HttpResponse> {
  const { table, key } = work.address;
  if (key !== undefined || work.address.isCount) throw finopsRefuse.notImplemented('POST to a row');
  const values = parseRow(table, work.request.body);
  const id = await inForce(work, () => createRow(work, table, values));
  const body = await readRow(work, work.address, id);
  const row = JSON.parse(body);
  noteTarget(work.notes, { ...work.address, key: table.naturalKey.map(({ name }) => row[name]) });
  const headers = { ...jsonHeaders, Location: rowUrl(work.publicUrl, table, row) };
  return { status: 201, headers, body };
}

async function update(work: Work): Promise<HttpResponse> {
  const { table, id, precondition } = rowOf(work);
  if (!table.columns.some((column) => column.access === 'read-write')) {
    throw finopsRefuse.notImplemented(`PATCH of ${table.entitySetName}, where nothing can change,`);
  }
  const values = parseRow(table, work.request.body);
  await inForce(work, () => updateRow(work, table, id, values, precondition));
  return { status: 204, headers: { 'OData-Version': '4.0' }, body: '' };
}

async function remove(work: Work): Promise<HttpResponse> {
  const { table, id, precondition } = rowOf(work);
  await inForce(work, () => deleteRow(work, table, id, precondition));
  return { status: 204, headers: { 'OData-Version': '4.0' }, body: '' };
}

/**
 * INVARIANT: what was written is in force before it is answered. A refusal undid the write; after any other failure nobody
 * knows whether it was committed, so it is taken for written, and the failure stays the answer.
 */
async function inForce<T>({ hrSecurity }: Work, write: () => Promise<T>): Promise<T> {
  let result: T;
  try {
    result = await write();
  } catch (error) {
    if (!(error instanceof Refusal)) await hrSecurity.refresh().catch(() => undefined);
    throw error;
  }
  await hrSecurity.refresh();
  return result;
}

/** The row that a write names by its key. */
function rowOf({ address: { table, key }, request }: Work) {
  if (key === undefined) throw finopsRefuse.notImplemented(`${request.method} to a whole set`);
  const precondition = parsePrecondition(request.headers, table, new Differences('extended'));
  return { table, id: rowIdOfKey(table, key), precondition };
}
