import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { parseConfig } from '../../src/config.ts';
import { type LogFields, silentLog } from '../../src/kernel/log.ts';
import { startServer } from '../../src/server.ts';
import { account, bank, label, lookup, nameColumn, typed } from '../definitions/change/apply.ts';
import type { Answer } from '../support/client.ts';
import { type Connection, connect, type Who } from '../support/connection.ts';
import { databaseSettings, engines, makeDatabase } from '../support/database.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { patience } from '../support/way.ts';

const errorOf = (answer: Answer) => (answer.json() as { error: { code: string; message: string } }).error;
const rowsOf = (answer: Answer) => (answer.json() as { value: Record<string, unknown>[] }).value;
const idOf = (answer: Answer): string => /\(([0-9a-f-]{36})\)$/.exec(answer.headers['odata-entityid'] ?? '')?.[1] ?? '';
const table = (schemaName: string, more: object = {}) => ({
  ...account,
  SchemaName: schemaName,
  DisplayName: label(schemaName),
  DisplayCollectionName: label(`${schemaName}s`),
  ...more,
});
const column = (type: string, schemaName: string, more: object = {}) => ({
  '@odata.type': typed(`${type}AttributeMetadata`),
  SchemaName: schemaName,
  DisplayName: label(schemaName),
  ...more,
});

/** Creates what `apply.ts` describes, over HTTPS. */
const send = (server: Connection, method: string, path: string, body?: unknown, as: Who = 'admin'): Promise<Answer> =>
  server.api(path, { as, method, ...(body === undefined ? {} : { body }) });

async function must(answering: Promise<Answer>): Promise<Answer> {
  const answer = await answering;
  if (answer.status >= 300) throw new Error(`${answer.status} ${answer.text}`);
  return answer;
}

