import { describe, expect, test } from 'vitest';
import { fetchOperators } from '../../src/odata/fetch/operators.ts';
import { printFlat } from '../../src/odata/print-flat.ts';
import { PlacedRefusal } from '../../src/odata/problems.ts';
import { parse, requests } from './parse-request.ts';

const url = (xml: string, set = 'systemusers'): string => `GET ${set}?fetchXml=${encodeURIComponent(xml)}`;

/** The flat query that a document becomes, as lines without the first. */
function shown(xml: string, set?: string, headers: Record<string, string> = {}): readonly string[] {
  const { operation } = parse(url(xml, set), { headers });
  if (operation.kind !== 'flat') throw new TypeError(`it became ${operation.kind}`);
  return printFlat(operation.query);
}

/** Status, code and position of a refusal, and its message. */
function refused(xml: string, set?: string, fidelity: 'strict' | 'extended' = 'extended') {
  try {
    return { accepted: parse(url(xml, set), { fidelity }).operation.kind };
  } catch (error) {
    if (!(error instanceof PlacedRefusal)) throw error;
    const { status, code, message } = error.problem;
    return { status, code, message, at: error.place.at };
  }
}

const user = (inside: string, fetch = ''): string =>
  `<fetch${fetch}><entity name="systemuser">${inside}</entity></fetch>`;
const name = '<attribute name="fullname"/>';
const filter = (inside: string): string => user(`${name}<filter>${inside}</filter>`);
const id = '11111111-2222-4333-8444-555555555555';

const rows = 'systemuser: rows, limit 5000, etag';
const own = ['fullname is 0.fullname', 'systemuserid is 0.systemuserid'];

