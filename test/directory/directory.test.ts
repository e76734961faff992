import { generateKeyPairSync } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import type { DirectoryChange } from '../../src/directory/change.ts';
import { credentialLimit } from '../../src/directory/change-application.ts';
import { Directory } from '../../src/directory/directory.ts';
import type { AppRegistration, Tenant } from '../../src/directory/entities.ts';
import { directoryModel, directoryTable, directoryTables } from '../../src/directory/tables.ts';
import { newGuid } from '../../src/kernel/ids.ts';
import { Refusal } from '../../src/kernel/refusal.ts';
import { createClientCertificate } from '../../src/tls/development-ca.ts';
import { MemoryStore } from '../support/memory-store.ts';

const now = new Date('2026-03-01T12:00:00.789Z');
let store: MemoryStore;
let directory: Directory;
let tenant: Tenant;
let other: Tenant;
let application: AppRegistration;

const open = (): Promise<Directory> => Directory.open(store, () => now);

beforeEach(async () => {
  store = new MemoryStore();
  directory = await open();
  tenant = await directory.createTenant({ displayName: 'Fjordheim', domains: ['Fjordheim.example', 'b.example'] });
  other = await directory.createTenant({ displayName: 'Nordlys', domains: [] });
  application = await directory.createApplication({ tenantId: tenant.id, displayName: ' ATS ' });
});

async function refusalOf(promise: Promise<unknown>): Promise<Refusal> {
  const reason: unknown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(reason instanceof Refusal)) throw new Error(`no refusal: ${String(reason)}`);
  return reason;
}

describe('what was written', () => {
  test('is there after opening again, the same to the second', async () => {
    const { clientId } = application;
    const principal = await directory.createServicePrincipal({ tenantId: tenant.id, clientId });
    await directory.grantAppRole(principal.id, 'Application.ReadWrite.All');
    await directory.grantAppRole(principal.id, 'Application.Read.All');
    await directory.setServicePrincipalEnabled(principal.id, false);
    await directory.addPassword(application.id, { displayName: 'first', start: new Date('2026-01-01T00:00:00.500Z') });
    await directory.addPassword(application.id);
    const { certificate } = await createClientCertificate('Demo', now);
    await directory.addCertificate(application.id, certificate, 'demo');
    await directory.updateApplication(application.id, { displayName: 'ATS 2', signInAudience: 'AzureADMultipleOrgs' });

    const again = await open();
    expect(sorted(again)).toEqual(sorted(directory));
    expect(again.current.findApplication(clientId)).toMatchObject({
      displayName: 'ATS 2',
      createdAt: new Date('2026-03-01T12:00:00Z'),
    });
    expect(again.current.findServicePrincipal(tenant.id, clientId)).toMatchObject({
      accountEnabled: false,
      appRoles: ['Application.Read.All', 'Application.ReadWrite.All'],
    });
    expect(again.current.findTenant('FJORDHEIM.EXAMPLE')?.domains).toEqual(['fjordheim.example', 'b.example']);
  });

  test('is gone after opening again when it was removed', async () => {
    const { clientId } = application;
    await directory.createServicePrincipal({ tenantId: tenant.id, clientId });
    const { secret } = await directory.addPassword(application.id);
    await directory.removePassword(application.id, secret.keyId);
    expect((await open()).current.findApplication(clientId)?.secrets).toEqual([]);
    await directory.deleteApplication(application.id);
    const again = await open();
    expect(again.current.content.applications).toEqual([]);
    expect(again.current.content.servicePrincipals).toEqual([]);
  });

  test('leaves no rows behind an application with everything', async () => {
    const { clientId } = application;
    const principal = await directory.createServicePrincipal({ tenantId: tenant.id, clientId });
    await directory.grantAppRole(principal.id, 'Application.Read.All');
    await directory.addPassword(application.id);
    await directory.addCertificate(application.id, (await createClientCertificate('Demo', now)).certificate);
    await directory.deleteApplication(application.id);
    const { clientSecret, clientCertificate, servicePrincipal, appRoleAssignment, appRegistration } = directoryTable;
    for (const table of [clientSecret, clientCertificate, servicePrincipal, appRoleAssignment, appRegistration]) {
      expect(await store.readAll(table), table.logicalName).toEqual([]);
    }
  });

  test('holds no secret', async () => {
    const { text, secret } = await directory.addPassword(application.id);
    const rows = await store.readAll(directoryTable.clientSecret);
    const values = rows.flatMap((row) => [...row.values.values()]).map(String);
    expect(values.some((value) => value.includes(text))).toBe(false);
    expect(secret.hint).toBe(text.slice(0, 3));
  });

  test('that makes no sense is reported as damage, with table and row', async () => {
    await store.maintain((rows) =>
      rows.update(directoryTable.appRegistration, application.id, new Map([[columnOf('signinaudience'), 'Everybody']])),
    );
    await expect(open()).rejects.toThrow(`table appregistration, row ${application.id}, column signinaudience`);
  });
});

