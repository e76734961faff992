import { httpLimits } from '../../src/http/http-limits.ts';
import { maxUrlLength } from '../../src/odata/parse-operation.ts';
import type { AskAs } from '../support/connection.ts';
import { query } from '../support/odata.ts';

export const candidates = 'mshr_hcmcandidatetohireentities';
export const requests = 'mshr_hcmrecruitingrequestentities';
export const table = 'mshr_hcmcandidatetohireentity';
const nobody = '00000bba-0000-0000-ffff-005001000000';

export const person = { mshr_firstname: 'Kari', mshr_lastname: 'Nordmann', mshr_dataareaid: 'usmf' };
export const json = { 'content-type': 'application/json' };
const payload = `Error identified in Payload provided by the user for Entity :'${candidates}': `;
const noProperty = (type: string): string =>
  `Could not find a property named 'mshr_nope' on type 'Microsoft.Dynamics.CRM.${type}'.`;

/** A request that must be refused. `path` may name a row of the demo by `{candidate}` and `{request}`. */
export interface Row extends AskAs {
  readonly name: string;
  readonly path: string;
  readonly says: readonly [status: number, code: string, message: string | RegExp];
}

const filter = (text: string): string => `${requests}?${query({ $filter: text })}`;
const create = (name: string, body: unknown, says: Row['says']): Row => ({
  name,
  path: candidates,
  method: 'POST',
  body,
  headers: json,
  says,
});
const wrongValue = (name: string, column: string, value: unknown, says: Row['says']): Row =>
  create(name, { ...person, [column]: value }, says);

