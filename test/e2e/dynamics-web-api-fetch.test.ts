import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engines } from '../support/database.ts';
import { bodyOf, query, rowsOf, type WireRow } from '../support/odata.ts';
import { runScript } from '../support/run-script.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const requests = 'mshr_hcmrecruitingrequestentities';
const request = 'mshr_hcmrecruitingrequestentity';
const skills = 'mshr_hcmrecruitingrequestskillentities';
const skill = 'mshr_hcmrecruitingrequestskillentity';
const formatted = 'OData.Community.Display.V1.FormattedValue';
const paging =
  'odata.include-annotations="Microsoft.Dynamics.CRM.fetchxmlpagingcookie,Microsoft.Dynamics.CRM.morerecords"';

describe.each(engines)('FetchXML over the Web API on %s', (engine) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer(engine);
  });
  afterAll(() => server.close());

  const ask = (set: string, fetchXml: string, prefer?: string, as: 'ats' | 'admin' | 'reader' = 'admin') =>
    server.api(`${set}?${query({ fetchXml })}`, { as, headers: prefer === undefined ? {} : { prefer } });
  const read = async (set: string, fetchXml: string): Promise<readonly WireRow[]> => rowsOf(await ask(set, fetchXml));

  test('dynamics-web-api: fetch, page by page, fetchAll, joined rows and groups', async () => {
    const { code, stdout, stderr } = await runScript(server, 'test/e2e/fetch-client.mjs', 'admin');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const output = JSON.parse(stdout) as {
      all: string[];
      first: { ids: string[]; next: number };
      second: string[];
      whole: string[];
      joined: WireRow[];
      grouped: WireRow[];
    };
    const expected = [...output.all].sort().reverse();
    expect(expected.length).toBeGreaterThan(100);
    expect(output.first).toEqual({ ids: expected.slice(0, 50), next: 2 });
    expect(output.second).toEqual(expected.slice(50, 100));
    expect(output.whole).toEqual(expected);
    expect(output.joined).toHaveLength(3);
    for (const row of output.joined) {
      expect(row['request.mshr_recruitingrequestid']).toMatch(/^\w+-\d+$/);
      expect(row['mshr_skillid']).toEqual(expect.any(String));
    }
    const counts = output.grouped.map((row) => Number(row['n']));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(expected.length);
    expect(counts).toEqual([...counts].sort((left, right) => right - left));
  });

  test('the answer has the shape of the real product', async () => {
    const xml = `<fetch count="2"><entity name="${skill}"><attribute name="mshr_skillid"/><order attribute="mshr_skillid"/>
      <link-entity name="${request}" from="${request}id" to="mshr_fk_recruitingrequest_id" link-type="outer" alias="r">
      <attribute name="mshr_status"/><attribute name="mshr_recruitingrequestid" alias="number"/></link-entity></entity></fetch>`;
    const answer = await ask(skills, xml, 'odata.include-annotations="*"');
    const body = bodyOf(answer);
    expect(body['@odata.context']).toBe(`${server.url}/api/data/v9.2/$metadata#${skills}(mshr_skillid,${skill}id)`);
    expect(body['@Microsoft.Dynamics.CRM.morerecords']).toBe(true);
    expect(body['@Microsoft.Dynamics.CRM.fetchxmlpagingcookie']).toMatch(
      /^<cookie pagenumber="2" pagingcookie="%253Ccookie[^"]*" istracking="False" \/>$/,
    );
    expect(answer.headers['portvakt-differs']).toContain('virtual-link');
    const [row = {}] = rowsOf(answer);
    expect(Object.keys(row)).toEqual([
      '@odata.etag',
      'mshr_skillid',
      'r.mshr_status@OData.Community.Display.V1.AttributeName',
      `r.mshr_status@${formatted}`,
      'r.mshr_status',
      'number@OData.Community.Display.V1.AttributeName',
      'number',
      `${skill}id`,
    ]);
  });

  test('pages go on behind a row, whatever is added and deleted meanwhile; a changed cookie is refused', async () => {
    const candidates = 'mshr_hcmcandidatetohireentities';
    const make = async (name: string) => {
      const body = { mshr_firstname: name, mshr_lastname: 'Blar', mshr_dataareaid: 'usmf' };
      const answer = await server.api(candidates, { method: 'POST', body, as: 'admin' });
      return String(answer.headers['odata-entityid']);
    };
    const made = new Map<string, string>();
    for (const name of ['B', 'D', 'F', 'H']) made.set(name, await make(name));
    const xml = (page: number, cookie: string): string =>
      `<fetch count="2" page="${page}"${cookie === '' ? '' : ` paging-cookie="${cookie}"`}><entity name="mshr_hcmcandidatetohireentity">
        <attribute name="mshr_firstname"/><order attribute="mshr_firstname"/>
        <filter><condition attribute="mshr_lastname" operator="eq" value="Blar"/></filter></entity></fetch>`;
    const first = await ask(candidates, xml(1, ''), paging);
    expect(rowsOf(first).map((row) => row['mshr_firstname'])).toEqual(['B', 'D']);
    const annotation = String(bodyOf(first)['@Microsoft.Dynamics.CRM.fetchxmlpagingcookie']);
    const encoded = /pagingcookie="([^"]*)"/.exec(annotation)?.[1] ?? '';
    const plain = decodeURIComponent(decodeURIComponent(encoded));
    const cookie = plain.replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
    await make('A');
    await make('G');
    await server.ask(made.get('D')?.slice(server.url.length) ?? '', { method: 'DELETE', as: 'admin' });
    const second = await ask(candidates, xml(2, cookie), paging);
    expect(rowsOf(second).map((row) => row['mshr_firstname'])).toEqual(['F', 'G']);
    expect(bodyOf(second)['@Microsoft.Dynamics.CRM.morerecords']).toBe(true);
    const changed = cookie.replace(/last=&quot;./, 'last=&quot;x');
    const refused = await ask(candidates, xml(2, changed), paging);
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('0x80041129')]);
  });

  test('links that ask whether there are rows', async () => {
    const withSkill = (type: string, value: string): string =>
      `<fetch><entity name="${request}"><attribute name="mshr_recruitingrequestid"/><filter>
       <link-entity name="${skill}" from="mshr_fk_recruitingrequest_id" to="${request}id" link-type="${type}">
       <filter><condition attribute="mshr_skillid" operator="begins-with" value="${value}"/></filter></link-entity></filter></entity></fetch>`;
    const all = (await read(requests, `<fetch><entity name="${request}"/></fetch>`)).length;
    const any = (await read(requests, withSkill('any', 'c'))).length;
    const none = (await read(requests, withSkill('not any', 'c'))).length;
    expect(any * none).toBeGreaterThan(0);
    expect(any + none).toBe(all);
    expect(await read(requests, withSkill('not all', 'c'))).toHaveLength(any);
    expect((await read(requests, withSkill('all', 'zzz'))).length).toBeGreaterThan(0);
  });

  test('users, their teams and the intersect table between', async () => {
    const link = `<link-entity name="teammembership" from="systemuserid" to="systemuserid" intersect="true">
      <attribute name="teamid"/><link-entity name="team" from="teamid" to="teamid" alias="t"><attribute name="name"/></link-entity></link-entity>`;
    const rows = await read(
      'systemusers',
      `<fetch><entity name="systemuser"><attribute name="fullname"/>${link}</entity></fetch>`,
    );
    expect(rows.length).toBeGreaterThan(0);
    expect(rows[0]).toMatchObject({ 't.name': expect.any(String), 'teammembership1.teamid': expect.any(String) });
  });

  describe('nothing leaks', () => {
    const payroll = 'mserp_payintv1bankaccountdisbursemententity';
    test.each([
      {
        what: 'an aggregate',
        xml: `<fetch aggregate="true"><entity name="${payroll}"><attribute name="${payroll}id" alias="n" aggregate="count"/></entity></fetch>`,
      },
      {
        what: 'a group',
        xml: `<fetch distinct="true"><entity name="${payroll}"><attribute name="${payroll}id"/></entity></fetch>`,
      },
    ])('$what of a table without right is refused', async ({ xml }) => {
      const answer = await ask('mserp_payintv1bankaccountdisbursemententities', xml, undefined, 'ats');
      expect([answer.status, answer.text]).toEqual([403, expect.stringContaining('0x80040220')]);
    });

    test.each([
      {
        what: 'a joined table',
        link: `<link-entity name="${payroll}" from="${payroll}id" to="${request}id" link-type="outer"/>`,
      },
      {
        what: 'a table that is only asked for rows',
        link: `<link-entity name="${payroll}" from="${payroll}id" to="${request}id" link-type="exists"/>`,
      },
      {
        what: 'a table in a filter',
        link: `<filter type="or"><link-entity name="${payroll}" from="${payroll}id" to="${request}id" link-type="not any"/></filter>`,
      },
    ])('$what without right refuses the request', async ({ link }) => {
      const xml = `<fetch><entity name="${request}"><attribute name="mshr_recruitingrequestid"/>${link}</entity></fetch>`;
      const answer = await ask(requests, xml, undefined, 'ats');
      expect([answer.status, answer.text]).toEqual([403, expect.stringContaining('0x80040220')]);
    });

    test('from a native to a virtual table there is no way around the second gate', async () => {
      const link = `<link-entity name="${request}" from="${request}id" to="systemuserid" link-type="exists"/>`;
      const answer = await ask('systemusers', `<fetch><entity name="systemuser">${link}</entity></fetch>`);
      expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('0x80044822')]);
    });

    test('rows of other legal entities go into no count, group, minimum or joined row', async () => {
      const groups = `<fetch aggregate="true"><entity name="${request}"><attribute name="mshr_dataareaid" alias="company" groupby="true"/>
        <attribute name="mshr_recruitingrequestid" alias="n" aggregate="count"/><attribute name="mshr_recruitingrequestid" alias="least" aggregate="min"/></entity></fetch>`;
      const joined = `<fetch><entity name="${skill}"><attribute name="mshr_dataareaid"/>
        <link-entity name="${request}" from="${request}id" to="mshr_fk_recruitingrequest_id" alias="r"><attribute name="mshr_dataareaid"/></link-entity></entity></fetch>`;
      const apply = { $apply: 'groupby((mshr_dataareaid),aggregate($count as n))' };
      const companies = async (): Promise<unknown[][]> => {
        const asked = [await ask(requests, groups, undefined, 'ats'), await ask(skills, joined, undefined, 'ats')];
        const applied = await server.api(`${requests}?${query(apply)}`, { as: 'ats' });
        const [first, second, third] = [...asked, applied].map(rowsOf);
        return [
          first?.map((row) => row['company']) ?? [],
          [...new Set(second?.map((row) => row['r.mshr_dataareaid']))].sort(),
          third?.map((row) => row['mshr_dataareaid']) ?? [],
        ];
      };
      const before = await companies();
      expect(before[0]?.length).toBeGreaterThan(1);
      const body = {
        UserId: 'RekrutteringIntegrasjon',
        SecurityRoleIdentifier: 'HcmRecruitingIntegrator',
        OrganizationType: 'LegalEntity',
        OrganizationId: 'usmf',
      };
      for (const role of ['HcmRecruitingIntegrator']) {
        const made = await server.data('SecurityUserRoleOrganizations', {
          method: 'POST',
          body: { ...body, SecurityRoleIdentifier: role },
        });
        expect(made.status).toBe(201);
      }
      expect(await companies()).toEqual([['usmf'], ['usmf'], ['usmf']]);
    });
  });
});
