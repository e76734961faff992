import { beforeEach, describe, expect, test } from 'vitest';
import { Directory } from '../../src/directory/directory.ts';
import type { AppRegistration, ServicePrincipal, Tenant } from '../../src/directory/entities.ts';
import { installationRoles } from '../../src/directory/installation-roles.ts';
import { MemoryStore } from '../support/memory-store.ts';
import { refusalOf } from '../support/refusal.ts';

let directory: Directory;
let tenant: Tenant;
let application: AppRegistration;
let principal: ServicePrincipal;

/** An application of the tenant that may change the installation. */
async function addAdministrator(tenantId = tenant.id) {
  const made = await directory.createApplication({ tenantId, displayName: 'Administrator' });
  const itsPrincipal = await directory.createServicePrincipal({ tenantId, clientId: made.clientId });
  await directory.grantAppRole(itsPrincipal.id, installationRoles.readWrite);
  return { application: made, principal: itsPrincipal };
}

beforeEach(async () => {
  directory = await Directory.open(new MemoryStore());
  tenant = await directory.createTenant({ displayName: 'Nordlys', domains: ['nordlys.example'] });
  ({ application, principal } = await addAdministrator());
});

const ways = [
  { name: 'lose the role', change: () => directory.revokeAppRole(principal.id, installationRoles.readWrite) },
  { name: 'be disabled', change: () => directory.setServicePrincipalEnabled(principal.id, false) },
  { name: 'be deleted', change: () => directory.deleteServicePrincipal(principal.id) },
  { name: 'have its application deleted', change: () => directory.deleteApplication(application.id) },
];

describe('the last administrator of the installation', () => {
  test.each(ways)('may not $name', async ({ change }) => {
    const { problem } = await refusalOf(change());
    expect(problem).toEqual({
      status: 400,
      code: 'Request_BadRequest',
      message: `It is the last one that is enabled and holds '${installationRoles.readWrite}': give that to another one first.`,
    });
    const left = directory.getServicePrincipal(principal.id);
    expect(left).toMatchObject({ accountEnabled: true, appRoles: [installationRoles.readWrite] });
  });

  test.each(ways)('is not the last one beside another, and may $name', async ({ change }) => {
    await addAdministrator();
    await change();
    const left = directory.current.findServicePrincipalById(principal.id);
    expect(left?.accountEnabled === true && left.appRoles.length > 0).toBe(false);
  });

  test.each(ways)('is the last one beside one that is disabled, and may not $name', async ({ change }) => {
    const other = await addAdministrator();
    await directory.setServicePrincipalEnabled(other.principal.id, false);
    expect((await refusalOf(change())).problem.status).toBe(400);
  });

  test('is the last one beside one of another tenant', async () => {
    const elsewhere = await directory.createTenant({ displayName: 'Elsewhere', domains: ['elsewhere.example'] });
    await addAdministrator(elsewhere.id);
    expect((await refusalOf(directory.deleteServicePrincipal(principal.id))).problem.status).toBe(400);
  });

  test('may be renamed, and given more', async () => {
    await directory.updateServicePrincipal(principal.id, { displayName: 'Another name' });
    await directory.grantAppRole(principal.id, installationRoles.read);
    expect(directory.getServicePrincipal(principal.id).appRoles).toContain(installationRoles.read);
  });
});
