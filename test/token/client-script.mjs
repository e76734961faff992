// One client process, as a user would write it: msal-node and plain fetch against a server whose CA it trusts through
// NODE_EXTRA_CA_CERTS. Prints one JSON line. Settings come in the variables that `demo.env` has.
import { ConfidentialClientApplication } from '@azure/msal-node';

const { AUTHORITY_URL, API_URL, CLIENT_ID, CLIENT_SECRET, WRONG_SECRET } = process.env;

const acquire = (clientSecret, authority = AUTHORITY_URL) =>
  new ConfidentialClientApplication({
    auth: { clientId: CLIENT_ID, clientSecret, authority, knownAuthorities: [new URL(authority).host] },
  }).acquireTokenByClientCredential({ scopes: [`${API_URL}/.default`] });

const failure = (promise) =>
  promise.then(
    () => undefined,
    (error) => ({ name: error.name, code: error.errorCode, status: error.status, message: error.message }),
  );

const post = async (headers, parameters) => {
  const response = await fetch(`${AUTHORITY_URL}/oauth2/v2.0/token`, {
    method: 'POST',
    headers,
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: `${API_URL}/.default`, ...parameters }),
  });
  return { status: response.status, body: await response.json() };
};

const msal = await acquire(CLIENT_SECRET);
const domain = await acquire(CLIENT_SECRET, process.env.DOMAIN_AUTHORITY_URL);
const alias = await acquire(CLIENT_SECRET, process.env.ALIAS_AUTHORITY_URL);
const basic = Buffer.from(`${CLIENT_ID}:${encodeURIComponent(CLIENT_SECRET)}`).toString('base64');

console.log(
  JSON.stringify({
    msal: { token: msal.accessToken, type: msal.tokenType, expires: msal.expiresOn },
    domain: domain.accessToken,
    alias: alias.accessToken,
    wrongSecret: await failure(acquire(WRONG_SECRET)),
    unknownTenant: await failure(acquire(CLIENT_SECRET, `${API_URL}/nobody.example`)),
    form: await post({}, { client_id: CLIENT_ID, client_secret: CLIENT_SECRET }),
    basic: await post({ authorization: `Basic ${basic}` }, {}),
    http: await failure(acquire(CLIENT_SECRET, AUTHORITY_URL.replace('https:', 'http:'))),
  }),
);
