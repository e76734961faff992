import { type AdministrationDenial, type HrAdministrator, openAdministration } from '../hr/authorize-administration.ts';
import type { HrSecurity } from '../hr/hr-security.ts';
import type { HttpRequest, HttpResponse, Surface } from '../kernel/http.ts';
import type { ClientId } from '../kernel/ids.ts';
import type { Log } from '../kernel/log.ts';
import { Refusal } from '../kernel/refusal.ts';
import type { Model } from '../metadata/table.ts';
import { Differences } from '../odata/fidelity.ts';
import { parsePrecondition } from '../odata/preconditions.ts';
import { rowIdOfKey } from '../odata/row-id.ts';
import type { RowStore } from '../odata/row-store.ts';
import { type Address, parseAddress } from './address.ts';
import { errorBody, finopsRefuse } from './finops-problems.ts';
import { parseRow } from './parse-row.ts';
import { readRow, readSet, rowUrl } from './read-set.ts';
import { createRow, deleteRow, updateRow } from './write-row.ts';

/** One environment as `/data/` sees it. */
export interface FinopsDeps {
  /** Origin such as `https://localhost:8443`, without a trailing slash. */
  readonly publicUrl: string;
  readonly model: Model;
  readonly store: RowStore;
  readonly hrSecurity: Pick<HrSecurity, 'current' | 'refresh'>;
  /** Verifies the token, whose audience must be finance and operations. Throws a `Refusal` (401). */
  readonly authenticate: (request: HttpRequest) => { readonly clientId: ClientId };
  readonly log: Log;
}

/**
 * `/data/`: the administration of Human Resources in the shape of finance and operations (human-resources-security 3.4).
 * Only for callers that are linked to a system administrator: all of it is security data.
 */
export function createFinopsSurface(deps: FinopsDeps): Surface {
  return async (request) => {
    try {
      return await answer(deps, request);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      deps.log.info('refused', { stage: error.stage, status: error.problem.status, reason: error.reason });
      return { status: error.problem.status, headers: { ...jsonHeaders, ...error.headers }, body: errorBody(error) };
    }
  };
}

/** One request, told from the token to the answer. */
async function answer(deps: FinopsDeps, request: HttpRequest): Promise<HttpResponse> {
  const { clientId } = deps.authenticate(request); // 401
  const administrator = openAdministration(deps.hrSecurity.current, clientId);
  if (administrator.kind !== 'administrator') throw refusalOf(administrator); // 401, 403
  const address = parseAddress(deps.model, request.url); // 400, 404, 501
  const verb = verbs[request.method === 'HEAD' ? 'GET' : request.method];
  if (verb === undefined) throw finopsRefuse.notImplemented(`${request.method} under /data/`);
  return verb({ ...deps, administrator, request, address }); // 400, 404, 412
}

const refusalOf = ({ kind, reason }: AdministrationDenial): Refusal =>
  kind === 'unlinked' ? finopsRefuse.unauthorized(reason) : finopsRefuse.forbidden(reason);

interface Work extends FinopsDeps {
  readonly administrator: HrAdministrator;
  readonly request: HttpRequest;
  readonly address: Address;
}

const verbs: Readonly<Record<string, (work: Work) => Promise<HttpResponse>>> = {
  GET: read,
  POST: create,
  PATCH: update,
  DELETE: remove,
};

const jsonHeaders = { 'Content-Type': 'application/json; odata.metadata=minimal', 'OData-Version': '4.0' };

async function read(work: Work): Promise<HttpResponse> {
  const { address, request } = work;
  const body =
    address.key === undefined
      ? await readSet(work, address, request.headers)
      : await readRow(work, address, address.key);
  return { status: 200, headers: { ...jsonHeaders }, body };
}

async function create(work: Work): Promise<HttpResponse> {
  const { table, key } = work.address;
  if (key !== undefined) throw finopsRefuse.notImplemented('POST to a row');
  const values = parseRow(table, work.request.body);
  const id = await inForce(work, () => createRow(work, table, values));
  const body = await readRow(work, work.address, id);
  const headers = { ...jsonHeaders, Location: rowUrl(work.publicUrl, table, JSON.parse(body)) };
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