const columnOf = (name: string) => {
  const column = directoryTable.appRegistration.column.get(name);
  if (column === undefined) throw new TypeError(name);
  return column;
};

function sorted({ current: { content } }: Directory): unknown {
  const byId = <T extends { id: string }>(all: readonly T[]): T[] => all.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const byKey = <T extends { keyId: string }>(all: readonly T[]): T[] =>
    all.toSorted((a, b) => (a.keyId < b.keyId ? -1 : 1));
  return {
    tenants: byId(content.tenants),
    servicePrincipals: byId(content.servicePrincipals),
    applications: byId(content.applications).map((each) => ({ ...each, secrets: byKey(each.secrets) })),
  };
}

describe('defaults', () => {
  test('of an application and its secret', async () => {
    expect(application).toMatchObject({
      displayName: 'ATS',
      signInAudience: 'AzureADMyOrg',
      secrets: [],
      certificates: [],
    });
    const { secret } = await directory.addPassword(application.id);
    expect([secret.start, secret.end]).toEqual([new Date('2026-03-01T12:00:00Z'), new Date('2028-03-01T12:00:00Z')]);
  });
});

describe('the directory refuses', () => {
  const nobody = () => newGuid<never>();
  const ecCertificate = (): string =>
    generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const cases: readonly { name: string; change: () => Promise<unknown>; status: number; code: string }[] = [
    {
      name: 'a tenant that is there',
      change: () => directory.createTenant({ id: tenant.id, displayName: 'x', domains: [] }),
      status: 409,
      code: 'Request_MultipleObjectsWithSameKeyValue',
    },
    {
      name: 'a domain of another tenant',
      change: () => directory.createTenant({ displayName: 'x', domains: ['B.example'] }),
      status: 409,
      code: 'Request_MultipleObjectsWithSameKeyValue',
    },
    {
      name: 'a domain twice',
      change: () => directory.createTenant({ displayName: 'x', domains: ['c.example', 'C.example'] }),
      status: 409,
      code: 'Request_MultipleObjectsWithSameKeyValue',
    },
    {
      name: 'a domain that is none',
      change: () => directory.createTenant({ displayName: 'x', domains: ['common'] }),
      status: 400,
      code: 'Request_BadRequest',
    },
    {
      name: 'a name of blanks',
      change: () => directory.createApplication({ tenantId: tenant.id, displayName: '  ' }),
      status: 400,
      code: 'Request_BadRequest',
    },
    {
      name: 'a name of 257 characters',
      change: () => directory.createApplication({ tenantId: tenant.id, displayName: 'x'.repeat(257) }),
      status: 400,
      code: 'Request_BadRequest',
    },
    {
      name: 'an application of an unknown tenant',
      change: () => directory.createApplication({ tenantId: nobody(), displayName: 'x' }),
      status: 404,
      code: 'Request_ResourceNotFound',
    },
    {
      name: 'a client id that is taken',
      change: () =>
        directory.createApplication({ tenantId: tenant.id, displayName: 'x', clientId: application.clientId }),
      status: 409,
      code: 'Request_MultipleObjectsWithSameKeyValue',
    },
    {
      name: 'changing an unknown application',
      change: () => directory.updateApplication(nobody(), {}),
      status: 404,
      code: 'Request_ResourceNotFound',
    },
    {
      name: 'deleting an unknown application',
      change: () => directory.deleteApplication(nobody()),
      status: 404,
      code: 'Request_ResourceNotFound',
    },
    {
      name: 'a secret for an unknown application',
      change: () => directory.addPassword(nobody()),
      status: 404,
      code: 'Request_ResourceNotFound',
    },
    {
      name: 'a secret that ends when it starts',
      change: () => directory.addPassword(application.id, { start: now, end: now }),
      status: 400,
      code: 'Request_BadRequest',
    },
    {
      name: 'removing an unknown secret',
      change: () => directory.removePassword(application.id, nobody()),
      status: 400,
      code: 'Request_BadRequest',
    },
    {
      name: 'a certificate that is none',
      change: () => directory.addCertificate(application.id, 'junk'),
      status: 400,
      code: 'Request_BadRequest',
    },
    {
      name: 'a bare public key',
      change: () => directory.addCertificate(application.id, ecCertificate()),
      status: 400,
      code: 'Request_BadRequest',
    },
    {
      name: 'a service principal of nothing',
      change: () => directory.createServicePrincipal({ tenantId: tenant.id, clientId: nobody() }),
      status: 400,
      code: 'NoBackingApplicationObject',
    },
    {
      name: 'a single-tenant application in another tenant',
      change: () => directory.createServicePrincipal({ tenantId: other.id, clientId: application.clientId }),
      status: 400,
      code: 'NoBackingApplicationObject',
    },
    {
      name: 'a service principal in an unknown tenant',
      change: () => directory.createServicePrincipal({ tenantId: nobody(), clientId: application.clientId }),
      status: 404,
      code: 'Request_ResourceNotFound',
    },
    {
      name: 'enabling an unknown service principal',
      change: () => directory.setServicePrincipalEnabled(nobody(), true),
      status: 404,
      code: 'Request_ResourceNotFound',
    },
    {
      name: 'deleting an unknown service principal',
      change: () => directory.deleteServicePrincipal(nobody()),
      status: 404,
      code: 'Request_ResourceNotFound',
    },
    {
      name: 'a permission for an unknown service principal',
      change: () => directory.grantAppRole(nobody(), 'A.B'),
      status: 404,
      code: 'Request_ResourceNotFound',
    },
  ];

  test.each(cases)('$name with $status $code, and nothing changes', async ({ change, status, code }) => {
    const before = directory.current;
    const { problem } = await refusalOf(change());
    expect({ status: problem.status, code: problem.code }).toEqual({ status, code });
    expect(directory.current).toBe(before);
    expect(sorted(await open())).toEqual(sorted(directory));
  });

  test('the second service principal of an application in a tenant', async () => {
    const input = { tenantId: tenant.id, clientId: application.clientId };
    await directory.createServicePrincipal(input);
    const { problem } = await refusalOf(directory.createServicePrincipal(input));
    expect(problem).toMatchObject({ status: 409, code: 'Request_MultipleObjectsWithSameKeyValue' });
  });

  test('a permission whose name is none', async () => {
    const { id } = await directory.createServicePrincipal({ tenantId: tenant.id, clientId: application.clientId });
    expect((await refusalOf(directory.grantAppRole(id, '"],"x":["'))).problem.status).toBe(400);
  });

  test('a certificate that is registered already', async () => {
    const { certificate } = await createClientCertificate('Demo', now);
    await directory.addCertificate(application.id, certificate);
    expect((await refusalOf(directory.addCertificate(application.id, certificate))).problem.code).toBe(
      'KeyCredentialsInvalidDuplicate',
    );
  });

  test('more credentials than the limit', async () => {
    for (let count = 0; count < credentialLimit; count++) await directory.addPassword(application.id);
    expect((await refusalOf(directory.addPassword(application.id))).problem.message).toContain(
      `at most ${credentialLimit}`,
    );
  });
});

