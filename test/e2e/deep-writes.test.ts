import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { batchHeaders, readBatch, set, single, writeBatch } from '../support/batch.ts';
import type { Answer } from '../support/client.ts';
import type { AskAs } from '../support/connection.ts';
import { engines } from '../support/database.ts';
import { bodyOf, createdId, errorOf, query, rowsOf, type WireRow } from '../support/odata.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const candidates = 'mshr_hcmcandidatetohireentities';
const people = 'mshr_dirpersonentities';
const personSkills = 'mshr_hcmpersonskillentities';
const requests = 'mshr_hcmrecruitingrequestentities';
const skills = 'mshr_hcmskillentities';
const person = 'mshr_FK_Person_id';
const skillsOf = 'mshr_FK_HcmPersonSkillEntity_Person';
const educationOf = 'mshr_FK_HcmPersonEducationEntity_Person';

const skill = (id: string): object => ({
  mshr_skillid: id,
  mshr_levelid: '4',
  mshr_ratingid: 'Skills',
  mshr_leveltype: 200000000,
  mshr_leveldate: '2026-01-01',
  mshr_verified: 200000000,
});

/** The vendor's sample: a candidate with its person, and the person with skills and education. */
const sample = (lastName: string): object => ({
  mshr_dataareaid: 'usmf',
  mshr_recruitingrequestid: 'USMF-000001',
  [person]: {
    mshr_firstname: 'Siv',
    mshr_lastname: lastName,
    [skillsOf]: [skill('CustFocus'), skill('CashFlow')],
    [educationOf]: [
      {
        mshr_educationdisciplineid: 'Business Mgmt',
        mshr_educationinstitutionid: 'Cottonwood Univ',
        mshr_educationlevelid: 'Bachelor',
        mshr_enddate: '2020-06-15',
      },
    ],
  },
});

