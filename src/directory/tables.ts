import { linkModel } from '../metadata/model.ts';
import type { ColumnDefinition, Model, Table, TableDefinition } from '../metadata/table.ts';

const id = (name: string, label: string): ColumnDefinition => ({
  name,
  label,
  type: 'Guid',
  access: 'read-only',
  required: true,
  systemGenerated: true,
});

const text = (name: string, label: string, maxLength: number): ColumnDefinition => ({
  name,
  label,
  type: 'String',
  maxLength,
  access: 'read-write',
});

const moment = (name: string, label: string): ColumnDefinition => ({
  name,
  label,
  type: 'DateTime',
  access: 'write-once',
  required: true,
});

const lookup = (name: string, label: string, target: string): ColumnDefinition => ({
  name,
  label,
  type: 'Lookup',
  access: 'write-once',
  required: true,
  lookup: { target, navigation: name },
});

/** JSON text of a list of texts that is always read and written with its row. */
const list = (name: string, label: string): ColumnDefinition => ({ name, label, type: 'Memo', access: 'read-write' });

const required = (column: ColumnDefinition): ColumnDefinition => ({
  ...column,
  required: true,
  requiredOnCreate: true,
});
const hidden = (column: ColumnDefinition): ColumnDefinition => ({ ...column, hidden: true });

/** Longest display name that Microsoft Graph allows. */
export const displayNameLength = 256;
/** RFC 1035 section 3.1, as text without the final dot. */
export const domainLength = 253;
/** Longest name of a federated credential that Microsoft Graph allows. */
const federatedNameLength = 120;
/** Longest issuer, subject, audience and description of a federated credential that Microsoft Graph allows. */
export const federatedTextLength = 600;
/** Longest note that Microsoft Graph allows. */
export const notesLength = 1024;
/** Longest unique name of an application; Microsoft does not publish its own limit. */
export const uniqueNameLength = 128;

const tenant: TableDefinition = {
  logicalName: 'tenant',
  schemaName: 'Tenant',
  entitySetName: 'tenants',
  label: 'Tenant',
  kind: 'directory',
  objectTypeCode: 1,
  purpose: 'Directories that issue tokens.',
  primaryKey: 'tenantid',
  primaryName: 'displayname',
  naturalKey: ['tenantid'],
  columns: [id('tenantid', 'Tenant'), required(text('displayname', 'Name', displayNameLength))],
};

const tenantDomain: TableDefinition = {
  logicalName: 'tenantdomain',
  schemaName: 'TenantDomain',
  entitySetName: 'tenantdomains',
  label: 'Verified Domain',
  kind: 'directory',
  objectTypeCode: 2,
  purpose: 'Domain names by which a tenant may be addressed.',
  primaryKey: 'tenantdomainid',
  primaryName: 'name',
  naturalKey: ['name'],
  columns: [
    id('tenantdomainid', 'Verified Domain'),
    lookup('tenantid', 'Tenant', 'tenant'),
    required(text('name', 'Name', domainLength)),
    { name: 'ordinal', label: 'Order', type: 'Integer', access: 'write-once', required: true },
  ],
};

const appRegistration: TableDefinition = {
  logicalName: 'appregistration',
  schemaName: 'AppRegistration',
  entitySetName: 'appregistrations',
  label: 'App Registration',
  kind: 'directory',
  objectTypeCode: 3,
  purpose: 'Definitions of applications, in their home tenants.',
  primaryKey: 'appregistrationid',
  primaryName: 'displayname',
  naturalKey: ['clientid'],
  columns: [
    id('appregistrationid', 'App Registration'),
    { name: 'clientid', label: 'Client Id', type: 'Guid', access: 'write-once', required: true },
    lookup('tenantid', 'Home Tenant', 'tenant'),
    required(text('displayname', 'Name', displayNameLength)),
    required(text('signinaudience', 'Sign-in Audience', 40)),
    moment('createdon', 'Created On'),
    // Added later: rows of before hold null, which is read as nothing.
    list('identifieruris', 'Application ID URIs'),
    list('redirecturis', 'Redirect URIs'),
    list('tags', 'Tags'),
    text('notes', 'Notes', notesLength),
    text('uniquename', 'Unique Name', uniqueNameLength),
    { name: 'requestedtokenversion', label: 'Requested Access Token Version', type: 'Integer', access: 'read-write' },
  ],
};

const clientSecret: TableDefinition = {
  logicalName: 'clientsecret',
  schemaName: 'ClientSecret',
  entitySetName: 'clientsecrets',
  label: 'Client Secret',
  kind: 'directory',
  objectTypeCode: 4,
  purpose: 'Secrets of app registrations, as salted digests.',
  primaryKey: 'clientsecretid',
  primaryName: 'displayname',
  naturalKey: ['clientsecretid'],
  columns: [
    id('clientsecretid', 'Key Id'),
    lookup('appregistrationid', 'App Registration', 'appregistration'),
    text('displayname', 'Name', displayNameLength),
    required(text('hint', 'Hint', 3)),
    moment('startson', 'Starts On'),
    moment('endson', 'Ends On'),
    hidden(required(text('salt', 'Salt', 64))),
    hidden(required(text('digest', 'Digest', 64))),
  ],
};

