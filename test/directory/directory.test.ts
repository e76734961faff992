import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { DirectoryChange } from '../../src/directory/change.ts';
import { credentialLimit } from '../../src/directory/change-application.ts';
import { federatedCredentialLimit } from '../../src/directory/change-federated.ts';
import { Directory } from '../../src/directory/directory.ts';
import type { AppRegistration, AppRegistrationId, Tenant } from '../../src/directory/entities.ts';
import { directoryModel, directoryTable, directoryTables } from '../../src/directory/tables.ts';
import { newGuid } from '../../src/kernel/ids.ts';
import { createClientCertificate } from '../../src/tls/development-ca.ts';
import { MemoryStore } from '../support/memory-store.ts';
import { type OpenStore, openStores } from '../support/open-stores.ts';
import { refusalOf } from '../support/refusal.ts';

/** A federated credential as its administrator writes it. */
const federated = { name: 'build', issuer: 'https://issuer.example/', subject: 'repo:a/b' };
const now = new Date('2026-03-01T12:00:00.789Z');
let opened: OpenStore;
let store: OpenStore['store'];
let directory: Directory;
let tenant: Tenant;
let other: Tenant;
let application: AppRegistration;

const open = (): Promise<Directory> => Directory.open(store, () => now);

async function emptyStore(): Promise<void> {
  for (const table of directoryModel.tables) {
    const rows = await store.readAll(table);
    await store.maintain(async (transaction) => {
      for (const { id } of rows) await transaction.delete(table, id);
    });
  }
}

