// One client process, as a user would write it: every token library with every kind of credential that it has, against
// a server whose CA it trusts through NODE_EXTRA_CA_CERTS. Each token is used for a call. Prints one JSON line.
import { createHash, createPrivateKey, randomUUID, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ClientAssertionCredential, ClientCertificateCredential, ClientSecretCredential } from '@azure/identity';
import { ConfidentialClientApplication } from '@azure/msal-node';
import { importPKCS8, SignJWT } from 'jose';
import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';

const { API_URL, AUTHORITY_URL, TENANT_ID, CLIENT_ID, CLIENT_SECRET, CERT } = process.env;
const scope = `${API_URL}/.default`;
const issuer = new URL(`${AUTHORITY_URL}/v2.0`);
const pem = readFileSync(CERT, 'utf8');
const certificate = new X509Certificate(pem);
const privateKey = createPrivateKey(pem).export({ type: 'pkcs8', format: 'pem' });
const thumbprint = (algorithm) => createHash(algorithm).update(certificate.raw).digest('hex');

/** An assertion as an application would make it itself, with any JWT library. */
const makeAssertion = async (audience = `${AUTHORITY_URL}/oauth2/v2.0/token`) =>
  new SignJWT({})
    .setProtectedHeader({
      alg: 'PS256',
      typ: 'JWT',
      'x5t#S256': createHash('sha256').update(certificate.raw).digest('base64url'),
    })
    .setIssuer(CLIENT_ID)
    .setSubject(CLIENT_ID)
    .setAudience(audience)
    .setJti(randomUUID())
    .setNotBefore('0s')
    .setExpirationTime('10m')
    .sign(await importPKCS8(privateKey, 'PS256'));

const msal = async (credential, authority = AUTHORITY_URL) => {
  const auth = { clientId: CLIENT_ID, authority, knownAuthorities: [new URL(authority).host], ...credential };
  const application = new ConfidentialClientApplication({ auth });
  return (await application.acquireTokenByClientCredential({ scopes: [scope] })).accessToken;
};

const identityOptions = { authorityHost: API_URL, disableInstanceDiscovery: true };
const identity = async (Credential, credential, options = {}) =>
  (await new Credential(TENANT_ID, CLIENT_ID, credential, { ...identityOptions, ...options }).getToken(scope)).token;

const openidClient = async (authentication) => {
  const config = await openid.discovery(issuer, CLIENT_ID, undefined, authentication);
  return (await openid.clientCredentialsGrant(config, { scope })).access_token;
};

const oauth4webapi = async (authentication) => {
  const discovery = await oauth.discoveryRequest(issuer, { algorithm: 'oidc' });
  const server = await oauth.processDiscoveryResponse(issuer, discovery);
  const client = { client_id: CLIENT_ID };
  const parameters = new URLSearchParams({ scope });
  const response = await oauth.clientCredentialsGrantRequest(server, client, authentication, parameters);
  return (await oauth.processClientCredentialsResponse(server, client, response)).access_token;
};

const key = async (algorithm) => {
  const hash = { RS256: 'RSASSA-PKCS1-v1_5', PS256: 'RSA-PSS' }[algorithm];
  const der = createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' });
  return crypto.subtle.importKey('pkcs8', der, { name: hash, hash: 'SHA-256' }, false, ['sign']);
};

const ways = {
  'msal-node, secret': () => msal({ clientSecret: CLIENT_SECRET }),
  'msal-node, certificate by SHA-256': () =>
    msal({ clientCertificate: { thumbprintSha256: thumbprint('sha256'), privateKey } }),
  'msal-node, certificate by SHA-1': () => msal({ clientCertificate: { thumbprint: thumbprint('sha1'), privateKey } }),
  'msal-node, certificate with its chain': () =>
    msal({ clientCertificate: { thumbprintSha256: thumbprint('sha256'), privateKey, x5c: certificate.toString() } }),
  'msal-node, assertion callback': () => msal({ clientAssertion: () => makeAssertion() }),
  'msal-node, assertion text': async () => msal({ clientAssertion: await makeAssertion() }),
  'azure-identity, secret': () => identity(ClientSecretCredential, CLIENT_SECRET),
  'azure-identity, certificate file': () => identity(ClientCertificateCredential, CERT),
  'azure-identity, certificate with its chain': () =>
    identity(ClientCertificateCredential, { certificate: pem }, { sendCertificateChain: true }),
  'azure-identity, assertion callback': () => identity(ClientAssertionCredential, () => makeAssertion()),
  'openid-client, client_secret_post': () => openidClient(openid.ClientSecretPost(CLIENT_SECRET)),
  'openid-client, client_secret_basic': () => openidClient(openid.ClientSecretBasic(CLIENT_SECRET)),
  'openid-client, private_key_jwt by RS256': async () => openidClient(openid.PrivateKeyJwt(await key('RS256'))),
  'openid-client, private_key_jwt by PS256 with kid': async () =>
    openidClient(openid.PrivateKeyJwt({ key: await key('PS256'), kid: thumbprint('sha1') })),
  'oauth4webapi, client_secret_post': () => oauth4webapi(oauth.ClientSecretPost(CLIENT_SECRET)),
  'oauth4webapi, client_secret_basic': () => oauth4webapi(oauth.ClientSecretBasic(CLIENT_SECRET)),
  'oauth4webapi, private_key_jwt by RS256': async () => oauth4webapi(oauth.PrivateKeyJwt(await key('RS256'))),
  'oauth4webapi, private_key_jwt by PS256 with kid': async () =>
    oauth4webapi(oauth.PrivateKeyJwt({ key: await key('PS256'), kid: thumbprint('sha256') })),
};

/** What `WhoAmI` says to the bearer of a token. */
const whoAmI = async (token) => {
  const response = await fetch(`${API_URL}/api/data/v9.2/WhoAmI`, { headers: { authorization: `Bearer ${token}` } });
  return { status: response.status, user: (await response.json()).UserId };
};

const claimsOf = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
const results = {};
for (const [name, acquire] of Object.entries(ways)) {
  try {
    const token = await acquire();
    results[name] = { ...(await whoAmI(token)), kind: claimsOf(token).appidacr };
  } catch (error) {
    results[name] = { failed: String(error), cause: String(error.cause?.error_description ?? error.cause ?? '') };
  }
}

/** What a library tells its user about a refusal. */
const failure = (promise) =>
  promise.then(
    () => 'a token',
    (error) =>
      `${error.name}: ${error.errorCode ?? error.error ?? ''} ${error.message} ${error.error_description ?? ''}`,
  );
results.refusals = {
  'msal-node': await failure(msal({ clientCertificate: { thumbprintSha256: 'a'.repeat(64), privateKey } })),
  'azure-identity': await failure(identity(ClientSecretCredential, 'wrong')),
  'openid-client': await failure(openidClient(openid.ClientSecretPost('wrong'))),
  'openid-client with Basic': await failure(openidClient(openid.ClientSecretBasic('wrong'))),
  oauth4webapi: await failure(oauth4webapi(oauth.ClientSecretPost('wrong'))),
};
console.log(JSON.stringify(results));