describe.each(engines)('changing definitions on %s', (engine) => {
  let server: TestServer;
  /** What the server could not explain. */
  const faults: string[] = [];
  beforeAll(async () => {
    const error = (message: string, fields: LogFields = {}): void =>
      void faults.push(`${message} ${JSON.stringify(fields)}`);
    server = await startTestServer(engine, {}, { ...silentLog, error });
  });
  afterAll(() => server.close());

  const post = (path: string, body?: unknown, as?: Who) => send(server, 'POST', path, body ?? {}, as);
  const read = (path: string, as: Who = 'admin') => server.api(path, { as });

  /** Gives the demo ATS's role these privileges, or takes them away again. */
  async function changeRole(action: 'give' | 'take', names: readonly string[], depth = 'Global'): Promise<void> {
    const users = await read(
      `systemusers?$select=systemuserid&$filter=applicationid%20eq%20${server.env.CLIENT_ID}&$expand=systemuserroles_association($select=roleid)`,
    );
    const [user] = rowsOf(users) as unknown as { systemuserroles_association: { roleid: string }[] }[];
    const role = `roles(${user?.systemuserroles_association[0]?.roleid})/Microsoft.Dynamics.CRM.`;
    for (const name of names) {
      const [privilege] = rowsOf(await read(`privileges?$select=privilegeid&$filter=name%20eq%20'${name}'`));
      const PrivilegeId = privilege?.['privilegeid'];
      await must(
        action === 'give'
          ? post(`${role}AddPrivilegesRole`, { Privileges: [{ PrivilegeId, Depth: depth }] })
          : post(`${role}RemovePrivilegeRole`, { PrivilegeId }),
      );
    }
  }

  describe('who may', () => {
    test.each([
      ['create a table', 'POST', 'EntityDefinitions', table('new_Denied'), 'prvCreateEntity'],
      ['rename one', 'PUT', "EntityDefinitions(LogicalName='role')", {}, 'prvWriteEntity'],
      ['delete one', 'DELETE', "EntityDefinitions(LogicalName='role')", undefined, 'prvDeleteEntity'],
      [
        'add a column',
        'POST',
        "EntityDefinitions(LogicalName='role')/Attributes",
        column('Integer', 'new_X'),
        'prvCreateAttribute',
      ],
      [
        'delete a column',
        'DELETE',
        "EntityDefinitions(LogicalName='role')/Attributes(LogicalName='name')",
        undefined,
        'prvDeleteAttribute',
      ],
      ['add a relationship', 'POST', 'RelationshipDefinitions', lookup, 'prvCreateRelationship'],
      [
        'add a choice',
        'POST',
        'GlobalOptionSetDefinitions',
        { Name: 'new_c', DisplayName: label('c') },
        'prvCreateOptionSet',
      ],
      [
        'add an option',
        'POST',
        'InsertOptionValue',
        { OptionSetName: 'mshr_noyes', Label: label('x') },
        'prvWriteOptionSet',
      ],
      ['publish', 'POST', 'PublishAllXml', {}, 'prvPublishCustomization'],
    ])('without the privilege nobody may %s', async (_what, method, path, body, privilege) => {
      const answer = await send(server, method, path, body, 'ats');
      expect(answer.status).toBe(403);
      expect(errorOf(answer)).toMatchObject({
        code: '0x80040220',
        message: expect.stringContaining(`is missing ${privilege} privilege`),
      });
    });

    test('with the privileges of a customizer the demo ATS may', async () => {
      await changeRole('give', ['prvCreateEntity', 'prvCreateAttribute', 'prvDeleteEntity']);
      expect((await post('EntityDefinitions', table('new_Allowed'), 'ats')).status).toBe(204);
      expect(
        (await send(server, 'DELETE', "EntityDefinitions(LogicalName='new_allowed')", undefined, 'ats')).status,
      ).toBe(204);
      await changeRole('take', ['prvCreateEntity', 'prvCreateAttribute', 'prvDeleteEntity']);
    });
  });

  describe('a table that users own', () => {
    beforeAll(async () => {
      await must(post('EntityDefinitions', table('new_Note')));
    });
    const suffixes = ['Create', 'Read', 'Write', 'Delete'].map((right) => `prv${right}new_Note`);

    test("has privileges of its own, in the product's shape, at every depth", async () => {
      const found = rowsOf(
        await read("privileges?$select=name,canbebasic,canbedeep&$filter=contains(name,'new_Note')"),
      );
      expect(found.map(({ name }) => name).sort()).toEqual(
        ['AppendTo', 'Append', 'Assign', 'Create', 'Delete', 'Read', 'Share', 'Write'].map(
          (right) => `prv${right}new_Note`,
        ),
      );
      expect(found[0]).toMatchObject({ canbebasic: true, canbedeep: true });
    });

    test('is closed to a role that does not name it', async () => {
      expect(errorOf(await read('new_notes', 'ats'))).toMatchObject({
        code: '0x80040220',
        message: expect.stringContaining('is missing prvReadnew_Note privilege'),
      });
    });

    test('shows a user with the depth Basic their own rows, and those alone can they change', async () => {
      await changeRole('give', suffixes, 'Basic');
      const theirs = idOf(await must(post('new_notes', { new_name: 'theirs' })));
      const own = idOf(await must(post('new_notes', { new_name: 'own' }, 'ats')));
      expect(rowsOf(await read('new_notes?$select=new_name', 'ats')).map((row) => row['new_name'])).toEqual(['own']);
      expect(rowsOf(await read('new_notes?$select=new_name')).length).toBe(2);
      expect((await read(`new_notes(${theirs})`, 'ats')).status).toBe(403);
      expect((await read('new_notes/$count', 'ats')).text).toBe('1');
      expect((await send(server, 'PATCH', `new_notes(${own})`, { new_name: 'mine' }, 'ats')).status).toBe(204);
      const other = await server.api(`new_notes(${theirs})`, {
        as: 'ats',
        method: 'PATCH',
        body: { new_name: 'x' },
        headers: { 'if-match': '*' },
      });
      expect(other.status).toBe(403);
      expect((await send(server, 'DELETE', `new_notes(${theirs})`, undefined, 'ats')).status).toBe(403);
      await changeRole('take', suffixes);
    });

    test('lets nobody write who or when', async () => {
      const answer = await post('new_notes', { new_name: 'x', createdon: '2020-01-01T00:00:00Z' });
      expect(errorOf(answer)).toMatchObject({
        code: '0x80040203',
        message: "column 'createdon' of 'new_note' is read-only",
      });
    });

    test('keeps state and status together', async () => {
      const id = idOf(await must(post('new_notes', { new_name: 'state', statecode: 1 })));
      const state = async () => (await read(`new_notes(${id})?$select=statecode,statuscode`)).json();
      expect(await state()).toMatchObject({ statecode: 1, statuscode: 2 });
      await must(send(server, 'PATCH', `new_notes(${id})`, { statuscode: 1 }));
      expect(await state()).toMatchObject({ statecode: 0, statuscode: 1 });
      const wrong = await send(server, 'PATCH', `new_notes(${id})`, { statecode: 1, statuscode: 1 });
      expect(errorOf(wrong).code).toBe('0x80048408');
    });
  });

  describe('values', () => {
    const kinds = {
      new_text: 'Ærlig',
      new_memo: 'long',
      new_int: 5,
      new_big: 9007199254740991,
      new_dec: 1.25,
      new_dbl: 2.5,
      new_money: 100.5,
      new_flag: true,
      new_day: '2026-02-03',
      new_time: '2026-02-03T04:05:06Z',
      new_choice: 2,
    };

    test('of every type of column are kept and can be filtered by', async () => {
      const options = { OptionSet: { Options: [{ Value: 2, Label: label('Two') }] } };
      const columns = [
        nameColumn,
        column('String', 'new_Text'),
        column('Memo', 'new_Memo'),
        column('Integer', 'new_Int'),
        column('BigInt', 'new_Big'),
        column('Decimal', 'new_Dec', { Precision: 2 }),
        column('Double', 'new_Dbl', { Precision: 2 }),
        column('Money', 'new_Money', { Precision: 2 }),
        column('Boolean', 'new_Flag'),
        column('DateTime', 'new_Day', { Format: 'DateOnly' }),
        column('DateTime', 'new_Time'),
        column('Picklist', 'new_Choice', options),
      ];
      await must(post('EntityDefinitions', table('new_Kinds', { Attributes: columns })));
      const id = idOf(await must(post('new_kindses', { new_name: 'all', ...kinds })));
      expect((await read(`new_kindses(${id})`)).json()).toMatchObject(kinds);
      for (const filter of [
        "new_text eq 'ærlig'",
        'new_int gt 4',
        'new_dec lt 1.3',
        'new_flag',
        'new_day eq 2026-02-03',
        'new_choice eq 2',
      ]) {
        expect([
          filter,
          rowsOf(await read(`new_kindses?$select=new_name&$filter=${encodeURIComponent(filter)}`)).length,
        ]).toEqual([filter, 1]);
      }
    });

    test('of a column that goes are gone, and it may come again as something else', async () => {
      const path = "EntityDefinitions(LogicalName='new_kinds')/Attributes";
      await must(send(server, 'DELETE', `${path}(LogicalName='new_text')`));
      expect((await read('new_kindses?$select=new_text')).status).toBe(400);
      await must(post(path, column('Integer', 'new_Text')));
      expect(rowsOf(await read('new_kindses?$select=new_text'))).toMatchObject([{ new_text: null }]);
      await must(post('new_kindses', { new_name: 'again', new_text: 7 }));
      expect(rowsOf(await read('new_kindses?$filter=new_text%20eq%207'))).toHaveLength(1);
    });

    test('of an alternate key are there once', async () => {
      const path = "EntityDefinitions(LogicalName='new_kinds')/Keys";
      const key = { SchemaName: 'new_ByInt', DisplayName: label('By number'), KeyAttributes: ['new_int'] };
      await must(post(path, key));
      const twice = await post('new_kindses', { new_name: 'twice', new_int: 5 });
      expect([twice.status, errorOf(twice).code]).toEqual([412, '0x80060892']);
      await must(send(server, 'DELETE', `${path}(LogicalName='new_byint')`));
      await must(post('new_kindses', { new_name: 'twice', new_int: 5 }));
      const refused = await post(path, key);
      expect([refused.status, errorOf(refused)]).toEqual([
        412,
        { code: '0x80040237', message: "The key cannot be made: rows of 'new_kinds' have the same values in new_int." },
      ]);
    });
  });

  describe('relationships', () => {
    beforeAll(async () => {
      await must(post('EntityDefinitions', bank));
      await must(post('EntityDefinitions', account));
      await must(post('RelationshipDefinitions', lookup));
      await must(
        post('RelationshipDefinitions', {
          '@odata.type': typed('ManyToManyRelationshipMetadata'),
          SchemaName: 'new_bank_user',
          Entity1LogicalName: 'new_bank',
          Entity2LogicalName: 'systemuser',
        }),
      );
    });

    test('join rows that can be expanded both ways, and a row that goes leaves no loose end', async () => {
      const bankId = idOf(await must(post('new_banks', { new_name: 'Nord' })));
      await must(post('new_accounts', { new_name: 'Savings', 'new_BankId@odata.bind': `/new_banks(${bankId})` }));
      expect(rowsOf(await read('new_accounts?$select=new_name&$expand=new_BankId($select=new_name)'))).toMatchObject([
        { new_BankId: { new_name: 'Nord' } },
      ]);
      expect(rowsOf(await read('new_banks?$select=new_name&$expand=new_bank_account($select=new_name)'))).toMatchObject(
        [{ new_bank_account: [{ new_name: 'Savings' }] }],
      );
      await must(send(server, 'DELETE', `new_banks(${bankId})`));
      expect(rowsOf(await read('new_accounts'))).toMatchObject([{ _new_bankid_value: null }]);
    });

    test("many to many link rows, also of the product's own tables", async () => {
      const bankId = idOf(await must(post('new_banks', { new_name: 'Sør' })));
      const me = (await read('WhoAmI')).json() as { UserId: string };
      await must(
        post(`new_banks(${bankId})/new_bank_user/$ref`, {
          '@odata.id': `${server.url}/api/data/v9.2/systemusers(${me.UserId})`,
        }),
      );
      expect(rowsOf(await read(`systemusers(${me.UserId})/new_bank_user?$select=new_name`))).toMatchObject([
        { new_name: 'Sør' },
      ]);
      await must(send(server, 'DELETE', `new_banks(${bankId})/new_bank_user(${me.UserId})/$ref`));
      expect(rowsOf(await read(`new_banks(${bankId})/new_bank_user`))).toEqual([]);
      await must(post(`new_banks(${bankId})/new_bank_user/$ref`, { '@odata.id': `systemusers(${me.UserId})` }));
      await must(send(server, 'DELETE', `new_banks(${bankId})`));
      expect(rowsOf(await read(`systemusers(${me.UserId})/new_bank_user`))).toEqual([]);
    });
  });

  test('a stamp tells what has changed since, what is gone, and when it is too old', async () => {
    const query = (more: object = {}) =>
      `@q=${encodeURIComponent(JSON.stringify({ Properties: { PropertyNames: ['LogicalName'] }, ...more }))}`;
    const changes = async (stamp?: string) => {
      const since = stamp === undefined ? '' : `,ClientVersionStamp=@s,DeletedMetadataFilters=@d`;
      const values = stamp === undefined ? '' : `&@s='${stamp}'&@d=Microsoft.Dynamics.CRM.DeletedMetadataFilters'All'`;
      return (await read(`RetrieveMetadataChanges(Query=@q${since})?${query()}${values}`, 'ats')).json() as {
        EntityMetadata: { LogicalName: string; MetadataId: string }[];
        ServerVersionStamp: string;
        DeletedMetadata: { Keys: string[]; Values: { Items: string[] }[] };
      };
    };
    const first = await changes();
    expect(first.EntityMetadata.length).toBeGreaterThan(50);
    expect((await changes(first.ServerVersionStamp)).EntityMetadata).toEqual([]);
    const id = idOf(await must(post('EntityDefinitions', table('new_Stamp'))));
    const second = await changes(first.ServerVersionStamp);
    expect(second.EntityMetadata.map((each) => each.LogicalName)).toEqual(['new_stamp']);
    await must(send(server, 'DELETE', "EntityDefinitions(LogicalName='new_stamp')"));
    const third = await changes(second.ServerVersionStamp);
    expect(third.EntityMetadata).toEqual([]);
    expect(third.DeletedMetadata.Values[third.DeletedMetadata.Keys.indexOf('Entity')]?.Items).toEqual([id]);
    const old = await read(`RetrieveMetadataChanges(Query=@q,ClientVersionStamp='1!abc')?${query()}`, 'ats');
    expect([old.status, errorOf(old).code]).toEqual([400, '0x80044352']);
  });

  test('privileges go with their table, from every role', async () => {
    await must(post('EntityDefinitions', table('new_Gone')));
    await changeRole('give', ['prvReadnew_Gone']);
    await must(send(server, 'DELETE', "EntityDefinitions(LogicalName='new_gone')"));
    expect(rowsOf(await read("privileges?$filter=contains(name,'new_Gone')"))).toEqual([]);
    expect((await read('new_gones', 'ats')).status).toBe(404);
    // A table that comes again is nobody's but the administrators' and customizers'.
    await must(post('EntityDefinitions', table('new_Gone')));
    expect((await read('new_gones', 'ats')).status).toBe(403);
    expect((await read('new_gones')).status).toBe(200);
  });

  test('requests beside changes are answered, each by one model', async () => {
    await must(post('EntityDefinitions', table('new_Busy')));
    const path = "EntityDefinitions(LogicalName='new_busy')/Attributes";
    let stop = false;
    const statuses = new Map<number, number>();
    const note = ({ status }: Answer): void => void statuses.set(status, (statuses.get(status) ?? 0) + 1);
    const reading = Array.from({ length: 4 }, async () => {
      while (!stop) {
        note(await read('new_busies?$top=5'));
        note(await post('new_busies', { new_name: 'row' }));
        note(await read('mshr_hcmjobentities?$top=5', 'ats'));
      }
    });
    for (let round = 0; round < 5; round++) {
      await must(post(path, column('String', `new_C${round}`)));
      if (round > 0) await must(send(server, 'DELETE', `${path}(LogicalName='new_c${round - 1}')`));
    }
    const both = await Promise.all([
      post(path, column('Integer', 'new_Same')),
      post(path, column('Integer', 'new_Same')),
    ]);
    stop = true;
    await Promise.all(reading);
    expect(faults).toEqual([]);
    expect([...statuses.keys()].sort()).toEqual([200, 204]);
    expect(both.map(({ status }) => status).sort()).toEqual([204, 400]);
  });
});

