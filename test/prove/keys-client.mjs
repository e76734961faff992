// Clients under load while the server's signing keys roll: msal-node and fetch get tokens and call the Web API with new
// ones, old ones and the first one; jose verifies each new token by a key set that it loads by age alone. Trusts the server
// through NODE_EXTRA_CA_CERTS. Prints one JSON line.
import { ConfidentialClientApplication } from '@azure/msal-node';
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';

const { API_URL, AUTHORITY_URL, CLIENT_ID, CLIENT_SECRET, REQUESTS, CLIENTS, SIGNERS, KEPT_MS } = process.env;
const [requests, clients, signers] = [REQUESTS, CLIENTS, SIGNERS].map(Number);

const configuration = await (await fetch(`${AUTHORITY_URL}/.well-known/openid-configuration`)).json();
const keySet = createRemoteJWKSet(new URL(configuration.jwks_uri), {
  // Loaded again by age, and never because a key is not in it: then it would be too late.
  cacheMaxAge: Number(KEPT_MS),
  cooldownDuration: 3_600_000,
});

const result = { tokens: 0, calls: 0, verified: 0, failures: [], signers: 0, firstIsGood: false };
const seenKeys = new Set();
const tokens = [];
let done = 0;

function fail(what, error) {
  result.failures.push(`${what}: ${error?.code ?? ''} ${error?.message ?? error}`.slice(0, 300));
}

const byFetch = async () => {
  const form = { grant_type: 'client_credentials', client_id: CLIENT_ID, client_secret: CLIENT_SECRET };
  const body = new URLSearchParams({ ...form, scope: `${API_URL}/.default` });
  const answer = await fetch(`${AUTHORITY_URL}/oauth2/v2.0/token`, { method: 'POST', body });
  if (answer.status !== 200) throw new Error(`${answer.status} ${await answer.text()}`);
  return (await answer.json()).access_token;
};

const msal = new ConfidentialClientApplication({
  auth: {
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    authority: AUTHORITY_URL,
    knownAuthorities: [new URL(AUTHORITY_URL).host],
  },
});
const byMsal = async () => {
  const { accessToken } = await msal.acquireTokenByClientCredential({
    scopes: [`${API_URL}/.default`],
    skipCache: true,
  });
  return accessToken;
};

async function call(token) {
  const answer = await fetch(`${API_URL}/api/data/v9.2/WhoAmI`, { headers: { authorization: `Bearer ${token}` } });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${answer.status} ${text}`);
  result.calls += 1;
}

async function attempt(what, job) {
  done += 1;
  try {
    return await job();
  } catch (error) {
    fail(what, error);
    return undefined;
  }
}

async function client(acquire, what) {
  while (done < requests || seenKeys.size < signers) {
    const token = await attempt(`token by ${what}`, acquire);
    if (token === undefined) continue;
    result.tokens += 1;
    seenKeys.add(decodeProtectedHeader(token).kid);
    tokens.push(token);
    try {
      await jwtVerify(token, keySet, { audience: API_URL, issuer: configuration.issuer });
      result.verified += 1;
    } catch (error) {
      fail('verify', error);
    }
    await attempt('call with a new token', () => call(token));
    await attempt('call with an older token', () => call(tokens[Math.floor(Math.random() * tokens.length)]));
    await attempt('call with the first token', () => call(tokens[0]));
    if (result.failures.length > 20) break;
  }
}

const ways = Array.from({ length: clients }, (_, index) =>
  index % 2 === 0 ? [byFetch, 'fetch'] : [byMsal, 'msal-node'],
);
await Promise.all(ways.map(([acquire, what]) => client(acquire, what)));
console.log(JSON.stringify({ ...result, requests: done, signers: seenKeys.size }));
