import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maxUrlLength } from '../../src/odata/parse-operation.ts';
import { printCondition as showCondition } from '../../src/odata/print-condition.ts';
import {
  apiRoot,
  candidates,
  caught,
  model,
  otherId,
  parse,
  positions,
  queryOf,
  refusalOf,
  requests,
  rowId,
} from './parse-request.ts';

const candidate = model.table.get('mshr_hcmcandidatetohireentity');
const request = model.table.get('mshr_hcmrecruitingrequestentity');
/** Tables and columns point to each other in circles: comparing them deeply would not end. */
const names = (columns: readonly { readonly name: string }[] | undefined) => columns?.map((column) => column.name);
const body = { '@odata.id': `${apiRoot}roles(${otherId})` };

describe('a resource and a method become an operation', () => {
  test.each([
    { call: `GET ${requests}`, kind: 'retrieveMultiple' },
    { call: `HEAD ${requests}`, kind: 'retrieveMultiple' },
    { call: `GET ${requests}/`, kind: 'retrieveMultiple' },
    { call: `GET ${requests}(${rowId})`, kind: 'retrieve' },
    { call: `GET ${requests}(${rowId.toUpperCase()})`, kind: 'retrieve' },
    { call: `GET ${requests}%28${rowId}%29`, kind: 'retrieve' },
    { call: `GET ${requests}(mshr_hcmrecruitingrequestentityid=${rowId})`, kind: 'retrieve' },
    { call: `GET ${requests}/$count`, kind: 'count' },
    { call: `GET ${requests}/%24count`, kind: 'count' },
    { call: `GET ${requests}(${rowId})/mshr_FK_Job_id`, kind: 'retrieveRelated' },
    {
      call: `GET ${requests}(${rowId})/mshr_FK_HcmRecruitingRequestSkillEntity_RecruitingRequest`,
      kind: 'retrieveRelated',
    },
    { call: `GET systemusers(${rowId})/systemuserroles_association`, kind: 'retrieveRelated' },
    { call: `POST systemusers(${rowId})/systemuserroles_association/$ref`, body, kind: 'associate' },
    { call: `DELETE systemusers(${rowId})/systemuserroles_association(${otherId})/$ref`, kind: 'disassociate' },
    { call: `DELETE ${candidates}(${rowId})`, kind: 'delete' },
    { call: 'GET WhoAmI', kind: 'message' },
    { call: 'GET WhoAmI()', kind: 'message' },
    { call: 'POST PublishAllXml', kind: 'message' },
  ])('$call', ({ call, kind, body: given }) => {
    expect(parse(call, { body: given }).operation.kind).toBe(kind);
  });

  test('ids are lower case', () => {
    expect(parse(`GET ${requests}(${otherId.toUpperCase()})`).operation).toMatchObject({ id: otherId });
  });
});