export const bodies: readonly Row[] = [
  create('JSON that ends too early', '{"mshr_firstname":"Kari"', [
    400,
    '0x80048d19',
    `${payload}',' or '}' expected at position 24.`,
  ]),
  create('JSON with a comma too much', '{"mshr_firstname":"Kari",}', [400, '0x80048d19', /a member name expected/]),
  create('an array', '[]', [400, '0x80048d19', `${payload}the body must be a JSON object.`]),
  create('no body', '', [400, '0x80048d19', `${payload}a JSON value expected at position 0.`]),
  create('a body that is not UTF-8', Buffer.from('{"mshr_firstname":"K\xe5re"}', 'latin1'), [
    400,
    '0x80048d19',
    `${payload}the body is not UTF-8.`,
  ]),
  create('a member twice', '{"mshr_firstname":"A","mshr_firstname":"B"}', [400, '0x80048d19', /comes twice/]),
  create('JSON a hundred levels deep', `${'{"a":'.repeat(100)}1${'}'.repeat(100)}`, [400, '0x80048d19', /64 levels/]),
  wrongValue('a NUL character', 'mshr_firstname', 'a\u0000b', [400, '0x80048d19', /NUL/]),
  wrongValue('an unknown column', 'mshr_nope', 1, [
    400,
    '0x80048d19',
    `Invalid property 'mshr_nope' was found in entity 'Microsoft.Dynamics.CRM.${table}'.`,
  ]),
  wrongValue('a number for a text', 'mshr_firstname', 5, [
    400,
    '0x80048d19',
    `${payload}Cannot convert the value of property 'mshr_firstname' to the expected type 'Edm.String': the number 5 was given.`,
  ]),
  wrongValue('a text for a choice', 'mshr_gender', 'male', [400, '0x80048d19', /'mshr_gender'.+'Edm.Int32'/]),
  wrongValue('an option that there is not', 'mshr_gender', 99, [
    400,
    '0x80048408',
    /The value 99 of 'mshr_gender' .+ Accepted Values: 200000000,200000001,/,
  ]),
  wrongValue('a date that is none', 'mshr_birthdate', 'tomorrow', [400, '0x80048d19', /Edm.DateTimeOffset/]),
  wrongValue('a day that there is not', 'mshr_birthdate', '2023-02-29T00:00:00Z', [400, '0x80048d19', /birthdate/]),
  wrongValue('a text of 26 characters in a column of 25', 'mshr_positionid', 'x'.repeat(26), [
    400,
    '0x80044331',
    `A validation error occurred. The length of the 'mshr_positionid' attribute of the '${table}' entity exceeded the maximum allowed length of '25'.`,
  ]),
  create('a required column left out', { mshr_lastname: 'Nordmann', mshr_dataareaid: 'usmf' }, [
    400,
    '0x80040265',
    "Field 'First Name' must be filled in.",
  ]),
  wrongValue('null for a required column', 'mshr_firstname', null, [400, '0x80040265', /'First Name' must be filled/]),
  wrongValue('a read-only column', 'mshr_candidateid', '1', [400, '0x80040203', /'mshr_candidateid'.+read-only/]),
  wrongValue('a company that there is not', 'mshr_dataareaid', 'zzzz', [400, '0x80040265', /'zzzz'.+not found/]),
  wrongValue('a request that there is not', 'mshr_recruitingrequestid', 'NO-1', [
    400,
    '0x80040265',
    /'NO-1'.+not found/,
  ]),
  wrongValue('a lookup by its value', '_mshr_fk_recruitingrequest_id_value', nobody, [
    400,
    '0x80048d19',
    /Use Navigation properties instead/,
  ]),
  wrongValue('an unknown navigation property', 'mshr_nope@odata.bind', `/${requests}(${nobody})`, [
    400,
    '0x80048d19',
    /undeclared property 'mshr_nope'/,
  ]),
  wrongValue(
    'a navigation property in other letters',
    'mshr_fk_recruitingrequest_id@odata.bind',
    `/${requests}(${nobody})`,
    [400, '0x80048d19', /undeclared property 'mshr_fk_recruitingrequest_id'/],
  ),
  wrongValue(
    'a bind to a row of another table',
    'mshr_FK_RecruitingRequest_id@odata.bind',
    `/${candidates}(${nobody})`,
    [400, '0x80048d19', /points to rows of 'mshr_hcmrecruitingrequestentities'/],
  ),
  wrongValue(
    'a bind to a row that there is not',
    'mshr_FK_RecruitingRequest_id@odata.bind',
    `/${requests}(${nobody})`,
    [404, '0x80040217', `Entity 'mshr_hcmrecruitingrequestentity' With Id = ${nobody} Does Not Exist`],
  ),
  wrongValue(
    'a bind to another host',
    'mshr_FK_RecruitingRequest_id@odata.bind',
    `https://evil.example/api/data/v9.2/${requests}(${nobody})`,
    [400, '0x80048d19', /is not a URL of this service/],
  ),
  wrongValue('a bind with a bad GUID', 'mshr_FK_RecruitingRequest_id@odata.bind', `/${requests}(7)`, [
    400,
    '0x80060888',
    /GUID/,
  ]),
];

