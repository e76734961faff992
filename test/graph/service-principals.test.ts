import { beforeAll, describe, expect, test } from 'vitest';
import { newGuid } from '../../src/kernel/ids.ts';
import { guidPattern, jsonOf, publicUrl, segmentOf } from '../token/world.ts';
import { GraphWorld, graphScope, refusedAs, type Sent, valuesOf } from './graph-world.ts';

let graph: GraphWorld;
beforeAll(async () => {
  graph = await GraphWorld.make();
});

const graphAppId = '00000003-0000-0000-c000-000000000000';
const roleIds = {
  'Application.Read.All': '9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30',
  'Application.ReadWrite.All': '1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9',
  'AppRoleAssignment.ReadWrite.All': '06b708a9-e830-4db3-a914-8e69da51d44f',
} as const;
const bad = { status: 400, code: 'Request_BadRequest' };
const denied = { status: 403, code: 'Authorization_RequestDenied' };

describe('the resources that every tenant has', () => {
  test.each([
    { appId: graphAppId, displayName: 'Microsoft Graph', names: ['https://graph.microsoft.com'] },
    { appId: '00000007-0000-0000-c000-000000000000', displayName: 'Dataverse', names: [] },
    { appId: '00000015-0000-0000-c000-000000000000', displayName: 'Microsoft Dynamics ERP', names: [] },
  ])(
    '$displayName is found by its appId, under an id of its own in each tenant',
    async ({ appId, displayName, names }) => {
      const found = await graph.get(`servicePrincipals(appId='${appId}')`);
      expect(found).toMatchObject({
        id: expect.stringMatching(guidPattern),
        appId,
        displayName,
        accountEnabled: true,
        servicePrincipalNames: [appId, ...names],
      });
      const listed = valuesOf(await graph.ask('GET', `servicePrincipals?$filter=appId eq '${appId}'`));
      expect(listed.map((each) => each['id'])).toEqual([found['id']]);
      expect((await graph.get(`servicePrincipals/${String(found['id'])}`))['appId']).toBe(appId);
      const elsewhere = await graph.get(`servicePrincipals(appId='${appId}')`, { token: graph.tokens.elsewhere });
      expect(elsewhere['id']).not.toBe(found['id']);
      const other = await graph.ask('GET', `servicePrincipals/${String(elsewhere['id'])}`);
      expect(other.status).toBe(404);
    },
  );

  test('Microsoft Graph shows its application permissions, Dataverse its delegated one', async () => {
    const { appRoles } = await graph.get(`servicePrincipals(appId='${graphAppId}')?$select=appRoles`);
    const shown = (appRoles as Record<string, unknown>[]).map(({ value, id }) => [value, id]);
    expect(Object.fromEntries(shown)).toEqual(roleIds);
    const dataverse = await graph.get("servicePrincipals(appId='00000007-0000-0000-c000-000000000000')");
    expect(dataverse['oauth2PermissionScopes']).toMatchObject([{ value: 'user_impersonation' }]);
  });

  test('cannot be created again, changed or deleted', async () => {
    expect(refusedAs(await graph.ask('POST', 'servicePrincipals', { body: { appId: graphAppId } }))).toEqual({
      status: 409,
      code: 'Request_MultipleObjectsWithSameKeyValue',
    });
    const path = `servicePrincipals(appId='${graphAppId}')`;
    expect(refusedAs(await graph.ask('PATCH', path, { body: { accountEnabled: false } }))).toEqual(denied);
    expect(refusedAs(await graph.ask('DELETE', path))).toEqual(denied);
  });
});