test.each(engines)(
  'definitions and rows are there after a new start on %s',
  { timeout: patience * 120_000 },
  async (engine) => {
    const dataFolder = await mkdtemp(join(tmpdir(), 'portvakt-restart-'));
    const database = engine === 'postgres' ? await makeDatabase(inject('postgresUrl')) : undefined;
    const start = async () => {
      const settings = {
        PORTVAKT_DATA: dataFolder,
        PORTVAKT_PORT: '0',
        ...databaseSettings(database?.url),
      };
      const running = await startServer(parseConfig(settings), silentLog);
      return { running, connection: await connect(running.url, dataFolder) };
    };
    const first = await start();
    await must(send(first.connection, 'POST', 'EntityDefinitions', bank));
    await must(
      send(
        first.connection,
        'POST',
        "EntityDefinitions(LogicalName='new_bank')/Attributes",
        column('Integer', 'new_Size'),
      ),
    );
    const role = (
      await first.connection.api("EntityDefinitions(LogicalName='role')", { as: 'admin' })
    ).json() as object;
    await must(
      send(first.connection, 'PUT', "EntityDefinitions(LogicalName='role')", {
        ...role,
        DisplayName: label('Our role'),
      }),
    );
    await must(send(first.connection, 'POST', 'new_banks', { new_name: 'Kept', new_size: 3 }));
    const before = (await first.connection.api("EntityDefinitions(LogicalName='new_bank')", { as: 'admin' })).text;
    await first.running.close();
    const again = await start();
    const after = (await again.connection.api("EntityDefinitions(LogicalName='new_bank')", { as: 'admin' })).text;
    expect(after.replaceAll(again.running.url, '')).toBe(before.replaceAll(first.running.url, ''));
    expect(rowsOf(await again.connection.api('new_banks?$select=new_name,new_size', { as: 'admin' }))).toMatchObject([
      { new_name: 'Kept', new_size: 3 },
    ]);
    const name = await again.connection.api("EntityDefinitions(LogicalName='role')/DisplayName", { as: 'admin' });
    expect(name.json()).toMatchObject({ UserLocalizedLabel: { Label: 'Our role' } });
    await must(send(again.connection, 'DELETE', "EntityDefinitions(LogicalName='new_bank')"));
    await again.running.close();
    await database?.drop();
    await rm(dataFolder, { recursive: true });
  },
);
