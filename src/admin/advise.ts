import { type AdviceQuestion, advise } from '../advise/advise.ts';
import { UseCollector } from '../advise/recorded-use.ts';
import type { ApplicationUser } from '../dataverse/application-user.ts';
import type { WrittenRequest } from '../kernel/http.ts';
import type { ClientId } from '../kernel/ids.ts';
import { parseIdOption, parseMoment } from './audit.ts';
import type { AdminCall, AdminRoute } from './call.ts';
import { idOf, type Kind, parseBody, required } from './members.ts';
import { AdminRefusal } from './problems.ts';
import { readUses, usualDays } from './recorded-uses.ts';

/** Requests that may be sent along, and the bytes of all of them. */
const mostRequests = 2000;
const requestsLimit = 4 * 1024 * 1024;

const isText = (value: unknown): value is string => typeof value === 'string';

function parseHeaders(value: unknown): Record<string, string> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const entries = Object.entries(value);
  return entries.every(([, text]) => isText(text))
    ? Object.fromEntries(entries.map(([name, text]) => [name.toLowerCase(), String(text)]))
    : undefined;
}

function parseRequest(value: unknown): WrittenRequest | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { method, url, headers = {}, body = '' } = value as Readonly<Record<string, unknown>>;
  const parsed = parseHeaders(headers);
  return isText(method) && isText(url) && isText(body) && parsed !== undefined
    ? { method, url, headers: parsed, body }
    : undefined;
}

const requestList: Kind<readonly WrittenRequest[]> = {
  says: `a list of 1 to ${mostRequests} requests, each with method and url, and perhaps headers and body`,
  schema: {
    type: 'array',
    minItems: 1,
    maxItems: mostRequests,
    items: {
      type: 'object',
      required: ['method', 'url'],
      properties: {
        method: { type: 'string' },
        url: { type: 'string' },
        headers: { type: 'object', additionalProperties: { type: 'string' } },
        body: { type: 'string' },
      },
    },
  },
  parse(value) {
    if (!Array.isArray(value) || value.length === 0 || value.length > mostRequests) return undefined;
    const requests = value.flatMap((each: unknown) => parseRequest(each) ?? []);
    return requests.length === value.length ? requests : undefined;
  },
};

const members = {
  clientId: required(idOf<ClientId>(), 'Of the application that is to make these requests.'),
  requests: required(requestList, 'Requests to the Web API, of this environment or of another one.'),
};

/** The least that an application needs. Nothing is changed. */
export const adviseRoutes: readonly AdminRoute[] = [
  {
    method: 'GET',
    path: 'advise',
    operationId: 'advise',
    summary: 'The smallest roles with which everything that an application was allowed would still be allowed',
    access: 'read',
    isForEnvironment: true,
    options: {
      clientId: 'Of the application.',
      since: `Requests from this moment on; the last ${usualDays} days unless it is given.`,
      until: 'Requests before this moment.',
    },
    success: { status: 200, schema: 'Advice' },
    async run(call) {
      const clientId = parseIdOption<ClientId>(call, 'clientId');
      if (clientId === undefined) throw new AdminRefusal('optionInvalid', ['clientId', 'a GUID']);
      const user = userOf(call, clientId);
      return { status: 200, body: await advise(call.view, await fromAudit(call, user, clientId)) };
    },
  },
  {
    method: 'POST',
    path: 'advise',
    operationId: 'adviseOnRequests',
    summary: 'The smallest roles with which an application could make these requests',
    access: 'read',
    isForEnvironment: true,
    members,
    success: { status: 200, schema: 'Advice' },
    async run(call) {
      const { clientId, requests } = parseBody(call.request, members, requestsLimit);
      const user = userOf(call, clientId);
      return { status: 200, body: await advise(call.view, fromRequests(call, user, clientId, requests)) };
    },
  },
];

function userOf({ view }: AdminCall, clientId: ClientId): ApplicationUser {
  const user = view.dataverse.usersByClientId.get(clientId);
  if (user === undefined) throw new AdminRefusal('applicationUserUnknown', [clientId]);
  return user;
}

/** Allowed requests of the application to this environment, out of the audit log. */
async function fromAudit(call: AdminCall, user: ApplicationUser, clientId: ClientId): Promise<AdviceQuestion> {
  const moments = { since: parseMoment(call, 'since'), until: parseMoment(call, 'until') };
  const { period, usesOf } = await readUses(call, { ...moments, clientId });
  return { clientId, user, uses: usesOf.get(clientId) ?? [], period: { ...period, notUnderstood: 0 } };
}

/** Requests that were sent along, as they would be understood here. */
function fromRequests(
  { view }: AdminCall,
  user: ApplicationUser,
  clientId: ClientId,
  requests: readonly WrittenRequest[],
): AdviceQuestion {
  const collector = new UseCollector();
  let notUnderstood = 0;
  for (const request of requests) {
    const parts = view.shapesAsked(request);
    if (parts === undefined) notUnderstood += 1;
    for (const shapes of parts ?? []) collector.addShapes(shapes);
  }
  const { uses } = collector;
  return { clientId, user, uses, period: { requests: requests.length, notUnderstood, isCutOff: false } };
}
