import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { batchHeaders, type Part, readBatch, set, single, writeBatch } from '../support/batch.ts';
import { type AskAs, type Connection, connect } from '../support/connection.ts';
import { databaseSettings, engines, makeDatabase, type TestDatabase } from '../support/database.ts';
import { bodyOf, errorOf, query, rowsOf } from '../support/odata.ts';
import { killServers, startServerProcess } from '../support/process.ts';

const candidates = 'mshr_hcmcandidatetohireentities';
const requests = 'mshr_hcmrecruitingrequestentities';
const person = { mshr_firstname: 'Kari', mshr_lastname: 'Nordmann', mshr_dataareaid: 'usmf' };

/** One request that the real product refuses. `{candidate}` and `{request}` are rows of the demo, `{unused}` is no row's id. */
interface Row extends AskAs {
  readonly name: string;
  readonly rule: string;
  readonly path: string;
  /** Status by default. */
  readonly status: number;
  readonly strict: readonly [status: number, code: string];
}

const rows: readonly Row[] = [
  {
    name: 'a filter on a lookup',
    rule: 'virtual-lookup-filter',
    path: `${candidates}?${query({ $filter: '_mshr_fk_person_id_value ne null' })}`,
    status: 200,
    strict: [400, '0x80044822'],
  },
  {
    name: 'a filter through a lookup',
    rule: 'virtual-lookup-filter',
    path: `${requests}?${query({ $filter: "mshr_FK_Job_id/mshr_jobid eq 'Project Manager'" })}`,
    status: 200,
    strict: [400, '0x80044822'],
  },
  {
    name: 'an update of one version',
    rule: 'virtual-precondition',
    path: `${candidates}({candidate})`,
    method: 'PATCH',
    body: { mshr_comments: 'x' },
    headers: { 'if-match': 'W/"1"' },
    status: 412,
    strict: [400, '0x8006088d'],
  },
  {
    name: 'a create under an id of the client',
    rule: 'virtual-upsert',
    path: `${candidates}({unused})`,
    method: 'PATCH',
    body: person,
    status: 204,
    strict: [400, '0x80044822'],
  },
  {
    name: "a candidate's request by its lookup, on create",
    rule: 'candidate-request-lookup',
    path: candidates,
    method: 'POST',
    body: { ...person, 'mshr_FK_RecruitingRequest_id@odata.bind': `/${requests}({request})` },
    status: 204,
    strict: [400, '0x80040265'],
  },
  {
    name: "a candidate's request by its lookup, with $ref",
    rule: 'candidate-request-lookup',
    path: `${candidates}({candidate})/mshr_FK_RecruitingRequest_id/$ref`,
    method: 'PUT',
    body: { '@odata.id': `${requests}({request})` },
    status: 204,
    strict: [400, '0x80040265'],
  },
];

