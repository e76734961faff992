import { graphAppRoles } from '../directory/app-roles.ts';
import type { AppRegistration, Tenant } from '../directory/entities.ts';
import { type ClientId, namedGuid, type TenantId } from '../kernel/ids.ts';
import { type AdminAnswer, type AdminCall, type AdminRoute, getId } from './call.ts';
import { domain, domains, lineOf, optional, parseBody, required } from './members.ts';
import { AdminRefusal } from './problems.ts';

const displayName = lineOf(256);

const newTenant = {
  displayName: required(displayName, 'What the tenant is called.'),
  domains: required(domains, 'Its verified domains, the default one first. They may stand for its id in URLs.'),
};
const tenantChange = { displayName: optional(displayName, 'Another name.') };
const newDomain = { name: required(domain, 'A domain that no tenant has.') };

/** Operations on tenants. */
export const tenantRoutes: readonly AdminRoute[] = [
  {
    method: 'GET',
    path: 'tenants',
    operationId: 'listTenants',
    summary: 'All tenants, in order of their names',
    access: 'read',
    success: { status: 200, schema: 'TenantList' },
    async run(call) {
      const tenants = call.directory.current.content.tenants.toSorted((a, b) =>
        a.displayName === b.displayName ? (a.id < b.id ? -1 : 1) : a.displayName < b.displayName ? -1 : 1,
      );
      return { status: 200, body: { value: tenants.map((tenant) => show(call, tenant)) } };
    },
  },
  {
    method: 'POST',
    path: 'tenants',
    operationId: 'createTenant',
    summary: 'Makes a tenant and its first administrator, whose secret is in this answer only',
    access: 'readWrite',
    members: newTenant,
    success: { status: 201, schema: 'NewTenant' },
    run: createTenant,
  },
  {
    method: 'GET',
    path: 'tenants/{id}',
    operationId: 'getTenant',
    summary: 'One tenant',
    access: 'read',
    success: { status: 200, schema: 'Tenant' },
    run: async (call) => ({ status: 200, body: show(call, getTenant(call)) }),
  },
  {
    method: 'PATCH',
    path: 'tenants/{id}',
    operationId: 'changeTenant',
    summary: 'Renames a tenant',
    access: 'readWrite',
    members: tenantChange,
    success: { status: 200, schema: 'Tenant' },
    async run(call) {
      const { displayName: name } = parseBody(call.request, tenantChange);
      const change = name === undefined ? {} : { displayName: name };
      return { status: 200, body: show(call, await call.directory.updateTenant(getTenant(call).id, () => change)) };
    },
  },
  {
    method: 'DELETE',
    path: 'tenants/{id}',
    operationId: 'deleteTenant',
    summary: 'Deletes a tenant that has nothing but its first administrator',
    access: 'readWrite',
    success: { status: 204 },
    run: deleteTenant,
  },
  {
    method: 'POST',
    path: 'tenants/{id}/domains',
    operationId: 'addDomain',
    summary: 'Gives a tenant one more verified domain',
    access: 'readWrite',
    members: newDomain,
    success: { status: 200, schema: 'Tenant' },
    async run(call) {
      const { name } = parseBody(call.request, newDomain);
      if (call.directory.current.findTenant(name) !== undefined) throw new AdminRefusal('domainTaken', [name]);
      const add = (before: Tenant) => ({ domains: [...before.domains, name] });
      return { status: 200, body: show(call, await call.directory.updateTenant(getTenant(call).id, add)) };
    },
  },
  {
    method: 'DELETE',
    path: 'tenants/{id}/domains/{name}',
    operationId: 'removeDomain',
    summary: 'Takes a verified domain from a tenant',
    access: 'readWrite',
    success: { status: 200, schema: 'Tenant' },
    async run(call) {
      const remove = (before: Tenant) => ({ domains: withoutDomain(before, call.parameters['name'] ?? '') });
      return { status: 200, body: show(call, await call.directory.updateTenant(getTenant(call).id, remove)) };
    },
  },
];

