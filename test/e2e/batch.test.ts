import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { batchHeaders, type Item, type Part, readBatch, set, single, writeBatch } from '../support/batch.ts';
import type { Answer } from '../support/client.ts';
import type { AskAs } from '../support/connection.ts';
import { engines } from '../support/database.ts';
import { bodyOf, errorOf, query, rowsOf, type WireRow } from '../support/odata.ts';
import { readAuditOf } from '../support/read-audit.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const candidates = 'mshr_hcmcandidatetohireentities';
const requests = 'mshr_hcmrecruitingrequestentities';
const skills = 'mshr_hcmskillentities';
const person = { mshr_firstname: 'Åse', mshr_lastname: 'Ødegård', mshr_dataareaid: 'usmf' };
const pageOf = `${requests}?$select=mshr_recruitingrequestid&$top=1`;
const goOn = { prefer: 'odata.continue-on-error' };

describe.each(engines)('$batch on %s', (engine) => {
  let server: TestServer;
  let api: string;
  beforeAll(async () => {
    server = await startTestServer(engine);
    api = `${server.url}/api/data/v9.2/`;
  });
  afterAll(() => server.close());

  const send = (items: readonly Item[], more: AskAs = {}): Promise<Answer> =>
    server.api('$batch', {
      method: 'POST',
      body: writeBatch(items),
      ...more,
      headers: { ...batchHeaders(), ...more.headers },
    });
  const count = async (set: string, filter: string): Promise<number> =>
    rowsOf(await server.api(`${set}?${query({ $filter: filter })}`, { as: 'admin' })).length;
  const named = (lastName: string): Promise<number> => count(candidates, `mshr_lastname eq '${lastName}'`);
  const create = (lastName: string, more: Partial<Part> = {}): Part => ({
    method: 'POST',
    url: candidates,
    body: { ...person, mshr_lastname: lastName },
    ...more,
  });

  describe('requests one by one', () => {
    test('that read are answered as if they were asked one after the other, with what is written between them', async () => {
      const lastName = `Readahead${engine}`;
      const found: Part = { url: `${candidates}?${query({ $filter: `mshr_lastname eq '${lastName}'` })}` };
      const reads = Array.from({ length: 12 }, (): Part => found);
      const answer = await send([...reads, create(lastName), ...reads, create(lastName), found]);
      const parts = readBatch(answer).map(single);
      expect(parts.filter(({ status }) => status === 204)).toHaveLength(2);
      const seen = parts
        .filter(({ status }) => status === 200)
        .map((part) => rowsOf(bodyOf(part as Answer)['value']).length);
      expect(seen).toEqual([...Array(12).fill(0), ...Array(12).fill(1), 2]);
    });

    test('that stand behind a failure are neither answered nor in the audit log', async () => {
      const behind: Part = { url: `${skills}?$top=3` };
      const missing: Part = { url: `${candidates}(00000000-0000-4000-8000-000000000001)` };
      const parts = readBatch(await send([{ url: pageOf }, missing, behind, behind])).map(single);
      expect(parts.map(({ status }) => status)).toEqual([200, 404]);
      // Allowed reads are written soon, failed ones before the answer, in one order.
      await expect
        .poll(async () => {
          const all = await readAuditOf(server);
          return all.slice(0, 3).map(({ status, table, message }) => [status, table ?? message]);
        })
        .toEqual([
          [404, '$batch'],
          [404, 'mshr_hcmcandidatetohireentity'],
          [200, 'mshr_hcmrecruitingrequestentity'],
        ]);
    });

    test('are answered in their order, with a status, headers and a request id each', async () => {
      const answer = await send([
        { url: pageOf },
        { url: `${requests}/$count` },
        { method: 'POST', url: candidates, body: person, id: '7' },
        { url: 'WhoAmI' },
        { url: '$metadata' },
        { url: api },
      ]);
      expect(answer.status).toBe(200);
      const parts = readBatch(answer).map(single);
      expect(parts.map(({ status }) => status)).toEqual([200, 200, 204, 200, 200, 200]);
      const [page, number, made, whoAmI, metadata] = parts;
      expect(rowsOf(bodyOf(page as Answer)['value'])).toHaveLength(1);
      expect(page?.headers['content-type']).toBe('application/json; odata.metadata=minimal; odata.streaming=true');
      expect(number?.text).toMatch(/^\d+$/);
      expect(made).toMatchObject({ id: '7', text: '' });
      expect(made?.headers['location']).toBe(made?.headers['odata-entityid']);
      expect(made?.headers['odata-entityid']).toMatch(new RegExp(`^${api}${candidates}\\([0-9a-f-]{36}\\)$`));
      expect(whoAmI?.json()).toMatchObject({ UserId: expect.any(String) });
      expect(metadata?.text).toContain('<edmx:Edmx');
      expect(new Set(parts.map(({ headers }) => headers['req_id'])).size).toBe(6);
      expect(answer.headers['req_id']).toMatch(/^[0-9a-f-]{36}$/);
      expect(answer.headers['odata-version']).toBe('4.0');
    });

    test.each([
      { name: 'absolute', url: () => `${api}${pageOf}` },
      {
        name: 'absolute, of an alias of the host',
        url: () => `${api.replace('localhost', '127.0.0.1')}${pageOf}`,
        host: '127.0.0.1',
      },
      { name: 'from the root of the host, in another version', url: () => `/api/data/v9.1/${pageOf}` },
      { name: 'relative', url: () => pageOf },
    ])('a URL may be $name', async ({ url, host }) => {
      const base = host === undefined ? server.url : server.url.replace('localhost', host);
      const answer = await server.ask(`${base}/api/data/v9.2/$batch`, {
        as: 'ats',
        method: 'POST',
        headers: batchHeaders(),
        body: writeBatch([{ url: url() }]),
      });
      expect(single(readBatch(answer)[0]).status).toBe(200);
    });

    test('the answer keeps the version that the part named', async () => {
      const [part] = readBatch(await send([{ url: `/api/data/v9.1/${pageOf}` }]));
      expect(single(part).text).toContain(`${server.url}/api/data/v9.1/$metadata`);
    });

    test('a GET may be longer than a URL outside', async () => {
      const filter = Array.from({ length: 60 }, (_, n) => `mshr_recruitingrequestid eq '${'x'.repeat(700)}${n}'`).join(
        ' or ',
      );
      const url = `${requests}?$filter=${filter}`;
      expect(url.length).toBeGreaterThan(40_000);
      expect(single(readBatch(await send([{ url }]))[0]).status).toBe(200);
    });

    test('preferences stand in each part', async () => {
      const parts = readBatch(
        await send([
          { url: `${requests}?$select=mshr_status&$top=1`, headers: { Prefer: 'odata.include-annotations="*"' } },
          { url: `${requests}?$select=mshr_status&$top=1` },
          create('Prefer', { headers: { Prefer: 'return=representation' } }),
        ]),
      ).map(single);
      expect(parts[0]?.text).toContain('mshr_status@OData.Community.Display.V1.FormattedValue');
      expect(parts[1]?.text).not.toContain('FormattedValue');
      expect(parts[2]).toMatchObject({ status: 201 });
      expect(parts[2]?.headers['preference-applied']).toBe('return=representation');
    });

    test('a batch of lines that end in LF is read', async () => {
      const answer = await send([], { body: writeBatch([{ url: pageOf }], 'batch_1', '\n') });
      expect(single(readBatch(answer)[0]).status).toBe(200);
    });
  });

  describe('failures', () => {
    const wrong = { url: 'nothing' };

    test('end the batch: its status is that of the failure, and later parts are absent', async () => {
      const answer = await send([{ url: pageOf }, wrong, create('Later')]);
      expect(answer.status).toBe(404);
      expect(readBatch(answer).map((item) => single(item).status)).toEqual([200, 404]);
      expect(errorOf(single(readBatch(answer)[1]))).toMatchObject({ code: '0x8006088a' });
      expect(await named('Later')).toBe(0);
    });

    test('do not, with odata.continue-on-error', async () => {
      const answer = await send(
        [wrong, [create('Nix'), { method: 'POST', url: 'nothing', body: {} }], create('Videre')],
        {
          headers: goOn,
        },
      );
      expect(answer.status).toBe(200);
      expect(readBatch(answer).map((item) => single(item).status)).toEqual([404, 404, 204]);
      expect([await named('Nix'), await named('Videre')]).toEqual([0, 1]);
    });

    test.each([
      {
        name: 'a batch in a batch',
        part: { method: 'POST', url: '$batch', body: {} },
        says: 'cannot hold another one',
      },
      {
        name: 'the URL of another host',
        part: { url: 'https://example.com/api/data/v9.2/WhoAmI' },
        says: 'is not a URL of this service',
      },
      { name: 'a path outside of the API', part: { url: '/data/SystemUsers' }, says: 'is not a URL of this service' },
      {
        name: "somebody else's token",
        part: { url: pageOf, headers: { Authorization: 'Bearer x' } },
        says: 'Authorization of its own',
      },
      {
        name: 'a reference to nothing',
        part: { url: '$9' },
        says: "Content-ID Reference: '$9' does not exist in the batch context.",
      },
    ])('$name is refused', async ({ part, says }) => {
      const answer = await send([part]);
      expect(answer.status).toBe(400);
      expect(errorOf(single(readBatch(answer)[0])).message).toContain(says);
    });

    test.each([
      { name: 'no boundary', headers: { 'content-type': 'multipart/mixed' }, status: 400, code: '0x80048d19' },
      { name: 'another content type', headers: { 'content-type': 'text/plain' }, status: 415, code: '0x80060888' },
    ])('a batch with $name is refused as a whole', async ({ headers, status, code }) => {
      expect(errorOf(await send([{ url: pageOf }], { headers }))).toMatchObject({ status, code });
    });

    test('GET $batch is 405', async () => {
      const answer = await server.api('$batch');
      expect(answer.status).toBe(405);
      expect(answer.headers['allow']).toBe('POST');
    });

    test('a batch whose answers become too large ends with 413', async () => {
      const answer = await send(
        Array.from({ length: 1000 }, () => ({ url: 'mshr_dirpersonentities' })),
        { headers: goOn },
      );
      const statuses = [...answer.text.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map((match) => Number(match[1]));
      expect(statuses.length).toBeLessThan(1000);
      expect(new Set(statuses.slice(0, -1))).toEqual(new Set([200]));
      expect(statuses.at(-1)).toBe(413);
    });

    test('1001 requests are refused, and none is carried out', async () => {
      const answer = await send([create('Tusen'), ...Array.from({ length: 1000 }, () => ({ url: 'WhoAmI' }))]);
      expect(errorOf(answer)).toMatchObject({ status: 400, message: expect.stringContaining('more than 1000') });
      expect(await named('Tusen')).toBe(0);
    });
  });

  describe('change sets', () => {
    test('keep all of their requests, and answer each with its id', async () => {
      const answer = await send(
        [
          [
            create('Settmann', { id: '1' }),
            { method: 'PATCH', url: '$1', id: '2', body: { mshr_comments: 'fra settet' } },
            {
              method: 'POST',
              url: 'mshr_hcmskillentities',
              id: 'x.3',
              body: { mshr_skill: 'Sett', mshr_description: 'Sett' },
            },
          ],
          { url: `${candidates}?$select=mshr_comments&$filter=mshr_lastname eq 'Settmann'` },
        ],
        { as: 'admin' },
      );
      expect(answer.status).toBe(200);
      expect(answer.headers['portvakt-differs']).toContain('virtual-change-set');
      const [changes, page] = readBatch(answer);
      expect(set(changes).map(({ id, status }) => [id, status])).toEqual([
        ['1', 204],
        ['2', 204],
        ['x.3', 204],
      ]);
      expect(set(changes)[1]?.headers['odata-entityid']).toBe(set(changes)[0]?.headers['odata-entityid']);
      expect(rowsOf(bodyOf(single(page))['value'])).toMatchObject([{ mshr_comments: 'fra settet' }]);
    });

    test('keep nothing when one request fails, and answer once', async () => {
      const answer = await send([
        [
          create('Borte', { id: '1' }),
          { method: 'PATCH', url: '$1', id: '2', body: { mshr_nope: 1 } },
          create('Borte', { id: '3' }),
        ],
      ]);
      expect(answer.status).toBe(400);
      const items = readBatch(answer);
      expect(items).toHaveLength(1);
      expect(single(items[0])).toMatchObject({ id: '2', status: 400 });
      expect(errorOf(single(items[0])).message).toContain("Invalid property 'mshr_nope'");
      expect(await named('Borte')).toBe(0);
      expect(await count('mshr_dirpersonentities', "mshr_lastname eq 'Borte'")).toBe(0);
    });

    test('keep nothing when a request violates a key that one before it has taken', async () => {
      const skill = { method: 'POST', url: skills, body: { mshr_skill: 'Tvilling', mshr_description: 'x' } };
      const answer = await send([[skill, skill]], { as: 'admin' });
      expect(errorOf(single(readBatch(answer)[0])).message).toContain('already exists');
      expect(await count(skills, "mshr_skill eq 'Tvilling'")).toBe(0);
    });

    test('span native and virtual tables: nothing of either is kept', async () => {
      const unit = { method: 'POST', url: 'businessunits', id: 'unit', body: { name: 'Settenhet' } };
      const root = rowsOf(
        await server.api('businessunits?$filter=_parentbusinessunitid_value eq null', { as: 'admin' }),
      )[0];
      const parent = { 'parentbusinessunitid@odata.bind': `businessunits(${root?.['businessunitid']})` };
      const good = { ...unit, body: { ...unit.body, ...parent } };
      const lost = await send(
        [[good, create('Enhet'), { method: 'DELETE', url: `${candidates}(00000000-0000-0000-0000-000000000009)` }]],
        { as: 'admin' },
      );
      expect(single(readBatch(lost)[0]).status).toBe(404);
      expect([await count('businessunits', "name eq 'Settenhet'"), await named('Enhet')]).toEqual([0, 0]);
      const kept = await send([[good, create('Enhet')]], { as: 'admin' });
      expect(set(readBatch(kept)[0]).map(({ status }) => status)).toEqual([204, 204]);
      expect([await count('businessunits', "name eq 'Settenhet'"), await named('Enhet')]).toEqual([1, 1]);
    });

    test('refer to new rows in URLs, in binds and in @odata.id', async () => {
      const answer = await send(
        [
          [
            {
              method: 'POST',
              url: requests,
              id: 'r',
              body: {
                mshr_dataareaid: 'usmf',
                mshr_description: 'Settforespørsel',
                mshr_jobid: 'Project Manager',
                mshr_status: 200000005,
                mshr_estimatedstartdate: '2026-01-01',
              },
            },
            create('Bundet', {
              id: 'c',
              body: { ...person, mshr_lastname: 'Bundet', 'mshr_FK_RecruitingRequest_id@odata.bind': '$r' },
            }),
            create('Koblet', { id: 'd' }),
            { method: 'PUT', url: '$d/mshr_FK_RecruitingRequest_id/$ref', body: { '@odata.id': '$r' } },
          ],
        ],
        { as: 'admin' },
      );
      expect(set(readBatch(answer)[0]).map(({ status }) => status)).toEqual([204, 204, 204, 204]);
      const rows = rowsOf(
        await server.api(
          `${candidates}?${query({ $filter: "mshr_lastname eq 'Bundet' or mshr_lastname eq 'Koblet'", $expand: 'mshr_FK_RecruitingRequest_id($select=mshr_description)' })}`,
        ),
      );
      expect(rows.map((row) => (row['mshr_FK_RecruitingRequest_id'] as WireRow)['mshr_description'])).toEqual([
        'Settforespørsel',
        'Settforespørsel',
      ]);
    });

    test.each([
      {
        name: 'a reference to a request behind it',
        items: [
          { method: 'PATCH', url: '$2', body: {} },
          { method: 'POST', url: candidates, id: '2', body: person },
        ],
        says: "'$2' does not exist in the batch context",
      },
      {
        name: 'a bind to a request behind it',
        items: [
          { method: 'POST', url: candidates, body: { ...person, 'mshr_FK_RecruitingRequest_id@odata.bind': '$2' } },
        ],
        says: "'$2' does not exist in the batch context",
      },
      {
        name: 'a bind to a row of another table',
        items: [
          { method: 'POST', url: candidates, id: '1', body: person },
          { method: 'POST', url: candidates, body: { ...person, 'mshr_FK_RecruitingRequest_id@odata.bind': '$1' } },
        ],
        says: 'but a row of',
      },
      {
        name: 'a GET',
        items: [{ method: 'POST', url: candidates, body: { ...person, mshr_lastname: 'Lest' } }, { url: pageOf }],
        says: 'GET stands outside',
      },
      { name: 'a function', items: [{ method: 'POST', url: 'WhoAmI', body: {} }], says: 'No HTTP resource was found' },
    ])('with $name are refused', async ({ items, says }) => {
      const answer = await send([items]);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(errorOf(single(readBatch(answer)[0])).message).toContain(says);
      expect(await named('Lest')).toBe(0);
    });

    test('do not see the ids of another change set', async () => {
      const answer = await send([[create('Først', { id: '1' })], [{ method: 'DELETE', url: '$1' }]]);
      expect(errorOf(single(readBatch(answer)[1])).message).toContain("'$1' does not exist");
      expect(await named('Først')).toBe(1);
    });

    test('a role, its privileges, a user and their link come into being together, and are in force at once', async () => {
      const privilege = rowsOf(
        await server.api("privileges?$filter=name eq 'prvReadmshr_hcmskillentity'", { as: 'admin' }),
      )[0];
      const me = bodyOf(await server.api('WhoAmI', { as: 'admin' }));
      const target = rowsOf(
        await server.api(`systemusers?$filter=applicationid eq ${server.env['ROLELESS_CLIENT_ID']}`, { as: 'admin' }),
      )[0];
      const before = await server.api(skills, { as: 'roleless' });
      expect(before.status).toBe(403);
      const answer = await send(
        [
          [
            {
              method: 'POST',
              url: 'roles',
              id: 'role',
              body: { name: 'Settrolle', 'businessunitid@odata.bind': `/businessunits(${me['BusinessUnitId']})` },
            },
            {
              method: 'POST',
              url: '$role/Microsoft.Dynamics.CRM.AddPrivilegesRole',
              body: { Privileges: [{ PrivilegeId: privilege?.['privilegeid'], Depth: 'Global' }] },
            },
            {
              method: 'POST',
              url: `systemusers(${target?.['systemuserid']})/systemuserroles_association/$ref`,
              body: { '@odata.id': '$role' },
            },
          ],
          {
            method: 'DELETE',
            url: `systemusers(${target?.['systemuserid']})/systemuserroles_association/$ref?$id=$role`,
          },
        ],
        { as: 'admin', headers: goOn },
      );
      const [changes, outside] = readBatch(answer);
      expect(set(changes).map(({ status }) => status)).toEqual([204, 204, 204]);
      expect(errorOf(single(outside)).message).toContain("'$role' does not exist");
      // The second gate says what is still missing: the first one lets the user through.
      expect((await server.api(skills, { as: 'roleless' })).status).not.toBe(403);
    });

    test('many at once, on the same row, are all kept', async () => {
      const answer = await send([create('Samtidig', { id: '1' })]);
      const id = /\(([0-9a-f-]{36})\)/.exec(single(readBatch(answer)[0]).headers['odata-entityid'] ?? '')?.[1];
      const sets = await Promise.all(
        Array.from({ length: 12 }, (_, n) =>
          send([
            [
              { method: 'PATCH', url: `${candidates}(${id})`, body: { mshr_comments: `nr ${n}` } },
              create(`Samtidig${n}`),
            ],
          ]),
        ),
      );
      expect(sets.map(({ status }) => status)).toEqual(Array.from({ length: 12 }, () => 200));
      expect(await count(candidates, "startswith(mshr_lastname,'Samtidig')")).toBe(13);
    });
  });

  describe('both gates', () => {
    test('a batch without a token is 401, and of a stranger 403, before it is read', async () => {
      const answer = await server.ask('/api/data/v9.2/$batch', { method: 'POST', headers: batchHeaders(), body: 'x' });
      expect(answer.status).toBe(401);
      expect(errorOf(await send([], { as: 'stranger', body: 'x' }))).toMatchObject({ status: 403, code: '0x80072560' });
    });

    test('stand before every part: who may only read is refused each write, and nothing is kept', async () => {
      const answer = await send([{ url: pageOf }, create('Leser'), [create('Leser')], { url: pageOf }], {
        as: 'reader',
        headers: goOn,
      });
      const parts = readBatch(answer).map(single);
      expect(parts.map(({ status }) => status)).toEqual([200, 403, 403, 200]);
      expect(errorOf(parts[2] as Answer)).toMatchObject({
        code: '0x80040220',
        message: expect.stringContaining('prvCreatemshr_hcmcandidatetohireentity'),
      });
      expect(await named('Leser')).toBe(0);
    });

    test('gate two refuses in a change set what it refuses outside, and undoes what stood before', async () => {
      const answer = await send([[create('Ulenket'), create('Ulenket')]], { as: 'unlinked' });
      expect(errorOf(single(readBatch(answer)[0]))).toMatchObject({ status: 400, code: '0x80040265' });
      const skill = { method: 'POST', url: skills, body: { mshr_skill: 'Stjålet', mshr_description: 'x' } };
      const mixed = await send([[create('Halv'), skill]]);
      expect(single(readBatch(mixed)[0]).status).toBe(400);
      expect([await named('Ulenket'), await named('Halv')]).toEqual([0, 0]);
    });

    test('a user that a part has disabled is refused from the next part on', async () => {
      const reader = rowsOf(
        await server.api(`systemusers?$filter=applicationid eq ${server.env['READER_CLIENT_ID']}`, { as: 'admin' }),
      )[0];
      const path = `systemusers(${reader?.['systemuserid']})`;
      await send([{ method: 'PATCH', url: path, body: { isdisabled: true } }], { as: 'admin' });
      expect((await send([{ url: pageOf }], { as: 'reader' })).status).toBe(403);
      await send([{ method: 'PATCH', url: path, body: { isdisabled: false } }], { as: 'admin' });
      expect((await send([{ url: pageOf }], { as: 'reader' })).status).toBe(200);
    });
  });

  describe('as JSON', () => {
    const ask = async (list: readonly object[], more: AskAs = {}): Promise<readonly WireRow[]> => {
      const answer = await server.api('$batch', { method: 'POST', body: { requests: list }, ...more });
      expect(answer.headers['portvakt-differs']).toContain('json-batch');
      return rowsOf(bodyOf(answer)['responses']);
    };
    const make = (id: string, lastName: string, more: object = {}): object => ({
      id,
      method: 'post',
      url: candidates,
      body: { ...person, mshr_lastname: lastName },
      ...more,
    });

    test('requests are answered by id, with lower-case headers, and JSON bodies as JSON', async () => {
      const [page, made, number, lost] = await ask([
        { id: 'a', method: 'get', url: `/api/data/v9.2/${pageOf}` },
        make('b', 'Jason'),
        { id: 'c', method: 'GET', url: `${requests}/$count` },
        { id: 'd', method: 'get', url: 'nothing' },
      ]);
      expect(page).toMatchObject({ id: 'a', status: 200, body: { value: [{}] } });
      expect(made).toMatchObject({ id: 'b', status: 204, headers: { location: expect.stringContaining(candidates) } });
      expect(made).not.toHaveProperty('body');
      expect(number).toMatchObject({ id: 'c', status: 200, body: expect.stringMatching(/^\d+$/) });
      expect(lost).toMatchObject({ id: 'd', status: 404, body: { error: { code: '0x8006088a' } } });
    });

    test('references reach requests before them, in URLs, bodies and If-Match', async () => {
      const answers = await ask([
        make('1', 'Referert'),
        { id: '2', method: 'get', url: '$1?$select=mshr_lastname', dependsOn: ['1'] },
        {
          id: '3',
          method: 'patch',
          url: '$1',
          dependsOn: ['1', '2'],
          headers: { 'if-match': '$2' },
          body: { mshr_comments: 'ny' },
        },
        {
          id: '4',
          method: 'patch',
          url: '$1',
          dependsOn: ['1', '2'],
          headers: { 'if-match': '$2' },
          body: { mshr_comments: 'for sent' },
        },
      ]);
      expect(answers.map(({ status }) => status)).toEqual([204, 200, 204, 412]);
    });

    test('what depends on a failure is 424, in a group as well, and nothing of the group is kept', async () => {
      const answers = await ask([
        { id: '1', method: 'get', url: 'nothing' },
        make('2', 'Avhengig', { dependsOn: ['1'] }),
        make('3', 'Avhengig', { atomicityGroup: 'g' }),
        { id: '4', method: 'patch', url: '$3', atomicityGroup: 'g', body: { mshr_nope: 1 } },
        make('5', 'Avhengig', { dependsOn: ['g'] }),
        make('6', 'Uavhengig'),
        make('7', 'Avhengig', { if: '$6/$succeeded', dependsOn: ['6'] }),
        make('8', 'Avhengig', { if: 'true', atomicityGroup: 'h' }),
        make('9', 'Avhengig', { atomicityGroup: 'h' }),
      ]);
      const statuses = Object.fromEntries(answers.map(({ id, status }) => [String(id), status]));
      expect(statuses).toEqual({ 1: 404, 2: 424, 3: 424, 4: 400, 5: 424, 6: 204, 7: 501, 8: 501, 9: 424 });
      expect(answers.find(({ id }) => id === '3')?.['atomicityGroup']).toBe('g');
      expect([await named('Avhengig'), await named('Uavhengig')]).toEqual([0, 1]);
    });

    test('what depends on a row that was not modified is 424: only 2xx is success', async () => {
      const row = rowsOf(await server.api('businessunits?$top=1', { as: 'admin' }))[0] ?? {};
      const url = `businessunits(${row['businessunitid']})`;
      const headers = { 'if-none-match': String(row['@odata.etag']) };
      const answers = await ask(
        [
          { id: '1', method: 'get', url, headers },
          { id: '2', method: 'get', url, dependsOn: ['1'] },
        ],
        { as: 'admin' },
      );
      expect(answers.map(({ status }) => status)).toEqual([304, 424]);
    });

    test('a group is kept as a whole, and seen by what comes after', async () => {
      const answers = await ask([
        make('1', 'Gruppert', { atomicityGroup: 'g' }),
        {
          id: '2',
          method: 'patch',
          url: '$1',
          atomicityGroup: 'g',
          dependsOn: ['1'],
          body: { mshr_comments: 'sammen' },
        },
        { id: '3', method: 'get', url: '$1?$select=mshr_comments', dependsOn: ['g'] },
      ]);
      expect(answers.map(({ status }) => status)).toEqual([204, 204, 200]);
      expect(answers[2]?.['body']).toMatchObject({ mshr_comments: 'sammen' });
    });

    test('stops at the first failure where continue-on-error=false', async () => {
      const answers = await ask([{ id: '1', method: 'get', url: 'nothing' }, make('2', 'Stopp')], {
        headers: { prefer: 'continue-on-error=false' },
      });
      expect(answers).toHaveLength(1);
      expect(await named('Stopp')).toBe(0);
    });

    test('gates stand before its requests as well', async () => {
      const answers = await ask([make('1', 'JLeser'), make('2', 'JLeser', { atomicityGroup: 'g' })], { as: 'reader' });
      expect(answers.map(({ status }) => status)).toEqual([403, 403]);
      expect(await named('JLeser')).toBe(0);
    });
  });
});
