import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { account, bank, label, lookup, nameColumn, typed } from '../definitions/change/apply.ts';
import { batchHeaders, readBatch, set, writeBatch } from '../support/batch.ts';
import type { Answer } from '../support/client.ts';
import type { AskAs } from '../support/connection.ts';
import { engines } from '../support/database.ts';
import { bodyOf, createdId, errorOf, rowsOf, type WireRow } from '../support/odata.ts';
import { readAuditOf } from '../support/read-audit.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const requests = 'mshr_hcmrecruitingrequestentities';
const skillsOf = 'mshr_FK_HcmRecruitingRequestSkillEntity_RecruitingRequest';
const skill = { mshr_skillid: 'CustFocus', mshr_ratinglevelid: '4', mshr_ratingmodelid: 'Skills' };
const nobody = '00000000-0000-4000-8000-000000000001';

/** Two tables of a customizer: banks with accounts, which also have holders many-to-many and keys of several columns. */
const definitions: readonly (readonly [path: string, body: object])[] = [
  ['EntityDefinitions', bank],
  [
    'EntityDefinitions',
    {
      ...account,
      Attributes: [
        nameColumn,
        { '@odata.type': typed('IntegerAttributeMetadata'), SchemaName: 'new_Number', DisplayName: label('Number') },
        { '@odata.type': typed('StringAttributeMetadata'), SchemaName: 'new_Code', DisplayName: label('Code') },
      ],
    },
  ],
  ['RelationshipDefinitions', lookup],
  [
    'RelationshipDefinitions',
    {
      '@odata.type': typed('ManyToManyRelationshipMetadata'),
      SchemaName: 'new_bank_shared',
      Entity1LogicalName: 'new_bank',
      Entity2LogicalName: 'new_account',
    },
  ],
  [
    "EntityDefinitions(LogicalName='new_account')/Keys",
    { SchemaName: 'new_ByPlace', DisplayName: label('By place'), KeyAttributes: ['new_bankid', 'new_number'] },
  ],
  [
    "EntityDefinitions(LogicalName='new_account')/Keys",
    { SchemaName: 'new_ByCode', DisplayName: label('By code'), KeyAttributes: ['new_code', 'new_number'] },
  ],
];