describe('a path is refused', () => {
  const notFound = '404 0x8006088a Resource not found for the segment';
  const bad = '400 0x80060888';
  const not = '501 0x80060888';
  const messages = new Set(['WhoAmI']);
  test.each([
    { call: 'GET Account', messages, refusal: `${notFound} 'Account'.` },
    { call: `GET ${requests.toUpperCase()}`, messages, refusal: `${notFound} '${requests.toUpperCase()}'.` },
    { call: `GET accountz(${rowId})`, refusal: `${notFound} 'accountz'.` },
    { call: 'GET accountz/$count', refusal: `${notFound} 'accountz'.` },
    { call: 'DELETE accountz', refusal: `${notFound} 'accountz'.` },
    { call: 'GET systemuserroles', messages, refusal: `${notFound} 'systemuserroles'.` },
    { call: 'GET SystemUsers', messages, refusal: `${notFound} 'SystemUsers'.` },
    { call: `GET ${requests}(${rowId})/nothing`, refusal: `${notFound} 'nothing'.` },
    { call: `GET ${requests}(${rowId})/MSHR_FK_Job_id`, refusal: `${notFound} 'MSHR_FK_Job_id'.` },
    { call: `GET ${requests}/nothing`, refusal: `${notFound} 'nothing'.` },
    { call: `GET ${requests}/$count/x`, refusal: `${notFound} 'x'.` },
    {
      call: `GET ${requests}(${rowId})/mshr_FK_Job_id(${otherId})/$ref`,
      refusal: `${notFound} 'mshr_FK_Job_id(${otherId})'.`,
    },
    { call: 'GET ', refusal: `${bad} Error in query syntax: a name expected at position 0 in ''.` },
    { call: `GET ${requests}//x`, refusal: `${bad} Error in query syntax: a name expected at position 0 in ''.` },
    { call: `GET ${requests}(${rowId}`, refusal: `${bad} ')' expected at position 70` },
    { call: `GET ${requests}(${rowId})x`, refusal: `${bad} Error in query syntax at position 71` },
    { call: `GET ${requests} (${rowId})`, refusal: `${bad} Error in query syntax at position 34` },
    // Keys
    {
      call: `GET ${requests}()`,
      refusal: `${bad} Error in query syntax: a key expected at position 34 in '${requests}()'.`,
    },
    {
      call: `GET ${requests}(abc)`,
      refusal: `${bad} Error in query syntax: a GUID expected at position 34 in '${requests}(abc)'.`,
    },
    { call: `GET ${requests}(1)`, refusal: `${bad} Error in query syntax: a GUID expected at position 34` },
    { call: `GET ${requests}('${rowId}')`, refusal: `${bad} Error in query syntax: a GUID expected at position 34` },
    { call: `GET ${requests}(${rowId.slice(1)})`, refusal: `${bad} Syntax error at position` },
    {
      call: `GET ${requests}(mshr_hcmrecruitingrequestentityid='x')`,
      refusal: `${bad} Error in query syntax: a GUID expected`,
    },
    {
      call: `GET ${requests}(nothing='x')`,
      refusal:
        '400 0x80060890 The specified key attributes are not a defined key for the mshr_hcmrecruitingrequestentity entity',
    },
    { call: `GET ${requests}(${rowId},${rowId})`, refusal: '400 0x80060890' },
    {
      call: `GET ${requests}(mshr_recruitingrequestid='USMF-000001')`,
      refusal: '400 0x80060890',
    },
    // Known, but not here
    { call: `PUT ${requests}(${rowId})/mshr_jobid/$value`, refusal: `${not} writing 'mshr_jobid/$value'` },
    {
      call: `GET ${requests}(${rowId})/mshr_FK_Job_id/mshr_FK_Title_id`,
      refusal: `${not} a path after the navigation property 'mshr_FK_Job_id'`,
    },
    {
      call: `GET systemusers(${rowId})/systemuserroles_association(${otherId})/name`,
      refusal: `${not} a path after the navigation property`,
    },
    {
      call: `GET systemusers(${rowId})/systemuserroles_association(${otherId})/$ref`,
      refusal: `${not} reading one reference of 'systemuserroles_association'`,
    },
    {
      call: `POST ${requests}/Microsoft.Dynamics.CRM.CreateMultiple`,
      refusal: "400 0x80040800 The 'CreateMultiple' method does not support entities of type",
    },
    {
      call: `POST ${requests}(${rowId})/mshr_FK_HcmRecruitingRequestSkillEntity_RecruitingRequest/$count`,
      body: {},
      refusal: '405',
    },
    { call: 'GET WhoAmI()/UserId', messages, refusal: `${not} a path after the function 'WhoAmI'` },
    // URL encoding and length
    { call: 'GET x%', refusal: `${bad} the URL holds a percent sign that does not begin an encoded UTF-8 character` },
    { call: 'GET x%ff', refusal: `${bad} the URL holds a percent sign` },
    { call: 'GET x%00', refusal: `${bad} the URL holds a NUL character` },
    {
      call: `GET ${requests}?$filter=${'x'.repeat(maxUrlLength)}`,
      refusal: '414 0x80060888 the URL is longer than 32768 characters',
    },
  ])('$call', ({ call, refusal, ...parts }) => {
    expect(refusalOf(call, parts)).toContain(refusal);
  });

  test.each([
    { call: `PATCH ${requests}`, allow: 'GET, HEAD, POST' },
    { call: `DELETE ${requests}`, allow: 'GET, HEAD, POST' },
    { call: `PUT ${requests}(${rowId})`, allow: 'GET, HEAD, PATCH, DELETE' },
    { call: `POST ${requests}(${rowId})`, allow: 'GET, HEAD, PATCH, DELETE' },
    { call: `POST ${requests}/$count`, allow: 'GET, HEAD' },
    { call: `PATCH ${requests}(${rowId})/mshr_FK_Job_id`, allow: 'GET, HEAD, POST' },
    { call: `POST ${requests}(${rowId})/mshr_FK_Job_id`, allow: 'GET, HEAD' },
    { call: `PUT systemusers(${rowId})/systemuserroles_association/$ref`, allow: 'POST, DELETE' },
    { call: `PUT systemusers(${rowId})/systemuserroles_association(${otherId})/$ref`, allow: 'DELETE' },
    { call: `TRACE ${requests}`, allow: 'GET, HEAD, POST' },
  ])('$call is 405 with Allow: $allow', ({ call, allow }) => {
    expect(refusalOf(call)).toMatch(/^405 {2}The requested resource does not support http method '[A-Z]+'\.$/);
    expect(() => parse(call)).toThrow(expect.objectContaining({ headers: { Allow: allow } }));
  });
});

