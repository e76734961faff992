// One client process, as a user would write it: msal-node for tokens, dynamics-web-api for calls, trusting the server's
// CA through NODE_EXTRA_CA_CERTS. Prints one JSON line with what each call gave.
import { ConfidentialClientApplication } from '@azure/msal-node';
import { DynamicsWebApi } from 'dynamics-web-api';

const { API_URL, AUTHORITY_URL, CLIENT_ID, CLIENT_SECRET } = process.env;
const candidates = 'mshr_hcmcandidatetohireentities';
const requests = 'mshr_hcmrecruitingrequestentities';

const acquire = ({ clientId = CLIENT_ID, clientSecret = CLIENT_SECRET, authority = AUTHORITY_URL, scope = API_URL }) =>
  new ConfidentialClientApplication({
    auth: { clientId, clientSecret, authority, knownAuthorities: [new URL(AUTHORITY_URL).host] },
  }).acquireTokenByClientCredential({ scopes: [`${scope}/.default`] });

/** What a refused call tells its caller. */
const failure = (promise) =>
  promise.then(
    (value) => ({ unexpected: value }),
    ({ name, message, status, code, errorCode }) => ({ name, message, status, code: errorCode ?? code }),
  );

const { accessToken, tokenType, expiresOn } = await acquire({});
const tokens = {
  tokenType,
  seconds: Math.round((expiresOn.getTime() - Date.now()) / 1000),
  wrongSecret: await failure(acquire({ clientSecret: `${CLIENT_SECRET}x` })),
  unknownClient: await failure(acquire({ clientId: '00000000-0000-4000-8000-000000000001' })),
  unknownTenant: await failure(acquire({ authority: `${API_URL}/00000000-0000-4000-8000-000000000002` })),
  unknownResource: await failure(acquire({ scope: 'https://other.example' })),
};

const dynamics = new DynamicsWebApi({
  serverUrl: API_URL,
  dataApi: { version: '9.2' },
  onTokenRefresh: async () => accessToken,
});
const select = ['mshr_recruitingrequestid', 'mshr_status'];
const page = await dynamics.retrieveMultiple({
  collection: requests,
  select,
  filter: "mshr_status eq 200000005 and mshr_dataareaid eq 'usmf'",
  orderBy: ['mshr_recruitingrequestid'],
  maxPageSize: 10,
  count: true,
  includeAnnotations: '*',
});
const all = await dynamics.retrieveAll({ collection: requests, select, maxPageSize: 50 });
const count = await dynamics.count({ collection: requests });
const request = await dynamics.retrieve({
  collection: requests,
  key: page.value[0].mshr_hcmrecruitingrequestentityid,
  select,
  expand: [{ property: 'mshr_FK_Job_id', select: ['mshr_jobid'] }],
  includeAnnotations: 'OData.Community.Display.V1.FormattedValue',
});

const data = { mshr_firstname: 'Øyvind', mshr_lastname: 'Ærlig', mshr_dataareaid: 'usmf' };
const created = await dynamics.create({ collection: candidates, data });
const represented = await dynamics.create({
  collection: candidates,
  data: {
    ...data,
    'mshr_FK_RecruitingRequest_id@odata.bind': `/${requests}(${request.mshr_hcmrecruitingrequestentityid})`,
  },
  returnRepresentation: true,
  select: ['mshr_recruitingrequestid', 'mshr_lastname'],
});
await dynamics.update({ collection: candidates, key: created, data: { mshr_lastname: 'Ålesund' } });
const read = await dynamics.retrieve({ collection: candidates, key: created, select: ['mshr_lastname'] });
await dynamics.associateSingleValued({
  collection: candidates,
  primaryKey: created,
  navigationProperty: 'mshr_FK_RecruitingRequest_id',
  relatedCollection: requests,
  relatedKey: request.mshr_hcmrecruitingrequestentityid,
});
const associated = await dynamics.retrieve({
  collection: candidates,
  key: created,
  select: ['mshr_recruitingrequestid'],
});
await dynamics.disassociateSingleValued({
  collection: candidates,
  primaryKey: created,
  navigationProperty: 'mshr_FK_RecruitingRequest_id',
});
const disassociated = await dynamics.retrieve({
  collection: candidates,
  key: created,
  select: ['mshr_recruitingrequestid'],
});
// The library makes `false` of a 412.
const stale = await dynamics.update({
  collection: candidates,
  key: created,
  data: { mshr_lastname: 'X' },
  ifmatch: 'W/"1"',
});
await dynamics.deleteRecord({ collection: candidates, key: created });
const gone = await failure(dynamics.retrieve({ collection: candidates, key: created }));
const wrongColumn = await failure(dynamics.retrieveMultiple({ collection: requests, select: ['mshr_nope'] }));
const whoAmI = await dynamics.callFunction('WhoAmI');

console.log(
  JSON.stringify({
    tokens,
    page: { count: page.oDataCount, rows: page.value.length, next: page.oDataNextLink, first: page.value[0] },
    all: all.value.length,
    count,
    request,
    created,
    represented,
    read,
    associated,
    disassociated,
    stale,
    gone,
    wrongColumn,
    whoAmI,
  }),
);
