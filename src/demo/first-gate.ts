import { guidOf, rowsOf, textOf } from './answers.ts';
import type { SeedClient } from './seed-client.ts';

/** An application that can ask for tokens. */
export interface AppCredentials {
  /** Object id of the app registration, for calls under `/v1.0/applications`. */
  readonly applicationId: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Registers an application for one tenant, makes it known there, and gives it a client secret. */
export async function registerApplication(client: SeedClient, displayName: string): Promise<AppCredentials> {
  const application = await client.graph('POST', 'applications', { displayName, signInAudience: 'AzureADMyOrg' });
  const applicationId = textOf(application, 'id', 'POST applications');
  const clientId = textOf(application, 'appId', 'POST applications');
  await client.graph('POST', 'servicePrincipals', { appId: clientId });
  const password = await client.graph('POST', `applications/${applicationId}/addPassword`, {
    passwordCredential: { displayName: 'demo' },
  });
  return { applicationId, clientId, clientSecret: textOf(password, 'secretText', 'addPassword') };
}

/** The business unit that all others are under, where the demo's application users and security roles are. */
export async function findRootBusinessUnit(client: SeedClient): Promise<string> {
  const path = 'businessunits?$select=businessunitid&$filter=_parentbusinessunitid_value%20eq%20null';
  const { body } = await client.webapi('GET', path);
  return textOf(rowsOf(body, 'GET businessunits')[0], 'businessunitid', 'GET businessunits');
}

/** Makes the Dataverse user that stands for the client id. @returns its `systemuserid` */
export async function createApplicationUser(client: SeedClient, clientId: string, unit: string): Promise<string> {
  const { entityId } = await client.webapi('POST', 'systemusers', {
    applicationid: clientId,
    'businessunitid@odata.bind': `/businessunits(${unit})`,
  });
  return guidOf(entityId, 'POST systemusers');
}

/**
 * Makes a security role with privileges for the whole organization.
 * @param privileges names of privileges
 * @returns the role's `roleid`
 */
export async function createSecurityRole(
  client: SeedClient,
  name: string,
  privileges: readonly string[],
  unit: string,
): Promise<string> {
  const ids = await findPrivileges(client, privileges);
  const { entityId } = await client.webapi('POST', 'roles', {
    name,
    'businessunitid@odata.bind': `/businessunits(${unit})`,
  });
  const role = guidOf(entityId, 'POST roles');
  await client.webapi('POST', `roles(${role})/Microsoft.Dynamics.CRM.AddPrivilegesRole`, {
    Privileges: ids.map((id) => ({ PrivilegeId: id, Depth: 'Global', BusinessUnitId: unit })),
  });
  return role;
}

/** Ids of privileges, looked up as any client must: they differ between environments of the real product. */
async function findPrivileges(client: SeedClient, names: readonly string[]): Promise<string[]> {
  const { body } = await client.webapi('GET', 'privileges?$select=name,privilegeid');
  const ids = new Map(
    rowsOf(body, 'GET privileges').map((row) => [
      textOf(row, 'name', 'GET privileges').toLowerCase(),
      textOf(row, 'privilegeid', 'GET privileges'),
    ]),
  );
  return names.map((name) => {
    const id = ids.get(name.toLowerCase());
    if (id === undefined) throw new TypeError(`GET privileges answered no ${name}`);
    return id;
  });
}

/** @param environmentUrl without a trailing slash; references to rows are whole URLs */
export async function assignSecurityRole(
  client: SeedClient,
  user: string,
  role: string,
  environmentUrl: string,
): Promise<void> {
  await client.webapi('POST', `systemusers(${user})/systemuserroles_association/$ref`, {
    '@odata.id': `${environmentUrl}/api/data/v9.2/roles(${role})`,
  });
}