describe('query options', () => {
  const bad = '400 0x80060888';
  const not = '501 0x80060888';
  test.each([
    { query: '$skip=5', refusal: `${not} Skip Clause is not supported.` },
    { query: '$search=x', refusal: `${not} the query option '$search' is not supported.` },
    { query: '$format=json', refusal: `${not} the query option '$format'` },
    { query: '$levels=1', refusal: `${not} the query option '$levels'` },
    { query: '$apply=topcount(1,mshr_jobid)', refusal: `${not} the transformation 'topcount' in $apply` },
    { query: 'fetchXml=<fetch/>', refusal: '400 0x80041123 A required element was not specified.' },
    { query: `savedQuery=${rowId}`, refusal: `${not} a saved query` },
    { query: `userQuery=${rowId}`, refusal: `${not} a saved query` },
    { query: 'sql=SELECT 1', refusal: `${not} SQL` },
    { query: '$x=1', refusal: `${bad} The query parameter '$x' is not supported.` },
    { query: '$Select=name', refusal: `${bad} The query parameter '$Select' is not supported.` },
    { query: '$=1', refusal: `${bad} The query parameter '$' is not supported.` },
    { query: '$top=1&$top=2', refusal: `${bad} the query option '$top' comes twice` },
    { query: '$top=1&%24top=2', refusal: `${bad} the query option '$top' comes twice` },
    { query: '@a=1&@a=2', refusal: `${bad} the query option '@a' comes twice` },
    { query: '$filter=', refusal: `${bad} the query option '$filter' has no value` },
    { query: '$select', refusal: `${bad} the query option '$select' has no value` },
    { query: '$top=-1', refusal: `${bad} Invalid value '-1' for $top` },
    { query: '$top=1.5', refusal: `${bad} Invalid value '1.5' for $top` },
    { query: '$top=x', refusal: `${bad} Invalid value 'x' for $top` },
    { query: '$count=yes', refusal: `${bad} Invalid value 'yes' for $count` },
    { query: '$filter=%', refusal: `${bad} the URL holds a percent sign` },
    {
      query: `$id=${requests}(${rowId})`,
      refusal: `${bad} The query option '$id' cannot be applied to the requested resource.`,
    },
    // $select
    {
      query: '$select=nothing',
      refusal: `${bad} Could not find a property named 'nothing' on type 'Microsoft.Dynamics.CRM.mshr_hcmrecruitingrequestentity'.`,
    },
    { query: '$select=mshr_fk_job_id', refusal: `${bad} Could not find a property named 'mshr_fk_job_id'` },
    { query: '$select=mshr_jobid,', refusal: `${bad} A name expected at position 11` },
    { query: '$select=mshr_jobid mshr_titleid', refusal: `${bad} Syntax error at position 11` },
    { query: '$select=mshr_FK_Job_id/mshr_jobid', refusal: `${not} 'mshr_FK_Job_id/mshr_jobid' in $select` },
    {
      query: '$select=mshr_FK_HcmRecruitingRequestSkillEntity_RecruitingRequest',
      refusal: `${not} 'mshr_FK_HcmRecruitingRequestSkillEntity_RecruitingRequest' in $select`,
    },
    // $orderby
    { query: '$orderby=nothing', refusal: `${bad} Could not find a property named 'nothing'` },
    { query: '$orderby=mshr_jobid down', refusal: `${bad} Syntax error at position 11` },
    { query: '$orderby=mshr_jobid,,mshr_titleid', refusal: `${bad} Expression expected at position 11` },
    {
      query: '$orderby=tolower(mshr_jobid)',
      refusal: `${not} an expression in $orderby is not supported at position 0`,
    },
  ])('$query is refused', ({ query, refusal }) => {
    expect(refusalOf(`GET ${requests}?${query}`)).toContain(refusal);
  });

  test.each([
    { call: `GET ${requests}(${rowId})?$filter=mshr_status eq 1`, option: '$filter' },
    { call: `GET ${requests}(${rowId})?$top=1`, option: '$top' },
    { call: `GET ${requests}(${rowId})/mshr_FK_Job_id?$orderby=mshr_jobid`, option: '$orderby' },
    { call: `GET ${requests}/$count?$select=mshr_jobid`, option: '$select' },
    { call: `POST ${candidates}?$filter=mshr_candidateid eq '1'`, option: '$filter' },
    { call: `DELETE ${candidates}(${rowId})?$select=mshr_candidateid`, option: '$select' },
  ])('$option means nothing in $call', ({ call, option }) => {
    expect(refusalOf(call, { body: {} })).toBe(
      `400 0x80060888 The query option '${option}' cannot be applied to the requested resource.`,
    );
  });

  test('options without a dollar sign are ignored', () => {
    expect(queryOf(`GET ${requests}?select=x&filter=y&&=&api-version=9&timestamp`).where).toBeUndefined();
  });
});