export const urls: readonly Row[] = [
  {
    name: 'an unknown table',
    path: 'accounts',
    says: [404, '0x8006088a', "Resource not found for the segment 'accounts'."],
  },
  { name: 'a table in other letters', path: 'Mshr_HcmJobEntities', says: [404, '0x8006088a', /'Mshr_HcmJobEntities'/] },
  { name: 'an unknown function', path: 'WhoIsIt()', says: [404, '0x8006088a', /'WhoIsIt'/] },
  {
    name: 'an unknown column in $select',
    path: `${requests}?$select=mshr_nope`,
    says: [400, '0x80060888', noProperty('mshr_hcmrecruitingrequestentity')],
  },
  {
    name: 'an unknown column in $filter',
    path: filter('mshr_nope eq 1'),
    says: [400, '0x80060888', noProperty('mshr_hcmrecruitingrequestentity')],
  },
  {
    name: 'an unknown column in $orderby',
    path: `${requests}?$orderby=mshr_nope`,
    says: [400, '0x80060888', noProperty('mshr_hcmrecruitingrequestentity')],
  },
  {
    name: 'an unknown navigation property in $expand',
    path: `${requests}?$expand=mshr_nope`,
    says: [400, '0x80060888', noProperty('mshr_hcmrecruitingrequestentity')],
  },
  {
    name: 'an unknown navigation property in the path',
    path: `${requests}({request})/mshr_nope`,
    says: [404, '0x8006088a', /'mshr_nope'/],
  },
  {
    name: 'an unknown option',
    path: `${requests}?$foo=1`,
    says: [400, '0x80060888', "The query parameter '$foo' is not supported."],
  },
  {
    name: 'an option in other letters',
    path: `${requests}?$Select=mshr_status`,
    says: [400, '0x80060888', /'\$Select'/],
  },
  { name: 'an option twice', path: `${requests}?$top=1&$top=2`, says: [400, '0x80060888', /'\$top' comes twice/] },
  { name: 'a $top below zero', path: `${requests}?$top=-1`, says: [400, '0x80060888', /'-1' for \$top/] },
  {
    name: 'a $count that is neither true nor false',
    path: `${requests}?$count=yes`,
    says: [400, '0x80060888', /'yes' for \$count/],
  },
  {
    name: 'a filter without an end',
    path: filter('mshr_status eq'),
    says: [400, '0x80060888', "Expression expected at position 14 in 'mshr_status eq'."],
  },
  {
    name: 'a filter with an open quote',
    path: filter("mshr_description eq 'a"),
    says: [400, '0x80060888', /unterminated string literal/],
  },
  {
    name: 'a filter with wrong types',
    path: filter("mshr_status eq 'Active'"),
    says: [400, '0x80060888', /incompatible types.+'Edm.Int32' and 'Edm.String'/],
  },
  { name: 'a bad percent sign', path: `${requests}?$filter=%zz`, says: [400, '0x80060888', /percent sign/] },
  {
    name: 'more than fifteen expands',
    path: `${requests}?$expand=${Array(16).fill('mshr_FK_Job_id').join(',')}`,
    says: [400, '0x80060888', /15/],
  },
  { name: "somebody else's $skiptoken", path: `${requests}?$skiptoken=abc`, says: [400, '0x80060888', /\$skiptoken/] },
  { name: 'a bad GUID', path: `${candidates}(123)`, says: [400, '0x80060888', /a GUID expected/] },
  { name: 'a GUID in quotes', path: `${candidates}('${nobody}')`, says: [400, '0x80060888', /a GUID expected/] },
  { name: 'a key that is none', path: `${candidates}(mshr_nope='1')`, says: [400, '0x80060890', /not a defined key/] },
  {
    name: 'a row that there is not',
    path: `${candidates}(${nobody})`,
    says: [404, '0x80040217', `Entity '${table}' With Id = ${nobody} Does Not Exist`],
  },
  {
    name: 'an older protocol',
    path: candidates,
    headers: { 'odata-version': '3.0' },
    says: [400, '0x80060888', /OData-Version/],
  },
  {
    name: 'change tracking of a virtual table',
    path: candidates,
    headers: { prefer: 'odata.track-changes' },
    says: [400, '0x80072491', /change tracking/],
  },
  {
    name: 'an URL over the limit',
    path: filter(`mshr_description eq '${'x'.repeat(maxUrlLength)}'`),
    says: [414, '0x80060888', `the URL is longer than ${maxUrlLength} characters`],
  },
  {
    name: 'an URL over the limit of the headers',
    path: filter(`mshr_description eq '${'x'.repeat(httpLimits.head)}'`),
    says: [431, '0x80040216', /larger than/],
  },
];

