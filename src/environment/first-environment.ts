import { graphAppRoles } from '../directory/app-roles.ts';
import type { Directory } from '../directory/directory.ts';
import { installationRoles } from '../directory/installation-roles.ts';
import { generateSecret } from '../directory/secret.ts';
import type { ClientId, TenantId } from '../kernel/ids.ts';
import type { Column, Model, Table } from '../metadata/table.ts';
import type { Value } from '../odata/query.ts';
import { nextRowId } from '../recruiting/number-sequence.ts';
import type { Database } from '../storage/database.ts';
import { applicationsOf } from './environment.ts';
import type { EnvironmentRecord } from './environment-record.ts';
import { createEnvironmentRows, type Installation } from './installation.ts';

/** The first administrator's credentials. The secret is known here and in the file that it is written to, nowhere else. */
export interface Administrator {
  readonly tenantId: TenantId;
  readonly clientId: ClientId;
  readonly clientSecret: string;
}

export interface FirstEnvironment {
  readonly record: EnvironmentRecord;
  readonly database: Database;
  readonly administrator: Administrator;
}

/** Rows of tables that no call can write, because their provider owns them: column name -> value. */
export interface ProviderRows {
  readonly table: string;
  readonly rows: readonly Readonly<Record<string, string | number | boolean>>[];
}

const names = { tenant: 'Nordlys', domain: 'nordlys.onportvakt.test', uniqueName: 'nordlys', environment: 'Nordlys' };

/**
 * FULL POWER WITHOUT A CALLER, once, on a new installation: a tenant, an application that administers it, and an
 * environment in which that application is the first administrator of both gates. Everything after this is done by a
 * caller, through the public surfaces.
 */
export async function createFirstEnvironment(
  installation: Installation,
  directory: Directory,
  model: Model,
  now: Date,
  provided: readonly ProviderRows[],
): Promise<FirstEnvironment> {
  const tenant = await directory.createTenant({ displayName: names.tenant, domains: [names.domain] });
  const administrator = await createAdministrator(directory, tenant.id);
  const record = await installation.addEnvironment({
    tenantId: tenant.id,
    uniqueName: names.uniqueName,
    name: names.environment,
    place: { kind: 'server' },
  });
  const database = await installation.openDatabase(record, model);
  const application = await applicationsOf(directory, tenant.id).find(administrator.clientId);
  if (application === undefined) throw new TypeError('the administrator has no service principal');
  await createEnvironmentRows(database, model, record, application, now);
  for (const each of provided) await insertProvided(database, model, each);
  return { record, database, administrator };
}

/** FULL POWER: an application with every application permission, in the installation's own tenant. */
export async function createAdministrator(directory: Directory, tenantId: TenantId): Promise<Administrator> {
  const application = await directory.createApplication({ tenantId, displayName: 'Portvakt administrator' });
  const principal = await directory.createServicePrincipal({ tenantId, clientId: application.clientId });
  for (const { value } of graphAppRoles) await directory.grantAppRole(principal.id, value);
  await directory.grantAppRole(principal.id, installationRoles.readWrite);
  const text = generateSecret({ reservedCharacters: true });
  await directory.addPassword(application.id, { displayName: 'first administrator', text });
  return { tenantId, clientId: application.clientId, clientSecret: text };
}

async function insertProvided(database: Database, model: Model, { table: name, rows }: ProviderRows): Promise<void> {
  const table = model.table.get(name);
  if (table === undefined) throw new TypeError(`there is no table ${name}`);
  await database.maintain(async (transaction) => {
    for (const row of rows) {
      const id = await nextRowId(transaction, table);
      await transaction.insert(table, valuesOf(table, { ...row, [table.primaryKey.name]: id }));
    }
  });
}

function valuesOf(table: Table, row: Readonly<Record<string, string | number | boolean>>): Map<Column, Value> {
  const values = new Map<Column, Value>();
  for (const [name, value] of Object.entries(row)) {
    const column = table.column.get(name);
    if (column === undefined) throw new TypeError(`${table.logicalName} has no column ${name}`);
    values.set(column, column.type === 'Decimal' ? String(value) : value);
  }
  return values;
}