describe('a page of rows', () => {
  test('without options: all visible columns, 5000 rows', () => {
    const parsed = parse(`GET ${requests}`);
    expect(parsed).toMatchObject({ paged: true, pageNumber: 1, contextSelect: '', select: undefined });
    const { table, columns, ...query } = queryOf(`GET ${requests}`);
    expect(table).toBe(request);
    expect(names(columns)).toEqual(names(request?.columns));
    expect(query).toMatchObject({
      where: undefined,
      orderBy: [],
      expand: [],
      limit: 5000,
      countUpTo: undefined,
      after: undefined,
    });
  });

  test.each([
    { top: '0', prefer: undefined, limit: 0, paged: false },
    { top: '3', prefer: undefined, limit: 3, paged: false },
    { top: '9999', prefer: undefined, limit: 5000, paged: false },
    { top: undefined, prefer: 'odata.maxpagesize=50', limit: 50, paged: true },
    { top: '3', prefer: 'odata.maxpagesize=50', limit: 50, paged: true },
    { top: undefined, prefer: 'odata.maxpagesize=9999', limit: 5000, paged: true },
  ])('$top=$top and $prefer give $limit rows', ({ top, prefer, limit, paged }) => {
    const call = `GET ${requests}${top === undefined ? '' : `?$top=${top}`}`;
    const parsed = parse(call, prefer === undefined ? {} : { headers: { prefer } });
    expect(parsed.paged).toBe(paged);
    expect(parsed.operation).toMatchObject({ query: { limit } });
  });

  test.each([
    { query: '$count=true', countUpTo: 5000 },
    { query: '$count=false', countUpTo: undefined },
  ])('$query counts up to $countUpTo', ({ query, countUpTo }) => {
    expect(queryOf(`GET ${requests}?${query}`).countUpTo).toBe(countUpTo);
  });

  test('/$count counts and gives no row', () => {
    const query = queryOf(`GET ${requests}/$count?$filter=mshr_status eq 200000005`);
    expect(query).toMatchObject({ limit: 0, countUpTo: 5000, columns: [] });
    expect(showCondition(query.where)).toBe('mshr_status eq 200000005');
  });

  test('$select gives the columns in the order written, each once', () => {
    const call = `GET ${requests}?$select=mshr_jobid,_mshr_fk_job_id_value,mshr_FK_Title_id,mshr_jobid`;
    expect(queryOf(call).columns.map((column) => column.property)).toEqual([
      'mshr_jobid',
      '_mshr_fk_job_id_value',
      '_mshr_fk_title_id_value',
    ]);
    expect(parse(call).contextSelect).toBe('mshr_jobid,_mshr_fk_job_id_value,mshr_FK_Title_id,mshr_jobid');
    expect(names(queryOf(`GET ${requests}?$select=*`).columns)).toEqual(names(request?.columns));
  });

  test('$orderby', () => {
    const { orderBy } = queryOf(`GET ${requests}?$orderby=mshr_jobid desc, mshr_titleid asc,mshr_jobid,mshr_status`);
    expect(orderBy.map(({ column, descending }) => [column.name, descending])).toEqual([
      ['mshr_jobid', true],
      ['mshr_titleid', false],
      ['mshr_status', false],
    ]);
  });

  test('what follows the primary key in $orderby changes nothing', () => {
    const { orderBy } = queryOf(`GET systemusers?$orderby=fullname,systemuserid desc,title`);
    expect(orderBy.map(({ column }) => column.name)).toEqual(['fullname', 'systemuserid']);
  });

  test('tracking of changes is refused', () => {
    const headers = { prefer: 'odata.track-changes' };
    expect(refusalOf(`GET ${requests}`, { headers })).toBe(
      "400 0x80072491 Entity mshr_hcmrecruitingrequestentity isn't enabled for change tracking.",
    );
    expect(refusalOf('GET systemusers', { headers })).toContain('501 0x80060888');
  });
});

