import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { batchHeaders, type Item, readBatch, set, single, writeBatch } from '../support/batch.ts';
import type { Answer } from '../support/client.ts';
import { engines } from '../support/database.ts';
import { entryOf, readAuditOf } from '../support/read-audit.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const requests = 'mshr_hcmrecruitingrequestentities';
const candidates = 'mshr_hcmcandidatetohireentities';

const errorOf = (answer: Answer) => (answer.json() as { error: { code: string; message: string } }).error;
const rowsOf = (answer: Answer) => (answer.json() as { value: Record<string, string>[] }).value;
const whoIn = (answer: Answer): string => (answer.json() as { UserId: string }).UserId;

describe.each(engines)('impersonation over HTTPS on %s', (engine) => {
  let server: TestServer;
  let ids: Record<'admin' | 'ats' | 'reader', { user: string; object: string }>;

  beforeAll(async () => {
    server = await startTestServer(engine);
    const find = async (clientId: string) => {
      const filter = encodeURIComponent(`applicationid eq ${clientId}`);
      const path = `systemusers?$select=systemuserid,azureactivedirectoryobjectid&$filter=${filter}`;
      const [row] = rowsOf(await server.api(path, { as: 'admin' }));
      return { user: row?.['systemuserid'] ?? '', object: row?.['azureactivedirectoryobjectid'] ?? '' };
    };
    ids = {
      admin: await find(server.env.ADMIN_CLIENT_ID),
      ats: await find(server.env.CLIENT_ID),
      reader: await find(server.env.READER_CLIENT_ID),
    };
  });
  afterAll(() => server.close());

  const asReader = () => ({ MSCRMCallerID: ids.reader.user });
  const candidate = { mshr_dataareaid: 'usmf', mshr_firstname: 'Kari', mshr_lastname: 'Nordmann' };
  const send = (items: readonly Item[], headers: Record<string, string> = {}) =>
    server.api('$batch', {
      method: 'POST',
      as: 'admin',
      headers: { ...batchHeaders(), ...headers },
      body: writeBatch(items),
    });

  test.each([
    { name: 'CallerObjectId', headers: () => ({ CallerObjectId: ids.reader.object }) },
    { name: 'MSCRMCallerID', headers: () => ({ MSCRMCallerID: ids.reader.user.toUpperCase() }) },
  ])('$name answers as the other user', async ({ headers }) => {
    const answer = await server.api('WhoAmI', { as: 'admin', headers: headers() });
    expect([answer.status, whoIn(answer)]).toEqual([200, ids.reader.user]);
    expect(whoIn(await server.api('WhoAmI', { as: 'admin' }))).toBe(ids.admin.user);
  });

  test('rights are those that both have, on tables, definitions and relations alike', async () => {
    const options = { as: 'admin', headers: asReader() } as const;
    expect((await server.api(`${requests}?$top=1`, options)).status).toBe(200);
    const refused = await server.api(candidates, { method: 'POST', body: candidate, ...options });
    expect(refused.status).toBe(403);
    expect(errorOf(refused).code).toBe('0x80040220');
    expect(errorOf(refused).message).toMatch(
      new RegExp(`^Principal user \\(Id=${ids.reader.user}, .* is missing prvCreatemshr_hcmcandidatetohireentity`),
    );
    expect((await server.api("EntityDefinitions(LogicalName='role')?$select=LogicalName", options)).status).toBe(200);
    const table = { '@odata.type': 'Microsoft.Dynamics.CRM.EntityMetadata', SchemaName: 'new_Nei' };
    const defined = await server.api('EntityDefinitions', { method: 'POST', body: table, ...options });
    expect(errorOf(defined)).toMatchObject({ code: '0x80040220' });
    const path = `systemusers(${ids.ats.user})/systemuserroles_association?$select=name`;
    expect((await server.api(path, options)).status).toBe(200);
    expect((await server.api(`teams(${ids.ats.user})/teammembership_association`, options)).status).toBe(403);
  });

  test('who lacks the privilege is refused, whomever they name', async () => {
    for (const headers of [asReader(), { CallerObjectId: '00000000-0000-4000-8000-000000000001' }]) {
      const answer = await server.api('WhoAmI', { headers });
      expect(answer.status).toBe(403);
      expect(errorOf(answer)).toEqual({
        code: '0x8004a110',
        message: 'User does not have the privilege to act on behalf another user.',
      });
    }
  });

  test('the role Delegate lets an application act for others, with no more than it has itself', async () => {
    const filter = encodeURIComponent("name eq 'Delegate'");
    const [role] = rowsOf(await server.api(`roles?$select=roleid&$filter=${filter}`, { as: 'admin' }));
    const body = { '@odata.id': `${server.url}/api/data/v9.2/roles(${role?.['roleid']})` };
    const link = `systemusers(${ids.ats.user})/systemuserroles_association`;
    expect((await server.api(`${link}/$ref`, { method: 'POST', body, as: 'admin' })).status).toBe(204);
    const asAdmin = { headers: { CallerObjectId: ids.admin.object } };
    expect(whoIn(await server.api('WhoAmI', asAdmin))).toBe(ids.admin.user);
    const answer = await server.api('teams', asAdmin);
    expect(errorOf(answer).message).toMatch(
      new RegExp(
        `^Principal user \\(Id=${ids.ats.user}, .* is missing prvReadTeam .*context\\.Caller=${ids.admin.user}\\.`,
      ),
    );
    await server.api(`${link}(${role?.['roleid']})/$ref`, { method: 'DELETE', as: 'admin' });
    expect((await server.api('WhoAmI', asAdmin)).status).toBe(403);
  });

  test('the second gate sees the Human Resources user of the other, and the log names both', async () => {
    const answer = await server.api(`${requests}?$top=1`, { as: 'admin', headers: asReader() });
    expect(await entryOf(server, answer.headers['req_id'])).toMatchObject({
      outcome: 'allowed',
      clientId: server.env.ADMIN_CLIENT_ID,
      actorId: ids.admin.user,
      userId: ids.reader.user,
      hrUserId: 'RekrutteringLeser',
    });
    const refused = await server.api('WhoAmI', { headers: asReader() });
    const entry = await entryOf(server, refused.headers['req_id']);
    expect(entry).toMatchObject({ outcome: 'denied', stage: 'user', actorId: ids.ats.user, code: '0x8004a110' });
    const own = await server.api('WhoAmI', { as: 'admin' });
    expect(await entryOf(server, own.headers['req_id'])).not.toHaveProperty('actorId');
  });

  test('in a batch a part is answered in its own name, else in the one of the batch', async () => {
    const items = [{ url: 'WhoAmI' }, { url: 'WhoAmI', headers: { CallerObjectId: ids.ats.object } }];
    const [first, second] = readBatch(await send(items, asReader())).map((item) => whoIn(single(item)));
    expect([first, second]).toEqual([ids.reader.user, ids.ats.user]);
    const [plain, named] = readBatch(await send([{ url: 'WhoAmI' }, { url: 'WhoAmI', headers: asReader() }]));
    expect([whoIn(single(plain)), whoIn(single(named))]).toEqual([ids.admin.user, ids.reader.user]);
  });

  test('in a change set nothing is kept of what the other may not do', async () => {
    const create = { method: 'POST', url: candidates, body: candidate };
    const count = async () => (await server.api(`${candidates}/$count`)).text;
    const before = await count();
    const answers = readBatch(
      await send([
        [
          { ...create, id: '1' },
          { ...create, id: '2', headers: asReader() },
        ],
      ]),
    );
    expect(errorOf(single(answers[0])).code).toBe('0x80040220');
    expect(await count()).toBe(before);
    const asAts = { MSCRMCallerID: ids.ats.user };
    const kept = readBatch(await send([[{ ...create, id: '1', headers: asAts }]]));
    expect(set(kept[0]).map(({ status }) => status)).toEqual([204]);
    const [entry] = await readAuditOf(server, { id: set(kept[0])[0]?.headers['req_id'] ?? '' });
    expect(entry).toMatchObject({ actorId: ids.admin.user, userId: ids.ats.user, hrUserId: 'RekrutteringIntegrasjon' });
  });

  test('a batch in the name of nobody is refused as a whole', async () => {
    const answer = await send([{ url: 'WhoAmI' }], { MSCRMCallerID: '00000000-0000-4000-8000-000000000001' });
    expect([answer.status, errorOf(answer).code]).toEqual([404, '0x80040217']);
  });

  test('a row of a custom table tells who made it, and on whose behalf', async () => {
    const label = (text: string) => ({ LocalizedLabels: [{ Label: text, LanguageCode: 1033 }] });
    const name = {
      '@odata.type': 'Microsoft.Dynamics.CRM.StringAttributeMetadata',
      SchemaName: 'new_Name',
      IsPrimaryName: true,
      MaxLength: 100,
      DisplayName: label('Name'),
    };
    const table = {
      '@odata.type': 'Microsoft.Dynamics.CRM.EntityMetadata',
      SchemaName: 'new_Memo',
      DisplayName: label('Memo'),
      DisplayCollectionName: label('Memos'),
      OwnershipType: 'UserOwned',
      HasActivities: false,
      HasNotes: false,
      Attributes: [name],
    };
    const created = await server.api('EntityDefinitions', { method: 'POST', body: table, as: 'admin' });
    expect([created.status, created.text]).toEqual([204, '']);
    const filter = encodeURIComponent("startswith(name,'prv') and endswith(name,'new_Memo')");
    const privileges = rowsOf(await server.api(`privileges?$select=name&$filter=${filter}`, { as: 'admin' }));
    const path = `systemusers(${ids.ats.user})/systemuserroles_association?$select=roleid`;
    const [role] = rowsOf(await server.api(path, { as: 'admin' }));
    const body = { Privileges: privileges.map(({ privilegeid }) => ({ PrivilegeId: privilegeid, Depth: 'Basic' })) };
    const action = `roles(${role?.['roleid']})/Microsoft.Dynamics.CRM.AddPrivilegesRole`;
    expect((await server.api(action, { method: 'POST', body, as: 'admin' })).status).toBe(204);
    const asAts = { as: 'admin', headers: { MSCRMCallerID: ids.ats.user } } as const;
    const made = await server.api('new_memos', { method: 'POST', body: { new_name: 'x' }, ...asAts });
    const row = made.headers['odata-entityid'] ?? '';
    const read = async () =>
      (
        await server.ask(
          `${row}?$select=_createdby_value,_createdonbehalfby_value,_ownerid_value,_modifiedby_value,_modifiedonbehalfby_value`,
          { as: 'admin' },
        )
      ).json();
    expect(await read()).toMatchObject({
      _createdby_value: ids.ats.user,
      _createdonbehalfby_value: ids.admin.user,
      _ownerid_value: ids.ats.user,
      _modifiedonbehalfby_value: ids.admin.user,
    });
    await server.ask(row, { method: 'PATCH', body: { new_name: 'y' }, as: 'ats' });
    expect(await read()).toMatchObject({
      _createdonbehalfby_value: ids.admin.user,
      _modifiedby_value: ids.ats.user,
      _modifiedonbehalfby_value: null,
    });
  });
});
