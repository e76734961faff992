// FetchXML through dynamics-web-api, as a user would write it: `fetch`, page by page, and `fetchAll`. Prints one JSON line.
import { ConfidentialClientApplication } from '@azure/msal-node';
import { DynamicsWebApi } from 'dynamics-web-api';

const { API_URL, AUTHORITY_URL, CLIENT_ID, CLIENT_SECRET } = process.env;
const { accessToken } = await new ConfidentialClientApplication({
  auth: {
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    authority: AUTHORITY_URL,
    knownAuthorities: [new URL(AUTHORITY_URL).host],
  },
}).acquireTokenByClientCredential({ scopes: [`${API_URL}/.default`] });
const dynamics = new DynamicsWebApi({
  serverUrl: API_URL,
  dataApi: { version: '9.2' },
  onTokenRefresh: async () => accessToken,
});

const collection = 'mshr_hcmrecruitingrequestentities';
const entity = 'mshr_hcmrecruitingrequestentity';
const fetchXml = `<fetch count="50"><entity name="${entity}"><attribute name="mshr_recruitingrequestid"/><order attribute="mshr_recruitingrequestid" descending="true"/></entity></fetch>`;
const all = await dynamics.retrieveAll({ collection, select: ['mshr_recruitingrequestid'] });
const first = await dynamics.fetch({ collection, fetchXml, includeAnnotations: '*' });
const second = await dynamics.fetch({
  collection,
  fetchXml,
  includeAnnotations: '*',
  pageNumber: first.PagingInfo.nextPage,
  pagingCookie: first.PagingInfo.cookie,
});
const whole = await dynamics.fetchAll({ collection, fetchXml, includeAnnotations: '*' });
const joined = await dynamics.fetch({
  collection: 'mshr_hcmrecruitingrequestskillentities',
  includeAnnotations: '*',
  fetchXml: `<fetch top="3"><entity name="mshr_hcmrecruitingrequestskillentity"><attribute name="mshr_skillid"/>
    <link-entity name="${entity}" from="${entity}id" to="mshr_fk_recruitingrequest_id" alias="request">
    <attribute name="mshr_recruitingrequestid"/><attribute name="mshr_status"/></link-entity></entity></fetch>`,
});
const grouped = await dynamics.fetch({
  collection,
  includeAnnotations: '*',
  fetchXml: `<fetch aggregate="true"><entity name="${entity}"><attribute name="mshr_status" alias="status" groupby="true"/>
    <attribute name="mshr_recruitingrequestid" alias="n" aggregate="count"/><order alias="n" descending="true"/></entity></fetch>`,
});
const ids = (rows) => rows.map((row) => row.mshr_recruitingrequestid);
console.log(
  JSON.stringify({
    all: ids(all.value),
    first: { ids: ids(first.value), next: first.PagingInfo.nextPage },
    second: ids(second.value),
    whole: ids(whole.value),
    joined: joined.value,
    grouped: grouped.value,
  }),
);
