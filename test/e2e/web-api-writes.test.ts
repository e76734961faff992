import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Answer, Ask } from '../support/client.ts';
import { engines } from '../support/database.ts';
import { bodyOf, createdId, errorOf, query, rowsOf, type WireRow } from '../support/odata.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const candidates = 'mshr_hcmcandidatetohireentities';
const candidateId = 'mshr_hcmcandidatetohireentityid';
const requests = 'mshr_hcmrecruitingrequestentities';
const request = 'mshr_FK_RecruitingRequest_id';
const ofRequest = 'mshr_FK_HcmCandidateToHireEntity_RecruitingRequest';

const person = { mshr_firstname: 'Åse', mshr_lastname: 'Ødegård', mshr_dataareaid: 'usmf' };
/** Two Active requests of usmf. */
const readable = ['USMF-000001', 'USMF-000003'] as const;

describe.each(engines)('writing over the Web API on %s', (engine) => {
  let server: TestServer;
  let api: string;
  let rows: readonly [string, string];
  beforeAll(async () => {
    server = await startTestServer(engine);
    api = `${server.url}/api/data/v9.2/`;
    rows = [await idOf(readable[0]), await idOf(readable[1])];
  });
  afterAll(() => server.close());

  const idOf = async (id: string): Promise<string> => {
    const found = rowsOf(await server.api(`${requests}?${query({ $filter: `mshr_recruitingrequestid eq '${id}'` })}`));
    return String(found[0]?.['mshr_hcmrecruitingrequestentityid']);
  };
  const create = (body: unknown, more: Ask = {}, options = ''): Promise<Answer> =>
    server.api(`${candidates}${options}`, { method: 'POST', body, ...more });
  const change = (id: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
    server.api(`${candidates}(${id})`, { method: 'PATCH', body, headers });
  const read = async (id: string, select: string): Promise<WireRow> =>
    bodyOf(await server.api(`${candidates}(${id})?$select=${select}`));
  const requestOf = async (id: string): Promise<unknown[]> => {
    const row = await read(id, 'mshr_recruitingrequestid,_mshr_fk_recruitingrequest_id_value');
    return [row['mshr_recruitingrequestid'], row['_mshr_fk_recruitingrequest_id_value']];
  };
  const etagOf = async (id: string): Promise<string> => String((await read(id, 'mshr_lastname'))['@odata.etag']);

  describe('create', () => {
    test('answers 204 with the address of the row, and the row is there with its person', async () => {
      const answer = await create(person);
      const id = createdId(answer);
      expect(answer.headers['odata-entityid']).toBe(`${api}${candidates}(${id})`);
      expect(answer.text).toBe('');
      const row = bodyOf(
        await server.api(`${candidates}(${id})?${query({ $expand: 'mshr_FK_Person_id($select=mshr_name)' })}`),
      );
      expect(row).toMatchObject({ ...person, mshr_FK_Person_id: { mshr_name: 'Åse Ødegård' } });
      expect(row['mshr_candidateid']).toMatch(/^\d{9}$/);
    });

    test('return=representation answers 201 with the row, shaped by $select and $expand', async () => {
      const options = '?$select=mshr_lastname&$expand=mshr_FK_Person_id($select=mshr_name)';
      const answer = await create(person, { headers: { prefer: 'return=representation' } }, options);
      const body = bodyOf(answer, 201);
      expect(answer.headers['preference-applied']).toBe('return=representation');
      expect(answer.headers['odata-entityid']).toBeUndefined();
      expect(Object.keys(body)).toEqual([
        '@odata.context',
        '@odata.etag',
        candidateId,
        'mshr_lastname',
        'mshr_FK_Person_id',
      ]);
      expect(body).toMatchObject({ mshr_lastname: 'Ødegård', mshr_FK_Person_id: { mshr_name: 'Åse Ødegård' } });
    });

    test('many at once each get a number of their own', async () => {
      const answers = await Promise.all(Array.from({ length: 40 }, () => create(person)));
      const ids = answers.map(createdId);
      const numbers = await Promise.all(ids.map((id) => read(id, 'mshr_candidateid,mshr_partynumber')));
      for (const column of ['mshr_candidateid', 'mshr_partynumber']) {
        expect(new Set(numbers.map((row) => row[column])).size).toBe(ids.length);
      }
    });
  });

  describe('update and upsert', () => {
    test('PATCH changes what it names and nothing else', async () => {
      const id = createdId(await create(person));
      const before = await read(id, 'mshr_firstname,mshr_candidateid,mshr_partynumber');
      const answer = await change(id, { mshr_lastname: 'Åsen', mshr_comments: 'kan begynne straks' });
      expect(createdId(answer)).toBe(id);
      const after = await read(id, 'mshr_firstname,mshr_candidateid,mshr_partynumber,mshr_lastname,mshr_comments');
      expect(after).toMatchObject({
        mshr_firstname: before['mshr_firstname'],
        mshr_candidateid: before['mshr_candidateid'],
        mshr_partynumber: before['mshr_partynumber'],
        mshr_lastname: 'Åsen',
        mshr_comments: 'kan begynne straks',
      });
    });

    test('null and the empty text are kept apart', async () => {
      const id = createdId(await create({ ...person, mshr_comments: '' }));
      expect((await read(id, 'mshr_comments,mshr_middlename'))['mshr_comments']).toBe('');
      expect((await read(id, 'mshr_middlename'))['mshr_middlename']).toBeNull();
      await change(id, { mshr_comments: null });
      expect((await read(id, 'mshr_comments'))['mshr_comments']).toBeNull();
    });

    test('PATCH with an unknown id creates the row under it, and says that only Portvakt does', async () => {
      const id = '00000bba-0000-0000-0000-0050ff000000';
      const made = await change(id, person);
      expect(createdId(made)).toBe(id);
      expect(made.headers['portvakt-differs']).toBe('virtual-upsert');
      expect((await read(id, 'mshr_lastname'))['mshr_lastname']).toBe('Ødegård');
      const again = await server.api(`${candidates}(${id})?$select=mshr_lastname`, {
        method: 'PATCH',
        body: { mshr_lastname: 'Åsen' },
        headers: { prefer: 'return=representation' },
      });
      expect(bodyOf(again, 200)['mshr_lastname']).toBe('Åsen');
    });

    test('If-Match: * never creates, If-None-Match: * never changes', async () => {
      const unknown = '00000bba-0000-0000-0000-0050fe000000';
      expect(errorOf(await change(unknown, person, { 'if-match': '*' }))).toMatchObject({ code: '0x80040217' });
      const id = createdId(await create(person));
      const refused = await change(id, { mshr_lastname: 'X' }, { 'if-none-match': '*' });
      expect(errorOf(refused)).toEqual({
        status: 412,
        code: '0x80060891',
        message: 'A record with matching key values already exists.',
      });
      expect((await read(id, 'mshr_lastname'))['mshr_lastname']).toBe('Ødegård');
    });
  });

  describe('versions', () => {
    test('an ETag is good until the row changes', async () => {
      const id = createdId(await create(person));
      const old = await etagOf(id);
      const same = await server.api(`${candidates}(${id})?$select=mshr_lastname`, {
        headers: { 'if-none-match': old },
      });
      expect([same.status, same.text, same.headers['etag']]).toEqual([304, '', old]);
      expect((await change(id, { mshr_lastname: 'Åsen' }, { 'if-match': old })).status).toBe(204);
      const now = await etagOf(id);
      expect(now).not.toBe(old);
      const stale = await change(id, { mshr_lastname: 'X' }, { 'if-match': old });
      expect(errorOf(stale)).toEqual({
        status: 412,
        code: '0x80060882',
        message: "The version of the existing record doesn't match the RowVersion property provided.",
      });
      expect(stale.headers['portvakt-differs']).toBe('virtual-precondition');
      const deleted = await server.api(`${candidates}(${id})`, { method: 'DELETE', headers: { 'if-match': old } });
      expect(deleted.status).toBe(412);
      expect((await read(id, 'mshr_lastname'))['mshr_lastname']).toBe('Åsen');
      const changed = await server.api(`${candidates}(${id})`, { headers: { 'if-none-match': old } });
      expect([changed.status, changed.headers['etag']]).toEqual([200, now]);
    });

    test('of many changes with one ETag, one wins', async () => {
      const id = createdId(await create(person));
      const headers = { 'if-match': await etagOf(id) };
      const names = Array.from({ length: 8 }, (_, index) => `Åsen ${index}`);
      const answers = await Promise.all(names.map((name) => change(id, { mshr_lastname: name }, headers)));
      const won = names.filter((_, index) => answers[index]?.status === 204);
      expect(answers.map(({ status }) => status).sort()).toEqual([204, ...Array(7).fill(412)]);
      expect((await read(id, 'mshr_lastname'))['mshr_lastname']).toBe(won[0]);
    });
  });

  test('DELETE removes the row, once', async () => {
    const id = createdId(await create(person));
    expect((await server.api(`${candidates}(${id})`, { method: 'DELETE' })).status).toBe(204);
    expect((await server.api(`${candidates}(${id})`)).status).toBe(404);
    expect((await server.api(`${candidates}(${id})`, { method: 'DELETE' })).status).toBe(404);
  });

  describe("a candidate's recruiting request, by its lookup", () => {
    const bind = `${request}@odata.bind`;
    const joined: readonly { name: string; url: () => string }[] = [
      { name: 'a path with a slash', url: () => `/${requests}(${rows[1]})` },
      { name: 'a path without', url: () => `${requests}(${rows[1]})` },
      { name: 'a whole URL', url: () => `${api}${requests}(${rows[1]})` },
      { name: 'a whole URL in another version', url: () => `${server.url}/api/data/v9.0/${requests}(${rows[1]})` },
    ];

    test.each(joined)('$name sets it on create; the readable id follows', async ({ url }) => {
      const answer = await create({ ...person, [bind]: url() });
      expect(answer.headers['portvakt-differs']).toBe('candidate-request-lookup');
      expect(await requestOf(createdId(answer))).toEqual([readable[1], rows[1]]);
    });

    test('PATCH changes and clears it', async () => {
      const id = createdId(await create({ ...person, mshr_recruitingrequestid: readable[0] }));
      expect(await requestOf(id)).toEqual([readable[0], rows[0]]);
      await change(id, { [bind]: `/${requests}(${rows[1]})` });
      expect(await requestOf(id)).toEqual([readable[1], rows[1]]);
      await change(id, { [bind]: null });
      expect(await requestOf(id)).toEqual([null, null]);
    });

    test('$ref joins and parts it, from either side', async () => {
      const id = createdId(await create(person));
      const lookup = `${candidates}(${id})/${request}/$ref`;
      const collection = `${requests}(${rows[0]})/${ofRequest}`;
      const steps: readonly { path: string; method: string; body?: unknown; shows: readonly unknown[] }[] = [
        {
          path: lookup,
          method: 'PUT',
          body: { '@odata.id': `${api}${requests}(${rows[0]})` },
          shows: [readable[0], rows[0]],
        },
        { path: lookup, method: 'DELETE', shows: [null, null] },
        {
          path: `${collection}/$ref`,
          method: 'POST',
          body: { '@odata.id': `${candidates}(${id})` },
          shows: [readable[0], rows[0]],
        },
        { path: `${collection}(${id})/$ref`, method: 'DELETE', shows: [null, null] },
      ];
      for (const { path, method, body, shows } of steps) {
        const answer = await server.api(path, { method, body });
        expect([method, path, answer.status]).toEqual([method, path, 204]);
        expect(await requestOf(id)).toEqual(shows);
      }
    });

    test('the request shows its candidates', async () => {
      const id = createdId(await create({ ...person, [bind]: `/${requests}(${rows[1]})` }));
      const found = rowsOf(await server.api(`${requests}(${rows[1]})/${ofRequest}?$select=mshr_candidateid`));
      expect(found.map((row) => row[candidateId])).toContain(id);
    });
  });
});