describe('expand', () => {
  const skills = 'mshr_FK_HcmRecruitingRequestSkillEntity_RecruitingRequest';
  const bad = '400 0x80060888';
  const not = '501 0x80060888';

  test('one level, with options of its own', () => {
    const call = `GET ${requests}(${rowId})?$select=mshr_jobid&$expand=${skills}($select=mshr_skillid;$filter=mshr_skillid eq 'a;b)' and mshr_skillid ne 'c';$orderby=mshr_skillid desc;$top=5),mshr_FK_Job_id`;
    const { expand } = queryOf(call);
    expect(expand.map(({ navigation }) => navigation.name)).toEqual([skills, 'mshr_FK_Job_id']);
    expect(expand[0]?.query).toMatchObject({ limit: 5, orderBy: [{ descending: true }], countUpTo: undefined });
    expect(expand[0]?.query.columns.map((column) => column.name)).toEqual(['mshr_skillid']);
    expect(showCondition(expand[0]?.query.where)).toBe('and(mshr_skillid eq "a;b)", mshr_skillid ne "c")');
    expect(expand[0]?.link).toEqual({
      before: `${apiRoot}${requests}(`,
      after: `)/${skills}?$select=mshr_skillid&$filter=${encodeURIComponent("mshr_skillid eq 'a;b)' and mshr_skillid ne 'c'")}&$orderby=mshr_skillid%20desc&$top=5`,
    });
    expect(expand[1]?.query).toMatchObject({ limit: undefined, etag: true });
    expect(expand[1]).not.toHaveProperty('link');
    expect(parse(call).contextSelect).toBe(`mshr_jobid,${skills}(mshr_skillid),mshr_FK_Job_id()`);
  });

  test('the link of an expand is a request that gives the same rows', () => {
    const options = "$select=mshr_skillid;$filter=mshr_skillid eq 'Ærlig & 100% (å)'";
    const { expand } = queryOf(`GET ${requests}?$expand=${encodeURIComponent(`${skills}(${options})`)}`);
    const link = `${expand[0]?.link?.before}${rowId}${expand[0]?.link?.after}`;
    const query = queryOf(`GET ${link.slice(apiRoot.length)}`);
    expect(names(query.columns)).toEqual(names(expand[0]?.query.columns));
    expect(showCondition(query.where)).toBe(showCondition(expand[0]?.query.where));
  });

  test.each([
    { expand: 'nothing', refusal: `${bad} Could not find a property named 'nothing' on type` },
    { expand: 'mshr_jobid', refusal: `${bad} Property 'mshr_jobid' is not a navigation property at position 0` },
    {
      expand: 'mshr_FK_Job_id,mshr_FK_Job_id',
      refusal: `${bad} The navigation property 'mshr_FK_Job_id' is expanded twice at position 15`,
    },
    {
      expand: `${skills}/$ref`,
      refusal: `${bad} Expand with $ref is only supported on lookup type navigation property.`,
    },
    { expand: `${skills}/$count`, refusal: `${not} a path in $expand` },
    { expand: 'mshr_FK_Job_id/mshr_FK_Title_id', refusal: `${not} a path in $expand` },
    { expand: '*', refusal: `${not} '*' in $expand` },
    { expand: `${skills}($skip=1)`, refusal: `${not} the query option '$skip' inside $expand` },
    { expand: `${skills}($count=true)`, refusal: `${not} the query option '$count' inside $expand` },
    { expand: `${skills}($levels=2)`, refusal: `${not} the query option '$levels' inside $expand` },
    { expand: `${skills}($search=x)`, refusal: `${not} the query option '$search' inside $expand` },
    { expand: `${skills}($Select=x)`, refusal: `${not} the query option '$Select' inside $expand` },
    { expand: `${skills}($top=1;$top=2)`, refusal: `${bad} The query option '$top' comes twice at position 65` },
    { expand: `${skills}($top=x)`, refusal: `${bad} Invalid value 'x' for $top` },
    { expand: `${skills}()`, refusal: `${bad} A query option expected at position 58` },
    { expand: `${skills}($select=mshr_skillid`, refusal: `${bad} ')' expected at position 78` },
    {
      expand: `${skills}($select=nothing)`,
      refusal: `${bad} Could not find a property named 'nothing' on type 'Microsoft.Dynamics.CRM.mshr_hcmrecruitingrequestskillentity'.`,
    },
    {
      expand: `${skills}($filter=mshr_skillid eq @a)`,
      refusal: `${bad} A parameter alias is not allowed inside $expand at position 82`,
    },
    { expand: `${skills}($filter=mshr_skillid eq 1)`, refusal: `${bad} A binary operator with incompatible types` },
    {
      expand: Array.from({ length: 16 }, (_, index) => `x${index}`).join(),
      refusal: `${bad} the request has more than 15 navigation properties in $expand`,
    },
    { expand: `${'x($expand='.repeat(200)}x`, refusal: `${bad} $expand is nested more than 100 levels deep` },
  ])('$expand is refused', ({ expand, refusal }) => {
    expect(refusalOf(`GET ${requests}?$expand=${expand}`)).toContain(refusal);
  });
});

describe('fidelity of virtual tables', () => {
  test('extended: ETags, and null for text that was never set', () => {
    const parsed = parse(`GET ${requests}?$select=mshr_jobid,mshr_titleid,mshr_comments`);
    expect(parsed.operation).toMatchObject({ query: { etag: true, unsetTextAsEmpty: false } });
    expect(parsed.differs).toBe('unset-text, virtual-etag');
  });

  test('strict: neither, also in expands', () => {
    const parsed = parse(`GET ${requests}?$expand=mshr_FK_Job_id`, { fidelity: 'strict' });
    const rules = { etag: false, unsetTextAsEmpty: true };
    expect(parsed.operation).toMatchObject({ query: { ...rules, expand: [{ query: rules }] } });
    expect(parsed.differs).toBeUndefined();
  });

  test('native tables are the real product in both', () => {
    for (const fidelity of ['strict', 'extended'] as const) {
      const parsed = parse('GET systemusers', { fidelity });
      expect(parsed.operation).toMatchObject({ query: { etag: true, unsetTextAsEmpty: false } });
      expect(parsed.differs).toBeUndefined();
    }
  });

  test('a create without representation says nothing of ETags', () => {
    expect(parse(`POST ${candidates}`, { body: { mshr_firstname: 'A' } }).differs).toBeUndefined();
  });
});