describe('documents that are accepted', () => {
  test.each<{ xml: string; tree: readonly string[] }>([
    { xml: user(name), tree: [rows, ...own] },
    { xml: `<?xml version="1.0"?> <!-- c -->${user(name)}`.replace('<?xml version="1.0"?>', ''), tree: [rows, ...own] },
    {
      xml: user('<attribute name="businessunitid"/>'),
      tree: [rows, '_businessunitid_value is 0.businessunitid', own[1] ?? ''],
    },
    { xml: user('<attribute name="fullname" alias="n"/>'), tree: [rows, 'n is 0.fullname', own[1] ?? ''] },
    { xml: user('<no-attrs/>'), tree: [rows, own[1] ?? ''] },
    { xml: user(`${name}${name}`), tree: [rows, ...own] },
    {
      xml: user(`${name}<order attribute="fullname" descending="true"/><order attribute="createdon"/>`, ' top="3"'),
      tree: ['systemuser: rows, limit 3, etag', ...own, 'by 0.fullname desc, 0.createdon'],
    },
    {
      xml: user(`${name}<order attribute="businessunitid"/>`),
      tree: [rows, 'outer businessunit.businessunitid = 0.businessunitid', ...own, 'by 1.name'],
    },
    { xml: user(name, ' count="10" page="3"'), tree: ['systemuser: rows, limit 10, offset 20, etag', ...own] },
    {
      xml: user(name, ' returntotalrecordcount="true"'),
      tree: ['systemuser: rows, limit 5000, counted, etag', ...own],
    },
    {
      xml: user(name, ' distinct="true" no-lock="true" mapping="logical" version="1.0" output-format="xml-platform"'),
      tree: ['systemuser: groups, limit 5000', 'fullname is 0.fullname'],
    },
    {
      xml: user(
        `${name}<link-entity name="businessunit" from="businessunitid" to="businessunitid" alias="bu" link-type="outer">
          <attribute name="name"/><attribute name="parentbusinessunitid" alias="up"/><order attribute="name"/>
          <filter><condition attribute="name" operator="ne" value="x"/></filter></link-entity>
          <filter type="or"><condition entityname="bu" attribute="name" operator="null"/>
          <condition attribute="fullname" operator="eq" valueof="bu.name"/></filter><order entityname="bu" attribute="name"/>`,
      ),
      tree: [
        rows,
        'outer businessunit.businessunitid = 0.businessunitid where and(name ne "x")',
        'where (1[name eq null] or 0.fullname eq 1.name)',
        'fullname is 0.fullname',
        'bu.name is 1.name',
        'up is 1.parentbusinessunitid',
        'systemuserid is 0.systemuserid',
        'by 1.name, 1.name',
      ],
    },
    {
      xml: user(
        `${name}<link-entity name="teammembership" from="systemuserid" to="systemuserid" intersect="true">
          <link-entity name="team" from="teamid" to="teamid" alias="t"><attribute name="name"/></link-entity></link-entity>`,
      ),
      tree: [
        rows,
        'inner teammembership.systemuserid = 0.systemuserid where and(linked systemuserid=systemuser.systemuserid(always), linked teamid=team.teamid(always))',
        'inner team.teamid = 1.teamid',
        'fullname is 0.fullname',
        't.name is 2.name',
        'systemuserid is 0.systemuserid',
      ],
    },
    {
      xml: user(
        `${name}<link-entity name="team" from="teamid" to="systemuserid" link-type="matchfirstrowusingcrossapply"/>`,
      ),
      tree: [rows, 'first team.teamid = 0.systemuserid', ...own],
    },
    {
      xml: user(
        `<attribute name="accessmode" alias="mode" groupby="true"/><attribute name="createdon" alias="q" groupby="true" dategrouping="quarter"/>
         <attribute name="systemuserid" alias="n" aggregate="count"/><attribute name="fullname" alias="d" aggregate="countcolumn" distinct="true"/>
         <order alias="n" descending="1"/>`,
        ' aggregate="true" aggregatelimit="10"',
      ),
      tree: [
        'systemuser: groups, limit 5000, of 10',
        'mode is 0.accessmode',
        'q is quarter of 0.createdon',
        'n is count of 0.systemuserid',
        'd is countDistinct of 0.fullname',
        'by n desc',
      ],
    },
  ])('$xml', ({ xml, tree }) => {
    expect(shown(xml)).toEqual(tree);
  });

  test.each([
    { link: 'exists', where: `linked systemuserid=businessunit.businessunitid(and(name eq "x"))` },
    { link: 'in', where: `linked systemuserid=businessunit.businessunitid(and(name eq "x"))` },
  ])('a link of type $link is a condition', ({ link, where }) => {
    const inside = `<filter><condition attribute="name" operator="eq" value="x"/></filter>`;
    const xml = `<link-entity name="businessunit" from="businessunitid" to="systemuserid" link-type="${link}">${inside}</link-entity>`;
    expect(shown(user(name + xml))).toEqual([rows, `where 0[${where}]`, ...own]);
  });

  test.each([
    { link: 'any', where: 'M' },
    { link: 'not any', where: 'not(M)' },
    { link: 'all', where: 'and(A, not(M))' },
    { link: 'not all', where: 'M' },
  ])('a link of type $link in a filter', ({ link, where }) => {
    const inside = `<filter><condition attribute="name" operator="eq" value="x"/></filter>`;
    const xml = `<filter type="or"><link-entity name="businessunit" from="businessunitid" to="systemuserid" link-type="${link}">${inside}</link-entity></filter>`;
    const meets = 'linked systemuserid=businessunit.businessunitid(and(name eq "x"))';
    const any = 'linked systemuserid=businessunit.businessunitid(always)';
    const expected = where.replace('M', meets).replace('A', any);
    expect(shown(user(name + xml))).toEqual([rows, `where 0[or(${expected})]`, ...own]);
  });
});

const asked = (operator: string, attribute: string, value: string): string => {
  const values = value.split('|');
  const inside = value.includes('|') ? values.map((each) => `<value>${each}</value>`).join('') : '';
  const own1 = value === '' || inside !== '' ? '' : ` value="${value}"`;
  return filter(`<condition attribute="${attribute}" operator="${operator}"${own1}>${inside}</condition>`);
};