const clientCertificate: TableDefinition = {
  logicalName: 'clientcertificate',
  schemaName: 'ClientCertificate',
  entitySetName: 'clientcertificates',
  label: 'Client Certificate',
  kind: 'directory',
  objectTypeCode: 5,
  purpose: 'Public certificates of app registrations.',
  primaryKey: 'clientcertificateid',
  primaryName: 'displayname',
  naturalKey: ['appregistrationid', 'thumbprintsha256'],
  columns: [
    id('clientcertificateid', 'Key Id'),
    lookup('appregistrationid', 'App Registration', 'appregistration'),
    text('displayname', 'Name', displayNameLength),
    required({ name: 'pem', label: 'Certificate', type: 'Memo', access: 'write-once' }),
    required(text('thumbprint', 'SHA-1 Thumbprint', 40)),
    required(text('thumbprintsha256', 'SHA-256 Thumbprint', 64)),
    moment('startson', 'Starts On'),
    moment('endson', 'Ends On'),
  ],
};

const federatedCredential: TableDefinition = {
  logicalName: 'federatedcredential',
  schemaName: 'FederatedCredential',
  entitySetName: 'federatedcredentials',
  label: 'Federated Credential',
  kind: 'directory',
  objectTypeCode: 8,
  purpose: 'Outside issuers whose tokens stand for an application.',
  primaryKey: 'federatedcredentialid',
  primaryName: 'name',
  naturalKey: ['appregistrationid', 'name'],
  columns: [
    id('federatedcredentialid', 'Federated Credential'),
    lookup('appregistrationid', 'App Registration', 'appregistration'),
    required(text('name', 'Name', federatedNameLength)),
    required(text('issuer', 'Issuer', federatedTextLength)),
    required(text('subject', 'Subject', federatedTextLength)),
    required(text('audience', 'Audience', federatedTextLength)),
    text('description', 'Description', federatedTextLength),
  ],
};

const servicePrincipal: TableDefinition = {
  logicalName: 'serviceprincipal',
  schemaName: 'ServicePrincipal',
  entitySetName: 'serviceprincipals',
  label: 'Service Principal',
  kind: 'directory',
  objectTypeCode: 6,
  purpose: 'Applications inside one tenant.',
  primaryKey: 'serviceprincipalid',
  primaryName: 'displayname',
  naturalKey: ['tenantid', 'clientid'],
  columns: [
    id('serviceprincipalid', 'Service Principal'),
    lookup('tenantid', 'Tenant', 'tenant'),
    { name: 'clientid', label: 'Client Id', type: 'Guid', access: 'write-once', required: true },
    required(text('displayname', 'Name', displayNameLength)),
    { name: 'accountenabled', label: 'Enabled', type: 'Boolean', access: 'read-write', required: true, default: true },
    moment('createdon', 'Created On'),
    // Added later, as those of app registrations.
    list('tags', 'Tags'),
  ],
};

const appRoleAssignment: TableDefinition = {
  logicalName: 'approleassignment',
  schemaName: 'AppRoleAssignment',
  entitySetName: 'approleassignments',
  label: 'Application Permission',
  kind: 'directory',
  objectTypeCode: 7,
  purpose: 'Application permissions granted to service principals.',
  primaryKey: 'approleassignmentid',
  primaryName: 'approle',
  naturalKey: ['serviceprincipalid', 'approle'],
  columns: [
    id('approleassignmentid', 'Application Permission'),
    lookup('serviceprincipalid', 'Service Principal', 'serviceprincipal'),
    required(text('approle', 'Permission', 120)),
    { name: 'createdon', label: 'Created On', type: 'DateTime', access: 'write-once' },
  ],
};

/** The directory's tables. They live in a database of their own, beside those of the environments. */
export const directoryTables: readonly TableDefinition[] = [
  tenant,
  tenantDomain,
  appRegistration,
  clientSecret,
  clientCertificate,
  federatedCredential,
  servicePrincipal,
  appRoleAssignment,
];

/** The linked tables: a store for the directory is opened with this very value. */
export const directoryModel: Model = linkModel(directoryTables, []);

function getTable(logicalName: string): Table {
  const found = directoryModel.table.get(logicalName);
  if (found === undefined) throw new TypeError(`no directory table ${logicalName}`);
  return found;
}

export const directoryTable = {
  tenant: getTable('tenant'),
  tenantDomain: getTable('tenantdomain'),
  appRegistration: getTable('appregistration'),
  clientSecret: getTable('clientsecret'),
  clientCertificate: getTable('clientcertificate'),
  federatedCredential: getTable('federatedcredential'),
  servicePrincipal: getTable('serviceprincipal'),
  appRoleAssignment: getTable('approleassignment'),
} as const;
