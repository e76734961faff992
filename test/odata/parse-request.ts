import { getGuid } from '../../src/kernel/ids.ts';
import { Refusal } from '../../src/kernel/refusal.ts';
import { builtInModel } from '../../src/metadata/built-in.ts';
import { Asking } from '../../src/odata/asking.ts';
import { Differences, type Fidelity } from '../../src/odata/fidelity.ts';
import { type ParsedRequest, parseOperation } from '../../src/odata/parse-operation.ts';
import type { Query } from '../../src/odata/query.ts';

export const model = builtInModel();
export const apiRoot = 'https://org.example/api/data/v9.2/';
export const rowId = '00000bb8-0000-0000-005f-005001000000';
export const otherId = 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee';

export const requests = 'mshr_hcmrecruitingrequestentities';
export const candidates = 'mshr_hcmcandidatetohireentities';
export const positions = 'mshr_hcmrecruitingrequestpositionentities';

/** When tests ask, and who. */
export const now = new Date('2024-02-29T14:35:20.500Z');
export const asker = {
  userId: getGuid('11111111-1111-4111-8111-111111111111'),
  businessUnitId: getGuid('22222222-2222-4222-8222-222222222222'),
  roleBusinessUnitIds: [getGuid('22222222-2222-4222-8222-222222222222')],
  teamIds: [getGuid('33333333-3333-4333-8333-333333333333'), getGuid('44444444-4444-4444-8444-444444444444')],
};
export const someAsking = (): Asking =>
  new Asking(
    () => now,
    () => asker,
  );

export interface RequestParts {
  readonly headers?: Readonly<Record<string, string>>;
  /** A value is sent as JSON, a text or bytes as they are. */
  readonly body?: unknown;
  readonly fidelity?: Fidelity;
  readonly messages?: ReadonlySet<string>;
}

export interface Parsed extends ParsedRequest {
  readonly differs: string | undefined;
}

/** Parses `METHOD path?query`, the URL written as a client sends it. */
export function parse(request: string, parts: RequestParts = {}): Parsed {
  const space = request.indexOf(' ');
  const [path = '', query = ''] = request.slice(space + 1).split(/\?(.*)/s, 2);
  const differences = new Differences(parts.fidelity ?? 'extended');
  const body = bodyOf(parts.body);
  const parsed = parseOperation({
    model,
    method: request.slice(0, space),
    path,
    query,
    headers: body.length === 0 ? { ...parts.headers } : { 'content-type': 'application/json', ...parts.headers },
    body,
    apiRoot,
    differences,
    asking: someAsking(),
    ...(parts.messages && { messages: parts.messages }),
  });
  return { ...parsed, differs: differences.header };
}

function bodyOf(body: unknown): Buffer {
  if (body === undefined) return Buffer.alloc(0);
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

/** The refusal of a request as `status code message`, or what it became instead. */
export function refusalOf(request: string, parts: RequestParts = {}): string {
  return caught(() => parse(request, parts).operation.kind);
}

/** What `act` gives, or the refusal that it throws as `status code message`. Any other error is thrown on. */
export function caught(act: () => unknown): string {
  try {
    return `accepted: ${String(act())}`;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { status, code, message } = error.problem;
    return `${status} ${code} ${message}`;
  }
}

/** The query of a request that reads rows. */
export function queryOf(request: string, parts: RequestParts = {}): Query {
  const { operation } = parse(request, parts);
  if (!('query' in operation) || operation.kind === 'flat') throw new TypeError(`${operation.kind} has no query`);
  return operation.query;
}