describe('operators', () => {
  test.each([
    ['eq', 'fullname', 'x', 'fullname eq "x"'],
    ['ne', 'isdisabled', '1', 'isdisabled ne true'],
    ['neq', 'accessmode', '4', 'accessmode ne 4'],
    ['eq', 'systemuserid', `{${id.toUpperCase()}}`, `systemuserid eq "${id}"`],
    ['ge', 'createdon', '2024-01-02', 'createdon ge "2024-01-02T00:00:00Z"'],
    ['lt', 'accessmode', '3', 'accessmode lt 3'],
    ['null', 'fullname', '', 'fullname eq null'],
    ['not-null', 'fullname', '', 'fullname ne null'],
    ['like', 'fullname', 'a%', 'fullname startswith "a"'],
    ['like', 'fullname', '%a%', 'fullname contains "a"'],
    ['like', 'fullname', 'a', 'fullname eq "a"'],
    ['not-like', 'fullname', '%a', 'or(fullname eq null, not(fullname endswith "a"))'],
    ['like', 'fullname', 'a_b', 'fullname like "a" one "b"'],
    ['begins-with', 'fullname', 'a', 'fullname startswith "a"'],
    ['not-end-with', 'fullname', 'a', 'or(fullname eq null, not(fullname endswith "a"))'],
    ['in', 'accessmode', '1|2', 'accessmode in 1|2'],
    ['not-in', 'accessmode', '1|2', 'or(accessmode eq null, not(accessmode in 1|2))'],
    ['between', 'accessmode', '1|2', 'and(accessmode ge 1, accessmode le 2)'],
    ['eq-userid', 'systemuserid', '', 'systemuserid in "11111111-1111-4111-8111-111111111111"'],
    ['eq-businessid', 'businessunitid', '', 'businessunitid in "22222222-2222-4222-8222-222222222222"'],
    ['under', 'businessunitid', id, `businessunitid under ${id} by parentbusinessunitid`],
    ['today', 'createdon', '', 'and(createdon ge "2024-02-29T00:00:00Z", createdon lt "2024-03-01T00:00:00Z")'],
    ['last-x-days', 'createdon', '2', 'and(createdon ge "2024-02-27T00:00:00Z", createdon lt "2024-02-29T14:35:21Z")'],
    [
      'this-fiscal-year',
      'createdon',
      '',
      'and(createdon ge "2024-01-01T00:00:00Z", createdon lt "2025-01-01T00:00:00Z")',
    ],
    ['olderthan-x-minutes', 'createdon', '5', 'createdon lt "2024-02-29T14:30:20Z"'],
    [
      'in-fiscal-period-and-year',
      'createdon',
      '2|2023',
      'and(createdon ge "2023-04-01T00:00:00Z", createdon lt "2023-07-01T00:00:00Z")',
    ],
  ])('%s on %s with "%s"', (operator, attribute, value, where) => {
    expect(shown(asked(operator, attribute, value))[1]).toBe(`where 0[and(${where})]`);
  });

  test('all of the reference are known', () => {
    expect(fetchOperators.size).toBe(84);
  });

  test.each(['contain-values', 'not-contain-values'])('%s needs a column with several choices', (operator) => {
    expect(refused(asked(operator, 'accessmode', '1'))).toMatchObject({ status: 400, code: '0x80060888' });
  });

  test('those of hierarchies and teams look at who reports to the asker and at their teams', () => {
    const [, where] = shown(asked('eq-useroruserhierarchyandteams', 'systemuserid', ''));
    expect(where).toContain('systemuserid under or equal');
    expect(where).toContain(
      'linked systemuserid=team.teamid(through teammembership_association(systemuserid under or equal',
    );
  });
});

