import { beforeEach, describe, expect, test } from 'vitest';
import type { EnvironmentAdministration } from '../../src/admin/environment-administration.ts';
import { createAdminSurface } from '../../src/admin/surface.ts';
import { Directory } from '../../src/directory/directory.ts';
import type { ServicePrincipal } from '../../src/directory/entities.ts';
import { installationRoles, recruitingRole } from '../../src/directory/installation-roles.ts';
import { type Audit, type AuditEntry, AuditUnavailable } from '../../src/kernel/audit.ts';
import { type EnvironmentId, newGuid } from '../../src/kernel/ids.ts';
import { silentLog } from '../../src/kernel/log.ts';
import type { Caller } from '../../src/token/caller.ts';
import { MemoryStore } from '../support/memory-store.ts';

let directory: Directory;
let principal: ServicePrincipal;
let caller: Caller;
let audited: AuditEntry[];
let audit: Audit;

const host = 'hr.example';
const none = (): never => {
  throw new TypeError('not here');
};

beforeEach(async () => {
  directory = await Directory.open(new MemoryStore());
  const tenant = await directory.createTenant({ displayName: 'Hjem', domains: ['hjem.example'] });
  const addAdministrator = async () => {
    const { clientId } = await directory.createApplication({ tenantId: tenant.id, displayName: 'Administrator' });
    const made = await directory.createServicePrincipal({ tenantId: tenant.id, clientId });
    return directory.grantAppRole(made.id, installationRoles.readWrite);
  };
  principal = await addAdministrator();
  const { clientId } = principal;
  // The last one may not be taken away.
  await addAdministrator();
  caller = {
    clientId,
    tenantId: tenant.id,
    objectId: principal.id,
    audience: 'https://hr.example',
    roles: [],
    expiresAt: new Date(),
    tokenId: 'uti-1',
  };
  isAdministrator = false;
  audited = [];
  audit = {
    isWorking: true,
    write: async (entry) => void audited.push(entry),
    note: (entry) => void audited.push(entry),
  };
});

/** Is the caller a System Administrator of the environment that is asked? */
let isAdministrator: boolean;

async function ask(method: string, path: string, body: unknown = '', tenantId = caller.tenantId) {
  const entry = { id: newGuid(), tenantId, uniqueName: 'hjem', name: 'Hjem', url: 'https://hr.example', isFirst: true };
  const environments: EnvironmentAdministration = {
    list: () => [entry as never],
    create: none,
    change: none,
    remove: none,
    undisturbed: (job) => job(),
  };
  const environment = {
    id: newGuid<EnvironmentId>(),
    tenantId,
    isAdministrator: () => isAdministrator,
    authenticate: () => caller,
    webhooks: { list: async () => [] } as never,
    people: { export: async () => ({}) } as never,
    recruiting: { process: async () => ({ requests: [], positions: [], candidates: [], workflows: [] }) },
    view: {} as never,
  };
  const surface = createAdminSurface({
    ...{ directory, environments, audit, log: silentLog, publicUrl: 'https://hr.example' },
    readAudit: async () => ({ entries: [] }),
    auditKeeper: {} as never,
    keys: {} as never,
    operators: {} as never,
    findView: () => undefined,
    traffic: { isFull: false, read: () => () => undefined },
    findEnvironment: (asked) => (asked === host ? environment : undefined),
  });
  const answer = await surface({
    ...{ method, host, url: `/portvakt/v1/${path}`, headers: { 'content-type': 'application/json' } },
    body: Buffer.from(body === '' ? '' : JSON.stringify(body)),
  });
  const parsed = answer.status === 204 ? {} : (JSON.parse(answer.body.toString()) as { error?: { code: string } });
  return { status: answer.status, code: parsed.error?.code };
}

