import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { account, bank, colors, label, nameColumn, typed } from '../definitions/change/apply.ts';
import { batchHeaders, readBatch, single, writeBatch } from '../support/batch.ts';
import type { Answer } from '../support/client.ts';
import type { AskAs } from '../support/connection.ts';
import { engines } from '../support/database.ts';
import { bodyOf, createdId, errorOf, query, rowsOf, type WireRow } from '../support/odata.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const crm = 'Microsoft.Dynamics.CRM';
const multiple = (schemaName: string, more: object): object => ({
  '@odata.type': typed('MultiSelectPicklistAttributeMetadata'),
  SchemaName: schemaName,
  DisplayName: label(schemaName),
  ...more,
});
const options = [1, 2, 10, 12].map((value) => ({ Value: value, Label: label(`No ${value}`) }));
const table = "EntityDefinitions(LogicalName='new_bank')";

describe.each(engines)('columns with several choices on %s', (engine) => {
  let server: TestServer;
  const send = (method: string, path: string, body?: unknown, more: AskAs = {}): Promise<Answer> =>
    server.api(path, { method, as: 'admin', ...(body === undefined ? {} : { body }), ...more });
  const read = (path: string, more: AskAs = {}): Promise<Answer> => server.api(path, { as: 'admin', ...more });
  const found = async (filter: string): Promise<readonly unknown[]> =>
    rowsOf(await read(`new_banks?${query({ $filter: filter, $orderby: 'new_name' })}`)).map((row) => row['new_name']);
  const fetched = async (condition: string): Promise<readonly unknown[]> => {
    const xml = `<fetch><entity name="new_bank"><attribute name="new_name"/><order attribute="new_name"/><filter>${condition}</filter></entity></fetch>`;
    return rowsOf(await read(`new_banks?fetchXml=${encodeURIComponent(xml)}`)).map((row) => row['new_name']);
  };
  beforeAll(async () => {
    server = await startTestServer(engine);
    const definitions: readonly (readonly [string, object])[] = [
      ['GlobalOptionSetDefinitions', colors],
      [
        'EntityDefinitions',
        { ...bank, Attributes: [nameColumn, multiple('new_Services', { OptionSet: { Options: options } })] },
      ],
    ];
    for (const [path, body] of definitions) {
      const answer = await send('POST', path, body);
      if (answer.status !== 204) throw new Error(`${path}: ${answer.status} ${answer.text}`);
    }
    for (const [name, services] of [
      ['A', '1'],
      ['B', '10,2'],
      ['C', '12, 2,2 ,1'],
      ['D', null],
    ]) {
      createdId(await send('POST', 'new_banks', { new_name: name, new_services: services }));
    }
  });
  afterAll(() => server.close());

  test('are kept as their numbers in order, and shown with their labels', async () => {
    const rows = rowsOf(
      await read('new_banks?$select=new_services&$orderby=new_name', {
        headers: { prefer: 'odata.include-annotations="*"' },
      }),
    );
    expect(rows.map((row) => row['new_services'])).toEqual(['1', '2,10', '1,2,12', null]);
    expect(rows[2]).toMatchObject({
      'new_services@OData.Community.Display.V1.FormattedValue': 'No 1; No 2; No 12',
    });
  });

  test.each([
    [`${crm}.ContainValues(PropertyName='new_services',PropertyValues=["2"])`, ['B', 'C']],
    [`${crm}.ContainValues(PropertyName='new_services',PropertyValues=["1"])`, ['A', 'C']],
    [`${crm}.ContainValues(PropertyName='new_services',PropertyValues=["10",12])`, ['B', 'C']],
    [`${crm}.ContainValues(PropertyName='new_services',PropertyValues=["7"])`, []],
    [`${crm}.DoesNotContainValues(PropertyName='new_services',PropertyValues=["2"])`, ['A', 'D']],
    [`not ${crm}.ContainValues(PropertyName='new_services',PropertyValues=["2"])`, ['A']],
    ["new_services eq '10,2'", ['B']],
    ["new_services ne '1'", ['B', 'C', 'D']],
    ['new_services eq null', ['D']],
  ])('can be filtered by: %s', async (filter, names) => {
    expect(await found(filter)).toEqual(names);
  });

  test.each([
    [
      '<condition attribute="new_services" operator="contain-values"><value>1</value><value>10</value></condition>',
      ['A', 'B', 'C'],
    ],
    ['<condition attribute="new_services" operator="not-contain-values"><value>1</value></condition>', ['B', 'D']],
    ['<condition attribute="new_services" operator="eq" value="2,10"/>', ['B']],
    ['<condition attribute="new_services" operator="null"/>', ['D']],
  ])('can be filtered by in FetchXML: %s', async (condition, names) => {
    expect(await fetched(condition)).toEqual(names);
  });

  test('can be filtered by many options at once', async () => {
    const values = JSON.stringify(Array.from({ length: 500 }, (_, at) => at + 11));
    expect(await found(`${crm}.ContainValues(PropertyName='new_services',PropertyValues=${values})`)).toEqual(['C']);
    const more = JSON.stringify(Array.from({ length: 501 }, (_, at) => at));
    const filter = `${crm}.ContainValues(PropertyName='new_services',PropertyValues=${more})`;
    expect(errorOf(await read(`new_banks?${query({ $filter: filter })}`))).toMatchObject({
      status: 400,
      message: expect.stringContaining('more than 500 values'),
    });
  });

  test('can be grouped by', async () => {
    const groups = rowsOf(await read('new_banks?$apply=groupby((new_services),aggregate($count as n))'));
    expect(groups.map(({ new_services: services, n }) => [services ?? null, n])).toContainEqual(['2,10', 1]);
    expect(groups).toHaveLength(4);
  });

  test('can be changed and cleared', async () => {
    const id = createdId(await send('POST', 'new_banks', { new_name: 'Skifter', new_services: '1' }));
    expect((await send('PATCH', `new_banks(${id})`, { new_services: '12,10' })).status).toBe(204);
    expect(bodyOf(await read(`new_banks(${id})/new_services`))).toMatchObject({ value: '10,12' });
    expect((await send('DELETE', `new_banks(${id})/new_services`)).status).toBe(204);
    expect((await read(`new_banks(${id})/new_services`)).status).toBe(204);
    expect((await send('DELETE', `new_banks(${id})`)).status).toBe(204);
  });

  test.each([
    { name: 'an option that there is not', value: '1,7', error: { status: 400, code: '0x80048408' } },
    { name: 'a word', value: 'one', error: { status: 400, code: '0x80048d19' } },
    { name: 'an empty text', value: '', error: { status: 400, code: '0x80048d19' } },
    { name: 'a comma too many', value: '1,', error: { status: 400, code: '0x80048d19' } },
    { name: 'a number', value: 1, error: { status: 400, code: '0x80048d19' } },
    { name: 'a list', value: [1], error: { status: 400, code: '0x80048d19' } },
    { name: 'a number beyond 32 bits', value: '4294967297', error: { status: 400, code: '0x80048d19' } },
  ])('refuse $name', async ({ value, error }) => {
    expect(errorOf(await send('POST', 'new_banks', { new_name: 'Feil', new_services: value }))).toMatchObject(error);
    expect(await found("new_name eq 'Feil'")).toEqual([]);
  });

  test.each([
    { option: { $filter: 'new_services gt 1' }, status: 400, says: 'incompatible types' },
    { option: { $filter: "new_services gt '1'" }, status: 400, says: 'incompatible types' },
    { option: { $filter: "contains(new_services,'1')" }, status: 400, says: 'a text column and a text are expected' },
    {
      option: { $filter: `${crm}.In(PropertyName='new_services',PropertyValues=["1"])` },
      status: 501,
      says: 'several choices',
    },
    {
      option: { $filter: `${crm}.ContainValues(PropertyName='new_services',PropertyValues=["x"])` },
      status: 400,
      says: 'no number of an option',
    },
    {
      option: { $filter: `${crm}.ContainValues(PropertyName='new_services',PropertyValues=["1,2"])` },
      status: 400,
      says: 'no number of an option',
    },
    {
      option: { $filter: `${crm}.ContainValues(PropertyName='new_services',PropertyValues=[])` },
      status: 400,
      says: 'must be a list of values',
    },
    {
      option: { $filter: `${crm}.ContainValues(PropertyName='new_name',PropertyValues=["1"])` },
      status: 400,
      says: "cannot be asked of 'new_name'",
    },
    { option: { $orderby: 'new_services' }, status: 501, says: 'an order by a column with several choices' },
    {
      option: { $apply: 'aggregate(new_services with min as m)' },
      status: 400,
      says: 'is not supported for attribute',
    },
  ])('a query is refused: $option', async ({ option, status, says }) => {
    const answer = await read(`new_banks?${query(option as unknown as Record<string, string>)}`);
    expect(errorOf(answer)).toMatchObject({ status, message: expect.stringContaining(says) });
  });

  test('are described in the metadata, and can take a global choice', async () => {
    const path = `${table}/Attributes/${crm}.MultiSelectPicklistAttributeMetadata`;
    const [own] = rowsOf(await read(`${path}?$select=LogicalName&$expand=OptionSet($select=Options)`));
    expect(own).toMatchObject({ LogicalName: 'new_services' });
    expect(
      (own as { OptionSet: { Options: WireRow[] } } | undefined)?.OptionSet.Options.map(({ Value }) => Value),
    ).toEqual([1, 2, 10, 12]);
    const { MetadataId: id } = bodyOf(await read("GlobalOptionSetDefinitions(Name='new_colors')"));
    const shared = multiple('new_Colors', { 'GlobalOptionSet@odata.bind': `/GlobalOptionSetDefinitions(${id})` });
    expect((await send('POST', `${table}/Attributes`, shared)).status).toBe(204);
    createdId(await send('POST', 'new_banks', { new_name: 'Farget', new_colors: '1' }));
    expect(await found(`${crm}.ContainValues(PropertyName='new_colors',PropertyValues=[1])`)).toEqual(['Farget']);
    expect((await read('$metadata')).text).toContain('<Property Name="new_services" Type="Edm.String" />');
    const withDefault = multiple('new_Preset', { OptionSet: { Options: options }, DefaultFormValue: 1 });
    expect(errorOf(await send('POST', `${table}/Attributes`, withDefault))).toMatchObject({ status: 501 });
  });

  test('FetchXML stands in a batch like any other read', async () => {
    const xml =
      '<fetch top="1"><entity name="new_bank"><attribute name="new_name"/><order attribute="new_name"/></entity></fetch>';
    const wrong = xml.replace('new_name', 'new_nope');
    const answer = await send(
      'POST',
      '$batch',
      writeBatch([
        { url: `new_banks?fetchXml=${encodeURIComponent(xml)}` },
        { url: `new_banks?fetchXml=${encodeURIComponent(wrong)}` },
      ]),
      { headers: { ...batchHeaders(), prefer: 'odata.continue-on-error' } },
    );
    const [rows, refused] = readBatch(answer).map(single);
    expect(rowsOf(rows)).toMatchObject([{ new_name: 'A' }]);
    expect(errorOf(refused as Answer)).toMatchObject({ status: 400, code: '0x80041103' });
  });

  test.each([
    { name: 'a definition', url: 'GlobalOptionSetDefinitions', body: { ...colors, Name: 'new_Lost' } },
    {
      name: 'an option',
      url: 'InsertOptionValue',
      body: { EntityLogicalName: 'new_bank', AttributeLogicalName: 'new_services', Value: 99, Label: label('Lost') },
    },
  ])('$name cannot change in a change set with other requests', async ({ url, body }) => {
    const answer = await send(
      'POST',
      '$batch',
      writeBatch([
        [
          { method: 'POST', url: 'new_banks', id: '1', body: { new_name: 'Tapt' } },
          { method: 'POST', url, id: '2', body },
        ],
      ]),
      { headers: batchHeaders() },
    );
    expect(errorOf(single(readBatch(answer)[0]))).toMatchObject({
      status: 501,
      code: '0x80040315',
      message: expect.stringContaining('metadata in a change set with other requests'),
    });
    expect(await found("new_name eq 'Tapt'")).toEqual([]);
    expect((await read("GlobalOptionSetDefinitions(Name='new_lost')")).status).toBe(404);
  });

  test('EqualUserOrUserHierarchyAndTeams finds the asker, who reports to them, and the teams of both', async () => {
    const { UserId: me, BusinessUnitId: unit } = bodyOf(await read('WhoAmI'));
    const [other] = rowsOf(await read(`systemusers?$filter=applicationid eq ${server.env.CLIENT_ID}`));
    const team = createdId(
      await send('POST', 'teams', {
        name: 'Rapportlag',
        teamtype: 0,
        'businessunitid@odata.bind': `/businessunits(${unit})`,
      }),
    );
    const member = { '@odata.id': `${server.url}/api/data/v9.2/systemusers(${other?.['systemuserid']})` };
    expect((await send('POST', `teams(${team})/teammembership_association/$ref`, member)).status).toBe(204);
    const boss = { 'parentsystemuserid@odata.bind': `/systemusers(${me})` };
    const users = async (): Promise<readonly unknown[]> => {
      const filter = `${crm}.EqualUserOrUserHierarchyAndTeams(PropertyName='systemuserid')`;
      return rowsOf(await read(`systemusers?$filter=${filter}`)).map((row) => row['systemuserid']);
    };
    expect(await users()).toEqual([me]);
    expect((await send('PATCH', `systemusers(${other?.['systemuserid']})`, boss)).status).toBe(204);
    expect([...(await users())].sort()).toEqual([me, other?.['systemuserid']].sort());
    expect((await send('POST', 'EntityDefinitions', account)).status).toBe(204);
    const [role] = rowsOf(await read("roles?$filter=name eq 'System Administrator'"));
    const given = { '@odata.id': `${server.url}/api/data/v9.2/roles(${role?.['roleid']})` };
    expect((await send('POST', `teams(${team})/teamroles_association/$ref`, given)).status).toBe(204);
    for (const [name, owner] of [
      ['Lagets', `/teams(${team})`],
      ['Min', `/systemusers(${me})`],
    ]) {
      createdId(await send('POST', 'new_accounts', { new_name: name, 'ownerid@odata.bind': owner }));
    }
    const owned = async (): Promise<readonly unknown[]> => {
      const filter = `${crm}.EqualUserOrUserHierarchyAndTeams(PropertyName='ownerid')`;
      return rowsOf(await read(`new_accounts?$filter=${filter}&$orderby=new_name`)).map((row) => row['new_name']);
    };
    expect(await owned()).toEqual(['Lagets', 'Min']);
    expect((await send('PATCH', `systemusers(${other?.['systemuserid']})`, { parentsystemuserid: null })).status).toBe(
      204,
    );
    expect(await owned()).toEqual(['Min']);
  });
});