describe('an application of another tenant', () => {
  const admit = (appId: unknown, more: Sent = {}) =>
    graph.ask('POST', 'servicePrincipals', { body: { appId }, token: graph.tokens.elsewhere, ...more });

  test('is admitted when it is multi-tenant: an own object, and tokens until it is withdrawn', async () => {
    const partner = await graph.world.addApplication('Partner', { signInAudience: 'AzureADMultipleOrgs' });
    const { clientId } = partner.application;
    const askThere = async () => {
      const body = new URLSearchParams(graph.world.form(partner, { scope: graphScope })).toString();
      return graph.world.ask({ url: '/nordlys.example/oauth2/v2.0/token', body });
    };
    expect((await askThere()).status).toBe(400);
    const admitted = await admit(clientId);
    expect(admitted.status).toBe(201);
    expect(jsonOf(admitted)).toMatchObject({ appId: clientId, appOwnerOrganizationId: graph.world.tenant.id });
    expect(jsonOf(admitted)['id']).not.toBe(partner.principal.id);
    const token = String(jsonOf(await askThere())['access_token']);
    expect(segmentOf(token, 1)).toMatchObject({ tid: graph.world.otherTenant.id, oid: jsonOf(admitted)['id'] });
    const path = `servicePrincipals/${String(jsonOf(admitted)['id'])}`;
    expect((await graph.ask('DELETE', path)).status).toBe(404);
    expect((await graph.ask('DELETE', path, { token: graph.tokens.elsewhere })).status).toBe(204);
    expect((await askThere()).status).toBe(400);
    expect((await graph.ask('GET', 'applications', { token })).status).toBe(401);
    expect((await graph.ask('GET', `servicePrincipals/${partner.principal.id}`)).status).toBe(200);
  });

  test('is refused when it is single-tenant, in the words for one that there is not', async () => {
    const single = await graph.world.addApplication('Single');
    const refusals = [await admit(single.application.clientId), await admit(newGuid())].map((response) => {
      expect(refusedAs(response)).toEqual({ status: 400, code: 'NoBackingApplicationObject' });
      const { message } = jsonOf(response)['error'] as { message: string };
      return message.replace(/'[0-9a-f-]{36}'/, "'…'");
    });
    expect(refusals[0]).toBe(refusals[1]);
  });
});

describe('a service principal', () => {
  test('is made by upsert with the preference, disabled from the beginning if so wished', async () => {
    const { appId } = await graph.create('Upserted');
    const path = `servicePrincipals(appId='${String(appId)}')`;
    expect((await graph.ask('PATCH', path, { body: { accountEnabled: false } })).status).toBe(404);
    const headers = { prefer: 'create-if-missing' };
    const created = await graph.ask('PATCH', path, { body: { accountEnabled: false }, headers });
    expect([created.status, jsonOf(created)['accountEnabled']]).toEqual([201, false]);
    expect((await graph.ask('PATCH', path, { body: { accountEnabled: true }, headers })).status).toBe(204);
    expect((await graph.get(path))['accountEnabled']).toBe(true);
  });

  test('shows names and redirect URIs of its application', async () => {
    const { id, appId } = await graph.create('Named', { web: { redirectUris: ['https://ats.example/back'] } });
    const uri = `api://${String(appId)}`;
    await graph.ask('PATCH', `applications/${String(id)}`, { body: { identifierUris: [uri] } });
    const shown = jsonOf(await graph.ask('POST', 'servicePrincipals', { body: { appId, accountEnabled: true } }));
    expect(shown).toMatchObject({ servicePrincipalNames: [appId, uri], replyUrls: ['https://ats.example/back'] });
  });

  test.each([
    { name: 'a name of blanks', body: { displayName: ' ' }, as: bad },
    { name: 'another appId', body: { appId: newGuid() }, as: bad },
    { name: 'a property that there is not', body: { colour: 'red' }, as: bad },
    { name: 'a tag with a line end', body: { tags: ['a\nb'] }, as: bad },
    { name: 'notes', body: { notes: 'x' }, as: { status: 501, code: 'NotImplemented' } },
    {
      name: 'a demand for assignment',
      body: { appRoleAssignmentRequired: true },
      as: { status: 501, code: 'NotImplemented' },
    },
  ])('does not take $name', async ({ body, as }) => {
    expect(refusedAs(await graph.ask('PATCH', `servicePrincipals/${graph.admin.principal.id}`, { body }))).toEqual(as);
  });

  test('has a name and tags of its own, which outlive a new name of the application', async () => {
    const { id, appId } = await graph.create('Before');
    const path = `servicePrincipals(appId='${String(appId)}')`;
    const headers = { prefer: 'create-if-missing' };
    const body = { displayName: 'My instance', tags: ['WindowsAzureActiveDirectoryIntegratedApp'] };
    expect((await graph.ask('PATCH', path, { body, headers })).status).toBe(201);
    await graph.ask('PATCH', `applications/${String(id)}`, { body: { displayName: 'After' } });
    expect(await graph.get(path)).toMatchObject({ ...body, appDisplayName: 'After' });
    expect((await graph.ask('PATCH', path, { body: { displayName: 'Ours', tags: [] } })).status).toBe(204);
    expect(await graph.get(path)).toMatchObject({ displayName: 'Ours', tags: [], accountEnabled: true });
  });

  test('takes what is empty, as it is read', async () => {
    const body = { notes: null, appRoleAssignmentRequired: false, info: { logoUrl: null } };
    expect((await graph.ask('PATCH', `servicePrincipals/${graph.admin.principal.id}`, { body })).status).toBe(204);
  });
});