describe('writes', () => {
  test('create, with the shape of the representation', () => {
    const { operation, preferences, contextSelect } = parse(
      `POST ${candidates}?$select=mshr_candidateid&$expand=mshr_FK_Person_id($select=mshr_partynumber)`,
      { body: { mshr_firstname: 'Kari' }, headers: { prefer: 'return=representation' } },
    );
    if (operation.kind !== 'create') throw new TypeError(operation.kind);
    expect(operation.table).toBe(candidate);
    expect(operation.representation?.table).toBe(candidate);
    expect(names(operation.representation?.columns)).toEqual(['mshr_candidateid']);
    expect(preferences.return).toBe('representation');
    expect(contextSelect).toBe('mshr_candidateid,mshr_FK_Person_id(mshr_partynumber)');
  });

  test('without the preference there is no representation, but options are checked', () => {
    expect(parse(`POST ${candidates}?$select=mshr_candidateid`, { body: {} }).operation).not.toHaveProperty(
      'representation',
    );
    expect(refusalOf(`POST ${candidates}?$select=nothing`, { body: {} })).toContain(
      "Could not find a property named 'nothing'",
    );
  });

  test('$expand on PATCH is ignored', () => {
    expect(refusalOf(`PATCH ${candidates}(${rowId})?$expand=nothing`, { body: {} })).toBe('accepted: update');
  });

  test.each([
    { headers: {}, mayCreate: true, mayUpdate: true, precondition: undefined },
    { headers: { 'if-none-match': 'null' }, mayCreate: true, mayUpdate: true, precondition: undefined },
    { headers: { 'if-match': '*' }, mayCreate: false, mayUpdate: true, precondition: { kind: 'match', versions: '*' } },
    {
      headers: { 'if-none-match': '*' },
      mayCreate: true,
      mayUpdate: false,
      precondition: { kind: 'noneMatch', versions: '*' },
    },
    {
      headers: { 'if-match': 'W/"12"' },
      mayCreate: false,
      mayUpdate: true,
      precondition: { kind: 'match', versions: [12n] },
    },
  ])('PATCH with $headers: may create $mayCreate, may update $mayUpdate', ({ headers, ...expected }) => {
    const { operation } = parse(`PATCH ${candidates}(${rowId})`, { headers, body: {} });
    if (operation.kind !== 'update') throw new TypeError(operation.kind);
    const { mayCreate, mayUpdate, precondition } = operation;
    expect({ mayCreate, mayUpdate, precondition }).toEqual(expected);
  });

  test('GET with If-None-Match; ignored where 304 cannot be answered', () => {
    const headers = { 'if-none-match': 'W/"12"' };
    const precondition = { kind: 'noneMatch', versions: [12n] };
    expect(parse(`GET systemusers(${rowId})`, { headers }).operation).toMatchObject({ precondition });
    const expand = `GET systemusers(${rowId})?$expand=businessunitid`;
    expect(parse(expand, { headers }).operation).not.toHaveProperty('precondition');
    const annotated = { ...headers, prefer: 'odata.include-annotations="*"' };
    expect(parse(`GET systemusers(${rowId})`, { headers: annotated }).operation).not.toHaveProperty('precondition');
  });
});