describe.each(openStores)('on $name', ({ open: openStore }) => {
  beforeAll(async () => {
    opened = await openStore(directoryModel);
    store = opened.store;
  });

  afterAll(() => opened.close());

  beforeEach(async () => {
    await emptyStore();
    directory = await open();
    tenant = await directory.createTenant({ displayName: 'Fjordheim', domains: ['Fjordheim.example', 'b.example'] });
    other = await directory.createTenant({ displayName: 'Nordlys', domains: [] });
    application = await directory.createApplication({ tenantId: tenant.id, displayName: ' ATS ' });
  });

  describe('what was written', () => {
    test('is there after opening again, the same to the second', async () => {
      const { clientId } = application;
      const principal = await directory.createServicePrincipal({ tenantId: tenant.id, clientId });
      await directory.grantAppRole(principal.id, 'Application.ReadWrite.All');
      await directory.grantAppRole(principal.id, 'Application.Read.All');
      await directory.setServicePrincipalEnabled(principal.id, false);
      await directory.addPassword(application.id, {
        displayName: 'first',
        start: new Date('2026-01-01T00:00:00.500Z'),
      });
      await directory.addPassword(application.id);
      const { certificate } = await createClientCertificate('Demo', now);
      await directory.addCertificate(application.id, certificate, 'demo');
      await directory.addFederatedCredential(application.id, { ...federated, description: 'first\nsecond' });
      await directory.updateApplication(application.id, {
        displayName: 'ATS 2',
        signInAudience: 'AzureADMultipleOrgs',
        identifierUris: [`api://${clientId}`, 'https://ats.b.example/api'],
        redirectUris: ['https://ats.example/back', 'http://localhost:3000/'],
        tags: ['first', 'second'],
        notes: 'one\ntwo',
        requestedAccessTokenVersion: 2,
      });

      const again = await open();
      expect(sorted(again)).toEqual(sorted(directory));
      expect(again.current.findApplication(clientId)).toMatchObject({
        displayName: 'ATS 2',
        createdAt: new Date('2026-03-01T12:00:00Z'),
        identifierUris: [`api://${clientId}`, 'https://ats.b.example/api'],
        redirectUris: ['https://ats.example/back', 'http://localhost:3000/'],
        tags: ['first', 'second'],
        notes: 'one\ntwo',
        requestedAccessTokenVersion: 2,
        federatedCredentials: [
          { ...federated, audiences: ['api://AzureADTokenExchange'], description: 'first\nsecond' },
        ],
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
      await directory.addFederatedCredential(application.id, federated);
      await directory.deleteApplication(application.id);
      const {
        federatedCredential,
        clientSecret,
        clientCertificate,
        servicePrincipal,
        appRoleAssignment,
        appRegistration,
      } = directoryTable;
      for (const table of [
        federatedCredential,
        clientSecret,
        clientCertificate,
        servicePrincipal,
        appRoleAssignment,
        appRegistration,
      ]) {
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

    test('gives the secrets of an application one salt, which no other application has', async () => {
      const other = await directory.createApplication({ tenantId: tenant.id, displayName: 'Other' });
      for (const { id } of [application, application, other]) await directory.addPassword(id);
      const saltsOf = (id: AppRegistrationId): string[] =>
        directory.getApplication(id).secrets.map(({ salt }) => salt.toString('hex'));
      const [first, second] = saltsOf(application.id);
      expect(second).toBe(first);
      expect(saltsOf(other.id)).not.toContain(first);
    });

    test('that makes no sense is reported as damage, with table and row', async () => {
      await store.maintain((rows) =>
        rows.update(
          directoryTable.appRegistration,
          application.id,
          new Map([[columnOf('signinaudience'), 'Everybody']]),
        ),
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
      applications: byId(content.applications).map((each) => ({
        ...each,
        secrets: byKey(each.secrets),
        certificates: byKey(each.certificates),
        federatedCredentials: byId(each.federatedCredentials),
      })),
    };
  }

  describe('defaults', () => {
    test('of an application and its secret', async () => {
      expect(application).toMatchObject({
        displayName: 'ATS',
        signInAudience: 'AzureADMyOrg',
        secrets: [],
        certificates: [],
        federatedCredentials: [],
        identifierUris: [],
        redirectUris: [],
        tags: [],
        notes: null,
      });
      const { secret } = await directory.addPassword(application.id);
      expect([secret.start, secret.end]).toEqual([new Date('2026-03-01T12:00:00Z'), new Date('2028-03-01T12:00:00Z')]);
    });
  });

  describe('the directory refuses', () => {
    const nobody = () => newGuid<never>();
    const bad = { status: 400, code: 'Request_BadRequest' } as const;
    const badKey = { status: 400, code: 'KeyCredentialsInvalidValue' } as const;
    const missing = { status: 404, code: 'Request_ResourceNotFound' } as const;
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
        ...badKey,
      },
      {
        name: 'a bare public key',
        change: () => directory.addCertificate(application.id, ecCertificate()),
        ...badKey,
      },
      {
        name: 'removing an unknown certificate',
        change: () => directory.removeCertificate(application.id, nobody()),
        ...bad,
      },
      ...[
        { name: 'a federated credential with an unencrypted issuer', issuer: 'http://issuer.example' },
        { name: 'an issuer with a query', issuer: 'https://issuer.example/?a=b' },
        { name: 'an issuer with a fragment', issuer: 'https://issuer.example/#a' },
        { name: 'an issuer with a password', issuer: 'https://a:b@issuer.example' },
        { name: 'an issuer that is no URL', issuer: 'issuer.example' },
        { name: 'an issuer with a blank', issuer: ' https://issuer.example' },
        { name: 'an issuer of 601 characters', issuer: `https://issuer.example/${'x'.repeat(578)}` },
        { name: 'no subject', subject: '' },
        { name: 'a subject of 601 characters', subject: 'x'.repeat(601) },
        { name: 'a subject with a NUL', subject: 'a\0b' },
        { name: 'no audience', audiences: [] },
        { name: 'two audiences', audiences: ['a', 'b'] },
        { name: 'an empty audience', audiences: [''] },
        { name: 'a description of 601 characters', description: 'x'.repeat(601) },
        { name: 'a description with half a character', description: '\ud800' },
      ].map(({ name, ...changes }) => ({
        name,
        change: () => directory.addFederatedCredential(application.id, { ...federated, ...changes }),
        ...bad,
      })),
      ...['ab', 'a/b', '-abc', 'a b c', 'x'.repeat(121), 'bl\u00e5b\u00e6r'].map((name) => ({
        name: `a federated credential named ${name.slice(0, 10)}`,
        change: () => directory.addFederatedCredential(application.id, { ...federated, name }),
        ...bad,
      })),
      {
        name: 'a federated credential for an unknown application',
        change: () => directory.addFederatedCredential(nobody(), federated),
        ...missing,
      },
      {
        name: 'changing an unknown federated credential',
        change: () => directory.updateFederatedCredential(application.id, nobody(), {}),
        ...missing,
      },
      {
        name: 'removing an unknown federated credential',
        change: () => directory.removeFederatedCredential(application.id, nobody()),
        ...missing,
      },
      ...[
        ['no URI at all', 'ats'],
        ['a URI that ends with a slash', 'https://b.example/'],
        ['a URI with a fragment', 'https://b.example/a#b'],
        ['a URI with a user name', 'https://b.example@evil.example/a'],
        ['a URI with a control character', 'https://b.example/a\n'],
        ['a URI of 257 characters', `https://b.example/${'x'.repeat(239)}`],
      ].map(([name, uri = '']) => ({
        name: `${name} as an application ID URI`,
        change: () => directory.updateApplication(application.id, { identifierUris: [uri] }),
        ...bad,
      })),
      ...[
        'https://evil.example/api',
        'https://evilb.example/api',
        'https://b.example.evil.example',
        'https://graph.microsoft.com',
        'https://localhost:8443',
        'api://ats',
        'api://00000003-0000-0000-c000-000000000000',
        'urn://c.example/ats',
      ].map((uri) => ({
        name: `the application ID URI ${uri}, to which the tenant has no claim,`,
        change: () => directory.updateApplication(application.id, { identifierUris: [uri] }),
        status: 400,
        code: 'HostNameNotOnVerifiedDomain',
      })),
      {
        name: 'one application ID URI twice',
        change: () =>
          directory.updateApplication(application.id, {
            identifierUris: ['https://b.example/A', 'https://b.example/a'],
          }),
        ...bad,
      },
      ...[
        'http://ats.example/',
        'ats.example/back',
        'https://ats.example/#a',
        'https://*.ats.example/',
        'https://a:b@ats.example/',
        'javascript:alert(1)',
        'http://localhost.evil.example/',
        'https://ats.example\\@evil.example/',
        `https://ats.example/${'x'.repeat(237)}`,
      ].map((uri) => ({
        name: `the redirect URI ${uri.slice(0, 40)}`,
        change: () => directory.updateApplication(application.id, { redirectUris: [uri] }),
        ...bad,
      })),
      {
        name: '257 redirect URIs',
        change: () =>
          directory.updateApplication(application.id, {
            redirectUris: Array.from({ length: 257 }, (_, at) => `https://ats.example/${at}`),
          }),
        ...bad,
      },
      {
        name: 'a tag with a line end',
        change: () => directory.updateApplication(application.id, { tags: ['a\nb'] }),
        ...bad,
      },
      {
        name: 'notes of 1025 characters',
        change: () => directory.updateApplication(application.id, { notes: 'x'.repeat(1025) }),
        ...bad,
      },
      {
        name: 'a name with a control character',
        change: () => directory.createApplication({ tenantId: tenant.id, displayName: 'a\u0007b' }),
        ...bad,
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

    test('an application ID URI of another application, also in another tenant', async () => {
      const uri = `api://fjordheim.example/${application.clientId}`;
      await directory.updateApplication(application.id, { identifierUris: [uri] });
      const { id } = await directory.createApplication({ tenantId: tenant.id, displayName: 'x' });
      const taken = await refusalOf(directory.updateApplication(id, { identifierUris: [uri.toUpperCase()] }));
      expect(taken.problem).toMatchObject({ status: 400, code: 'ObjectConflict' });
      const stranger = await directory.createApplication({ tenantId: other.id, displayName: 'x' });
      const claimed = `https://b.example/${stranger.clientId}`;
      const { problem } = await refusalOf(directory.updateApplication(stranger.id, { identifierUris: [claimed] }));
      expect(problem.code).toBe('HostNameNotOnVerifiedDomain');
    });

    test('a second federated credential with the same name, or with the same issuer and subject', async () => {
      await directory.addFederatedCredential(application.id, federated);
      const second = { name: 'second', issuer: 'https://issuer.example', subject: 'repo:a/b' };
      const { id } = await directory.addFederatedCredential(application.id, second);
      for (const change of [
        () => directory.addFederatedCredential(application.id, { ...second, name: 'BUILD', subject: 'c' }),
        () => directory.addFederatedCredential(application.id, { ...federated, name: 'third' }),
        () => directory.updateFederatedCredential(application.id, id, { issuer: federated.issuer }),
      ]) {
        const { problem } = await refusalOf(change());
        expect(problem).toMatchObject({ status: 409, code: 'Request_MultipleObjectsWithSameKeyValue' });
      }
    });

    test('the twenty-first federated credential', async () => {
      const add = (at: number) =>
        directory.addFederatedCredential(application.id, { ...federated, name: `build-${at}`, subject: `repo:${at}` });
      for (let count = 0; count < federatedCredentialLimit; count++) await add(count);
      expect((await refusalOf(add(20))).problem.message).toContain(`at most ${federatedCredentialLimit}`);
      const [first] = directory.getApplication(application.id).federatedCredentials;
      if (first !== undefined)
        await directory.updateFederatedCredential(application.id, first.id, { subject: 'other' });
      expect(directory.getApplication(application.id).federatedCredentials).toHaveLength(federatedCredentialLimit);
    });

    test('more credentials than the limit', async () => {
      for (let count = 0; count < credentialLimit; count++) await directory.addPassword(application.id);
      expect((await refusalOf(directory.addPassword(application.id))).problem.message).toContain(
        `at most ${credentialLimit}`,
      );
    });
  });

  describe('federated credentials', () => {
    test('are changed, found with their application and removed, also on disk', async () => {
      const { id } = await directory.addFederatedCredential(application.id, federated);
      await directory.updateFederatedCredential(application.id, id, { subject: 'repo:c/d', audiences: ['x'] });
      const changed = { id, ...federated, subject: 'repo:c/d', audiences: ['x'], description: null };
      for (const { current } of [directory, await open()]) {
        expect(current.findApplication(application.clientId)?.federatedCredentials).toEqual([changed]);
      }
      await directory.removeFederatedCredential(application.id, id);
      for (const { current } of [directory, await open()]) {
        expect(current.findApplication(application.clientId)?.federatedCredentials).toEqual([]);
      }
    });
  });

  describe('certificates', () => {
    test('stand side by side until one is removed', async () => {
      const add = async (name: string) =>
        directory.addCertificate(application.id, (await createClientCertificate(name, now)).certificate, name);
      const [first, second] = [await add('first'), await add('second')];
      expect(directory.getApplication(application.id).certificates).toEqual([first, second]);
      await directory.removeCertificate(application.id, first.keyId);
      for (const { current } of [directory, await open()]) {
        expect(current.findApplicationById(application.id)?.certificates).toEqual([second]);
      }
    });
  });

  test('an application is found by its application ID URI, without regard to case', async () => {
    await directory.updateApplication(application.id, { identifierUris: ['https://ats.b.example/Api'] });
    expect(directory.current.findApplicationByUri('HTTPS://ats.b.example/api')?.id).toBe(application.id);
    await directory.updateApplication(application.id, { identifierUris: [] });
    expect(directory.current.findApplicationByUri('https://ats.b.example/Api')).toBeUndefined();
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

  test('a certificate is kept in its own form, and refused with a private key beside it', async () => {
    const { pem, certificate } = await createClientCertificate('Demo', now);
    const kept = await directory.addCertificate(application.id, `Bag Attributes\n${certificate}\n`);
    expect(kept.pem.trim()).toBe(certificate.trim());
    expect(kept.thumbprint).toMatch(/^[0-9A-F]{40}$/);
    expect(kept.thumbprintSha256).toMatch(/^[0-9A-F]{64}$/);
    const { problem } = await refusalOf(directory.addCertificate(application.id, pem));
    expect(problem.message).toContain('private key');
  });

  test('an application takes its new name into its home tenant, not into others', async () => {
    const { id, clientId } = application;
    await directory.updateApplication(id, { signInAudience: 'AzureADMultipleOrgs' });
    for (const tenantId of [tenant.id, other.id]) await directory.createServicePrincipal({ tenantId, clientId });
    await directory.updateApplication(id, { displayName: 'Renamed' });
    for (const { current } of [directory, await open()]) {
      expect(current.findServicePrincipal(tenant.id, clientId)?.displayName).toBe('Renamed');
      expect(current.findServicePrincipal(other.id, clientId)?.displayName).toBe('ATS');
    }
  });

  test('a permission that is taken away is gone, also on disk', async () => {
    const { id } = await directory.createServicePrincipal({ tenantId: tenant.id, clientId: application.clientId });
    for (const role of ['A.B', 'A.A']) await directory.grantAppRole(id, role);
    expect(directory.getServicePrincipal(id).appRoleGrants).toEqual([
      { appRole: 'A.A', grantedAt: new Date('2026-03-01T12:00:00Z') },
      { appRole: 'A.B', grantedAt: new Date('2026-03-01T12:00:00Z') },
    ]);
    await directory.revokeAppRole(id, 'A.A');
    for (const { current } of [directory, await open()]) {
      expect(current.findServicePrincipalById(id)?.appRoles).toEqual(['A.B']);
    }
    expect((await refusalOf(directory.revokeAppRole(id, 'A.A'))).problem.status).toBe(404);
    expect((await refusalOf(directory.revokeAppRole(newGuid<never>(), 'A.B'))).problem.status).toBe(404);
  });

  test('a unique name leads to one application of its own tenant', async () => {
    const made = await directory.createApplication({ tenantId: tenant.id, displayName: 'x', uniqueName: 'Ats-1' });
    const twin = await directory.createApplication({ tenantId: other.id, displayName: 'x', uniqueName: 'ats-1' });
    for (const { current } of [directory, await open()]) {
      expect(current.findApplicationByUniqueName(tenant.id, 'ATS-1')?.id).toBe(made.id);
      expect(current.findApplicationByUniqueName(other.id, 'ATS-1')?.id).toBe(twin.id);
    }
    const taken = { tenantId: tenant.id, displayName: 'y', uniqueName: 'ATS-1' };
    expect((await refusalOf(directory.createApplication(taken))).problem.status).toBe(409);
  });

  test('a certificate may be given another name', async () => {
    const { certificate } = await createClientCertificate('Demo', now);
    await directory.addCertificate(application.id, certificate, 'before');
    await directory.updateApplication(application.id, ({ certificates }) => ({
      certificates: certificates.map((each) => ({ ...each, displayName: 'after' })),
    }));
    expect((await open()).getApplication(application.id).certificates).toMatchObject([{ displayName: 'after' }]);
  });
});

test('secrets are hidden columns, and no table is part of an environment', () => {
  const hidden = directoryModel.tables.flatMap(({ columns }) =>
    columns.filter((column) => column.hidden).map(({ name }) => name),
  );
  expect(hidden).toEqual(['salt', 'digest']);
  expect(directoryTables.every(({ kind }) => kind === 'directory')).toBe(true);
  expect([directoryModel.entitySet.size, directoryModel.administrationSet.size]).toEqual([0, 0]);
});
