import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { batchHeaders, type Item, readBatch, set, single, writeBatch } from '../support/batch.ts';
import type { Answer } from '../support/client.ts';
import type { AskAs } from '../support/connection.ts';
import { engines } from '../support/database.ts';
import { entryOf, readAuditOf } from '../support/read-audit.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const requests = 'mshr_hcmrecruitingrequestentities';
const candidates = 'mshr_hcmcandidatetohireentities';
const candidateTable = 'mshr_hcmcandidatetohireentity';
const unknownId = '99999999-9999-4999-8999-999999999999';
/** Stands in the requests of this file wherever a person's data could stand, and may be nowhere in the log. */
const marker = 'Hemmeligsen';
const person = {
  mshr_dataareaid: 'usmf',
  mshr_recruitingrequestid: 'USMF-000001',
  mshr_firstname: 'Kari',
  mshr_lastname: marker,
};

interface Row {
  readonly name: string;
  readonly path: string;
  readonly options: AskAs;
  readonly status: number;
  readonly entry: Readonly<Record<string, unknown>>;
}

const denied: readonly Row[] = [
  {
    name: 'a request without a token',
    path: requests,
    options: { headers: { authorization: 'Basic eDp5' } },
    status: 401,
    entry: { kind: 'read', outcome: 'denied', stage: 'authenticate', code: '0x80044300' },
  },
  {
    name: 'an application that is no user',
    path: requests,
    options: { as: 'stranger' },
    status: 403,
    entry: { kind: 'read', stage: 'user', code: '0x80072560', reason: /no application user has client id / },
  },
  {
    name: 'a user without a role: gate one',
    path: requests,
    options: { as: 'roleless' },
    status: 403,
    entry: { kind: 'read', stage: 'table', code: '0x80042f09', reason: /prvReadmshr_hcmrecruitingrequestentity/i },
  },
  {
    name: 'a create that the role does not allow: gate one',
    path: candidates,
    options: { as: 'reader', method: 'POST', body: person },
    status: 403,
    entry: {
      kind: 'change',
      stage: 'table',
      code: '0x80040220',
      table: candidateTable,
      reason: /is missing prvCreatemshr_hcmcandidatetohireentity privilege/,
    },
  },
  {
    name: 'an application that is linked to nobody: gate two',
    path: requests,
    options: { as: 'unlinked' },
    status: 400,
    entry: { kind: 'read', stage: 'link', code: '0x80040265', table: 'mshr_hcmrecruitingrequestentity' },
  },
];

const failed: readonly Row[] = [
  {
    name: 'a filter that cannot be read',
    path: `${candidates}?$filter=mshr_lastname%20eq%20'${marker}'%20or`,
    options: {},
    status: 400,
    entry: { kind: 'read', outcome: 'failed', stage: 'parse' },
  },
  {
    name: 'a segment that is none',
    path: `${marker}('${marker}')`,
    options: {},
    status: 404,
    entry: { kind: 'read', outcome: 'failed', stage: 'parse' },
  },
  {
    name: 'a row that is not there',
    path: `${candidates}(${unknownId})`,
    options: {},
    status: 404,
    entry: { kind: 'read', outcome: 'failed', stage: 'run', targetId: unknownId, table: candidateTable },
  },
  {
    name: 'a value of the wrong type',
    path: candidates,
    options: { method: 'POST', body: { ...person, mshr_gender: marker } },
    status: 400,
    entry: { kind: 'change', outcome: 'failed', stage: 'parse' },
  },
  {
    name: 'a property that is none',
    path: candidates,
    options: { method: 'POST', body: { ...person, [marker]: 1 } },
    status: 400,
    entry: { kind: 'change', outcome: 'failed', stage: 'parse' },
  },
  {
    name: 'a body that is no JSON',
    path: candidates,
    options: { method: 'POST', body: `{"mshr_lastname": ${marker}`, headers: { 'content-type': 'application/json' } },
    status: 400,
    entry: { kind: 'change', outcome: 'failed', stage: 'parse' },
  },
  {
    name: 'business logic that says no',
    path: candidates,
    options: { method: 'POST', body: { ...person, mshr_recruitingrequestid: `${marker}-1` } },
    status: 400,
    entry: { kind: 'change', outcome: 'failed', stage: 'run', table: candidateTable },
  },
];