describe('references', () => {
  const roles = `systemusers(${rowId})/systemuserroles_association`;
  const unit = `systemusers(${rowId})/businessunitid`;
  const toUnit = { '@odata.id': `businessunits(${otherId})` };

  test.each([
    { call: `POST ${roles}/$ref`, body, expected: { kind: 'associate', targetId: otherId } },
    {
      call: `POST ${roles}/$ref`,
      body: { ...body, '@odata.context': 'x' },
      expected: { kind: 'associate', targetId: otherId },
    },
    { call: `POST ${roles}/$ref`, body: { '@odata.id': `/roles(${otherId})` }, expected: { targetId: otherId } },
    {
      call: `POST ${roles}/$ref`,
      body: { '@odata.id': `https://ORG.example/api/data/v9.0/roles(roleid=${otherId})` },
      expected: { targetId: otherId },
    },
    {
      call: `POST ${roles}/$ref`,
      body: { '@odata.id': `/api/data/v9.2/roles(${otherId})` },
      expected: { targetId: otherId },
    },
    { call: `DELETE ${roles}(${otherId})/$ref`, expected: { kind: 'disassociate', targetId: otherId } },
    { call: `DELETE ${roles}/$ref?$id=${apiRoot}roles(${otherId})`, expected: { targetId: otherId } },
    {
      call: `DELETE ${roles}/$ref?%24id=${encodeURIComponent(`${apiRoot}roles(${otherId})`)}`,
      expected: { targetId: otherId },
    },
    { call: `PUT ${unit}/$ref`, body: toUnit, expected: { kind: 'associate', targetId: otherId } },
    { call: `POST ${unit}/$ref`, body: toUnit, expected: { kind: 'associate', targetId: otherId } },
    {
      call: `DELETE systemusers(${rowId})/parentsystemuserid/$ref`,
      expected: { kind: 'disassociate', targetId: undefined },
    },
    {
      call: `PUT ${candidates}(${rowId})/mshr_FK_RecruitingRequest_id/$ref`,
      body: { '@odata.id': `${requests}(${otherId})` },
      expected: { kind: 'associate', targetId: otherId },
    },
  ])('$call', ({ call, body: given, expected }) => {
    expect(parse(call, { body: given }).operation).toMatchObject(expected);
  });

  const payload = '400 0x80048d19';
  test.each([
    {
      call: `POST ${roles}/$ref`,
      body: {},
      refusal: `${payload} Error identified in Payload provided by the user for Entity :'systemusers': the body needs '@odata.id'`,
    },
    { call: `POST ${roles}/$ref`, body: { '@odata.id': 5 }, refusal: `${payload}` },
    { call: `POST ${roles}/$ref`, body: { ...body, name: 'x' }, refusal: "unexpected member 'name'" },
    { call: `POST ${roles}/$ref`, refusal: '415' },
    {
      call: `POST ${roles}/$ref`,
      body: { '@odata.id': `https://other.example/api/data/v9.2/roles(${otherId})` },
      refusal: 'is not a URL of this service',
    },
    ...['https:/org.example', '/https://org.example', '//org.example'].map((origin) => ({
      call: `POST ${roles}/$ref`,
      body: { '@odata.id': `${origin}/api/data/v9.2/roles(${otherId})` },
      refusal: 'is not a URL of this service',
    })),
    { call: `POST ${roles}/$ref`, body: { '@odata.id': `${apiRoot}roles` }, refusal: 'does not name one row' },
    {
      call: `POST ${roles}/$ref`,
      body: { '@odata.id': `${apiRoot}roles(${otherId})/x` },
      refusal: 'does not name one row',
    },
    { call: `POST ${roles}/$ref`, body: { '@odata.id': 'roles(1)' }, refusal: 'a GUID expected' },
    {
      call: `POST ${roles}/$ref`,
      body: { '@odata.id': `role(${otherId})` },
      refusal: "404 0x8006088a Resource not found for the segment 'role'.",
    },
    {
      call: `POST ${roles}/$ref`,
      body: { '@odata.id': `teams(${otherId})` },
      refusal: `${payload} 'systemuserroles_association' points to rows of 'roles', but a row of 'teams' was given`,
    },
    {
      call: `POST ${roles}/$ref`,
      body: { '@odata.id': '$1' },
      refusal: "400 0x80060888 Content-ID Reference: '$1' does not exist in the batch",
    },
    { call: `DELETE ${roles}/$ref`, refusal: "400 0x80060888 one row of 'systemuserroles_association' must be named" },
    { call: `DELETE ${roles}(${otherId})/$ref?$id=roles(${rowId})`, refusal: 'must be named' },
    { call: `DELETE ${roles}/$ref?$select=x`, refusal: "The query option '$select' cannot be applied" },
    { call: `DELETE ${unit}/$ref`, refusal: "property '_businessunitid_value' must have a value" },
    {
      call: `PUT ${candidates}(${rowId})/mshr_FK_Position_id/$ref`,
      body: { '@odata.id': `mshr_hcmpositionv2entities(${otherId})` },
      refusal:
        "400 0x80040203 lookup 'mshr_FK_Position_id' of 'mshr_hcmcandidatetohireentity' is read-only; it follows 'mshr_positionid', set that instead",
    },
    {
      call: `PUT roles(${rowId})/businessunitid/$ref`,
      body: toUnit,
      refusal: "column '_businessunitid_value' of 'role' can only be set when the row is created",
    },
    {
      call: `POST ${requests}(${rowId})/mshr_FK_HcmRecruitingRequestSkillEntity_RecruitingRequest/$ref`,
      body: { '@odata.id': `mshr_hcmrecruitingrequestskillentities(${otherId})` },
      refusal: 'is read-only; it follows',
    },
  ])('$call with $body is refused', ({ call, body: given, refusal }) => {
    expect(refusalOf(call, { body: given })).toContain(refusal);
  });

  test('the lookup of a virtual table is more than the real product gives', () => {
    const call = `DELETE ${candidates}(${rowId})/mshr_FK_RecruitingRequest_id/$ref`;
    expect(parse(call).differs).toBe('candidate-request-lookup');
    expect(refusalOf(call, { fidelity: 'strict' })).toContain('400 0x80040265 Custom plugin execution is not allowed');
  });
});