/** The client id of a tenant's first administrator follows from the tenant's id, so that it can be told from others. */
const firstAdministratorOf = (id: TenantId): ClientId => namedGuid<ClientId>(`first administrator:${id}`);

async function createTenant(call: AdminCall) {
  const order = parseBody(call.request, newTenant);
  const { directory, log } = call;
  const taken = order.domains.find((name) => directory.current.findTenant(name) !== undefined);
  if (taken !== undefined) throw new AdminRefusal('domainTaken', [taken]);
  const tenant = await directory.createTenant(order);
  const administrator = await createAdministrator(call, tenant.id);
  log.info('tenant created', { tenant: tenant.id, name: tenant.displayName, by: call.caller.clientId });
  return { status: 201 as const, body: { ...show(call, tenant), administrator }, location: `tenants/${tenant.id}` };
}

/** An application that administers app registrations of the tenant and their permissions, and nothing outside of it. */
async function createAdministrator({ directory }: AdminCall, tenantId: TenantId) {
  const clientId = firstAdministratorOf(tenantId);
  const application = await directory.createApplication({ tenantId, clientId, displayName: 'Tenant administrator' });
  const principal = await directory.createServicePrincipal({ tenantId, clientId });
  for (const { value } of graphAppRoles) await directory.grantAppRole(principal.id, value);
  const { text, secret } = await directory.addPassword(application.id, { displayName: 'first administrator' });
  return { clientId, clientSecret: text, secretEnds: secret.end.toISOString() };
}

/** In one turn with the environments, so that none is made in a tenant that is about to go. */
function deleteTenant(call: AdminCall): Promise<AdminAnswer> {
  return call.environments.undisturbed(async () => {
    const { id, displayName: name } = getTenant(call);
    const { directory, log } = call;
    refuseUnlessEmpty(call, id);
    const administrator = directory.current.findApplication(firstAdministratorOf(id));
    if (administrator !== undefined) await directory.deleteApplication(administrator.id);
    await directory.deleteTenant(id);
    log.info('tenant deleted', { tenant: id, name, by: call.caller.clientId });
    return { status: 204 };
  });
}

function refuseUnlessEmpty({ directory, environments }: AdminCall, id: TenantId): void {
  const { applications, servicePrincipals } = directory.current.content;
  const isOther = ({ tenantId, clientId }: Pick<AppRegistration, 'tenantId' | 'clientId'>): boolean =>
    tenantId === id && clientId !== firstAdministratorOf(id);
  const details = {
    environments: namesOf(environments.list().filter(({ tenantId }) => tenantId === id)),
    applications: applications.filter(isOther).map(({ displayName: name }) => name),
    servicePrincipals: servicePrincipals.filter(isOther).map(({ displayName: name }) => name),
  };
  if (Object.values(details).some((names) => names.length > 0)) {
    throw new AdminRefusal('tenantNotEmpty', [id], { details });
  }
}

const namesOf = (all: readonly { readonly uniqueName: string }[]): readonly string[] =>
  all.map(({ uniqueName }) => uniqueName);

function withoutDomain({ domains: before }: Tenant, text: string): readonly string[] {
  const after = before.filter((each) => each !== text.toLowerCase());
  if (after.length === before.length) throw new AdminRefusal('domainUnknown', [text]);
  if (after.length === 0) throw new AdminRefusal('domainIsLast');
  return after;
}

function getTenant(call: AdminCall): Tenant {
  const id = getId<TenantId>(call);
  const tenant = call.directory.current.findTenant(id);
  if (tenant === undefined) throw new AdminRefusal('tenantUnknown', [id]);
  return tenant;
}

const show = ({ authorityUrl, environments }: AdminCall, { id, displayName: name, domains: all }: Tenant) => ({
  id,
  displayName: name,
  domains: all,
  authorityUrl: `${authorityUrl}/${id}`,
  environments: namesOf(environments.list().filter(({ tenantId }) => tenantId === id)),
});
