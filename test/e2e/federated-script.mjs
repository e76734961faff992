// One client process, as a program with a federated credential would be written: Azure Identity and MSAL, whose proof is
// a token of another identity provider. Each token is used for a call. Prints one JSON line.
import { ClientAssertionCredential } from '@azure/identity';
import { ConfidentialClientApplication } from '@azure/msal-node';

const { API_URL, AUTHORITY_URL, TENANT_ID, CLIENT_ID, ASSERTION, WRONG_ASSERTION } = process.env;
const scope = `${API_URL}/.default`;

const identity = async (assertion) => {
  const options = { authorityHost: API_URL, disableInstanceDiscovery: true };
  const credential = new ClientAssertionCredential(TENANT_ID, CLIENT_ID, async () => assertion, options);
  return (await credential.getToken(scope)).token;
};

const msal = async (assertion) => {
  const auth = { clientId: CLIENT_ID, authority: AUTHORITY_URL, knownAuthorities: [new URL(AUTHORITY_URL).host] };
  const application = new ConfidentialClientApplication({ auth: { ...auth, clientAssertion: async () => assertion } });
  return (await application.acquireTokenByClientCredential({ scopes: [scope] })).accessToken;
};

const use = async (token) => {
  const response = await fetch(`${API_URL}/api/data/v9.2/mshr_hcmrecruitingrequestentities?$top=1`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const { appidacr } = JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());
  return { status: response.status, appidacr };
};

const failure = (promise) =>
  promise.then(
    () => 'no failure',
    (error) => `${error.name} ${error.message}`,
  );

console.log(
  JSON.stringify({
    'azure-identity': await use(await identity(ASSERTION)),
    'msal-node': await use(await msal(ASSERTION)),
    refused: await failure(identity(WRONG_ASSERTION)),
  }),
);
