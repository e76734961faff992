import type { ServicePrincipal } from '../directory/entities.ts';
import { directoryRefusal } from '../directory/problems.ts';
import type { ClientId, ServicePrincipalId } from '../kernel/ids.ts';
import { type GraphAnswer, type GraphCall, parseKey, select } from './call.ts';
import { parseJsonBody, required } from './json-body.ts';
import { takePage } from './list-query.ts';
import { type GraphObject, servicePrincipal } from './resources.ts';

const entity = 'servicePrincipals/$entity';

export async function listServicePrincipals(call: GraphCall): Promise<GraphAnswer> {
  const { page, next } = takePage(call.directory.listServicePrincipals(call.caller.tenantId), call.query);
  const body: GraphObject = {
    ...(next === undefined ? {} : { '@odata.nextLink': `${call.root}/servicePrincipals?${next}` }),
    value: page.map((each) => select(call, servicePrincipal(call.directory.current, each))),
  };
  return { status: 200, context: 'servicePrincipals', body };
}

export async function retrieveServicePrincipal(call: GraphCall): Promise<GraphAnswer> {
  const body = select(call, servicePrincipal(call.directory.current, getCalled(call)));
  return { status: 200, context: entity, body };
}

/** `appId` must be an application of this tenant, or a multi-tenant one of another. */
export async function createServicePrincipal(call: GraphCall): Promise<GraphAnswer> {
  const clientId = required(parseJsonBody(call.request, ['appId']).guid<ClientId>('appId'), 'appId');
  const created = await call.directory.createServicePrincipal({ tenantId: call.caller.tenantId, clientId });
  const body = servicePrincipal(call.directory.current, created);
  return { status: 201, context: entity, body, created: `servicePrincipals/${created.id}` };
}

/** Enables or disables it. */
export async function updateServicePrincipal(call: GraphCall): Promise<GraphAnswer> {
  const json = parseJsonBody(call.request, ['accountEnabled']);
  const enabled = required(json.flag('accountEnabled'), 'accountEnabled');
  await call.directory.setServicePrincipalEnabled(getCalled(call).id, enabled);
  return { status: 204 };
}

export async function deleteServicePrincipal(call: GraphCall): Promise<GraphAnswer> {
  await call.directory.deleteServicePrincipal(getCalled(call).id);
  return { status: 204 };
}

/** The service principal that the path names, in the caller's own tenant. */
function getCalled({ key, caller, directory }: GraphCall): ServicePrincipal {
  const { id, appId = '' } = key;
  const found =
    id === undefined
      ? directory.current.findServicePrincipal(caller.tenantId, parseKey<ClientId>(appId))
      : directory.current.findServicePrincipalById(parseKey<ServicePrincipalId>(id));
  if (found?.tenantId !== caller.tenantId) throw directoryRefusal('notFound', id ?? appId);
  return found;
}