describe('documents that are refused, with code and position', () => {
  test.each<{ xml: string; code: string; at: string | number; status?: number }>([
    { xml: 'x', code: '0x80060888', at: 1 },
    { xml: '<fetch>', code: '0x80060888', at: 7 },
    { xml: '<fetch></entity>', code: '0x80060888', at: 16 },
    { xml: '<!DOCTYPE x [<!ENTITY a "b">]><fetch/>', code: '0x80060888', at: 30 },
    { xml: `<fetch>&b;</fetch>`, code: '0x80060888', at: 10 },
    { xml: '<fetch/>', code: '0x80041123', at: '<fetch' },
    { xml: '<entity name="systemuser"/>', code: '0x8004111c', at: '<entity' },
    { xml: '<fetch><entity/></fetch>', code: '0x8004111e', at: '<entity' },
    { xml: '<fetch><entity name="team"/></fetch>', code: '0x80041128', at: 'name="team"' },
    { xml: '<fetch><entity name="nothing"/></fetch>', code: '0x80041102', at: 'name="nothing"' },
    { xml: '<fetch colour="red"><entity name="systemuser"/></fetch>', code: '0x8004111c', at: 'colour="red"' },
    { xml: user('text'), code: '0x8004111c', at: '<entity' },
    { xml: user('<condition/>'), code: '0x8004111c', at: '<condition' },
    { xml: user('<attribute name="nothing"/>'), code: '0x80041103', at: 'name="nothing"' },
    { xml: user('<attribute name="fullname" alias="a b"/>'), code: '0x80041109', at: 'alias="a b"' },
    { xml: user(`${name}<attribute name="firstname" alias="fullname"/>`), code: '0x80041130', at: '<attribute' },
    { xml: user('<attribute name="fullname" aggregate="max"/>'), code: '0x8004111a', at: '<attribute' },
    { xml: user(name, ' distinct="yes"'), code: '0x80041115', at: 'distinct="yes"' },
    { xml: user(name, ' mapping="physical"'), code: '0x80041116', at: 'mapping="physical"' },
    { xml: user(name, ' utc-offset="1"'), code: '0x8004111d', at: 'utc-offset="1"' },
    { xml: user(name, ' top="0"'), code: '0x8004110c', at: 'top="0"' },
    { xml: user(name, ' top="5001"'), code: '0x80041108', at: 'top="5001"' },
    { xml: user(name, ' top="5" page="1"'), code: '0x80041108', at: 'top="5"' },
    { xml: user(name, ' count="5000" page="11"'), code: '0x8004112a', at: 'page="11"' },
    { xml: user(name, ' page="2" paging-cookie="x"'), code: '0x8004112a', at: 'paging-cookie="x"' },
    { xml: user(name, ' datasource="retained"'), code: '0x80060888', at: 'datasource="retained"', status: 501 },
    { xml: user('<no-attrs/>', ' distinct="1"'), code: '0x8004112c', at: '<no-attrs' },
    { xml: user(name, ' aggregate="true"'), code: '0x80041107', at: '<attribute' },
    {
      xml: user('<attribute name="fullname" aggregate="max"/>', ' aggregate="true"'),
      code: '0x80041109',
      at: '<attribute',
    },
    {
      xml: user('<attribute name="fullname" alias="a" aggregate="max" groupby="true"/>', ' aggregate="true"'),
      code: '0x80041137',
      at: '<attribute',
    },
    {
      xml: user('<attribute name="fullname" alias="a" aggregate="sum"/>', ' aggregate="true"'),
      code: '0x8004112f',
      at: 'aggregate="sum"',
    },
    {
      xml: user('<attribute name="fullname" alias="a" groupby="true" dategrouping="day"/>', ' aggregate="true"'),
      code: '0x80041135',
      at: 'dategrouping="day"',
    },
    {
      xml: user('<attribute name="createdon" alias="a" groupby="true" dategrouping="era"/>', ' aggregate="true"'),
      code: '0x80041135',
      at: 'dategrouping="era"',
    },
    { xml: user(`${name}<order alias="x"/>`), code: '0x80041132', at: 'alias="x"' },
    { xml: user(`${name}<order/>`), code: '0x80041133', at: '<order' },
    {
      xml: user(`${name}<order attribute="fullname" descending="down"/>`),
      code: '0x80041108',
      at: 'descending="down"',
    },
    { xml: user(`${name}<order entityname="x" attribute="fullname"/>`), code: '0x80041126', at: 'entityname="x"' },
    {
      xml: user(`${name}<filter type="xor"><condition attribute="fullname" operator="null"/></filter>`),
      code: '0x80041122',
      at: 'type="xor"',
    },
    {
      xml: user(`${name}<filter isquickfindfields="true"/>`),
      code: '0x80060888',
      at: 'isquickfindfields="true"',
      status: 501,
    },
    {
      xml: filter('<condition attribute="fullname" operator="resembles" value="x"/>'),
      code: '0x80041120',
      at: 'operator="resembles"',
    },
    {
      xml: filter('<condition attribute="fullname" operator="constructor" value="x"/>'),
      code: '0x80041120',
      at: 'operator="constructor"',
    },
    { xml: filter('<condition attribute="fullname" operator="eq"/>'), code: '0x80041106', at: '<condition' },
    {
      xml: filter('<condition attribute="fullname" operator="null" value="x"/>'),
      code: '0x80041106',
      at: '<condition',
    },
    { xml: filter('<condition attribute="accessmode" operator="eq" value="x"/>'), code: '0x80060888', at: 'value="x"' },
    {
      xml: filter('<condition attribute="accessmode" operator="like" value="x"/>'),
      code: '0x80041120',
      at: 'operator="like"',
    },
    {
      xml: filter('<condition attribute="fullname" operator="eq" valueof="accessmode"/>'),
      code: '0x80060888',
      at: 'valueof="accessmode"',
    },
    {
      xml: filter('<condition attribute="fullname" operator="eq" valueof="x.name"/>'),
      code: '0x8004110a',
      at: 'valueof="x.name"',
    },
    {
      xml: filter('<condition entityname="x" attribute="fullname" operator="null"/>'),
      code: '0x8004110a',
      at: 'entityname="x"',
    },
    { xml: user(`${name}<link-entity name="team"/>`), code: '0x80041111', at: '<link-entity' },
    { xml: user(`${name}<link-entity name="nothing" from="a" to="b"/>`), code: '0x80041102', at: 'name="nothing"' },
    {
      xml: user(`${name}<link-entity name="team" from="teamid" to="fullname"/>`),
      code: '0x80041104',
      at: 'from="teamid"',
    },
    {
      xml: user(`${name}<link-entity name="team" from="description" to="fullname"/>`),
      code: '0x80060888',
      at: 'from="description"',
      status: 501,
    },
    {
      xml: user(`${name}<link-entity name="team" from="teamid" to="systemuserid" link-type="left"/>`),
      code: '0x80041117',
      at: 'link-type="left"',
    },
    {
      xml: user(`${name}<link-entity name="team" from="teamid" to="systemuserid" link-type="any"/>`),
      code: '0x80041117',
      at: 'link-type="any"',
    },
    {
      xml: user(
        `${name}<link-entity name="team" from="teamid" to="systemuserid" link-type="exists"><attribute name="name"/></link-entity>`,
      ),
      code: '0x8004111c',
      at: '<attribute',
    },
    {
      xml: user(`${name}${'<link-entity name="team" from="teamid" to="systemuserid"/>'.repeat(16)}`),
      code: '0x8004430d',
      at: '<link-entity',
    },
  ])('$xml', ({ xml, code, at, status = 400 }) => {
    const found = refused(xml);
    const points = typeof at === 'number' ? found.at : xml.slice(found.at).slice(0, at.length);
    expect({ ...found, at: points }).toMatchObject({ status, code, at });
  });

  test('other query options beside it, and savedQuery', () => {
    const says = (more: string) => {
      try {
        return parse(`${url(user(name))}&${more}`).operation.kind;
      } catch (error) {
        if (!(error instanceof PlacedRefusal)) throw error;
        return error.problem.message;
      }
    };
    expect(says('$select=fullname')).toContain("'$select' cannot be applied");
    expect(says('$count=true')).toBe('flat');
    expect(says('savedQuery=x')).toContain('savedQuery');
  });

  test('documents that are deep or large', () => {
    const deep = `${'<filter>'.repeat(50)}${'</filter>'.repeat(50)}`;
    expect(refused(user(deep))).toMatchObject({
      code: '0x80060888',
      message: expect.stringContaining('40 elements inside'),
    });
    const many = '<value/>'.repeat(2000);
    const xml = filter(`<condition attribute="fullname" operator="in">${many}</condition>`);
    expect(refused(xml)).toMatchObject({ code: '0x80060888', message: expect.stringContaining('2000 elements') });
  });
});

describe('virtual tables', () => {
  const request = (inside: string, fetch = ''): string =>
    `<fetch${fetch}><entity name="mshr_hcmrecruitingrequestentity"><attribute name="mshr_recruitingrequestid"/>${inside}</entity></fetch>`;
  const link = '<link-entity name="mshr_hcmjobentity" from="mshr_hcmjobentityid" to="mshr_fk_job_id"/>';
  test.each([
    { xml: request(link), rule: 'virtual-link' },
    { xml: request('', ' distinct="true"'), rule: 'virtual-aggregate' },
  ])('$rule: given and told, refused under strict', ({ xml, rule }) => {
    expect(parse(url(xml, requests)).differs).toContain(rule);
    expect(refused(xml, requests, 'strict')).toMatchObject({ status: 400, code: '0x80044822' });
  });
});
