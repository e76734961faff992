import { type Guid, getGuid, newGuid } from '../kernel/ids.ts';
import type { Column, Table } from '../metadata/table.ts';
import type { Values } from '../odata/operation.ts';
import type { Value } from '../odata/query.ts';
import type { MaintenanceStore, Row } from '../odata/row-store.ts';
import {
  type AppRegistration,
  type AppRegistrationId,
  type AppRoleGrant,
  type ClientCertificate,
  type ClientSecret,
  type FederatedCredential,
  type ServicePrincipal,
  type SignInAudience,
  signInAudiences,
  type Tenant,
} from './entities.ts';
import { DirectorySnapshot } from './snapshot.ts';
import { directoryTable as tables } from './tables.ts';

/** A moment as storage keeps it, in whole seconds. */
const storedMoment = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`;
/** A moment as it will be read back from storage. */
export const wholeSeconds = (date: Date): Date => new Date(Math.floor(date.getTime() / 1000) * 1000);

function toValues(table: Table, record: Readonly<Record<string, Value>>): Values {
  return new Map(Object.entries(record).map(([name, value]) => [getColumn(table, name), value]));
}

export function getColumn(table: Table, name: string): Column {
  const column = table.column.get(name);
  if (column === undefined) throw new TypeError(`no column ${name} in ${table.logicalName}`);
  return column;
}

export const tenantValues = (tenant: Tenant): Values =>
  toValues(tables.tenant, { tenantid: tenant.id, displayname: tenant.displayName });

export const domainValues = (tenant: Tenant, name: string, ordinal: number): Values =>
  toValues(tables.tenantDomain, { tenantdomainid: newGuid(), tenantid: tenant.id, name, ordinal });

export const applicationValues = (application: AppRegistration): Values =>
  toValues(tables.appRegistration, {
    appregistrationid: application.id,
    clientid: application.clientId,
    tenantid: application.tenantId,
    displayname: application.displayName,
    signinaudience: application.signInAudience,
    createdon: storedMoment(application.createdAt),
    identifieruris: JSON.stringify(application.identifierUris),
    redirecturis: JSON.stringify(application.redirectUris),
    tags: JSON.stringify(application.tags),
    notes: application.notes,
    uniquename: application.uniqueName,
    requestedtokenversion: application.requestedAccessTokenVersion,
  });

export const secretValues = (application: AppRegistration, secret: ClientSecret): Values =>
  toValues(tables.clientSecret, {
    clientsecretid: secret.keyId,
    appregistrationid: application.id,
    displayname: secret.displayName,
    hint: secret.hint,
    startson: storedMoment(secret.start),
    endson: storedMoment(secret.end),
    salt: secret.salt.toString('base64url'),
    digest: secret.digest.toString('base64url'),
  });

export const certificateValues = (application: AppRegistration, certificate: ClientCertificate): Values =>
  toValues(tables.clientCertificate, {
    clientcertificateid: certificate.keyId,
    appregistrationid: application.id,
    displayname: certificate.displayName,
    pem: certificate.pem,
    thumbprint: certificate.thumbprint,
    thumbprintsha256: certificate.thumbprintSha256,
    startson: storedMoment(certificate.start),
    endson: storedMoment(certificate.end),
  });

export const federatedValues = (application: AppRegistration, credential: FederatedCredential): Values =>
  toValues(tables.federatedCredential, {
    federatedcredentialid: credential.id,
    appregistrationid: application.id,
    name: credential.name,
    issuer: credential.issuer,
    subject: credential.subject,
    audience: credential.audiences[0] ?? null,
    description: credential.description,
  });

export const servicePrincipalValues = (principal: ServicePrincipal): Values =>
  toValues(tables.servicePrincipal, {
    serviceprincipalid: principal.id,
    tenantid: principal.tenantId,
    clientid: principal.clientId,
    displayname: principal.displayName,
    accountenabled: principal.accountEnabled,
    createdon: storedMoment(principal.createdAt),
    tags: JSON.stringify(principal.tags),
  });

export const appRoleValues = (principal: ServicePrincipal, id: Guid, { appRole, grantedAt }: AppRoleGrant): Values =>
  toValues(tables.appRoleAssignment, {
    approleassignmentid: id,
    serviceprincipalid: principal.id,
    approle: appRole,
    createdon: grantedAt === null ? null : storedMoment(grantedAt),
  });

/** A row of the directory's database does not hold what it must: the file was damaged or changed by hand. */
export class DamagedDirectory extends Error {
  constructor(row: Row, table: Table, column: string) {
    super(`the directory database is damaged: table ${table.logicalName}, row ${row.id}, column ${column}`);
    this.name = 'DamagedDirectory';
  }
}

/** Reads typed values out of a row. Every method throws `DamagedDirectory` when the value is not of its kind. */
class Reader {
  readonly row: Row;
  readonly table: Table;

  constructor(row: Row, table: Table) {
    this.row = row;
    this.table = table;
  }

  value(name: string): Value {
    return this.row.values.get(getColumn(this.table, name)) ?? null;
  }

  text(name: string): string {
    const value = this.value(name);
    return typeof value === 'string' ? value : this.damaged(name);
  }

  optionalText(name: string): string | null {
    return this.value(name) === null ? null : this.text(name);
  }

  flag(name: string): boolean {
    const value = this.value(name);
    return typeof value === 'boolean' ? value : this.damaged(name);
  }

  guid<T extends Guid>(name: string): T {
    return getGuid<T>(this.text(name));
  }

  moment(name: string): Date {
    const date = new Date(this.text(name));
    return Number.isNaN(date.getTime()) ? this.damaged(name) : date;
  }

  optionalMoment(name: string): Date | null {
    return this.value(name) === null ? null : this.moment(name);
  }

  bytes(name: string, length: number): Buffer {
    const bytes = Buffer.from(this.text(name), 'base64url');
    return bytes.length === length ? bytes : this.damaged(name);
  }

  /** A JSON list of texts; null is the empty one. */
  list(name: string): readonly string[] {
    const text = this.optionalText(name);
    if (text === null) return [];
    return parseTexts(text) ?? this.damaged(name);
  }

  damaged(name: string): never {
    throw new DamagedDirectory(this.row, this.table, name);
  }
}

/** `undefined` when it is no JSON list of texts. */
function parseTexts(text: string): readonly string[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((each) => typeof each === 'string') ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Everything in the store, as entities. */
export async function readSnapshot(store: MaintenanceStore): Promise<DirectorySnapshot> {
  const read = async (table: Table): Promise<Reader[]> =>
    (await store.readAll(table)).map((row) => new Reader(row, table));
  const domains = groupBy(await read(tables.tenantDomain), 'tenantid');
  const secrets = groupBy(await read(tables.clientSecret), 'appregistrationid');
  const certificates = groupBy(await read(tables.clientCertificate), 'appregistrationid');
  const federated = groupBy(await read(tables.federatedCredential), 'appregistrationid');
  const appRoles = groupBy(await read(tables.appRoleAssignment), 'serviceprincipalid');
  return new DirectorySnapshot({
    tenants: (await read(tables.tenant)).map((row) => parseTenant(row, domains.get(row.row.id) ?? [])),
    applications: (await read(tables.appRegistration)).map((row) =>
      parseApplication(row, {
        secrets: (secrets.get(row.row.id) ?? []).map(parseSecret),
        certificates: (certificates.get(row.row.id) ?? []).map(parseCertificateRow),
        federatedCredentials: (federated.get(row.row.id) ?? []).map(parseFederatedCredential),
      }),
    ),
    servicePrincipals: (await read(tables.servicePrincipal)).map((row) =>
      parseServicePrincipal(row, appRoles.get(row.row.id) ?? []),
    ),
  });
}

function groupBy(rows: readonly Reader[], column: string): Map<string, Reader[]> {
  const groups = new Map<string, Reader[]>();
  for (const row of rows) {
    const key = row.text(column);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}

function parseTenant(row: Reader, domains: readonly Reader[]): Tenant {
  const ordered = domains.toSorted((a, b) => Number(a.value('ordinal')) - Number(b.value('ordinal')));
  return {
    id: row.guid('tenantid'),
    displayName: row.text('displayname'),
    domains: ordered.map((domain) => domain.text('name')),
  };
}

type Credentials = Pick<AppRegistration, 'secrets' | 'certificates' | 'federatedCredentials'>;

function parseApplication(row: Reader, credentials: Credentials): AppRegistration {
  return {
    id: row.guid<AppRegistrationId>('appregistrationid'),
    clientId: row.guid('clientid'),
    tenantId: row.guid('tenantid'),
    displayName: row.text('displayname'),
    signInAudience: parseSignInAudience(row.text('signinaudience')) ?? row.damaged('signinaudience'),
    createdAt: row.moment('createdon'),
    ...credentials,
    identifierUris: row.list('identifieruris'),
    redirectUris: row.list('redirecturis'),
    tags: row.list('tags'),
    notes: row.optionalText('notes'),
    uniqueName: row.optionalText('uniquename'),
    requestedAccessTokenVersion: parseTokenVersion(row),
  };
}

function parseTokenVersion(row: Reader): AppRegistration['requestedAccessTokenVersion'] {
  const version = row.value('requestedtokenversion');
  return version === null || version === 1 || version === 2 ? version : row.damaged('requestedtokenversion');
}

/** `undefined` when it is none of the four. */
const parseSignInAudience = (text: string): SignInAudience | undefined =>
  signInAudiences.find((audience) => audience === text);

const parseSecret = (row: Reader): ClientSecret => ({
  keyId: row.guid('clientsecretid'),
  displayName: row.optionalText('displayname'),
  hint: row.text('hint'),
  start: row.moment('startson'),
  end: row.moment('endson'),
  salt: row.bytes('salt', 16),
  digest: row.bytes('digest', 32),
});

const parseCertificateRow = (row: Reader): ClientCertificate => ({
  keyId: row.guid('clientcertificateid'),
  displayName: row.optionalText('displayname'),
  pem: row.text('pem'),
  thumbprint: row.text('thumbprint'),
  thumbprintSha256: row.text('thumbprintsha256'),
  start: row.moment('startson'),
  end: row.moment('endson'),
});

/** What a service principal holds, in the order of the names. */
export function grantsOf(grants: readonly AppRoleGrant[]): Pick<ServicePrincipal, 'appRoles' | 'appRoleGrants'> {
  const appRoleGrants = grants.toSorted((one, other) => (one.appRole < other.appRole ? -1 : 1));
  return { appRoleGrants, appRoles: appRoleGrants.map(({ appRole }) => appRole) };
}

const parseFederatedCredential = (row: Reader): FederatedCredential => ({
  id: row.guid('federatedcredentialid'),
  name: row.text('name'),
  issuer: row.text('issuer'),
  subject: row.text('subject'),
  audiences: [row.text('audience')],
  description: row.optionalText('description'),
});

const parseServicePrincipal = (row: Reader, appRoles: readonly Reader[]): ServicePrincipal => ({
  id: row.guid('serviceprincipalid'),
  tenantId: row.guid('tenantid'),
  clientId: row.guid('clientid'),
  displayName: row.text('displayname'),
  accountEnabled: row.flag('accountenabled'),
  tags: row.list('tags'),
  createdAt: row.moment('createdon'),
  ...grantsOf(appRoles.map((each) => ({ appRole: each.text('approle'), grantedAt: each.optionalMoment('createdon') }))),
});