describe.each(engines)('what the Web API leaves in the audit log, on %s', (engine) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer(engine);
  });
  afterAll(() => server.close());

  const expectEntry = async (answer: Answer, entry: Readonly<Record<string, unknown>>) => {
    const { reason, ...rest } = entry;
    const found = await entryOf(server, answer.headers['req_id']);
    expect(found).toMatchObject({ surface: 'web-api', status: answer.status, ...rest });
    if (reason instanceof RegExp) expect(found.reason).toMatch(reason);
    return found;
  };

  test.each(denied)('$name: one entry with the true reason', async ({ path, options, status, entry }) => {
    const answer = await server.ask(`/api/data/v9.2/${path}`, options);
    expect(answer.status).toBe(status);
    const found = await expectEntry(answer, { outcome: 'denied', reason: /./, ...entry });
    expect(found.remoteAddress).toMatch(/127\.0\.0\.1$|^::1$/);
    expect(found.environmentId).toMatch(/^[0-9a-f-]{36}$/);
  });

  test.each(failed)('$name: one entry, without what was sent', async ({ path, options, status, entry }) => {
    const answer = await server.api(path, options);
    expect(answer.status).toBe(status);
    const found = await expectEntry(answer, entry);
    expect(found.reason).not.toBe('');
    expect(JSON.stringify(found)).not.toContain(marker);
  });

  test('a right of Human Resources that is missing: gate two, with the user that was tried', async () => {
    const key =
      "SecurityUserRoleAssociations(UserId='RekrutteringLeser',SecurityRoleIdentifier='HcmRecruitingIntegrator')";
    expect((await server.data(key, { method: 'DELETE' })).status).toBe(204);
    const answer = await server.api(requests, { as: 'reader' });
    expect(answer.status).toBe(400);
    await expectEntry(answer, {
      outcome: 'denied',
      stage: 'data',
      hrUserId: 'RekrutteringLeser',
      reason: /no role of user RekrutteringLeser grants Read on/,
    });
    const body = { UserId: 'RekrutteringLeser', SecurityRoleIdentifier: 'HcmRecruitingIntegrator' };
    expect((await server.data('SecurityUserRoleAssociations', { method: 'POST', body })).status).toBe(201);
  });

  test('a read that is allowed: who, as whom, what, a second later at most', async () => {
    const answer = await server.api(`${requests}?$top=1&$select=mshr_recruitingrequestid`);
    const found = await expectEntry(answer, {
      kind: 'read',
      outcome: 'allowed',
      method: 'GET',
      clientId: server.env.CLIENT_ID,
      hrUserId: 'RekrutteringIntegrasjon',
      table: 'mshr_hcmrecruitingrequestentity',
    });
    expect(found.userId).toMatch(/^[0-9a-f-]{36}$/);
    expect(found.tokenId).toMatch(/./);
    expect(found).not.toHaveProperty('reason');
  });

  test('a change that is allowed is there when the answer is, with the id of the row', async () => {
    const created = await server.api(candidates, { method: 'POST', body: person });
    const id = /\(([0-9a-f-]{36})\)$/.exec(created.headers['odata-entityid'] ?? '')?.[1];
    const [entry, ...more] = await readAuditOf(server, { id: created.headers['req_id'] ?? '' });
    expect(more).toEqual([]);
    expect(entry).toMatchObject({
      kind: 'change',
      outcome: 'allowed',
      table: candidateTable,
      targetId: id,
      status: 204,
    });
    const changed = await server.api(`${candidates}(${id})`, { method: 'PATCH', body: { mshr_firstname: marker } });
    const [patch] = await readAuditOf(server, { id: changed.headers['req_id'] ?? '' });
    expect(patch).toMatchObject({ kind: 'change', method: 'PATCH', targetId: id });
    const gone = await server.api(`${candidates}(${id})`, { method: 'DELETE' });
    const [remove] = await readAuditOf(server, { id: gone.headers['req_id'] ?? '' });
    expect(remove).toMatchObject({ kind: 'change', method: 'DELETE', targetId: id });
  });

  test("functions are reads with their name; the API's own documents are reads", async () => {
    await expectEntry(await server.api('WhoAmI'), { kind: 'read', message: 'WhoAmI' });
    await expectEntry(await server.api('$metadata'), { kind: 'read', outcome: 'allowed' });
    await expectEntry(await server.api(`${requests}/$count`), { kind: 'read', message: '$count' });
  });

  test('definitions are named: the table, or the id of what was made and deleted', async () => {
    const read = await server.api(`EntityDefinitions(LogicalName='${candidateTable}')/Attributes`);
    await expectEntry(read, { kind: 'read', message: 'EntityDefinitions', table: candidateTable });
    await expectEntry(await server.api(`EntityDefinitions(LogicalName='${marker}')`), { message: 'EntityDefinitions' });
    const body = {
      '@odata.type': 'Microsoft.Dynamics.CRM.OptionSetMetadata',
      Name: 'new_audited',
      OptionSetType: 'Picklist',
      DisplayName: { LocalizedLabels: [{ Label: marker, LanguageCode: 1033 }] },
      Options: [],
    };
    const made = await server.api('GlobalOptionSetDefinitions', { as: 'admin', method: 'POST', body });
    const [, path = '', targetId] =
      /(GlobalOptionSetDefinitions\((.*)\))$/.exec(made.headers['odata-entityid'] ?? '') ?? [];
    const entry = { kind: 'change', message: 'GlobalOptionSetDefinitions', targetId };
    await expectEntry(made, { ...entry, method: 'POST' });
    await expectEntry(await server.api(path, { method: 'DELETE' }), {
      ...entry,
      outcome: 'denied',
      code: '0x80040220',
    });
    await expectEntry(await server.api(path, { as: 'admin', method: 'DELETE' }), { ...entry, outcome: 'allowed' });
  });

  const unlinked = 'mshr_hcmjobentity';
  const used = [
    { name: 'a read of one table: the entry says it', path: `${requests}?$top=1`, shapes: undefined },
    {
      name: 'an expand',
      path: `${candidates}?$top=1&$select=mshr_lastname&$expand=mshr_FK_Person_id($select=mshr_name)`,
      shapes: [
        { kind: 'read', table: candidateTable },
        { kind: 'read', table: 'mshr_dirpersonentity' },
      ],
    },
    {
      name: 'a filter by another table',
      path: `${candidates}?$top=1&$filter=mshr_FK_Person_id/mshr_name%20eq%20'${marker}'`,
      shapes: [
        { kind: 'read', table: candidateTable },
        { kind: 'read', table: 'mshr_dirpersonentity' },
      ],
    },
    {
      name: 'a create that names a legal entity',
      path: candidates,
      options: { method: 'POST', body: person },
      shapes: [{ kind: 'create', table: candidateTable, company: 'usmf' }],
    },
    {
      name: 'a create that is answered with its row',
      path: candidates,
      options: { method: 'POST', body: person, headers: { prefer: 'return=representation' } },
      shapes: [
        { kind: 'create', table: candidateTable, company: 'usmf' },
        { kind: 'read', table: candidateTable },
      ],
    },
    { name: 'a function', path: 'WhoAmI', shapes: [{ kind: 'message', message: 'WhoAmI' }] },
    {
      name: 'definitions',
      path: `EntityDefinitions(LogicalName='${unlinked}')?$select=LogicalName`,
      shapes: [{ kind: 'definition', privileges: ['prvReadEntity'] }],
    },
  ];

  test.each(used)('$name: which rights an allowed request made use of', async ({ path, options = {}, shapes }) => {
    const answer = await server.api(path, options);
    expect(answer.status).toBeLessThan(300);
    expect((await expectEntry(answer, { outcome: 'allowed' })).shapes).toEqual(shapes);
  });

  test('rows that one request makes: the rights of all of them, told once', async () => {
    const type = 'Microsoft.Dynamics.CRM.team';
    const who = await server.api('WhoAmI', { as: 'admin' });
    const unit = `/businessunits(${(who.json() as { BusinessUnitId: string }).BusinessUnitId})`;
    const team = (name: string) => ({
      ...{ '@odata.type': type, name, teamtype: 0, 'businessunitid@odata.bind': unit },
    });
    const body = { Targets: [team('Brukt 1'), team('Brukt 2')] };
    const path = 'teams/Microsoft.Dynamics.CRM.CreateMultiple';
    const answer = await server.api(path, { as: 'admin', method: 'POST', body });
    expect(answer.status).toBe(200);
    const entries = await readAuditOf(server, { id: answer.headers['req_id'] ?? '' });
    expect(entries.flatMap(({ shapes }) => (shapes === undefined ? [] : [shapes]))).toEqual([
      [{ kind: 'create', table: 'team', navigations: ['businessunitid'] }],
    ]);
  });

  describe('of a batch', () => {
    const send = (items: readonly Item[]): Promise<Answer> =>
      server.api('$batch', { method: 'POST', body: writeBatch(items), headers: batchHeaders() });
    const create = (more: object = {}) => ({ method: 'POST', url: candidates, body: { ...person, ...more } });

    test('each request has an entry of its own, and the batch has one', async () => {
      const answer = await send([{ url: `${requests}?$top=1` }, create(), { url: `${marker}s` }]);
      const parts = readBatch(answer).map(single);
      expect(parts.map(({ status }) => status)).toEqual([200, 204, 404]);
      await expectEntry(answer, { kind: 'read', message: '$batch', outcome: 'allowed' });
      const expected = [
        { kind: 'read', outcome: 'allowed', hrUserId: 'RekrutteringIntegrasjon' },
        { kind: 'change', outcome: 'allowed', table: candidateTable },
        { kind: 'read', outcome: 'failed', stage: 'parse' },
      ];
      for (const [index, part] of parts.entries()) await expectEntry(part, expected[index] ?? {});
    });

    test('a change set that is kept: each of its requests', async () => {
      const answer = await send([
        [
          { ...create(), id: '1' },
          { ...create(), id: '2' },
        ],
      ]);
      const parts = set(readBatch(answer)[0]);
      for (const part of parts) {
        const [entry] = await readAuditOf(server, { id: part.headers['req_id'] ?? '' });
        expect(entry).toMatchObject({ kind: 'change', outcome: 'allowed', table: candidateTable, status: 204 });
        expect(entry?.targetId).toMatch(/^[0-9a-f-]{36}$/);
      }
    });

    test('a change set that is undone: the request that failed, and those that it took along', async () => {
      const before = await readAuditOf(server);
      const bad = { ...create({ mshr_recruitingrequestid: `${marker}-2` }), id: '2' };
      const answer = await send([[{ ...create(), id: '1' }, bad, { ...create(), id: '3' }]]);
      const culprit = readBatch(answer).map(single)[0] as Answer;
      await expectEntry(culprit, { kind: 'change', outcome: 'failed', stage: 'run', status: 400 });
      const known = new Set(before.map(({ requestId }) => requestId));
      const fresh = (await readAuditOf(server)).filter(
        ({ requestId, kind }) => !known.has(requestId) && kind === 'change',
      );
      expect(fresh.map(({ outcome, status }) => [outcome, status])).toEqual([
        ['failed', 400],
        ['failed', 424],
      ]);
      expect(fresh[1]?.reason).toContain('undone');
    });
  });

  test('nothing that anybody sent or was given is in the log: no name, no secret, no token', async () => {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const text = JSON.stringify(await readAuditOf(server));
    expect(text.length).toBeGreaterThan(10_000);
    const token = await server.token('ats');
    const secrets = Object.entries(server.env).flatMap(([name, value]) => (name.endsWith('SECRET') ? [value] : []));
    expect(secrets.length).toBeGreaterThan(3);
    for (const secret of [...secrets, ...token.split('.'), marker, 'Kari']) {
      expect(text).not.toContain(JSON.stringify(secret).slice(1, -1));
    }
  });
});
