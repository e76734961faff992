import { type ClientId, type EnvironmentId, parseGuid, type TenantId } from '../kernel/ids.ts';
import { type AdminCall, type AdminRoute, getId } from './call.ts';
import type { EnvironmentEntry } from './environment-administration.ts';
import { flag, idOf, lineOf, optional, origin, parseBody, required, uniqueName } from './members.ts';
import { AdminRefusal } from './problems.ts';

const name = lineOf(100);

const newEnvironment = {
  tenantId: required(idOf<TenantId>(), 'The tenant that owns it.'),
  uniqueName: required(uniqueName, 'Names its database and, without a URL, its host. It never changes.'),
  name: required(name, 'What it is called.'),
  administratorClientId: required(
    idOf<ClientId>(),
    'An application of the tenant that becomes System Administrator in Dataverse and in Human Resources.',
  ),
  url: optional(origin, 'Its URL; absent: https://<uniqueName>.localhost with the port of the server.'),
};
const environmentChange = {
  name: optional(name, 'Another name.'),
  url: optional(origin, 'Another URL. Tokens for the old one are refused from then on.'),
  isFrozen: optional(flag, 'Frozen: it can be read, and nothing in it can be changed.'),
};

/** Operations on environments. */
export const environmentRoutes: readonly AdminRoute[] = [
  {
    method: 'GET',
    path: 'environments',
    operationId: 'listEnvironments',
    summary: 'All environments, in order of their unique names',
    access: 'read',
    options: { tenantId: 'Only the environments of this tenant.' },
    success: { status: 200, schema: 'EnvironmentList' },
    async run(call) {
      const tenantId = findTenantOption(call);
      const all = call.environments.list().filter((each) => tenantId === undefined || each.tenantId === tenantId);
      return { status: 200, body: { value: all.map((each) => show(call, each)) } };
    },
  },
  {
    method: 'POST',
    path: 'environments',
    operationId: 'createEnvironment',
    summary: 'Makes an environment without data and serves it',
    access: 'readWrite',
    members: newEnvironment,
    success: { status: 201, schema: 'Environment' },
    async run(call) {
      const made = await call.environments.create(parseBody(call.request, newEnvironment));
      return { status: 201, body: show(call, made), location: `environments/${made.id}` };
    },
  },
  {
    method: 'GET',
    path: 'environments/{id}',
    operationId: 'getEnvironment',
    summary: 'One environment',
    access: 'read',
    success: { status: 200, schema: 'Environment' },
    async run(call) {
      const id = getId<EnvironmentId>(call);
      const found = call.environments.list().find((each) => each.id === id);
      if (found === undefined) throw new AdminRefusal('environmentUnknown', [id]);
      return { status: 200, body: show(call, found) };
    },
  },
  {
    method: 'PATCH',
    path: 'environments/{id}',
    operationId: 'changeEnvironment',
    summary: 'Renames an environment, moves it to another URL, freezes or thaws it',
    access: 'readWrite',
    members: environmentChange,
    success: { status: 200, schema: 'Environment' },
    async run(call) {
      const id = getId<EnvironmentId>(call);
      const changed = await call.environments.change(id, parseBody(call.request, environmentChange));
      return { status: 200, body: show(call, changed) };
    },
  },
  {
    method: 'DELETE',
    path: 'environments/{id}',
    operationId: 'deleteEnvironment',
    summary: 'Takes an environment out of service and deletes its data',
    access: 'readWrite',
    // Not in a body: many clients cannot send one with DELETE (RFC 9110 section 9.3.5).
    options: { confirmUniqueName: 'The unique name of the environment that is to go.' },
    success: { status: 204 },
    async run(call) {
      await call.environments.remove(getId<EnvironmentId>(call), call.query.get('confirmUniqueName') ?? undefined);
      return { status: 204 };
    },
  },
];

function findTenantOption({ query }: AdminCall): TenantId | undefined {
  const text = query.get('tenantId');
  if (text === null) return undefined;
  const id = parseGuid<TenantId>(text);
  if (id === undefined) throw new AdminRefusal('optionInvalid', ['tenantId', 'a GUID']);
  return id;
}

const show = ({ authorityUrl }: AdminCall, entry: EnvironmentEntry) => ({
  id: entry.id,
  tenantId: entry.tenantId,
  uniqueName: entry.uniqueName,
  name: entry.name,
  url: entry.url,
  isFirst: entry.isFirst,
  isFrozen: entry.isFrozen,
  authorityUrl: `${authorityUrl}/${entry.tenantId}`,
  webApiUrl: `${entry.url}/api/data/v9.2/`,
});