describe.each(engines)('rows made and named through others on %s', (engine) => {
  let server: TestServer;
  let bankId: string;
  const post = (path: string, body: unknown, more: AskAs = {}): Promise<Answer> =>
    server.api(path, { method: 'POST', as: 'admin', body, ...more });
  const read = async (path: string): Promise<WireRow> => bodyOf(await server.api(path, { as: 'admin' }));
  const accounts = async (filter: string): Promise<readonly WireRow[]> =>
    rowsOf(await server.api(`new_accounts?$filter=${encodeURIComponent(filter)}`, { as: 'admin' }));
  beforeAll(async () => {
    server = await startTestServer(engine);
    for (const [path, body] of definitions) {
      const answer = await post(path, body);
      if (answer.status !== 204) throw new Error(`${path}: ${answer.status} ${answer.text}`);
    }
    bankId = createdId(await post('new_banks', { new_name: 'Nord' }));
  });
  afterAll(() => server.close());

  describe('POST to a collection of a row', () => {
    test('makes a row that points to it, and answers with the address of the new row', async () => {
      const answer = await post(`new_banks(${bankId})/new_bank_account`, { new_name: 'Sparing' });
      const id = createdId(answer);
      expect(answer.headers['odata-entityid']).toBe(`${server.url}/api/data/v9.2/new_accounts(${id})`);
      expect(await read(`new_accounts(${id})`)).toMatchObject({ new_name: 'Sparing', _new_bankid_value: bankId });
    });

    test('answers with the row where that is preferred, nested rows and all', async () => {
      const path = `new_banks(${bankId})/new_bank_account?$select=new_name&$expand=new_BankId($select=new_name)`;
      const answer = await post(path, { new_name: 'Vist' }, { headers: { prefer: 'return=representation' } });
      expect(bodyOf(answer, 201)).toMatchObject({ new_name: 'Vist', new_BankId: { new_name: 'Nord' } });
    });

    test('links the new row where the relationship is many-to-many', async () => {
      const id = createdId(await post(`new_banks(${bankId})/new_bank_shared`, { new_name: 'Delt' }));
      const linked = rowsOf(await server.api(`new_banks(${bankId})/new_bank_shared`, { as: 'admin' }));
      expect(linked).toMatchObject([{ new_accountid: id, _new_bankid_value: null }]);
    });

    test('on a virtual table gives the new row the id and the legal entity of the row above it', async () => {
      const [request] = rowsOf(
        await server.api(`${requests}?$filter=mshr_recruitingrequestid eq 'USMF-000001'`, { as: 'admin' }),
      );
      const path = `${requests}(${request?.['mshr_hcmrecruitingrequestentityid']})/${skillsOf}`;
      const answer = await post(path, { ...skill, mshr_skillid: 'CashFlow' });
      // The demo's request may have the skill already: then the business key says so, in that request's legal entity.
      if (answer.status !== 204) expect(errorOf(answer).message).toContain('already exists');
      const rows = rowsOf(await server.api(path, { as: 'admin' }));
      expect(rows).toContainEqual(
        expect.objectContaining({
          mshr_skillid: 'CashFlow',
          mshr_recruitingrequestid: 'USMF-000001',
          mshr_dataareaid: 'usmf',
        }),
      );
    });

    test('works in a change set, under a row that the set has just made', async () => {
      const answer = await post(
        '$batch',
        writeBatch([
          [
            { method: 'POST', url: 'new_banks', id: '1', body: { new_name: 'Sett' } },
            { method: 'POST', url: '$1/new_bank_account', id: '2', body: { new_name: 'I settet' } },
          ],
        ]),
        { headers: batchHeaders() },
      );
      expect(set(readBatch(answer)[0]).map(({ status }) => status)).toEqual([204, 204]);
      const [row] = await accounts("new_name eq 'I settet'");
      expect(await read(`new_banks(${row?.['_new_bankid_value']})`)).toMatchObject({ new_name: 'Sett' });
    });

    test.each([
      {
        name: 'under a row that is not there',
        path: () => `new_banks(${nobody})/new_bank_account`,
        error: { status: 404, code: '0x80040217' },
      },
      {
        name: 'that binds the lookup itself as well',
        path: () => `new_banks(${bankId})/new_bank_account`,
        body: () => ({ 'new_BankId@odata.bind': `/new_banks(${bankId})` }),
        error: { status: 400, code: '0x80048d19', message: expect.stringContaining('points to the row around it') },
      },
      {
        name: 'with a column that is none',
        path: () => `new_banks(${bankId})/new_bank_account`,
        body: () => ({ new_nope: 1 }),
        error: { status: 400, code: '0x80048d19', message: expect.stringContaining("Invalid property 'new_nope'") },
      },
      {
        name: 'to a lookup',
        path: () => `new_banks(${bankId})/createdby`,
        error: { status: 405, message: "The requested resource does not support http method 'POST'." },
      },
      {
        name: 'to one row of the collection',
        path: () => `new_banks(${bankId})/new_bank_account(${nobody})`,
        error: { status: 405, message: "The requested resource does not support http method 'POST'." },
      },
      {
        name: 'to the number of rows',
        path: () => `new_banks(${bankId})/new_bank_account/$count`,
        error: { status: 405, message: "The requested resource does not support http method 'POST'." },
      },
      {
        name: 'by who has no privilege on the table',
        path: () => `new_banks(${bankId})/new_bank_account`,
        as: 'reader' as const,
        error: { status: 403, code: '0x80040220', message: expect.stringContaining('prv') },
      },
    ])('$name is refused, and nothing is kept', async ({ path, body, as, error }) => {
      const answer = await post(path(), { new_name: 'Avvist', ...body?.() }, as === undefined ? {} : { as });
      expect(errorOf(answer)).toMatchObject(error);
      expect(await accounts("new_name eq 'Avvist'")).toEqual([]);
    });
  });

  describe('alternate keys of several columns', () => {
    const patch = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
      server.api(path, { method: 'PATCH', as: 'admin', body, headers });

    test('name a row in a URL in any order, and PATCH makes it', async () => {
      expect((await patch("new_accounts(new_code='A',new_number=1)", { new_name: 'Ved kode' })).status).toBe(204);
      expect(await read("new_accounts(new_number=1,new_code='A')")).toMatchObject({
        new_name: 'Ved kode',
        new_code: 'A',
        new_number: 1,
      });
      expect((await patch("new_accounts(new_code='A',new_number=1)", { new_name: 'Endret' })).status).toBe(204);
      expect(await accounts("new_code eq 'A'")).toMatchObject([{ new_name: 'Endret' }]);
      const half = await server.api("new_accounts(new_code='A')", { as: 'admin' });
      expect(errorOf(half)).toMatchObject({ status: 400, code: '0x80060890' });
    });

    test('may hold a lookup, by its value', async () => {
      const key = `new_accounts(_new_bankid_value=${bankId},new_number=2)`;
      const bound = { new_name: 'Ved bank', 'new_BankId@odata.bind': `/new_banks(${bankId})`, new_number: 2 };
      createdId(await post('new_accounts', bound));
      expect(await read(key)).toMatchObject({ new_name: 'Ved bank' });
      expect((await patch(key, { new_name: 'Funnet' })).status).toBe(204);
      expect(errorOf(await post('new_accounts', bound))).toMatchObject({ status: 412, code: '0x80060892' });
      const absent = `new_accounts(_new_bankid_value=${bankId},new_number=99)`;
      expect(errorOf(await server.api(absent, { as: 'admin' }))).toMatchObject({ status: 404, code: '0x80060891' });
      expect((await server.api(key, { method: 'DELETE', as: 'admin' })).status).toBe(204);
    });

    test('with a lookup make the row where PATCH finds none', async () => {
      const key = `new_accounts(_new_bankid_value=${bankId},new_number=3)`;
      expect((await patch(key, { new_name: 'Laget' })).status).toBe(204);
      expect(await read(key)).toMatchObject({ new_name: 'Laget', _new_bankid_value: bankId, new_number: 3 });
      const gone = `new_accounts(_new_bankid_value=${nobody},new_number=3)`;
      expect(errorOf(await patch(gone, { new_name: 'Uten bank' }))).toMatchObject({ status: 404 });
      expect(await accounts("new_name eq 'Uten bank'")).toEqual([]);
    });

    test('name the rows of UpsertMultiple and UpdateMultiple', async () => {
      const multiple = (name: string, targets: readonly object[]): Promise<Answer> =>
        post(`new_accounts/Microsoft.Dynamics.CRM.${name}`, {
          Targets: targets.map((row) => ({ '@odata.type': typed('new_account'), ...row })),
        });
      const row = (number: number, name: string) => ({
        '@odata.id': `new_accounts(new_code='M',new_number=${number})`,
        new_name: name,
      });
      expect((await multiple('UpsertMultiple', [row(1, 'Ny 1'), row(2, 'Ny 2')])).status).toBe(204);
      expect((await multiple('UpsertMultiple', [row(2, 'Igjen 2'), row(3, 'Ny 3')])).status).toBe(204);
      expect((await multiple('UpdateMultiple', [row(1, 'Endret 1')])).status).toBe(204);
      expect((await accounts("new_code eq 'M'")).map(({ new_name }) => new_name).sort()).toEqual([
        'Endret 1',
        'Igjen 2',
        'Ny 3',
      ]);
      const unknown = await multiple('UpdateMultiple', [row(9, 'Ingen')]);
      expect(errorOf(unknown)).toMatchObject({ status: 404, code: '0x80060891' });
    });
  });

  describe('CreateMultiple', () => {
    const create = (targets: readonly object[]): Promise<Answer> =>
      post('new_banks/Microsoft.Dynamics.CRM.CreateMultiple', {
        Targets: targets.map((row) => ({ '@odata.type': typed('new_bank'), ...row })),
      });

    test('makes the nested rows of its targets, and leaves an entry of each row in the audit log', async () => {
      const answer = await create([
        { new_name: 'Flere 1', new_bank_account: [{ new_name: 'Under 1' }, { new_name: 'Under 2' }] },
        { new_name: 'Flere 2' },
      ]);
      const { Ids: ids } = bodyOf(answer) as { Ids?: readonly string[] };
      expect(ids).toHaveLength(2);
      expect((await accounts(`_new_bankid_value eq ${ids?.[0]}`)).map(({ new_name }) => new_name).sort()).toEqual([
        'Under 1',
        'Under 2',
      ]);
      const entries = await readAuditOf(server, { id: answer.headers['req_id'] ?? '' });
      expect(entries.map(({ table, message, outcome }) => [table, message, outcome]).sort()).toEqual([
        ['new_account', undefined, 'allowed'],
        ['new_account', undefined, 'allowed'],
        ['new_bank', undefined, 'allowed'],
        ['new_bank', undefined, 'allowed'],
        ['new_bank', 'CreateMultiple', 'allowed'],
      ]);
    });

    test('keeps nothing when a nested row is refused, and leaves one entry', async () => {
      const answer = await create([
        { new_name: 'Halv' },
        { new_name: 'Halv', new_bank_account: [{ new_number: 'x' }] },
      ]);
      expect(errorOf(answer)).toMatchObject({ status: 400, code: '0x80048d19' });
      expect(rowsOf(await server.api("new_banks?$filter=new_name eq 'Halv'", { as: 'admin' }))).toEqual([]);
      expect(await readAuditOf(server, { id: answer.headers['req_id'] ?? '' })).toHaveLength(1);
    });
  });

  test('a deep insert leaves an entry of each row in the audit log', async () => {
    const answer = await post('new_banks', { new_name: 'Dyp', new_bank_account: [{ new_name: 'Dypere' }] });
    const [inner] = await accounts("new_name eq 'Dypere'");
    const entries = await readAuditOf(server, { id: answer.headers['req_id'] ?? '' });
    expect(entries.map(({ table, targetId, kind }) => [table, targetId, kind]).sort()).toEqual([
      ['new_account', inner?.['new_accountid'], 'change'],
      ['new_bank', createdId(answer), 'change'],
    ]);
  });

  describe('BulkDelete', () => {
    const job = (query: object, more: object = {}): object => ({
      QuerySet: [{ '@odata.type': typed('QueryExpression'), ...query }],
      JobName: 'Rydd',
      SendEmailNotification: false,
      ToRecipients: [],
      CCRecipients: [],
      RecurrencePattern: '',
      StartDateTime: new Date().toISOString(),
      ...more,
    });
    const where = (...conditions: readonly object[]): object => ({ FilterOperator: 'And', Conditions: conditions });
    const named = (operator: string, ...values: readonly unknown[]): object => ({
      AttributeName: 'new_name',
      Operator: operator,
      Values: values.map((Value) => ({ Value, Type: 'System.String' })),
    });
    const remove = (body: unknown, more: AskAs = {}): Promise<Answer> => post('BulkDelete', body, more);
    const make = async (...names: readonly string[]): Promise<readonly string[]> => {
      const ids: string[] = [];
      for (const name of names) ids.push(createdId(await post('new_accounts', { new_name: name })));
      return ids;
    };
    const left = async (prefix: string): Promise<readonly unknown[]> =>
      (await accounts(`startswith(new_name,'${prefix}')`)).map(({ new_name }) => new_name).sort();

    test('deletes what its queries find, and leaves an entry of each row in the audit log', async () => {
      await make('Masse 1', 'Masse 2', 'Masse 3');
      const query = {
        EntityName: 'new_account',
        Criteria: where(named('BeginsWith', 'Masse'), named('NotEqual', 'Masse 3')),
      };
      const answer = await remove(job(query));
      expect(bodyOf(answer)).toMatchObject({
        '@odata.context': expect.stringMatching(/#Microsoft\.Dynamics\.CRM\.BulkDeleteResponse$/),
        JobId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      });
      expect(await left('Masse')).toEqual(['Masse 3']);
      const entries = await readAuditOf(server, { id: answer.headers['req_id'] ?? '' });
      expect(entries.map(({ message, table }) => message ?? table).sort()).toEqual([
        'BulkDelete',
        'new_account',
        'new_account',
      ]);
    });

    test('takes the ids of rows, as the Python client sends them, also of virtual tables', async () => {
      const skills = 'mshr_hcmskillentities';
      const ids = await Promise.all(
        ['Masse A', 'Masse B'].map(async (mshr_skill) => createdId(await post(skills, { mshr_skill }))),
      );
      const criteria = where({
        '@odata.type': typed('ConditionExpression'),
        AttributeName: 'mshr_hcmskillentityid',
        Operator: 'In',
        Values: ids.map((Value) => ({ Value, Type: 'System.Guid' })),
      });
      const columns = { '@odata.type': typed('ColumnSet'), AllColumns: false, Columns: ['mshr_hcmskillentityid'] };
      const body = job({ EntityName: 'mshr_hcmskillentity', ColumnSet: columns, Criteria: criteria });
      expect((await remove(body)).status).toBe(200);
      const gone = await server.api(`${skills}?$filter=startswith(mshr_skill,'Masse')`, { as: 'admin' });
      expect(rowsOf(gone)).toEqual([]);
    });

    test('passes the rules for each row, and deletes none when one is refused', async () => {
      const root = job({ EntityName: 'businessunit' });
      expect((await remove(root)).status).toBeGreaterThanOrEqual(400);
      expect(rowsOf(await server.api('businessunits', { as: 'admin' }))).not.toEqual([]);
    });

    test('needs the privilege to delete in bulk, and that on the table', async () => {
      await make('Vern');
      const body = job({ EntityName: 'new_account', Criteria: where(named('Equal', 'Vern')) });
      expect(errorOf(await remove(body, { as: 'reader' }))).toMatchObject({
        status: 403,
        code: '0x80040220',
        message: expect.stringContaining('prvBulkDelete'),
      });
      expect(await left('Vern')).toEqual(['Vern']);
    });

    const all = { EntityName: 'new_account' };
    const payload = { status: 400, code: '0x80048d19' };
    const later = { status: 501, code: '0x80060888' };
    test.each([
      { name: 'no queries', body: job(all, { QuerySet: [] }), error: payload },
      { name: 'a query that is none', body: job(all, { QuerySet: [1] }), error: payload },
      {
        name: 'eleven queries',
        body: job(all, { QuerySet: Array.from({ length: 11 }, () => all) }),
        error: { status: 400, code: '0x80060888' },
      },
      { name: 'no name', body: job(all, { JobName: null }), error: payload },
      { name: 'another member', body: job(all, { More: 1 }), error: payload },
      { name: 'a table that is none', body: job({ EntityName: 'new_nope' }), error: payload },
      { name: 'an intersect table', body: job({ EntityName: 'systemuserroles' }), error: payload },
      {
        name: 'a column that is none',
        body: job({ ...all, Criteria: where({ AttributeName: 'new_nope', Operator: 'Null' }) }),
        error: { status: 400, code: '0x80041103' },
      },
      {
        name: 'an operator that is none',
        body: job({ ...all, Criteria: where(named('Roughly', 'x')) }),
        error: payload,
      },
      { name: 'a value that is a list', body: job({ ...all, Criteria: where(named('Equal', [1])) }), error: payload },
      { name: 'a filter that is a text', body: job({ ...all, Criteria: 'x' }), error: payload },
      { name: 'links', body: job({ ...all, LinkEntities: [{}] }), error: later },
      { name: 'a first few', body: job({ ...all, TopCount: 1 }), error: later },
      { name: 'a pattern of recurrence', body: job(all, { RecurrencePattern: 'FREQ=DAILY;' }), error: later },
      { name: 'a start in the far future', body: job(all, { StartDateTime: '2999-01-01T00:00:00Z' }), error: later },
      { name: 'a start that is none', body: job(all, { StartDateTime: 'soon' }), error: payload },
      { name: 'mail', body: job(all, { SendEmailNotification: true }), error: later },
    ])('with $name is refused, and nothing is deleted', async ({ body, error }) => {
      const before = (await accounts('new_name ne null')).length;
      expect(errorOf(await remove(body))).toMatchObject(error);
      expect(await accounts('new_name ne null')).toHaveLength(before);
    });
  });

  describe('absolute URLs in bodies', () => {
    const bind = (origin: string): Promise<Answer> =>
      post('new_accounts', {
        new_name: 'Bundet',
        'new_BankId@odata.bind': `${origin}/api/data/v9.2/new_banks(${bankId})`,
      });
    const port = (): string => new URL(server.url).port;

    test('may have any host that leads here', async () => {
      for (const host of ['localhost', '127.0.0.1', '[::1]', 'LOCALHOST']) {
        expect([host, (await bind(`https://${host}:${port()}`)).status]).toEqual([host, 204]);
      }
      const id = createdId(await post('new_accounts', { new_name: 'Lenket' }));
      const url = `https://127.0.0.1:${port()}/api/data/v9.1/new_banks(${bankId})`;
      const answer = await server.api(`new_accounts(${id})/new_BankId/$ref`, {
        method: 'PUT',
        as: 'admin',
        body: { '@odata.id': url },
      });
      expect(answer.status).toBe(204);
      expect(await read(`new_accounts(${id})`)).toMatchObject({ _new_bankid_value: bankId });
    });

    test.each([
      { name: 'another host', origin: () => `https://127.0.0.2:${port()}` },
      { name: 'another port', origin: () => 'https://localhost:1' },
      { name: 'no port', origin: () => 'https://localhost' },
      { name: 'another scheme', origin: () => `http://localhost:${port()}` },
      { name: 'a user in front of the host', origin: () => `https://x@localhost:${port()}` },
    ])('with $name are refused', async ({ origin }) => {
      expect(errorOf(await bind(origin()))).toMatchObject({
        status: 400,
        code: '0x80048d19',
        message: expect.stringContaining('is not a URL of this service'),
      });
    });
  });
});