export const methods: readonly Row[] = [
  {
    name: 'PUT of a row',
    path: `${candidates}({candidate})`,
    method: 'PUT',
    body: person,
    says: [405, '', "The requested resource does not support http method 'PUT'."],
  },
  {
    name: 'POST to a row',
    path: `${candidates}({candidate})`,
    method: 'POST',
    body: person,
    says: [405, '', /'POST'/],
  },
  { name: 'DELETE of a table', path: candidates, method: 'DELETE', says: [405, '', /'DELETE'/] },
  { name: 'PATCH of a table', path: candidates, method: 'PATCH', body: person, says: [405, '', /'PATCH'/] },
  { name: 'POST to the service root', path: '', method: 'POST', body: {}, says: [405, '', /'POST'/] },
  { name: 'DELETE of $metadata', path: '$metadata', method: 'DELETE', says: [405, '', /'DELETE'/] },
  { name: 'TRACE', path: candidates, method: 'TRACE', says: [405, '', /'TRACE'/] },
  {
    name: 'a function as an action',
    path: 'WhoAmI',
    method: 'POST',
    body: {},
    says: [404, '', /^No HTTP resource was found that matches the request URI '.+\/WhoAmI'\.$/],
  },
  {
    name: 'an action as a function',
    path: 'roles({role})/Microsoft.Dynamics.CRM.RemovePrivilegeRole(PrivilegeId={privilege})',
    as: 'admin',
    says: [404, '', /^No HTTP resource was found/],
  },
  {
    name: 'an update of a row that there is not',
    path: `${candidates}(${nobody})`,
    method: 'PATCH',
    body: person,
    headers: { 'if-match': '*' },
    says: [404, '0x80040217', /Does Not Exist/],
  },
  {
    name: 'an update with an ETag that is none',
    path: `${candidates}({candidate})`,
    method: 'PATCH',
    body: person,
    headers: { 'if-match': 'yesterday' },
    says: [400, '0x80060888', /If-Match/],
  },
  {
    name: 'an update of a column that is set on create only',
    path: `${candidates}({candidate})`,
    method: 'PATCH',
    body: { mshr_partynumber: '1' },
    headers: { 'if-match': '*' },
    says: [400, '0x80040203', /'mshr_partynumber'.+only be set when the row is created/],
  },
  {
    name: 'a delete of a row that there is not',
    path: `${candidates}(${nobody})`,
    method: 'DELETE',
    says: [404, '0x80040217', /Does Not Exist/],
  },
];

export const contentTypes: readonly Row[] = [
  { name: 'XML', type: 'application/xml' },
  { name: 'a form', type: 'application/x-www-form-urlencoded' },
  { name: 'no content type', type: undefined },
  { name: 'UTF-16', type: 'application/json;charset=utf-16' },
].map(({ name, type }) => ({
  name,
  path: candidates,
  method: 'POST',
  body: JSON.stringify(person),
  headers: type === undefined ? {} : { 'content-type': type },
  says: [415, '0x80060888', /application\/json/],
}));

export const notBuilt: readonly Row[] = [
  { name: 'managed properties', path: 'ManagedPropertyDefinitions', says: [501, '0x80060888', /ManagedProperty/] },
  {
    name: 'FetchXML',
    path: `${requests}?${query({ fetchXml: '<fetch/>' })}`,
    says: [400, '0x80041123', /required element/],
  },
  { name: '$apply', path: `${requests}?$apply=concat(identity)`, says: [501, '0x80060888', /concat/] },
  { name: '$skip', path: `${requests}?$skip=1`, says: [501, '0x80060888', /Skip Clause/] },
  { name: '$search', path: `${requests}?$search=x`, says: [501, '0x80060888', /\$search/] },
  {
    name: 'a lambda on another row',
    path: filter("mshr_FK_HcmRecruitingRequestSkillEntity_RecruitingRequest/any(s:mshr_description eq 'x')"),
    says: [501, '0x80060888', /another row/],
  },
  {
    name: 'a function of OData',
    path: filter("tolower(mshr_description) eq 'x'"),
    says: [501, '0x80060888', /'tolower'/],
  },
  { name: 'arithmetic', path: filter('mshr_status add 1 eq 2'), says: [501, '0x80060888', /'add'/] },
  {
    name: 'a message of the real product',
    path: 'RetrievePrivilegeSet()',
    says: [501, '0x80040315', /RetrievePrivilegeSet/],
  },
  {
    name: 'impersonation by who may not',
    path: candidates,
    headers: { mscrmcallerid: nobody },
    says: [403, '0x8004a110', /does not have the privilege to act on behalf another user/],
  },
  {
    name: 'impersonation of what is no id',
    path: candidates,
    headers: { callerobjectid: 'Kari' },
    says: [400, '0x80040203', /the header `callerobjectid` must be the id of a user/],
  },
  {
    name: 'impersonation by two headers',
    path: candidates,
    headers: { mscrmcallerid: nobody, callerobjectid: nobody },
    says: [400, '0x80040203', /cannot both be given/],
  },
];
