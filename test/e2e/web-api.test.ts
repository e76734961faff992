import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { builtInModel } from '../../src/metadata/built-in.ts';
import { engines } from '../support/database.ts';
import { bodyOf, query, rowsOf, type WireRow } from '../support/odata.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const requests = 'mshr_hcmrecruitingrequestentities';
const requestId = 'mshr_hcmrecruitingrequestentityid';
const skills = 'mshr_FK_HcmRecruitingRequestSkillEntity_RecruitingRequest';
const people = 'mshr_dirpersonentities';
const active = 200000005;
const formatted = 'OData.Community.Display.V1.FormattedValue';

describe.each(engines)('reading over the Web API on %s', (engine) => {
  let server: TestServer;
  let api: string;
  /** The first request, which is the vendor's sample. */
  let sample: string;
  beforeAll(async () => {
    server = await startTestServer(engine);
    api = `${server.url}/api/data/v9.2/`;
    sample = String(rowsOf(await server.api(`${requests}?$select=mshr_status&$top=1`))[0]?.[requestId]);
  });
  afterAll(() => server.close());

  const read = async (set: string, options: Record<string, string>): Promise<readonly WireRow[]> =>
    rowsOf(await server.api(`${set}?${query(options)}`));

  describe('its own documents', () => {
    test('the service document lists every table, and each answers', async () => {
      const body = bodyOf(await server.api(''));
      expect(body['@odata.context']).toBe(`${api}$metadata`);
      const sets = rowsOf(body['value']);
      expect(sets.map(({ name }) => name).sort()).toEqual([...builtInModel().entitySet.keys()].sort());
      for (const { name, kind, url } of sets) {
        expect({ kind, url }).toEqual({ kind: 'EntitySet', url: name });
        const answer = await server.api(`${name}?$top=1`, { as: 'admin' });
        expect([name, answer.status]).toEqual([name, 200]);
      }
    });

    test('$metadata is CSDL with every table', async () => {
      const answer = await server.api('$metadata');
      expect(answer.status).toBe(200);
      expect(answer.headers['content-type']).toBe('application/xml');
      expect(answer.headers['odata-version']).toBe('4.0');
      const sets = [...answer.text.matchAll(/<EntitySet Name="(\w+)"/g)].map(([, name]) => name);
      expect(sets.sort()).toEqual(
        rowsOf(await server.api(''))
          .map(({ name }) => name)
          .sort(),
      );
    });

    test.each(['WhoAmI', 'WhoAmI()'])('%s tells who calls', async (path) => {
      const body = bodyOf(await server.api(path));
      expect(body['@odata.context']).toBe(`${api}$metadata#Microsoft.Dynamics.CRM.WhoAmIResponse`);
      const user = bodyOf(await server.api(`systemusers(${body['UserId']})?$select=applicationid`, { as: 'admin' }));
      expect(user['applicationid']).toBe(server.env.CLIENT_ID);
    });

    test.each(['9.0', '9.1', '9.2'])('version %s answers with links of its own', async (version) => {
      const root = `${server.url}/api/data/v${version}/`;
      const answer = await server.ask(`${root}${people}?$select=mshr_name`, {
        as: 'ats',
        headers: { prefer: 'odata.maxpagesize=1' },
      });
      const body = bodyOf(answer);
      expect(body['@odata.context']).toBe(`${root}$metadata#${people}(mshr_name)`);
      expect(String(body['@odata.nextLink']).startsWith(`${root}${people}?`)).toBe(true);
    });
  });

  describe('one row', () => {
    test('has the selected columns, its key and its ETag, which is a header too', async () => {
      const answer = await server.api(`${requests}(${sample})?$select=mshr_recruitingrequestid,mshr_status`);
      const body = bodyOf(answer);
      expect(body).toEqual({
        '@odata.context': `${api}$metadata#${requests}(mshr_recruitingrequestid,mshr_status)/$entity`,
        '@odata.etag': answer.headers['etag'],
        [requestId]: sample,
        mshr_recruitingrequestid: 'USMF-000001',
        mshr_status: active,
      });
      expect(answer.headers['etag']).toMatch(/^W\/"\d+"$/);
      expect(answer.headers['content-type']).toBe('application/json; odata.metadata=minimal');
      expect(answer.headers['odata-version']).toBe('4.0');
      expect(answer.headers['portvakt-differs']).toBe('virtual-etag');
    });

    test('without $select has every column of the table', async () => {
      const body = bodyOf(await server.api(`${requests}(${sample})`));
      const columns = builtInModel()
        .entitySet.get(requests)
        ?.columns.map(({ property }) => property);
      expect(
        Object.keys(body)
          .filter((name) => !name.startsWith('@'))
          .sort(),
      ).toEqual(columns?.sort());
    });

    test('with all annotations has formatted values and tells what lookups are', async () => {
      const select = 'mshr_status,mshr_estimatedstartdate,_mshr_fk_job_id_value,mshr_defaultfulltimeequivalency';
      const answer = await server.api(`${requests}(${sample})?$select=${select}`, {
        headers: { prefer: 'odata.include-annotations="*"' },
      });
      const body = bodyOf(answer);
      expect(answer.headers['preference-applied']).toBe('odata.include-annotations="*"');
      expect(body).toMatchObject({
        [`mshr_status@${formatted}`]: 'Active',
        [`_mshr_fk_job_id_value@${formatted}`]: 'Project Manager',
        '_mshr_fk_job_id_value@Microsoft.Dynamics.CRM.associatednavigationproperty': 'mshr_FK_Job_id',
        '_mshr_fk_job_id_value@Microsoft.Dynamics.CRM.lookuplogicalname': 'mshr_hcmjobentity',
      });
      expect(body[`mshr_estimatedstartdate@${formatted}`]).toMatch(/^\d{1,2}\/\d{1,2}\/\d{2}$/);
      // Each annotation stands right before its property.
      const names = Object.keys(body);
      expect(names[names.indexOf('mshr_status') - 1]).toBe(`mshr_status@${formatted}`);
      expect(names).not.toContain('mshr_FK_Job_id');
    });

    test('HEAD answers the headers of GET without the body', async () => {
      const path = `${requests}(${sample})?$select=mshr_status`;
      const answer = await server.api(path, { method: 'HEAD' });
      expect([answer.status, answer.text]).toEqual([200, '']);
      expect(answer.headers['etag']).toBe((await server.api(path)).headers['etag']);
    });
  });

  describe('many rows: the database chooses the same ones as a reader of all would', () => {
    const columns = `${requestId},mshr_recruitingrequestid,mshr_status,mshr_description,mshr_dataareaid,mshr_compensationlowthreshold,mshr_estimatedstartdate,_mshr_fk_job_id_value`;
    let all: readonly WireRow[];
    beforeAll(async () => {
      all = await read(requests, { $select: columns });
      expect(all).toHaveLength(120);
    });

    const text = (row: WireRow, name: string): string => String(row[name] ?? '').toLowerCase();
    const sampleJob = (): unknown => all.find((row) => row[requestId] === sample)?.['_mshr_fk_job_id_value'];
    const filters: readonly { filter: string | (() => string); holds: (row: WireRow) => boolean }[] = [
      { filter: `mshr_status eq ${active}`, holds: (row) => row['mshr_status'] === active },
      { filter: `mshr_status ne ${active}`, holds: (row) => row['mshr_status'] !== active },
      { filter: `mshr_status gt ${active}`, holds: (row) => Number(row['mshr_status']) > active },
      { filter: `mshr_status le ${active}`, holds: (row) => Number(row['mshr_status']) <= active },
      { filter: "mshr_dataareaid eq 'USMF'", holds: (row) => row['mshr_dataareaid'] === 'usmf' },
      {
        filter: "startswith(mshr_recruitingrequestid,'no01-')",
        holds: (row) => text(row, 'mshr_recruitingrequestid').startsWith('no01-'),
      },
      {
        filter: "endswith(mshr_recruitingrequestid,'7')",
        holds: (row) => text(row, 'mshr_recruitingrequestid').endsWith('7'),
      },
      { filter: "contains(mshr_description,'ØR')", holds: (row) => text(row, 'mshr_description').includes('ør') },
      { filter: "not contains(mshr_description,'å')", holds: (row) => !text(row, 'mshr_description').includes('å') },
      {
        filter: 'mshr_compensationlowthreshold gt 0',
        holds: (row) => Number(row['mshr_compensationlowthreshold']) > 0,
      },
      {
        filter: 'mshr_estimatedstartdate ge 2020-01-01T00:00:00Z',
        holds: (row) => text(row, 'mshr_estimatedstartdate') >= '2020',
      },
      {
        filter: `mshr_status eq ${active} and mshr_dataareaid eq 'usmf' or mshr_dataareaid eq 'no02'`,
        holds: (row) =>
          (row['mshr_status'] === active && row['mshr_dataareaid'] === 'usmf') || row['mshr_dataareaid'] === 'no02',
      },
      {
        filter: `mshr_status eq ${active} and (mshr_dataareaid eq 'usmf' or mshr_dataareaid eq 'no02')`,
        holds: (row) => row['mshr_status'] === active && row['mshr_dataareaid'] !== 'no01',
      },
      {
        filter: () => `_mshr_fk_job_id_value eq ${sampleJob()}`,
        holds: (row) => row['_mshr_fk_job_id_value'] === sampleJob(),
      },
      {
        filter: "mshr_FK_Job_id/mshr_jobid eq 'Project Manager'",
        holds: (row) => row['_mshr_fk_job_id_value'] === sampleJob(),
      },
    ];

    test.each(filters)('$filter', async ({ filter, holds }) => {
      const $filter = typeof filter === 'string' ? filter : filter();
      const expected = all.filter(holds).map((row) => row['mshr_recruitingrequestid']);
      expect(expected.length).toBeGreaterThan(0);
      const answer = bodyOf(await server.api(`${requests}?${query({ $filter, $select: columns, $count: 'true' })}`));
      expect(
        rowsOf(answer['value'])
          .map((row) => row['mshr_recruitingrequestid'])
          .sort(),
      ).toEqual(expected.sort());
      expect(answer['@odata.count']).toBe(expected.length);
      const count = await server.api(`${requests}/$count?${query({ $filter })}`);
      expect([count.headers['content-type'], count.text]).toEqual(['text/plain', String(expected.length)]);
    });

    test('null is told from a value, on either side', async () => {
      const everybody = await read(people, { $select: 'mshr_middlename' });
      const without = everybody.filter((row) => row['mshr_middlename'] === null).length;
      expect(without).toBeGreaterThan(0);
      expect(without).toBeLessThan(everybody.length);
      expect(await read(people, { $filter: 'mshr_middlename eq null' })).toHaveLength(without);
      expect(await read(people, { $filter: 'null ne mshr_middlename' })).toHaveLength(everybody.length - without);
    });

    test('an alias stands for its value', async () => {
      const rows = await read(requests, { $filter: 'mshr_dataareaid eq @company', '@company': "'no02'" });
      expect(rows.length).toBe(all.filter((row) => row['mshr_dataareaid'] === 'no02').length);
    });

    test('$orderby by two columns, $top', async () => {
      const rows = await read(requests, {
        $select: columns,
        $orderby: 'mshr_status desc,mshr_recruitingrequestid',
        $top: '30',
      });
      const key = (row: WireRow): string =>
        `${9e9 - Number(row['mshr_status'])} ${text(row, 'mshr_recruitingrequestid')}`;
      expect(rows.map(key)).toEqual(all.map(key).sort().slice(0, 30));
    });
  });

  describe('pages', () => {
    test('the links lead to every row exactly once, in the order of the Norwegian alphabet', async () => {
      const { compare } = new Intl.Collator('nb', { sensitivity: 'base' });
      const expected = (await read(people, { $select: 'mshr_name' })).map((row) =>
        String(row['mshr_dirpersonentityid']),
      );
      const seen: WireRow[] = [];
      const links: string[] = [];
      let next = `${people}?${query({ $select: 'mshr_lastname', $orderby: 'mshr_lastname', $count: 'true' })}`;
      while (next !== '') {
        const path = next.startsWith('http') ? next.slice(api.length) : next;
        const body = bodyOf(await server.api(path, { headers: { prefer: 'odata.maxpagesize=37' } }));
        expect(body['@odata.count']).toBe(expected.length);
        seen.push(...rowsOf(body['value']));
        next = String(body['@odata.nextLink'] ?? '');
        links.push(next);
      }
      expect(links).toHaveLength(Math.ceil(expected.length / 37));
      expect(new Set(links).size).toBe(links.length);
      expect(links.every((link) => link === '' || link.startsWith(api))).toBe(true);
      expect(seen.map((row) => String(row['mshr_dirpersonentityid'])).sort()).toEqual(expected.sort());
      const names = seen.map((row) => String(row['mshr_lastname']));
      expect(names).toEqual([...names].sort(compare));
      const letters = ['Æ', 'Ø', 'Å'].filter((letter) => names.some((name) => name.startsWith(letter)));
      expect(letters.length).toBeGreaterThan(0);
    });

    test('$top has no further page, and a page size over it counts instead', async () => {
      const top = bodyOf(await server.api(`${people}?$top=5&$select=mshr_name`));
      expect([rowsOf(top['value']).length, top['@odata.nextLink']]).toEqual([5, undefined]);
      const answer = await server.api(`${people}?$top=5&$select=mshr_name`, {
        headers: { prefer: 'odata.maxpagesize=7' },
      });
      expect(answer.headers['preference-applied']).toBe('odata.maxpagesize=7');
      expect(rowsOf(answer)).toHaveLength(7);
      expect(bodyOf(answer)['@odata.nextLink']).toBeTypeOf('string');
    });
  });

  describe('$expand', () => {
    test('to many rows, with options of their own', async () => {
      const nested = '$select=mshr_skillid;$orderby=mshr_skillid desc';
      const expand = async (more: string): Promise<WireRow> =>
        bodyOf(
          await server.api(
            `${requests}(${sample})?${query({ $select: 'mshr_status', $expand: `${skills}(${nested}${more})` })}`,
          ),
        );
      const ids = (body: WireRow): unknown[] => rowsOf(body[skills]).map((row) => row['mshr_skillid']);
      expect(ids(await expand(''))).toEqual(['CustFocus', 'CashFlow']);
      expect(ids(await expand(';$top=1'))).toEqual(['CustFocus']);
      const filtered = await expand(";$filter=contains(mshr_skillid,'FLOW')");
      expect(ids(filtered)).toEqual(['CashFlow']);
      const link = String(filtered[`${skills}@odata.nextLink`]);
      expect(rowsOf(await server.ask(link, { as: 'ats' })).map((row) => row['mshr_skillid'])).toEqual(['CashFlow']);
    });

    test('to one row, on every row of a page', async () => {
      const rows = await read('mshr_hcmrecruitingrequestskillentities', {
        $select: 'mshr_recruitingrequestid,_mshr_fk_recruitingrequest_id_value',
        $expand: 'mshr_FK_RecruitingRequest_id($select=mshr_recruitingrequestid)',
        $top: '50',
      });
      expect(rows).toHaveLength(50);
      for (const row of rows) {
        expect(row['mshr_FK_RecruitingRequest_id']).toMatchObject({
          [requestId]: row['_mshr_fk_recruitingrequest_id_value'],
          mshr_recruitingrequestid: row['mshr_recruitingrequestid'],
        });
      }
    });

    test('the navigation property as a path gives the same rows', async () => {
      const rows = await read(`${requests}(${sample})/${skills}`, {
        $select: 'mshr_skillid',
        $orderby: 'mshr_skillid',
      });
      expect(rows.map((row) => row['mshr_skillid'])).toEqual(['CashFlow', 'CustFocus']);
      const job = bodyOf(await server.api(`${requests}(${sample})/mshr_FK_Job_id?$select=mshr_jobid`));
      expect(job['mshr_jobid']).toBe('Project Manager');
    });
  });
});