describe.each(engines)('writes of several rows on %s', (engine) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer(engine);
  });
  afterAll(() => server.close());

  const post = (path: string, body: unknown, more: AskAs = {}): Promise<Answer> =>
    server.api(path, { method: 'POST', body, ...more });
  const count = async (path: string, filter: string): Promise<number> =>
    rowsOf(await server.api(`${path}?${query({ $filter: filter })}`, { as: 'admin' })).length;
  const read = async (path: string, options: Record<string, string>, as: AskAs['as'] = 'admin'): Promise<WireRow> =>
    bodyOf(await server.api(`${path}?${query(options)}`, as === undefined ? {} : { as }));
  const named = (lastName: string): Promise<number> => count(people, `mshr_lastname eq '${lastName}'`);

  describe('deep insert', () => {
    test("makes the vendor's sample: candidate, person, skills and education, three levels deep", async () => {
      const answer = await post(candidates, sample('Dyp'));
      const id = createdId(answer);
      expect(answer.headers['portvakt-differs']).toContain('virtual-deep-insert');
      const row = await read(`${candidates}(${id})`, { $expand: `${person}($select=mshr_name,mshr_partynumber)` });
      expect(row).toMatchObject({
        mshr_lastname: 'Dyp',
        mshr_recruitingrequestid: 'USMF-000001',
        [person]: { mshr_name: 'Siv Dyp' },
      });
      const made = row[person] as WireRow;
      expect(made['mshr_partynumber']).toBe(row['mshr_partynumber']);
      const filter = `mshr_partynumber eq '${row['mshr_partynumber']}'`;
      expect([await count(personSkills, filter), await count('mshr_hcmpersoneducationentities', filter)]).toEqual([
        2, 1,
      ]);
    });

    test('answers with the nested rows where return=representation expands them', async () => {
      const answer = await post(
        `${candidates}?$select=mshr_lastname&$expand=${person}($select=mshr_name)`,
        sample('Vist'),
        {
          headers: { prefer: 'return=representation' },
        },
      );
      expect(bodyOf(answer, 201)).toMatchObject({ mshr_lastname: 'Vist', [person]: { mshr_name: 'Siv Vist' } });
    });

    test('makes a request with positions, skills and education, which take its id and legal entity', async () => {
      const answer = await post(
        requests,
        {
          mshr_dataareaid: 'usmf',
          mshr_description: 'Dyp forespørsel',
          mshr_jobid: 'Project Manager',
          mshr_estimatedstartdate: '2026-03-01',
          mshr_FK_HcmRecruitingRequestSkillEntity_RecruitingRequest: [
            { mshr_skillid: 'CustFocus', mshr_ratinglevelid: '4', mshr_ratingmodelid: 'Skills' },
          ],
          mshr_FK_HcmRecruitingRequestEducationEntity_RecruitingRequest: [
            { mshr_educationlevelid: 'Bachelor', mshr_educationdisciplineid: 'Business Mgmt' },
          ],
        },
        { as: 'admin' },
      );
      const row = await read(`${requests}(${createdId(answer)})`, {
        $select: 'mshr_recruitingrequestid',
        $expand:
          'mshr_FK_HcmRecruitingRequestSkillEntity_RecruitingRequest($select=mshr_skillid,mshr_dataareaid,mshr_recruitingrequestid)',
      });
      expect(row['mshr_FK_HcmRecruitingRequestSkillEntity_RecruitingRequest']).toMatchObject([
        {
          mshr_skillid: 'CustFocus',
          mshr_dataareaid: 'usmf',
          mshr_recruitingrequestid: row['mshr_recruitingrequestid'],
        },
      ]);
    });

    test('joins rows that are there by a bound collection', async () => {
      const made = createdId(
        await post(candidates, { mshr_firstname: 'B', mshr_lastname: 'Samlet', mshr_dataareaid: 'usmf' }),
      );
      const answer = await post(
        requests,
        {
          mshr_dataareaid: 'usmf',
          mshr_description: 'Samling',
          mshr_jobid: 'Project Manager',
          mshr_estimatedstartdate: '2026-03-01',
          'mshr_FK_HcmCandidateToHireEntity_RecruitingRequest@odata.bind': [`/${candidates}(${made})`],
        },
        { as: 'admin' },
      );
      const row = await read(`${candidates}(${made})`, { $select: '_mshr_fk_recruitingrequest_id_value' });
      expect(row['_mshr_fk_recruitingrequest_id_value']).toBe(createdId(answer));
    });

    test('on native tables makes business units under business units, with their teams', async () => {
      const root = rowsOf(
        await server.api('businessunits?$filter=_parentbusinessunitid_value eq null', { as: 'admin' }),
      )[0];
      const answer = await post(
        'businessunits',
        {
          name: 'Dyp enhet',
          'parentbusinessunitid@odata.bind': `/businessunits(${root?.['businessunitid']})`,
          business_unit_parent_business_unit: [
            { name: 'Dypere enhet', business_unit_teams: [{ name: 'Dypt lag', teamtype: 0 }] },
          ],
        },
        { as: 'admin' },
      );
      expect(createdId(answer)).toBeDefined();
      const inner = rowsOf(await server.api("businessunits?$filter=name eq 'Dypere enhet'", { as: 'admin' }))[0];
      expect(inner?.['_parentbusinessunitid_value']).toBe(createdId(answer));
      const team = rowsOf(await server.api("teams?$filter=name eq 'Dypt lag'", { as: 'admin' }))[0];
      expect(team?.['_businessunitid_value']).toBe(inner?.['businessunitid']);
    });

    test.each([
      {
        name: 'a nested row that is refused',
        change: { [skillsOf]: [skill('CustFocus'), skill('NoSuchSkill')] },
        says: "The value 'NoSuchSkill'",
      },
      {
        name: 'a nested row twice',
        change: { [skillsOf]: [skill('CustFocus'), skill('CustFocus')] },
        says: 'already exists',
      },
      {
        name: 'an unknown column in a nested row',
        change: { [skillsOf]: [{ mshr_nope: 1 }] },
        says: "Invalid property 'mshr_nope'",
      },
      { name: 'a wrong type in a nested row', change: { mshr_lastname: 1 }, says: 'Cannot convert the value' },
      { name: 'a nested row that is no object', change: { [skillsOf]: [1] }, says: 'must hold rows' },
      { name: 'a collection that is an object', change: { [skillsOf]: {} }, says: 'must be an array' },
      {
        name: "another table's type",
        change: { '@odata.type': '#Microsoft.Dynamics.CRM.role' },
        says: 'a row of type',
      },
      {
        name: 'a party number of its own in a nested skill',
        change: { [skillsOf]: [{ ...skill('CustFocus'), mshr_partynumber: '000000001' }] },
        says: 'contradicts',
      },
      {
        name: 'a circle back to the candidate',
        change: {
          mshr_FK_HcmCandidateToHireEntity_Person: [{ mshr_dataareaid: 'usmf', [person]: { mshr_firstname: 'X' } }],
        },
        says: 'as well',
      },
    ])('keeps nothing with $name', async ({ change, says }) => {
      const body = sample('Angret') as Record<string, object>;
      const answer = await post(candidates, { ...body, [person]: { ...body[person], ...change } });
      expect(answer.status).toBe(400);
      expect(errorOf(answer).message).toContain(says);
      expect(await named('Angret')).toBe(0);
    });

    test('personal columns on the candidate and on its nested person are refused', async () => {
      const answer = await post(candidates, { ...sample('Dobbelt'), mshr_firstname: 'Annen' });
      expect(errorOf(answer)).toMatchObject({
        status: 400,
        message: expect.stringContaining("Field 'First Name' cannot be given"),
      });
      expect(await named('Dobbelt')).toBe(0);
    });

    test('1001 nested rows are refused', async () => {
      const body = {
        mshr_dataareaid: 'usmf',
        [person]: {
          mshr_firstname: 'M',
          mshr_lastname: 'Mange',
          [skillsOf]: Array.from({ length: 1000 }, () => skill('CustFocus')),
        },
      };
      expect(errorOf(await post(candidates, body)).message).toContain('more than 1000 nested rows');
    });

    test('an update takes no nested rows, and clears a lookup by its name alone', async () => {
      const id = createdId(await post(candidates, { ...sample('Ryddet') }));
      const patch = (body: unknown) => server.api(`${candidates}(${id})`, { method: 'PATCH', body });
      expect(errorOf(await patch({ [person]: { mshr_firstname: 'X' } }))).toMatchObject({ status: 501 });
      expect((await patch({ mshr_FK_RecruitingRequest_id: null })).status).toBe(204);
      expect(await read(`${candidates}(${id})`, { $select: 'mshr_recruitingrequestid' })).toMatchObject({
        mshr_recruitingrequestid: null,
      });
    });

    test('each nested row passes gate one: who may not create one of them keeps nothing', async () => {
      const privilege = rowsOf(
        await server.api("privileges?$filter=name eq 'prvCreatemshr_hcmpersonskillentity'", { as: 'admin' }),
      )[0];
      const user = rowsOf(
        await server.api(`systemusers?$filter=applicationid eq ${server.env.CLIENT_ID}`, { as: 'admin' }),
      )[0];
      const role = rowsOf(
        await server.api(`systemusers(${user?.['systemuserid']})/systemuserroles_association?$select=name`, {
          as: 'admin',
        }),
      )[0];
      const path = `roles(${role?.['roleid']})/Microsoft.Dynamics.CRM`;
      await post(`${path}.RemovePrivilegeRole`, { PrivilegeId: privilege?.['privilegeid'] }, { as: 'admin' });
      const answer = await post(candidates, sample('Portet'));
      await post(
        `${path}.AddPrivilegesRole`,
        { Privileges: [{ PrivilegeId: privilege?.['privilegeid'], Depth: 'Global' }] },
        { as: 'admin' },
      );
      expect(errorOf(answer)).toMatchObject({
        status: 403,
        code: '0x80040220',
        message: expect.stringContaining('prvCreatemshr_hcmpersonskillentity'),
      });
      expect(await named('Portet')).toBe(0);
      expect((await post(candidates, sample('Portet'))).status).toBe(204);
    });

    test('each nested row passes gate two: skills of the register are not for a recruiting application', async () => {
      const answer = await post('mshr_hcmratingmodelentities', {
        mshr_ratingmodelid: 'X',
        mshr_FK_HcmSkillEntity_RatingModel: [{ mshr_skill: 'Port2' }],
      });
      expect(answer.status).toBe(400);
      expect(await count(skills, "mshr_skill eq 'Port2'")).toBe(0);
    });

    test('works inside a change set, and is undone with it', async () => {
      const part = { method: 'POST', url: candidates, id: '1', body: sample('Sett') };
      const send = (items: Parameters<typeof writeBatch>[0]) =>
        server.api('$batch', { method: 'POST', headers: batchHeaders(), body: writeBatch(items) });
      const lost = readBatch(
        await send([[part, { method: 'DELETE', url: `${candidates}(00000000-0000-0000-0000-000000000001)` }]]),
      );
      expect(single(lost[0]).status).toBe(404);
      expect(await named('Sett')).toBe(0);
      const kept = readBatch(await send([[part, { method: 'PATCH', url: '$1', body: { mshr_comments: 'x' } }]]));
      expect(set(kept[0]).map(({ status }) => status)).toEqual([204, 204]);
      expect(await named('Sett')).toBe(1);
    });
  });

  describe('alternate keys', () => {
    const key = `${skills}(mshr_skill='N%C3%B8kkel')`;
    const patch = (path: string, body: unknown, headers: Record<string, string> = {}, as: AskAs['as'] = 'admin') =>
      server.api(path, { method: 'PATCH', body, headers, ...(as === undefined ? {} : { as }) });

    test('PATCH creates the row and then changes it, GET and DELETE find it, in whatever case', async () => {
      const made = await patch(key, { mshr_description: 'ny' });
      expect([made.status, made.headers['odata-entityid']]).toEqual([204, `${server.url}/api/data/v9.2/${key}`]);
      expect(made.headers['portvakt-differs']).toContain('virtual-key');
      expect(await read(key.replace('N%C3%B8', 'n%C3%98'), { $select: 'mshr_skill,mshr_description' })).toMatchObject({
        mshr_skill: 'Nøkkel',
        mshr_description: 'ny',
      });
      const changed = await patch(
        `${key}?$select=mshr_description`,
        { mshr_description: 'endret', mshr_skill: 'dropped' },
        { prefer: 'return=representation' },
      );
      expect(bodyOf(changed, 200)).toMatchObject({ mshr_description: 'endret' });
      expect(await count(skills, "mshr_skill eq 'Nøkkel'")).toBe(1);
      expect((await server.api(key, { method: 'DELETE', as: 'admin' })).status).toBe(204);
      expect(errorOf(await server.api(key, { as: 'admin' }))).toMatchObject({ status: 404, code: '0x80060891' });
    });

    test('preconditions hold as for ids', async () => {
      expect(errorOf(await patch(key, {}, { 'if-match': '*' }))).toMatchObject({ status: 404, code: '0x80060891' });
      const representation = await patch(
        `${key}?$select=mshr_skill`,
        {},
        { prefer: 'return=representation', 'if-none-match': '*' },
      );
      expect(bodyOf(representation, 201)).toMatchObject({ mshr_skill: 'Nøkkel' });
      expect(errorOf(await patch(key, {}, { 'if-none-match': '*' }))).toMatchObject({
        status: 412,
        code: '0x80060891',
      });
      expect((await patch(key, { mshr_description: 'x' }, { 'if-match': '*' })).status).toBe(204);
    });

    test('binds, $ref and bound paths take them', async () => {
      const row = await read(`${people}?`, { $top: '1', $select: 'mshr_partynumber' });
      const partyNumber = rowsOf(row['value'])[0]?.['mshr_partynumber'];
      const skillRows = await server.api(
        `${people}(mshr_partynumber='${partyNumber}')/${skillsOf}?$select=mshr_skillid`,
      );
      expect(skillRows.status).toBe(200);
      const bound = await post(candidates, {
        mshr_firstname: 'N',
        mshr_lastname: 'Bundet',
        mshr_dataareaid: 'usmf',
        'mshr_FK_RecruitingRequest_id@odata.bind': `/${people}(mshr_partynumber='${partyNumber}')`,
      });
      expect(errorOf(bound).message).toContain('but a row of');
      const absent = await server.api(`${people}(mshr_partynumber='none')/${skillsOf}`);
      expect(errorOf(absent)).toMatchObject({ status: 404, code: '0x80060891' });
    });

    test.each([
      { name: 'a column that is no key', path: `${skills}(mshr_description='x')`, status: 400, code: '0x80060890' },
      {
        name: 'a key of several columns of a virtual table',
        path: `${requests}(mshr_dataareaid='usmf',mshr_recruitingrequestid='USMF-000001')`,
        status: 400,
        code: '0x80060890',
      },
      { name: 'a column that is none', path: `${skills}(mshr_nope='x')`, status: 400, code: '0x80060890' },
      { name: 'a number for a text', path: `${skills}(mshr_skill=1)`, status: 400, code: '0x80060888' },
      { name: 'null', path: `${skills}(mshr_skill=null)`, status: 400, code: '0x80060888' },
      { name: 'a key twice', path: `${skills}(mshr_skill='a',mshr_skill='b')`, status: 400, code: '0x80060890' },
    ])('$name is refused', async ({ path, status, code }) => {
      expect(errorOf(await server.api(path, { as: 'admin' }))).toMatchObject({ status, code });
    });

    test('a look-up by key passes both gates: rows that the caller may not read are not there', async () => {
      expect(errorOf(await server.api(key, { as: 'roleless' }))).toMatchObject({ status: 403 });
      expect(errorOf(await server.api(key, { as: 'unlinked' }))).toMatchObject({ status: 400, code: '0x80040265' });
      const refused = await patch(`${skills}(mshr_skill='Stengt')`, {}, {}, 'reader');
      expect(refused.status).toBe(403);
      expect(await count(skills, "mshr_skill eq 'Stengt'")).toBe(0);
    });

    test('the key of a new row is held to the rules of its column', async () => {
      const path = `${skills}(mshr_skill='${'x'.repeat(2000)}')`;
      expect(errorOf(await patch(path, {}))).toMatchObject({ status: 400, code: '0x80044331' });
      const readOnly = await patch(`${people}(mshr_partynumber='A1')`, { mshr_firstname: 'X' });
      expect([readOnly.status, errorOf(readOnly).message]).toEqual([400, expect.stringContaining('read-only')]);
    });

    test('many upserts of one key at once make one row', async () => {
      const path = `${skills}(mshr_skill='Samtidig')`;
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, n) => patch(path, { mshr_description: `nr ${n}` })),
      );
      expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 204));
      expect(await count(skills, "mshr_skill eq 'Samtidig'")).toBe(1);
    });

    test('work in change sets, where they find what was made before them', async () => {
      const url = `${skills}(mshr_skill='Settnøkkel')`;
      const answer = await server.api('$batch', {
        method: 'POST',
        as: 'admin',
        headers: batchHeaders(),
        body: writeBatch([
          [
            { method: 'POST', url: skills, body: { mshr_skill: 'Settnøkkel' } },
            { method: 'PATCH', url, headers: { 'If-Match': '*' }, body: { mshr_description: 'funnet' } },
          ],
        ]),
      });
      expect(set(readBatch(answer)[0]).map(({ status }) => status)).toEqual([204, 204]);
      expect(await count(skills, "mshr_description eq 'funnet'")).toBe(1);
    });
  });

  describe('single properties', () => {
    let row: string;
    beforeAll(async () => {
      row = `${candidates}(${createdId(await post(candidates, { mshr_firstname: 'E', mshr_lastname: 'Enkel', mshr_dataareaid: 'usmf' }))})`;
    });
    const put = (path: string, body: unknown, more: AskAs = {}): Promise<Answer> =>
      server.api(path, { method: 'PUT', body, ...more });

    test('PUT sets one, and DELETE clears it: 204 without an address', async () => {
      const answer = await put(`${row}/mshr_comments`, { value: 'én' });
      expect([answer.status, answer.text, answer.headers['odata-entityid']]).toEqual([204, '', undefined]);
      expect(await read(row, { $select: 'mshr_comments' })).toMatchObject({ mshr_comments: 'én' });
      expect((await server.api(`${row}/mshr_comments`, { method: 'DELETE' })).status).toBe(204);
      expect(await read(row, { $select: 'mshr_comments' })).toMatchObject({ mshr_comments: null });
    });

    test('an old ETag is 412, and a row that there is not 404', async () => {
      const stale = await put(`${row}/mshr_comments`, { value: 'x' }, { headers: { 'if-match': 'W/"1"' } });
      expect(errorOf(stale)).toMatchObject({ status: 412, code: '0x80060882' });
      const unknown = `${candidates}(00000bba-0000-0000-0000-0050ff00bb01)`;
      expect(errorOf(await put(`${unknown}/mshr_comments`, { value: 'x' }))).toMatchObject({ status: 404 });
      expect(errorOf(await server.api(unknown))).toMatchObject({ status: 404 });
    });

    test.each([
      { name: 'no value', column: 'mshr_comments', body: {}, says: "must hold 'value' alone" },
      {
        name: 'another member',
        column: 'mshr_comments',
        body: { value: 'x', more: 1 },
        says: "must hold 'value' alone",
      },
      { name: 'a wrong type', column: 'mshr_comments', body: { value: 1 }, says: 'Cannot convert the value' },
      { name: 'a read-only column', column: 'mshr_candidateid', body: { value: 'x' }, says: 'read-only' },
      {
        name: 'a column that is set once',
        column: 'mshr_partynumber',
        body: { value: 'x' },
        says: 'can only be set when the row is created',
      },
      {
        name: 'a lookup by its value',
        column: '_mshr_fk_recruitingrequest_id_value',
        body: { value: '00000000-0000-0000-0000-000000000001' },
        says: 'Use Navigation properties',
      },
      {
        name: 'null for a required column',
        column: 'mshr_firstname',
        body: { value: null },
        says: 'must be filled in',
      },
    ])('$name is refused', async ({ column, body, says }) => {
      const answer = await put(`${row}/${column}`, body);
      expect(errorOf(answer)).toMatchObject({ status: 400, message: expect.stringContaining(says) });
    });

    test('both gates stand before it', async () => {
      expect(errorOf(await put(`${row}/mshr_comments`, { value: 'x' }, { as: 'reader' }))).toMatchObject({
        status: 403,
      });
      expect(errorOf(await server.api(`${row}/mshr_comments`, { method: 'DELETE', as: 'unlinked' }))).toMatchObject({
        status: 400,
        code: '0x80040265',
      });
      expect(await read(row, { $select: 'mshr_comments' })).toMatchObject({ mshr_comments: null });
    });
  });

  describe('CreateMultiple, UpdateMultiple and UpsertMultiple', () => {
    const type = 'Microsoft.Dynamics.CRM.team';
    const multiple = (name: string, targets: readonly object[], more: AskAs = {}): Promise<Answer> =>
      post(`teams/Microsoft.Dynamics.CRM.${name}`, { Targets: targets }, { as: 'admin', ...more });
    const team = (name: string, more: object = {}): object => ({ '@odata.type': type, name, ...more });
    let unit: object;
    beforeAll(async () => {
      const { BusinessUnitId: id } = bodyOf(await server.api('WhoAmI', { as: 'admin' }));
      unit = { teamtype: 0, 'businessunitid@odata.bind': `/businessunits(${id})` };
    });
    const teams = (prefix: string): Promise<number> => count('teams', `startswith(name,'${prefix}')`);

    test('make and change rows, and answer with ids in order', async () => {
      const made = bodyOf(await multiple('CreateMultiple', [team('Flere1', unit), team('Flere2', unit)]));
      expect(made['@odata.context']).toMatch(/#Microsoft\.Dynamics\.CRM\.CreateMultipleResponse$/);
      const ids = made['Ids'] as readonly string[];
      const rows = await Promise.all(ids.map((id) => read(`teams(${id})`, { $select: 'name' })));
      expect(rows.map(({ name }) => name)).toEqual(['Flere1', 'Flere2']);
      const changed = await multiple(
        'UpdateMultiple',
        ids.map((teamid, at) => ({ '@odata.type': `#${type}`, teamid, name: `Endret${at}` })),
      );
      expect([changed.status, changed.text]).toEqual([204, '']);
      expect([await teams('Flere'), await teams('Endret')]).toEqual([0, 2]);
      const upserted = await multiple('UpsertMultiple', [
        { '@odata.type': type, '@odata.id': `teams(${ids[0]})`, name: 'Satt0' },
        team('Satt1', unit),
        team('Satt2', { ...unit, teamid: '0aaaaaaa-0000-4000-8000-000000000001' }),
      ]);
      expect([upserted.status, await teams('Satt')]).toEqual([204, 3]);
    });

    test('keep nothing when one of them fails', async () => {
      const answer = await multiple('CreateMultiple', [
        team('Halv1', unit),
        team('Halv2', { teamtype: 99, ...unit, nope: 1 }),
      ]);
      expect(answer.status).toBe(400);
      const lost = await multiple('UpdateMultiple', [
        { '@odata.type': type, teamid: '0aaaaaaa-0000-4000-8000-00000000000f', name: 'Halv' },
      ]);
      expect(errorOf(lost)).toMatchObject({ status: 404, code: '0x80040217' });
      expect(await teams('Halv')).toBe(0);
    });

    test.each([
      { name: 'no targets', body: {}, says: "must hold 'Targets'" },
      { name: 'an empty list', body: { Targets: [] }, says: "must hold 'Targets'" },
      { name: 'another member', body: { Targets: [{}], More: 1 }, says: 'nothing else' },
      { name: 'a target without its type', body: { Targets: [{ name: 'x' }] }, says: "'@odata.type'" },
      {
        name: 'a target of another table',
        body: { Targets: [{ '@odata.type': 'Microsoft.Dynamics.CRM.role', name: 'x' }] },
        says: 'a row of type',
      },
    ])('are refused with $name', async ({ body, says }) => {
      const answer = await post('teams/Microsoft.Dynamics.CRM.CreateMultiple', body, { as: 'admin' });
      expect(errorOf(answer)).toMatchObject({ status: 400, message: expect.stringContaining(says) });
    });

    test('are not for virtual tables, nor is DeleteMultiple for any', async () => {
      const targets = [{ '@odata.type': 'Microsoft.Dynamics.CRM.mshr_hcmskillentity', mshr_skill: 'Flere' }];
      const refused = await post(
        `${skills}/Microsoft.Dynamics.CRM.CreateMultiple`,
        { Targets: targets },
        { as: 'admin' },
      );
      expect(errorOf(refused)).toMatchObject({ status: 400, code: '0x80040800' });
      expect(errorOf(await multiple('DeleteMultiple', [team('x')]))).toMatchObject({ status: 400, code: '0x80040800' });
      expect((await server.api('teams/Microsoft.Dynamics.CRM.CreateMultiple', { as: 'admin' })).status).toBe(405);
    });

    test('pass gate one for every row', async () => {
      const answer = await multiple('CreateMultiple', [team('Stengt1', unit)], { as: 'reader' });
      expect(errorOf(answer)).toMatchObject({ status: 403, code: '0x80040220' });
      expect(await teams('Stengt')).toBe(0);
    });
  });
});
