import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Directory } from '../../src/directory/directory.ts';
import { directoryModel, directoryTables } from '../../src/directory/tables.ts';
import { newGuid, type TenantId } from '../../src/kernel/ids.ts';
import { linkModel } from '../../src/metadata/model.ts';
import type { Table } from '../../src/metadata/table.ts';
import type { Value } from '../../src/odata/query.ts';
import type { DatabaseLocation } from '../../src/storage/database.ts';
import { openDatabase } from '../../src/storage/open.ts';
import { testSchema } from '../support/postgres-schema.ts';

const added = new Set(['identifieruris', 'redirecturis', 'tags', 'notes', 'uniquename', 'requestedtokenversion']);
const isAdded = (table: string, column: string): boolean =>
  added.has(column) || (table === 'approleassignment' && column === 'createdon');
/** The tables as they were before applications had URIs and federated credentials. */
const oldTables = linkModel(
  directoryTables
    .filter(({ logicalName }) => logicalName !== 'federatedcredential')
    .map((table) => ({ ...table, columns: table.columns.filter(({ name }) => !isAdded(table.logicalName, name)) })),
  [],
);

const places: readonly { name: string; make: () => { location: DatabaseLocation; end: () => Promise<void> } }[] = [
  {
    name: 'SQLite',
    make: () => {
      const folder = mkdtempSync(join(tmpdir(), 'portvakt-directory-'));
      const end = async (): Promise<void> => rmSync(folder, { recursive: true, force: true });
      return { location: { kind: 'sqlite', file: join(folder, 'directory.db') }, end };
    },
  },
  {
    name: 'PostgreSQL',
    make: () => {
      const { url, schema, drop } = testSchema();
      return { location: { kind: 'postgres', url, schema, connections: 2 }, end: drop };
    },
  },
];

function valuesOf(table: Table | undefined, values: Readonly<Record<string, Value>>) {
  if (table === undefined) throw new TypeError('no table');
  return { table, values: new Map(table.columns.map((column) => [column, values[column.name] ?? null])) };
}

test.each(places)('a directory on $name that was made before gains the new tables and columns', async ({ make }) => {
  const { location, end } = make();
  const tenantId = newGuid<TenantId>();
  const applicationId = newGuid();
  const before = await openDatabase({ tables: oldTables.tables, alphabet: 'nb', location });
  await before.maintain(async (rows) => {
    const tenant = valuesOf(oldTables.table.get('tenant'), { tenantid: tenantId, displayname: 'Fjordheim' });
    const application = valuesOf(oldTables.table.get('appregistration'), {
      appregistrationid: applicationId,
      clientid: newGuid(),
      tenantid: tenantId,
      displayname: 'ATS',
      signinaudience: 'AzureADMyOrg',
      createdon: '2026-03-01T12:00:00Z',
    });
    const principalId = newGuid();
    const principal = valuesOf(oldTables.table.get('serviceprincipal'), {
      serviceprincipalid: principalId,
      tenantid: tenantId,
      clientid: newGuid(),
      displayname: 'ATS',
      accountenabled: true,
      createdon: '2026-03-01T12:00:00Z',
    });
    const grant = valuesOf(oldTables.table.get('approleassignment'), {
      approleassignmentid: newGuid(),
      serviceprincipalid: principalId,
      approle: 'Application.Read.All',
    });
    for (const { table, values } of [tenant, application, principal, grant]) await rows.insert(table, values);
  });
  await before.close();
  try {
    const after = await openDatabase({ tables: directoryModel.tables, alphabet: 'nb', location });
    const directory = await Directory.open(after);
    const [application] = directory.listApplications(tenantId);
    expect(application).toMatchObject({ identifierUris: [], redirectUris: [], tags: [], federatedCredentials: [] });
    if (application === undefined) throw new TypeError('the application is gone');
    expect(directory.listServicePrincipals(tenantId)).toMatchObject([
      { tags: [], appRoleGrants: [{ appRole: 'Application.Read.All', grantedAt: null }] },
    ]);
    const federated = { name: 'build', issuer: 'https://issuer.example', subject: 'a' };
    await directory.addFederatedCredential(application.id, federated);
    const redirectUris = ['https://ats.example/'];
    await directory.updateApplication(application.id, { redirectUris });
    const again = (await Directory.open(after)).getApplication(application.id);
    expect(again).toMatchObject({ redirectUris, federatedCredentials: [federated] });
    await after.close();
  } finally {
    await end();
  }
});