describe('application permissions', () => {
  const grant = async (principalId: unknown, role: keyof typeof roleIds, sent: Sent = {}) => {
    const resource = await graph.get(`servicePrincipals(appId='${graphAppId}')?$select=id`, {
      token: graph.tokens.read,
    });
    const body = { principalId, resourceId: resource['id'], appRoleId: roleIds[role] };
    return graph.ask('POST', `servicePrincipals/${String(principalId)}/appRoleAssignments`, { body, ...sent });
  };

  test('are granted, seen from both sides, carried by the next token, and taken away at once', async () => {
    const made = await graph.world.addApplication('Second administrator');
    const { id } = made.principal;
    const before = await graph.world.token(made, graphScope);
    const granted = await grant(id, 'Application.Read.All');
    expect(granted.status).toBe(201);
    const assignment = jsonOf(granted);
    expect(assignment).toMatchObject({
      '@odata.context': `${publicUrl}/v1.0/$metadata#servicePrincipals('${id}')/appRoleAssignments/$entity`,
      id: expect.stringMatching(/^[\w-]{43}$/),
      appRoleId: roleIds['Application.Read.All'],
      createdDateTime: '2026-03-01T12:00:00Z',
      principalDisplayName: 'Second administrator',
      principalId: id,
      principalType: 'ServicePrincipal',
      resourceDisplayName: 'Microsoft Graph',
    });
    expect(granted.headers['Location']).toBe(
      `${publicUrl}/v1.0/servicePrincipals/${id}/appRoleAssignments/${String(assignment['id'])}`,
    );
    expect((await graph.ask('GET', 'applications', { token: before })).status).toBe(403);
    const token = await graph.world.token(made, graphScope);
    expect(segmentOf(token, 1)['roles']).toEqual(['Application.Read.All']);
    expect((await graph.ask('GET', 'applications', { token })).status).toBe(200);

    const own = `servicePrincipals/${id}/appRoleAssignments`;
    const given = `servicePrincipals(appId='${graphAppId}')/appRoleAssignedTo`;
    expect(valuesOf(await graph.ask('GET', own)).map((each) => each['id'])).toEqual([assignment['id']]);
    expect(valuesOf(await graph.ask('GET', given)).map((each) => each['id'])).toContain(assignment['id']);
    expect((await graph.get(`${given}/${String(assignment['id'])}`))['principalId']).toBe(id);
    const expanded = await graph.get(`servicePrincipals/${id}?$expand=appRoleAssignments&$select=id`);
    expect(expanded['appRoleAssignments']).toMatchObject([{ id: assignment['id'] }]);

    expect((await graph.ask('DELETE', `${own}/${String(assignment['id'])}`)).status).toBe(204);
    expect((await graph.ask('GET', 'applications', { token })).status).toBe(403);
    expect(valuesOf(await graph.ask('GET', own))).toEqual([]);
    expect((await graph.ask('DELETE', `${own}/${String(assignment['id'])}`)).status).toBe(404);
  });

  test('are granted from the side of the resource too', async () => {
    const { principal } = await graph.world.addApplication('From the resource');
    const resource = await graph.get(`servicePrincipals(appId='${graphAppId}')`);
    const path = `servicePrincipals/${String(resource['id'])}/appRoleAssignedTo`;
    const body = {
      principalId: principal.id,
      resourceId: resource['id'],
      appRoleId: roleIds['Application.Read.All'],
    };
    const granted = await graph.ask('POST', path, { body });
    expect(granted.status).toBe(201);
    const filter = `?$filter=resourceId eq ${String(resource['id'])} and startswith(principalDisplayName,'from')`;
    expect(valuesOf(await graph.ask('GET', `${path}${filter}`))).toMatchObject([{ principalId: principal.id }]);
    expect((await graph.ask('DELETE', `${path}/${String(jsonOf(granted)['id'])}`)).status).toBe(204);
    expect(graph.world.directory.getServicePrincipal(principal.id).appRoles).toEqual([]);
  });

  test('are not granted by a caller without the permission to: not to others, not to itself', async () => {
    const { principal } = await graph.world.addApplication('Ambitious');
    const own = String(segmentOf(graph.tokens.write, 1)['oid']);
    for (const token of [graph.tokens.write, graph.tokens.read, graph.tokens.none]) {
      expect(refusedAs(await grant(principal.id, 'Application.Read.All', { token }))).toEqual(denied);
      expect(refusedAs(await grant(own, 'AppRoleAssignment.ReadWrite.All', { token }))).toEqual(denied);
    }
    const assignment = valuesOf(await graph.ask('GET', `servicePrincipals/${own}/appRoleAssignments`))[0];
    const path = `servicePrincipals/${own}/appRoleAssignments/${String(assignment?.['id'])}`;
    expect(refusedAs(await graph.ask('DELETE', path, { token: graph.tokens.write }))).toEqual(denied);
    expect((await graph.ask('GET', path, { token: graph.tokens.read })).status).toBe(200);
  });

  test('are no use to a caller from whom they have been taken since its token was issued', async () => {
    const made = await graph.world.addApplication('Demoted');
    await graph.world.directory.grantAppRole(made.principal.id, 'Application.ReadWrite.All');
    const token = await graph.world.token(made, graphScope);
    await graph.world.directory.revokeAppRole(made.principal.id, 'Application.ReadWrite.All');
    expect(refusedAs(await graph.ask('POST', 'applications', { body: { displayName: 'x' }, token }))).toEqual(denied);
  });

  test('are refused where something is wrong', async () => {
    const { principal } = await graph.world.addApplication('Wrong');
    const resource = await graph.get(`servicePrincipals(appId='${graphAppId}')`);
    const dataverse = await graph.get("servicePrincipals(appId='00000007-0000-0000-c000-000000000000')");
    const right = { principalId: principal.id, resourceId: resource['id'], appRoleId: roleIds['Application.Read.All'] };
    const post = (body: unknown, on: unknown = principal.id) =>
      graph.ask('POST', `servicePrincipals/${String(on)}/appRoleAssignments`, { body });
    const elsewhere = graph.world.directory.listServicePrincipals(graph.world.otherTenant.id)[0];
    const missing = { status: 404, code: 'Request_ResourceNotFound' };
    for (const [body, as] of [
      [{ ...right, appRoleId: newGuid() }, bad],
      [{ ...right, resourceId: dataverse['id'] }, bad],
      [{ ...right, resourceId: principal.id }, bad],
      [{ ...right, resourceId: newGuid() }, missing],
      [{ ...right, principalId: graph.admin.principal.id }, bad],
      [{ ...right, principalId: undefined }, bad],
      [{ ...right, resourceId: undefined }, bad],
      [{ ...right, appRoleId: undefined }, bad],
      [{ ...right, appRoleId: 'Application.Read.All' }, bad],
      [{ ...right, principalType: 'User' }, bad],
    ] as const) {
      expect(refusedAs(await post(body)), JSON.stringify(body)).toEqual(as);
    }
    expect(refusedAs(await post({ ...right, principalId: elsewhere?.id }, elsewhere?.id))).toEqual(missing);
    expect(refusedAs(await post({ ...right, principalId: resource['id'] }, resource['id']))).toEqual(denied);
    expect((await post(right)).status).toBe(201);
    expect(refusedAs(await post(right))).toEqual(bad);
  });
});
