import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engines } from '../support/database.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

/** Metadata entities over real HTTPS: who may read them, and in which shape they are sent. */
describe.each(engines)('metadata entities on %s', (engine) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer(engine);
  });
  afterAll(() => server.close());

  const table = "EntityDefinitions(LogicalName='mshr_hcmjobentity')";

  test('the look-up of the Python client finds a table for the demo ATS', async () => {
    const select = 'MetadataId,LogicalName,SchemaName,EntitySetName,PrimaryNameAttribute,PrimaryIdAttribute';
    const filter = encodeURIComponent("LogicalName eq 'mshr_hcmjobentity'");
    const answer = await server.api(`EntityDefinitions?$select=${select}&$filter=${filter}`, {
      headers: { consistency: 'Strong' },
    });
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json; odata.metadata=minimal',
      'odata-version': '4.0',
    });
    expect(answer.json()).toMatchObject({
      '@odata.context': `${server.url}/api/data/v9.2/$metadata#EntityDefinitions(${select})`,
      value: [{ EntitySetName: 'mshr_hcmjobentities', PrimaryIdAttribute: 'mshr_hcmjobentityid' }],
    });
  });

  test('a role that only reads may read definitions', async () => {
    expect((await server.api(`${table}/Attributes`, { as: 'reader' })).status).toBe(200);
  });

  test('keys of virtual tables are said to differ', async () => {
    expect((await server.api(`${table}/Keys`)).headers['portvakt-differs']).toBe('virtual-key');
  });

  test('annotations are left out where none are wanted', async () => {
    const answer = await server.api(`${table}/Attributes`, {
      headers: { accept: 'application/json;odata.metadata=none' },
    });
    expect(answer.text).not.toContain('@odata');
    expect(answer.headers['content-type']).toBe('application/json; odata.metadata=none');
  });

  test('HEAD gives the headers alone', async () => {
    expect(await server.api('EntityDefinitions', { method: 'HEAD' })).toMatchObject({ status: 200, text: '' });
  });

  test('nobody reads without a role, and the privilege is named', async () => {
    const answer = await server.api(table, { as: 'roleless' });
    expect(answer.status).toBe(403);
    expect(answer.json()).toMatchObject({
      error: { code: '0x80042f09', message: expect.stringContaining('a role with the prvReadEntity privilege.') },
    });
    expect((await server.api(table, { as: 'stranger' })).json()).toMatchObject({ error: { code: '0x80072560' } });
    expect((await server.ask(`/api/data/v9.2/${table}`)).status).toBe(401);
  });

  test.each([
    ['a table', table, 'prvReadEntity'],
    ['columns', `${table}/Attributes`, 'prvReadAttribute'],
    ['columns by expand', `${table}?$expand=Attributes`, 'prvReadAttribute'],
    ['relationships', 'RelationshipDefinitions', 'prvReadRelationship'],
    ['choices', 'GlobalOptionSetDefinitions', 'prvReadOptionSet'],
    ['a table that there is not', "EntityDefinitions(LogicalName='nothing')", 'prvReadEntity'],
  ])('without the privilege %s cannot be read', async (_what, path, privilege) => {
    const user = `systemusers?$select=systemuserid&$filter=applicationid%20eq%20${server.env.CLIENT_ID}`;
    const expand = '$expand=systemuserroles_association($select=roleid)';
    const users = await server.api(`${user}&${expand}`, { as: 'admin' });
    const [role] = (users.json() as { value: { systemuserroles_association: { roleid: string }[] }[] }).value.flatMap(
      (each) => each.systemuserroles_association,
    );
    const found = await server.api(`privileges?$select=privilegeid&$filter=name%20eq%20'${privilege}'`, {
      as: 'admin',
    });
    const [{ privilegeid } = { privilegeid: '' }] = (found.json() as { value: { privilegeid: string }[] }).value;
    const change = (action: string, body: object) =>
      server.api(`roles(${role?.roleid})/Microsoft.Dynamics.CRM.${action}`, { as: 'admin', method: 'POST', body });
    expect((await change('RemovePrivilegeRole', { PrivilegeId: privilegeid })).status).toBe(204);
    const answer = await server.api(path);
    await change('AddPrivilegesRole', { Privileges: [{ PrivilegeId: privilegeid, Depth: 'Global' }] });
    expect(answer.status).toBe(403);
    expect(answer.json()).toMatchObject({
      error: { code: '0x80040220', message: expect.stringContaining(`is missing ${privilege} privilege`) },
    });
  });
});