describe('who may administer the installation', () => {
  test('the holder of the role', async () => {
    expect(await ask('GET', 'tenants')).toEqual({ status: 200, code: undefined });
  });

  test.each([
    { name: 'without the role', roles: [], method: 'GET', status: 403 },
    { name: 'with the role to read, who reads', roles: [installationRoles.read], method: 'GET', status: 200 },
    { name: 'with the role to read, who writes', roles: [installationRoles.read], method: 'POST', status: 403 },
    { name: 'with the role to write', roles: [installationRoles.readWrite], method: 'GET', status: 200 },
  ])('one of an outside issuer $name, whatever client id it says: $status', async ({ roles, method, status }) => {
    caller = { ...caller, roles, outside: { name: 'Entra ID' } as never };
    expect((await ask(method, 'tenants', method === 'GET' ? '' : {})).status).toBe(status);
  });

  test('not one of an outside issuer of another tenant, with any role', async () => {
    const elsewhere = await directory.createTenant({ displayName: 'Elsewhere', domains: ['elsewhere.example'] });
    const home = caller.tenantId;
    caller = { ...caller, roles: [installationRoles.readWrite], outside: { name: 'Entra ID' } as never };
    expect(await ask('GET', 'tenants', '', home)).toMatchObject({ status: 200 });
    caller = { ...caller, tenantId: elsewhere.id };
    expect(await ask('GET', 'tenants', '', home)).toEqual({ status: 403, code: 'notPermitted' });
  });

  test('not a System Administrator of an environment, who may read its entries of the audit log', async () => {
    await directory.setServicePrincipalEnabled(principal.id, false);
    isAdministrator = true;
    expect(await ask('GET', 'tenants')).toEqual({ status: 403, code: 'notPermitted' });
    expect(await ask('POST', 'keys/rotate', {})).toEqual({ status: 403, code: 'notPermitted' });
    expect(await ask('GET', 'audit')).toEqual({ status: 200, code: undefined });
    isAdministrator = false;
    expect(await ask('GET', 'audit')).toEqual({ status: 403, code: 'notPermitted' });
  });

  test('not who may recruit, who reads events, sends them again and answers for people, and sets nothing up', async () => {
    await directory.revokeAppRole(principal.id, installationRoles.readWrite);
    expect(await ask('GET', 'webhooks')).toEqual({ status: 403, code: 'notPermitted' });
    await directory.grantAppRole(principal.id, recruitingRole);
    const id = newGuid();
    const allowed = ['webhooks', 'recruiting/process', `people/${id}/export`];
    for (const path of allowed) expect({ path, ...(await ask('GET', path)) }).toMatchObject({ path, status: 200 });
    const refused = [
      ...[
        ['GET', 'tenants'],
        ['GET', 'audit'],
        ['GET', 'operators'],
        ['POST', 'webhooks'],
      ],
      ...[
        ['PATCH', `webhooks/${id}`],
        ['DELETE', `webhooks/${id}`],
        ['POST', `webhooks/${id}/rotateSecret`],
      ],
    ];
    for (const [method = '', path = ''] of refused) {
      const answer = await ask(method, path, method === 'GET' ? '' : {});
      expect({ method, path, ...answer }).toEqual({ method, path, status: 403, code: 'notPermitted' });
    }
    await directory.setServicePrincipalEnabled(principal.id, false);
    expect(await ask('GET', 'webhooks')).toEqual({ status: 403, code: 'notPermitted' });
  });

  test('not one that is disabled', async () => {
    await directory.setServicePrincipalEnabled(principal.id, false);
    expect(await ask('GET', 'tenants')).toMatchObject({ status: 403 });
  });

  test('not one whose token says the role, and whose service principal does not have it', async () => {
    await directory.revokeAppRole(principal.id, installationRoles.readWrite);
    caller = { ...caller, roles: [installationRoles.readWrite] };
    expect(await ask('GET', 'tenants')).toMatchObject({ status: 403 });
  });

  test('a resource that there is not is no secret kept from those who may, and one from others', async () => {
    expect(await ask('GET', 'nothing')).toMatchObject({ status: 404 });
    await directory.revokeAppRole(principal.id, installationRoles.readWrite);
    expect(await ask('GET', 'nothing')).toMatchObject({ status: 403 });
  });
});

describe('the audit log', () => {
  test('says who made which tenant, and never the secret', async () => {
    await ask('POST', 'tenants', { displayName: 'Ny', domains: ['ny.example'] });
    const made = directory.current.findTenant('ny.example');
    expect(audited).toMatchObject([
      {
        surface: 'portvakt',
        kind: 'change',
        outcome: 'allowed',
        message: 'createTenant',
        table: 'tenants',
        targetId: made?.id,
        clientId: caller.clientId,
        tokenId: 'uti-1',
      },
    ]);
    expect(JSON.stringify(audited)).not.toMatch(/secret/i);
  });

  test('has the true reason of a denial', async () => {
    await directory.revokeAppRole(principal.id, installationRoles.readWrite);
    await ask('DELETE', `tenants/${caller.tenantId}`);
    expect(audited).toMatchObject([{ outcome: 'denied', code: 'notPermitted', stage: 'user', status: 403 }]);
    expect(audited[0]?.reason).toContain(caller.clientId);
  });

  test('that cannot be written: nothing is changed', async () => {
    audit = { ...audit, isWorking: false };
    const body = { displayName: 'Ny', domains: ['ny.example'] };
    expect(await ask('POST', 'tenants', body)).toEqual({ status: 503, code: 'auditUnavailable' });
    expect(directory.current.findTenant('ny.example')).toBeUndefined();
    audit = {
      ...audit,
      isWorking: true,
      write: async () => {
        throw new AuditUnavailable();
      },
    };
    expect(await ask('PATCH', `tenants/${caller.tenantId}`, {})).toEqual({ status: 500, code: 'outcomeUnknown' });
  });
});