describe('functions and actions', () => {
  test.each([
    { call: 'GET WhoAmI', name: 'WhoAmI', parameters: {} },
    { call: 'GET Microsoft.Dynamics.CRM.WhoAmI()', name: 'WhoAmI', parameters: {} },
    {
      call: `GET RetrieveRolePrivilegesRole(RoleId=${otherId.toUpperCase()})`,
      name: 'RetrieveRolePrivilegesRole',
      parameters: { RoleId: otherId },
    },
    {
      call: `GET F(a='x''y',b=5,c=true,d=null,e=@e,f=9007199254740993,g=["a",1])?@e={'@odata.id':'accounts(1)'}`,
      name: 'F',
      parameters: {
        a: "x'y",
        b: 5,
        c: true,
        d: null,
        e: { '@odata.id': 'accounts(1)' },
        f: '9007199254740993',
        g: ['a', 1],
      },
    },
    {
      call: 'POST AddSomething',
      body: { a: 1, b: { c: [true, null] } },
      name: 'AddSomething',
      parameters: { a: 1, b: { c: [true, null] } },
    },
  ])('$call', ({ call, body: given, name, parameters }) => {
    const { operation } = parse(call, { body: given });
    expect(operation).toMatchObject({ kind: 'message', name });
    expect(JSON.parse(JSON.stringify('parameters' in operation && operation.parameters))).toEqual(parameters);
    expect(operation).not.toHaveProperty('bound');
  });

  test('bound to a row', () => {
    const call = `POST roles(${rowId})/Microsoft.Dynamics.CRM.AddPrivilegesRole`;
    const { operation } = parse(call, { body: { Privileges: [] } });
    if (operation.kind !== 'message') throw new TypeError(operation.kind);
    expect(operation).toMatchObject({ name: 'AddPrivilegesRole', parameters: { Privileges: [] } });
    expect(operation.bound?.id).toBe(rowId);
    expect(operation.bound?.table).toBe(model.table.get('role'));
  });

  test.each([
    { call: 'GET F(5)', refusal: "404 0x8006088a Resource not found for the segment 'F'." },
    { call: `GET roles(${rowId})/Microsoft.Dynamics.CRM.F(5)`, refusal: 'a parameter needs its name at position 25' },
    { call: 'GET F(a=1,a=2)', refusal: "The parameter 'a' comes twice at position 6" },
    { call: 'GET F(a=b)', refusal: "The parameter 'a' needs a literal at position 2" },
    { call: 'GET F(a=@p)?@p=b', refusal: "The parameter 'a' needs a literal at position 2" },
    { call: 'GET WhoAmI?$select=UserId', refusal: "501 0x80060888 the query option '$select' on 'WhoAmI'" },
    {
      call: 'POST WhoAmI()',
      refusal: `404  No HTTP resource was found that matches the request URI '${apiRoot}WhoAmI()'.`,
    },
    {
      call: 'POST F',
      body: '[1]',
      refusal:
        "400 0x80048d19 Error identified in Payload provided by the user for Entity :'F': the body must be a JSON object.",
    },
  ])('$call is refused', ({ call, body: given, refusal }) => {
    expect(refusalOf(call, { body: given })).toContain(refusal);
  });

  test('no member name of a body means anything to the language', () => {
    const { operation } = parse('POST F', { body: '{"__proto__":{"polluted":1},"constructor":2}' });
    const parameters = 'parameters' in operation ? operation.parameters : {};
    expect(Object.keys(parameters)).toEqual(['__proto__', 'constructor']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('any request', () => {
  const part = fc.constantFrom(
    requests,
    'systemusers',
    `(${rowId})`,
    '/',
    '$count',
    '$ref',
    'mshr_FK_Job_id',
    'mshr_jobid',
    '?',
    '&',
    '=',
    '$select',
    '$filter',
    '$expand',
    '$orderby',
    '$top',
    '$skiptoken',
    '$id',
    '(',
    ')',
    "'",
    ',',
    ';',
    '%20',
    '%27',
    '%',
    '+',
    ' eq ',
    '1',
    'null',
    '@p',
    '*',
    'WhoAmI',
    'Microsoft.Dynamics.CRM.X',
    'businessunitid',
    'fullname',
    '\u{1f600}',
    '\ud800',
  );
  const target = fc.oneof(
    fc.array(part, { maxLength: 14 }).map((parts) => parts.join('')),
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc
      .tuple(
        fc.constantFrom('$filter', '$select', '$expand', '$orderby', '$skiptoken', '$top', '@p'),
        fc.string({ unit: 'binary' }),
      )
      .map(([name, value]) => `systemusers?${name}=${value}`),
  );
  const given = fc.oneof(
    fc.string(),
    fc.jsonValue().map((value) => JSON.stringify(value)),
    fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  );

  test('is an operation or a refusal, and never breaks', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('GET', 'POST', 'PATCH', 'PUT', 'DELETE', 'X'),
        target,
        given,
        (method, url, content) => {
          expect(caught(() => parse(`${method} ${url}`, { body: content }).operation.kind)).toMatch(
            /^(accepted: |400 |404 |405 |414 |415 |501 )/,
          );
        },
      ),
      { numRuns: 4000 },
    );
  });

  test.each([
    { name: 'expands', url: `GET ${positions}?$expand=${'x,'.repeat(16_000)}x` },
    { name: 'columns', url: `GET ${positions}?$select=${'mshr_status,'.repeat(2_500)}mshr_status` },
    { name: 'conditions', url: `GET ${positions}?$filter=${'mshr_status eq 1 or '.repeat(1_500)}true` },
    {
      name: 'aliases',
      url: `GET ${positions}?$filter=${'mshr_status eq @p or '.repeat(490)}true&@p=${'1'.repeat(20_000)}`,
    },
    { name: 'segments', url: `GET ${positions}${'/x'.repeat(16_000)}` },
    { name: 'parameters', url: `GET F(${Array.from({ length: 4_000 }, (_, index) => `a${index}=1`).join(',')})` },
    { name: 'options', url: `GET ${positions}?${'a=b&'.repeat(8_000)}` },
  ])('takes little time: many $name', ({ url }) => {
    const started = performance.now();
    caught(() => parse(url));
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