describe.each(engines)('what only Portvakt gives, on %s', (engine) => {
  let folder: string;
  let database: TestDatabase | undefined;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'portvakt-fidelity-'));
    database = engine === 'postgres' ? await makeDatabase(inject('postgresUrl')) : undefined;
  });
  afterAll(async () => {
    killServers();
    await database?.drop();
    await rm(folder, { recursive: true });
  });

  const start = async (fidelity: string): Promise<Connection> => {
    const settings = {
      PORTVAKT_DATA: folder,
      PORTVAKT_PORT: '0',
      PORTVAKT_FIDELITY: fidelity,
      ...databaseSettings(database?.url),
    };
    return connect((await startServerProcess({ settings })).url, folder);
  };
  const ask = async (server: Connection, { path, body, ...more }: Row) => {
    const text = JSON.stringify({ path, body });
    const first = async (set: string, key: string) =>
      String(rowsOf(await server.api(`${set}?$top=1&$select=${key}`))[0]?.[key]);
    const ids: Readonly<Record<string, string>> = {
      candidate: await first(candidates, 'mshr_hcmcandidatetohireentityid'),
      request: await first(requests, 'mshr_hcmrecruitingrequestentityid'),
      unused: randomUUID(),
    };
    const filled = JSON.parse(
      text.replace(/\{(candidate|request|unused)\}/g, (_, name: string) => ids[name] ?? ''),
    ) as Row;
    return server.api(filled.path, { ...more, body: filled.body });
  };

  describe('by default', () => {
    let server: Connection;
    beforeAll(async () => {
      server = await start('extended');
    });
    afterAll(killServers);

    test.each(rows)('$name is given, and the answer says so', async (row) => {
      const answer = await ask(server, row);
      expect(answer.status).toBe(row.status);
      expect(answer.headers['portvakt-differs']?.split(', ')).toContain(row.rule);
    });

    test('rows carry an ETag, and text that was never set is null', async () => {
      const answer = await server.api(`${candidates}?$select=mshr_middlename&$top=1`);
      expect(answer.headers['portvakt-differs']).toBe('unset-text, virtual-etag');
      expect(rowsOf(answer)[0]).toMatchObject({ '@odata.etag': expect.any(String), mshr_middlename: null });
    });

    test('what the real product gives as well goes without the header', async () => {
      expect((await server.api(`${candidates}/$count`)).headers['portvakt-differs']).toBeUndefined();
      const made = await server.api(candidates, { method: 'POST', body: person });
      expect([made.status, made.headers['portvakt-differs']]).toEqual([204, undefined]);
    });
  });

  describe('PORTVAKT_FIDELITY=strict', () => {
    let server: Connection;
    beforeAll(async () => {
      server = await start('strict');
    });
    afterAll(killServers);

    test.each(rows)("$name is refused with the real product's code", async (row) => {
      const before = (await server.api(`${candidates}/$count`)).text;
      const answer = await ask(server, row);
      const [status, code] = row.strict;
      expect(errorOf(answer)).toMatchObject({ status, code });
      expect(answer.headers['portvakt-differs']).toBeUndefined();
      expect((await server.api(`${candidates}/$count`)).text).toBe(before);
    });

    const sendSet = (server: Connection, parts: readonly Part[]) =>
      server.api('$batch', { method: 'POST', headers: batchHeaders(), body: writeBatch([parts]) });
    const made: Part = { method: 'POST', url: candidates, body: person };

    test('a change set with several writes on virtual tables is refused, and one with a single write is not', async () => {
      const before = (await server.api(`${candidates}/$count`)).text;
      const [refused] = readBatch(await sendSet(server, [made, made]));
      expect(errorOf(single(refused))).toMatchObject({ status: 400, code: '0x80040265' });
      expect((await server.api(`${candidates}/$count`)).text).toBe(before);
      const kept = await sendSet(server, [made]);
      expect(set(readBatch(kept)[0]).map(({ status }) => status)).toEqual([204]);
      expect(kept.headers['portvakt-differs']).toBeUndefined();
    });

    test('a JSON batch is refused', async () => {
      const body = { requests: [{ id: '1', method: 'get', url: 'WhoAmI' }] };
      const answer = await server.api('$batch', { method: 'POST', body });
      expect(errorOf(answer)).toMatchObject({ status: 415, code: '0x80060888' });
    });

    test('rows carry no ETag, and text that was never set is empty', async () => {
      const answer = await server.api(`${candidates}?$select=mshr_middlename&$top=1`);
      expect(answer.headers['portvakt-differs']).toBeUndefined();
      const [row] = rowsOf(answer);
      expect(row).toMatchObject({ mshr_middlename: '' });
      expect(row).not.toHaveProperty('@odata.etag');
      const one = await server.api(
        `${candidates}(${row?.['mshr_hcmcandidatetohireentityid']})?$select=mshr_middlename`,
      );
      expect(one.headers['etag']).toBeUndefined();
    });

    test('If-Match: * and native tables work as ever', async () => {
      const [row] = rowsOf(await server.api(`${candidates}?$top=1&$select=mshr_comments`));
      const path = `${candidates}(${row?.['mshr_hcmcandidatetohireentityid']})`;
      const body = { mshr_comments: 'y' };
      expect((await server.api(path, { method: 'PATCH', body, headers: { 'if-match': '*' } })).status).toBe(204);
      const user = bodyOf(await server.api('WhoAmI'))['UserId'];
      const native = await server.api(`systemusers(${user})?$select=fullname`, { as: 'admin' });
      expect(bodyOf(native)).toHaveProperty('@odata.etag');
    });
  });
});
