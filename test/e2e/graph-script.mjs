// An administrator's process, as a user would write it: @microsoft/microsoft-graph-client and msal-node, trusting the
// server's CA through NODE_EXTRA_CA_CERTS. Registers an application with every kind of credential. Prints one JSON line.
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { ConfidentialClientApplication } from '@azure/msal-node';
import { Client, PageIterator } from '@microsoft/microsoft-graph-client';

const { API_URL, AUTHORITY_URL, CLIENT_ID, CLIENT_SECRET, CERT } = process.env;

const acquire = async (auth, scope) => {
  const knownAuthorities = [new URL(AUTHORITY_URL).host];
  const application = new ConfidentialClientApplication({
    auth: { ...auth, authority: AUTHORITY_URL, knownAuthorities },
  });
  return (await application.acquireTokenByClientCredential({ scopes: [`${scope}/.default`] })).accessToken;
};
const graphFor = (auth) =>
  Client.initWithMiddleware({
    baseUrl: `${API_URL}/`,
    customHosts: new Set([new URL(API_URL).hostname]),
    authProvider: { getAccessToken: () => acquire(auth, 'https://graph.microsoft.com') },
  });
const failure = (promise) =>
  promise.then(
    (value) => ({ unexpected: value }),
    ({ name, statusCode, code, message, requestId }) => ({ name, statusCode, code, message, requestId }),
  );
const claimsOf = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());

const graph = graphFor({ clientId: CLIENT_ID, clientSecret: CLIENT_SECRET });

const application = await graph.api('/applications').post({ displayName: 'Registered by the library' });
const principal = await graph.api('/servicePrincipals').post({ appId: application.appId });
const here = graph.api(`/applications/${application.id}`);
const secret = await graph
  .api(`/applications/${application.id}/addPassword`)
  .post({ passwordCredential: { displayName: 'first', endDateTime: '2099-01-01T00:00:00Z' } });

const pem = await readFile(CERT, 'utf8');
const certificate = new X509Certificate(pem.slice(pem.indexOf('-----BEGIN CERTIFICATE-----')));
await here.patch({
  keyCredentials: [{ type: 'AsymmetricX509Cert', usage: 'Verify', key: certificate.raw.toString('base64') }],
});
await graph.api(`/applications/${application.id}/federatedIdentityCredentials`).post({
  name: 'pipeline',
  issuer: 'https://token.actions.example',
  subject: 'repo:nordlys/ats:ref:refs/heads/main',
  audiences: ['api://AzureADTokenExchange'],
});

const resource = await graph
  .api('/servicePrincipals')
  .filter("appId eq '00000003-0000-0000-c000-000000000000'")
  .select(['id', 'appRoles'])
  .get();
const [{ id: resourceId, appRoles }] = resource.value;
const { id: appRoleId } = appRoles.find(({ value }) => value === 'Application.Read.All');
await graph
  .api(`/servicePrincipals/${principal.id}/appRoleAssignments`)
  .post({ principalId: principal.id, resourceId, appRoleId });

const withSecret = { clientId: application.appId, clientSecret: secret.secretText };
const withCertificate = {
  clientId: application.appId,
  clientCertificate: { thumbprintSha256: certificate.fingerprint256.replaceAll(':', ''), privateKey: pem },
};
const reader = graphFor(withCertificate);

const listed = [];
const page = await reader.api('/applications').top(2).select('id,displayName').get();
await new PageIterator(reader, page, ({ id }) => listed.push(id)).iterate();
const sorted = await reader
  .api('/applications')
  .header('ConsistencyLevel', 'eventual')
  .count(true)
  .orderby('displayName')
  .filter("startswith(displayName,'registered')")
  .get();
const read = await reader
  .api(`/applications(appId='${application.appId}')`)
  .expand('federatedIdentityCredentials')
  .get();

console.log(
  JSON.stringify({
    application: { id: application.id, appId: application.appId },
    byPages: { all: listed.length, distinct: new Set(listed).size, has: listed.includes(application.id) },
    sorted: { count: sorted['@odata.count'], names: sorted.value.map(({ displayName }) => displayName) },
    read,
    roles: claimsOf(await acquire(withSecret, 'https://graph.microsoft.com')).roles,
    audience: claimsOf(await acquire(withSecret, API_URL)).aud,
    refused: await failure(reader.api('/applications').post({ displayName: 'mine' })),
    missing: await failure(graph.api('/applications/00000000-0000-4000-8000-000000000001').get()),
    notBuilt: await failure(graph.api('/users').get()),
  }),
);