describe('changes', () => {
  test('are told to listeners with the application, when they are in force', async () => {
    const heard: unknown[] = [];
    const stop = directory.onChange((change: DirectoryChange) =>
      heard.push([change, directory.current.findApplicationById(application.id)?.displayName]),
    );
    await directory.updateApplication(application.id, { displayName: 'Renamed' });
    await directory.createTenant({ displayName: 'x', domains: [] });
    stop();
    await directory.deleteApplication(application.id);
    expect(heard).toEqual([
      [{ kind: 'application', clientId: application.clientId }, 'Renamed'],
      [{ kind: 'everything' }, 'Renamed'],
    ]);
  });

  test('at the same time all count', async () => {
    await Promise.all(Array.from({ length: 20 }, () => directory.addPassword(application.id)));
    expect(directory.getApplication(application.id).secrets.length).toBe(20);
    expect((await open()).getApplication(application.id).secrets.length).toBe(20);
  });

  test('that the store refuses leave the directory as it was, and the next one works', async () => {
    const failing = new (class extends MemoryStore {
      broken = false;
      override maintain: MemoryStore['maintain'] = (job) =>
        this.broken ? Promise.reject(new Error('disk full')) : super.maintain(job);
    })();
    const own = await Directory.open(failing, () => now);
    const { id } = await own.createTenant({ displayName: 'x', domains: [] });
    failing.broken = true;
    await expect(own.createApplication({ tenantId: id, displayName: 'y' })).rejects.toThrow('disk full');
    expect(own.listApplications(id)).toEqual([]);
    failing.broken = false;
    await own.createApplication({ tenantId: id, displayName: 'y' });
    expect(own.listApplications(id).length).toBe(1);
  });

  test('granting a permission again changes nothing', async () => {
    const { id } = await directory.createServicePrincipal({ tenantId: tenant.id, clientId: application.clientId });
    await directory.grantAppRole(id, 'A.B');
    expect((await directory.grantAppRole(id, 'A.B')).appRoles).toEqual(['A.B']);
  });

  test('of another process are seen after reading again', async () => {
    const second = await open();
    await second.deleteApplication(application.id);
    expect(directory.current.findApplicationById(application.id)).toBeDefined();
    await directory.reload();
    expect(directory.current.findApplicationById(application.id)).toBeUndefined();
  });

  test('a key that another process took is a refusal', async () => {
    const second = await open();
    await second.createTenant({ displayName: 'x', domains: ['new.example'] });
    const { problem } = await refusalOf(directory.createTenant({ displayName: 'y', domains: ['new.example'] }));
    expect(problem.status).toBe(400);
  });
});

test('a certificate is kept without the private key that came with it', async () => {
  const { pem, certificate } = await createClientCertificate('Demo', now);
  const kept = await directory.addCertificate(application.id, pem);
  expect(kept.pem).not.toContain('PRIVATE');
  expect(kept.pem.trim()).toBe(certificate.trim());
  expect(kept.thumbprint).toMatch(/^[0-9A-F]{40}$/);
  expect(kept.thumbprintSha256).toMatch(/^[0-9A-F]{64}$/);
});

test('secrets are hidden columns, and no table is part of an environment', () => {
  const hidden = directoryModel.tables.flatMap(({ columns }) =>
    columns.filter((column) => column.hidden).map(({ name }) => name),
  );
  expect(hidden).toEqual(['salt', 'digest']);
  expect(directoryTables.every(({ kind }) => kind === 'directory')).toBe(true);
  expect([directoryModel.entitySet.size, directoryModel.administrationSet.size]).toEqual([0, 0]);
});
