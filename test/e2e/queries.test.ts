import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engines } from '../support/database.ts';
import { bodyOf, createdId, query, rowsOf, type WireRow } from '../support/odata.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const requests = 'mshr_hcmrecruitingrequestentities';
const requestId = 'mshr_hcmrecruitingrequestentityid';
const positions = 'mshr_FK_HcmRecruitingRequestPositionEntity_RecruitingRequest';
const skills = 'mshr_FK_HcmRecruitingRequestSkillEntity_RecruitingRequest';
const crm = 'Microsoft.Dynamics.CRM';

describe.each(engines)('queries over the Web API on %s', (engine) => {
  let server: TestServer;
  let api: string;
  /** All requests with their skills and positions, to compare answers with. */
  let all: readonly WireRow[];
  let first: WireRow;
  beforeAll(async () => {
    server = await startTestServer(engine);
    api = `${server.url}/api/data/v9.2/`;
    all = await read(requests, { $expand: `${skills},${positions}`, $orderby: 'mshr_recruitingrequestid' });
    const withSkills = all.find((row) => rowsOf(row[skills]).length > 1);
    if (withSkills === undefined) throw new Error('no request has two skills');
    first = withSkills;
  });
  afterAll(() => server.close());

  const ask = (path: string, options: Record<string, string> = {}, headers = {}, as: 'ats' | 'admin' = 'ats') =>
    server.api(`${path}${Object.keys(options).length === 0 ? '' : `?${query(options)}`}`, { headers, as });
  const read = async (set: string, options: Record<string, string>): Promise<readonly WireRow[]> =>
    rowsOf(await ask(set, options, {}, 'admin'));
  const idsOf = (rows: readonly WireRow[]): unknown[] => rows.map((row) => row[requestId]).sort();
  const idsOfUsers = (rows: readonly WireRow[], keeps: (row: WireRow) => boolean): unknown[] =>
    rows
      .filter(keeps)
      .map((row) => row['systemuserid'])
      .sort();
  const itself = (): string => `${requests}(${String(first[requestId])})`;

  describe('filters on related rows', () => {
    const skill = (row: WireRow): unknown[] => rowsOf(row[skills]).map((each) => each['mshr_skillid']);
    test.each([
      {
        filter: `${skills}/any(s:startswith(s/mshr_skillid,'c') or s/mshr_skillid eq 'x')`,
        holds: (row: WireRow) => skill(row).some((id) => /^c/i.test(String(id))),
      },
      {
        filter: `${skills}/all(s:not startswith(s/mshr_skillid,'c'))`,
        holds: (row: WireRow) => skill(row).every((id) => !/^c/i.test(String(id))),
      },
      {
        filter: `not ${skills}/all(s:contains(s/mshr_skillid,'u')) and ${positions}/any(p:p/mshr_positionid ne null)`,
        holds: (row: WireRow) =>
          !skill(row).every((id) => /u/i.test(String(id))) &&
          rowsOf(row[positions]).some((each) => each['mshr_positionid'] !== null),
      },
    ])('$filter', async ({ filter, holds }) => {
      const expected = all.filter(holds);
      expect(expected.length).toBeGreaterThan(0);
      expect(expected.length).toBeLessThan(all.length);
      expect(idsOf(await read(requests, { $filter: filter }))).toEqual(idsOf(expected));
    });
  });

  test('any() asks whether there is any row', async () => {
    const everybody = idsOfUsers(await read('systemusers', { $expand: 'systemuserroles_association' }), () => true);
    const users = await read('systemusers', { $expand: 'systemuserroles_association' });
    const hasRole = (row: WireRow): boolean => rowsOf(row['systemuserroles_association']).length > 0;
    const some = await read('systemusers', { $filter: 'systemuserroles_association/any()' });
    const none = await read('systemusers', { $filter: 'not systemuserroles_association/any()' });
    expect(idsOfUsers(some, () => true)).toEqual(idsOfUsers(users, hasRole));
    expect(idsOfUsers(none, () => true)).toEqual(idsOfUsers(users, (row) => !hasRole(row)));
    expect(some.length * none.length).toBeGreaterThan(0);
    expect(some.length + none.length).toBe(everybody.length);
  });

  test('wildcards in texts', async () => {
    const found = await read(requests, { $filter: "startswith(mshr_recruitingrequestid,'USMF-0_000[1-2]')" });
    expect(found.map((row) => row['mshr_recruitingrequestid']).sort()).toEqual(['USMF-000001', 'USMF-000002']);
    expect(await read(requests, { $filter: "contains(mshr_recruitingrequestid,'[_]')" })).toEqual([]);
  });

  describe('query functions', () => {
    test.each([
      {
        filter: `${crm}.In(PropertyName='mshr_recruitingrequestid',PropertyValues=["usmf-000001","USMF-000003"])`,
        count: 2,
      },
      { filter: "mshr_recruitingrequestid in ('usmf-000001','USMF-000003')", count: 2 },
      {
        filter: `${crm}.Between(PropertyName='mshr_status',PropertyValues=["200000005","200000005"])`,
        count: undefined,
      },
      { filter: `${crm}.LastXYears(PropertyName='mshr_estimatedstartdate',PropertyValue=200)`, count: undefined },
    ])('$filter', async ({ filter, count }) => {
      const found = await read(requests, { $filter: filter });
      if (count === undefined) expect(found.length).toBeGreaterThan(0);
      else expect(found).toHaveLength(count);
    });

    test('who asks is known to them', async () => {
      const who = bodyOf(await ask('WhoAmI'));
      const mine = rowsOf(
        await ask('systemusers', { $filter: `${crm}.EqualUserId(PropertyName='systemuserid')`, $select: 'fullname' }),
      );
      expect(mine.map((row) => row['systemuserid'])).toEqual([who['UserId']]);
      const admins = rowsOf(
        await ask('systemusers', { $filter: `${crm}.EqualUserId(PropertyName='systemuserid')` }, {}, 'admin'),
      );
      expect(admins.map((row) => row['systemuserid'])).not.toEqual([who['UserId']]);
    });

    test('units below a unit', async () => {
      const [root] = await read('businessunits', { $filter: 'parentbusinessunitid/name eq null' });
      const id = String(root?.['businessunitid']);
      const name = "PropertyName='businessunitid'";
      const under = await read('businessunits', { $filter: `${crm}.UnderOrEqual(${name},PropertyValue='${id}')` });
      expect(under).toHaveLength((await read('businessunits', {})).length);
      expect(await read('businessunits', { $filter: `${crm}.Above(${name},PropertyValue='${id}')` })).toEqual([]);
    });
  });

  test('aliases stand for values and properties', async () => {
    const rows = await read(requests, {
      $orderby: '@p desc',
      $filter: '@p ne @nothing',
      '@p': 'mshr_recruitingrequestid',
    });
    expect(rows.map((row) => row['mshr_recruitingrequestid'])).toEqual(
      all.map((row) => row['mshr_recruitingrequestid']).reverse(),
    );
  });

  test('an order through a lookup, page by page, is the one of the whole', async () => {
    const options = { $select: 'mshr_status', $orderby: 'mshr_FK_Job_id/mshr_jobid desc,mshr_recruitingrequestid' };
    const whole = (await read(requests, options)).map((row) => row[requestId]);
    expect(new Set(whole).size).toBe(all.length);
    const pages: unknown[] = [];
    let path: string | undefined = `${requests}?${query(options)}`;
    while (path !== undefined) {
      const body: Readonly<Record<string, unknown>> = bodyOf(
        await server.api(path, { headers: { prefer: 'odata.maxpagesize=2' }, as: 'admin' }),
      );
      pages.push(...rowsOf(body['value']).map((row) => row[requestId]));
      const next = body['@odata.nextLink'];
      path = typeof next === 'string' ? next.slice(api.length) : undefined;
    }
    expect(pages).toEqual(whole);
  });

  test('pages hold together while rows come and go, also where the order is null or leads through a lookup', async () => {
    const [user] = await read('systemusers', { $filter: 'isdisabled eq false', $top: '1' });
    const [unit] = await read('businessunits', { $top: '1' });
    const make = async (name: string, withDescription: boolean): Promise<string> => {
      const body = {
        name,
        ...(withDescription && { description: `About ${name}` }),
        'businessunitid@odata.bind': `/businessunits(${String(unit?.['businessunitid'])})`,
        'administratorid@odata.bind': `/systemusers(${String(user?.['systemuserid'])})`,
      };
      return createdId(await server.api('teams', { method: 'POST', body, as: 'admin' }));
    };
    const made: string[] = [];
    for (let number = 0; number < 12; number++) made.push(await make(`Paged ${number}`, number % 3 === 0));
    for (const order of [
      'description desc,name',
      'description,name desc',
      'administratorid/fullname,description desc',
    ]) {
      const before = (await read('teams', { $select: 'name' })).map((row) => String(row['teamid']));
      const seen: string[] = [];
      const gone = new Set<string>();
      let path: string | undefined =
        `teams?${query({ $select: 'name', $orderby: order, $filter: "startswith(name,'Paged')" })}`;
      while (path !== undefined) {
        const answer = await server.api(path, { headers: { prefer: 'odata.maxpagesize=2' }, as: 'admin' });
        const page = rowsOf(answer).map((row) => String(row['teamid']));
        seen.push(...page);
        const next = bodyOf(answer)['@odata.nextLink'];
        path = typeof next === 'string' ? next.slice(api.length) : undefined;
        // The last row of the page goes: the next page begins behind it all the same.
        const last = page.at(-1);
        if (last === undefined || seen.length > 5) continue;
        expect((await server.api(`teams(${last})`, { method: 'DELETE', as: 'admin' })).status).toBe(204);
        gone.add(last);
        await make(`Paged late ${order} ${seen.length}`, seen.length % 2 === 0);
      }
      expect(new Set(seen).size).toBe(seen.length);
      const stayed = made.filter((id) => before.includes(id) && !gone.has(id));
      expect(stayed.filter((id) => !seen.includes(id))).toEqual([]);
    }
  });

  describe('nested expands', () => {
    const nested = `${skills}($select=mshr_skillid;$expand=mshr_FK_Skill_id($select=mshr_description))`;
    test('give rows inside rows, and say so in the context', async () => {
      const body = bodyOf(await ask(itself(), { $select: 'mshr_status', $expand: nested }, {}, 'admin'));
      expect(body['@odata.context']).toBe(
        `${api}$metadata#${requests}(mshr_status,${skills}(mshr_skillid,mshr_FK_Skill_id(mshr_description)))/$entity`,
      );
      const inner = rowsOf(body[skills]);
      expect(inner.length).toBeGreaterThan(1);
      for (const row of inner) expect(row['mshr_FK_Skill_id']).toHaveProperty('mshr_description');
      expect(body).not.toHaveProperty(`${skills}@odata.nextLink`);
    });

    test('come in pages, and each link goes on behind the page', async () => {
      const prefer = { prefer: 'odata.maxpagesize=1' };
      let body = bodyOf(await ask(itself(), { $expand: nested }, prefer, 'admin'));
      const found = rowsOf(body[skills]).map((row) => row['mshr_skillid']);
      let next = body[`${skills}@odata.nextLink`];
      while (typeof next === 'string') {
        expect(next.startsWith(`${api}${itself()}/${skills}?$select=`)).toBe(true);
        body = bodyOf(await server.api(next.slice(api.length), { headers: prefer, as: 'admin' }));
        found.push(...rowsOf(body['value']).map((row) => row['mshr_skillid']));
        next = body['@odata.nextLink'];
      }
      expect(found.sort()).toEqual(
        rowsOf(first[skills])
          .map((row) => row['mshr_skillid'])
          .sort(),
      );
    });
  });

  test('an expanded reference is an address, and the lookup comes with it', async () => {
    const body = bodyOf(await ask(itself(), { $select: 'mshr_status', $expand: 'mshr_FK_Job_id/$ref' }, {}, 'admin'));
    const job = String(body['_mshr_fk_job_id_value']);
    expect(body['mshr_FK_Job_id']).toEqual({ '@odata.id': `${api}mshr_hcmjobentities(${job})` });
    expect(body['@odata.context']).toBe(
      `${api}$metadata#${requests}(mshr_status,mshr_FK_Job_id,mshr_FK_Job_id/$ref())/$entity`,
    );
  });

  describe('parts of a row', () => {
    test('a property, as JSON and as plain text', async () => {
      const answer = await ask(`${itself()}/mshr_recruitingrequestid`, {}, {}, 'admin');
      expect(bodyOf(answer)).toEqual({
        '@odata.context': `${api}$metadata#${itself()}/mshr_recruitingrequestid`,
        value: first['mshr_recruitingrequestid'],
      });
      const raw = await ask(`${itself()}/mshr_recruitingrequestid/$value`, {}, {}, 'admin');
      expect([raw.status, raw.headers['content-type'], raw.text]).toEqual([
        200,
        'text/plain; charset=utf-8',
        first['mshr_recruitingrequestid'],
      ]);
      expect((await ask(`${itself()}/mshr_status/$value`, {}, {}, 'admin')).text).toBe(String(first['mshr_status']));
    });

    test('a property without a value has no content', async () => {
      const [user] = await read('systemusers', { $filter: 'parentsystemuserid/fullname eq null' });
      const column = `systemusers(${String(user?.['systemuserid'])})/_parentsystemuserid_value`;
      for (const path of [column, `${column}/$value`]) {
        const answer = await ask(path, {}, {}, 'admin');
        expect([answer.status, answer.text]).toEqual([204, '']);
      }
    });

    test('a property of a row that is not there', async () => {
      const nobody = 'ffffffff-ffff-4fff-8fff-ffffffffffff';
      expect((await ask(`${requests}(${nobody})/mshr_status`, {}, {}, 'admin')).status).toBe(404);
    });

    test('the number of related rows', async () => {
      const answer = await ask(`${itself()}/${skills}/$count`, {}, {}, 'admin');
      expect([answer.status, answer.headers['content-type'], answer.text]).toEqual([
        200,
        'text/plain',
        String(rowsOf(first[skills]).length),
      ]);
      expect((await ask(`${itself()}/${skills}/$count`, { $filter: 'mshr_skillid eq null' }, {}, 'admin')).text).toBe(
        '0',
      );
    });

    test('one of the related rows, and none that is another row’s', async () => {
      const key = 'mshr_hcmrecruitingrequestskillentityid';
      const [own] = rowsOf(first[skills]);
      const body = bodyOf(
        await ask(`${itself()}/${skills}(${String(own?.[key])})`, { $select: 'mshr_skillid' }, {}, 'admin'),
      );
      expect(body['mshr_skillid']).toBe(own?.['mshr_skillid']);
      const other = all.find((row) => row !== first && rowsOf(row[skills]).length > 0);
      const [stranger] = rowsOf(other?.[skills]);
      const refused = await ask(`${itself()}/${skills}(${String(stranger?.[key])})`, {}, {}, 'admin');
      expect(refused.status).toBe(404);
    });

    test('a property behind a lookup', async () => {
      const job = bodyOf(await ask(`${itself()}/mshr_FK_Job_id`, { $select: 'mshr_jobid' }, {}, 'admin'));
      const body = bodyOf(await ask(`${itself()}/mshr_FK_Job_id/mshr_jobid`, {}, {}, 'admin'));
      expect(body['value']).toBe(job['mshr_jobid']);
    });

    test('references to related rows', async () => {
      const single = bodyOf(await ask(`${itself()}/mshr_FK_Job_id/$ref`, {}, {}, 'admin'));
      expect(single).toEqual({
        '@odata.context': `${api}$metadata#$ref`,
        '@odata.id': `${api}mshr_hcmjobentities(${String(first['_mshr_fk_job_id_value'])})`,
      });
      const many = bodyOf(await ask(`${itself()}/${skills}/$ref`, { $count: 'true' }, {}, 'admin'));
      expect(many['@odata.context']).toBe(`${api}$metadata#Collection($ref)`);
      expect(many['@odata.count']).toBe(rowsOf(first[skills]).length);
      const expected = rowsOf(first[skills]).map((row) => ({
        '@odata.id': `${api}mshr_hcmrecruitingrequestskillentities(${String(row['mshr_hcmrecruitingrequestskillentityid'])})`,
      }));
      expect(many['value']).toEqual(expect.arrayContaining(expected));
    });
  });
});
