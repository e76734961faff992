import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Answer } from '../support/client.ts';
import { engines } from '../support/database.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const api = '/api/data/v9.2';
const candidates = `${api}/mshr_hcmcandidatetohireentities`;
const requests = `${api}/mshr_hcmrecruitingrequestentities`;
const disbursements = `${api}/mserp_payintv1bankaccountdisbursemententities`;

const errorOf = (answer: Answer) => (answer.json() as { error: { code: string; message: string } }).error;
const rowsOf = (answer: Answer) => (answer.json() as { value: Record<string, string>[] }).value;

/** Both gates over real HTTPS: each condition is broken and mended again, and the very next request shows it. */
describe.each(engines)('both gates on %s', (engine) => {
  let server: TestServer;
  let userId: string;
  let roleId: string;

  beforeAll(async () => {
    server = await startTestServer(engine);
    const filter = `applicationid eq ${server.env.CLIENT_ID}`;
    const users = await server.ask(`${api}/systemusers?$select=systemuserid&$filter=${encodeURIComponent(filter)}`, {
      as: 'admin',
    });
    userId = rowsOf(users)[0]?.['systemuserid'] ?? '';
    const roles = await server.ask(`${api}/systemusers(${userId})/systemuserroles_association?$select=name,roleid`, {
      as: 'admin',
    });
    expect(rowsOf(roles)).toHaveLength(1);
    roleId = rowsOf(roles)[0]?.['roleid'] ?? '';
  });
  afterAll(() => server.close());

  const read = (): Promise<Answer> => server.ask(`${requests}?$top=1`, { as: 'ats' });
  const candidate = { mshr_dataareaid: 'usmf', mshr_firstname: 'Kari', mshr_lastname: 'Nordmann' };

  describe('no token, or one for something else', () => {
    test('without a token: 401 and where to get one', async () => {
      const answer = await server.ask(requests);
      expect(answer.status).toBe(401);
      expect(answer.headers['www-authenticate']).toBe(
        `Bearer authorization_uri=${server.env.AUTHORITY_URL}/oauth2/authorize, resource_id=${server.url}/`,
      );
    });

    test.each([
      { name: 'a token for /data', scope: '/data/.default' },
      { name: 'a token for Microsoft Graph', scope: 'https://graph.microsoft.com/.default' },
    ])('$name is 401 here', async ({ scope }) => {
      const token = await server.token('ats', scope.startsWith('/') ? `${server.url}${scope}` : scope);
      const answer = await server.ask(requests, { token });
      expect(answer.status).toBe(401);
      expect(answer.headers['www-authenticate']).toMatch(/^Bearer error=invalid_token, .*resource_id=/);
    });

    test('a token for the Web API is 401 under /data and /v1.0', async () => {
      const token = await server.token('admin');
      expect((await server.ask('/data/SystemUsers', { token })).status).toBe(401);
      expect((await server.ask('/v1.0/applications', { token })).status).toBe(401);
    });

    test('a token with one character changed is 401', async () => {
      const token = await server.token('ats');
      const at = token.length - 20;
      const changed = `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`;
      expect((await server.ask(requests, { token: changed })).status).toBe(401);
    });
  });

  describe('who is let in by the first gate', () => {
    test('an application without an application user: 403 0x80072560', async () => {
      const answer = await server.ask(requests, { as: 'stranger' });
      expect(answer.status).toBe(403);
      expect(errorOf(answer)).toEqual({ code: '0x80072560', message: 'The user is not a member of the organization.' });
    });

    test('an application user without a role: 403 0x80042f09; WhoAmI works', async () => {
      const answer = await server.ask(requests, { as: 'roleless' });
      expect(answer.status).toBe(403);
      expect(errorOf(answer).code).toBe('0x80042f09');
      expect(errorOf(answer).message).toMatch(
        /^RetrievePrivilegeForUser: The user with id [0-9a-f-]{36} has not been assigned any roles\. They need a role with the prvReadmshr_hcmrecruitingrequestentity privilege\.$/i,
      );
      expect((await server.ask(`${api}/WhoAmI`, { as: 'roleless' })).status).toBe(200);
    });

    test('a role with Read only may read, and may not create: 403 0x80040220', async () => {
      expect((await server.ask(requests, { as: 'reader' })).status).toBe(200);
      const answer = await server.ask(candidates, { method: 'POST', body: candidate, as: 'reader' });
      expect(answer.status).toBe(403);
      expect(errorOf(answer).code).toBe('0x80040220');
      expect(errorOf(answer).message).toContain('is missing prvCreatemshr_hcmcandidatetohireentity privilege');
    });

    test('taking the security role away refuses the next request, giving it back allows it', async () => {
      const link = `${api}/systemusers(${userId})/systemuserroles_association`;
      expect((await read()).status).toBe(200);
      expect((await server.ask(`${link}(${roleId})/$ref`, { method: 'DELETE', as: 'admin' })).status).toBe(204);
      const refused = await read();
      expect(refused.status).toBe(403);
      expect(errorOf(refused).code).toBe('0x80042f09');
      const body = { '@odata.id': `${server.url}${api}/roles(${roleId})` };
      expect((await server.ask(`${link}/$ref`, { method: 'POST', body, as: 'admin' })).status).toBe(204);
      expect((await read()).status).toBe(200);
    });

    test('a disabled application user: 403 0x80040225', async () => {
      const user = `${api}/systemusers(${userId})`;
      const set = (isdisabled: boolean) => server.ask(user, { method: 'PATCH', body: { isdisabled }, as: 'admin' });
      expect((await set(true)).status).toBe(204);
      const refused = await read();
      expect(refused.status).toBe(403);
      expect(errorOf(refused).code).toBe('0x80040225');
      expect((await set(false)).status).toBe(204);
      expect((await read()).status).toBe(200);
    });
  });

  describe('who is let in by the second gate', () => {
    test('no application link: 400 0x80040265 with the message that names the missing user', async () => {
      const answer = await server.ask(requests, { as: 'unlinked' });
      expect(answer.status).toBe(400);
      expect(errorOf(answer).code).toBe('0x80040265');
      expect(errorOf(answer).message).toMatch(
        /^User .+ was not found in Finance and Operations\. Please ensure this user exists\.$/,
      );
    });

    test('removing the application link refuses the next request, setting it up again allows it', async () => {
      const key = `SysAADClients('${server.env.CLIENT_ID}')`;
      const link = (await server.data(key)).json() as Record<string, string>;
      expect(link['UserId']).toBe('RekrutteringIntegrasjon');
      expect((await server.data(key, { method: 'DELETE' })).status).toBe(204);
      const refused = await read();
      expect(refused.status).toBe(400);
      expect(errorOf(refused).message).toMatch(/^User .+ was not found in Finance and Operations\./);
      const body = { AADClientId: server.env.CLIENT_ID, Name: link['Name'], UserId: link['UserId'] };
      expect((await server.data('SysAADClients', { method: 'POST', body })).status).toBe(201);
      expect((await read()).status).toBe(200);
    });

    test("removing the platform's own link refuses everybody with the product's message", async () => {
      const id = '61a0518c-121a-421a-9ad6-f0955a88be43';
      const link = (await server.data(`SysAADClients('${id}')`)).json() as Record<string, string>;
      expect((await server.data(`SysAADClients('${id}')`, { method: 'DELETE' })).status).toBe(204);
      const refused = await read();
      expect(refused.status).toBe(400);
      expect(errorOf(refused).message).toMatch(
        /^A token was obtained to call Finance and Operations, but the call was/,
      );
      const body = { AADClientId: id, Name: link['Name'], UserId: link['UserId'] };
      expect((await server.data('SysAADClients', { method: 'POST', body })).status).toBe(201);
      expect((await read()).status).toBe(200);
    });

    test('taking the role HcmRecruitingIntegrator away refuses the next request', async () => {
      const user = 'RekrutteringIntegrasjon';
      const role = 'HcmRecruitingIntegrator';
      const key = `SecurityUserRoleAssociations(UserId='${user}',SecurityRoleIdentifier='${role}')`;
      const held = (await server.data(key)).json() as Record<string, string>;
      expect((await server.data(key, { method: 'DELETE' })).status).toBe(204);
      const refused = await read();
      expect(refused.status).toBe(400);
      expect(errorOf(refused).code).toBe('0x80040265');
      expect(errorOf(refused).message).toContain('is not authorized');
      const body = { UserId: user, SecurityRoleIdentifier: role, SecurityRoleName: held['SecurityRoleName'] };
      expect((await server.data('SecurityUserRoleAssociations', { method: 'POST', body })).status).toBe(201);
      expect((await read()).status).toBe(200);
    });

    test('a disabled Human Resources user: refused until enabled again', async () => {
      const set = (Enabled: boolean) =>
        server.data("SystemUsers('RekrutteringIntegrasjon')", { method: 'PATCH', body: { Enabled } });
      expect((await set(false)).status).toBe(204);
      const refused = await read();
      expect([refused.status, errorOf(refused).code]).toEqual([400, '0x80040265']);
      expect(errorOf(refused).message).toBe('user RekrutteringIntegrasjon is disabled in Human Resources');
      expect((await set(true)).status).toBe(204);
      expect((await read()).status).toBe(200);
    });

    test('a table outside recruiting: refused by gate one without the privilege, by gate two with it', async () => {
      const first = await server.ask(disbursements, { as: 'ats' });
      expect([first.status, errorOf(first).code]).toEqual([403, '0x80040220']);
      const privileges = await server.ask(
        `${api}/privileges?$select=privilegeid&$filter=name eq 'prvReadmserp_payintv1bankaccountdisbursemententity'`.replaceAll(
          ' ',
          '%20',
        ),
        { as: 'admin' },
      );
      const body = { Privileges: [{ PrivilegeId: rowsOf(privileges)[0]?.['privilegeid'], Depth: 'Global' }] };
      const action = `${api}/roles(${roleId})/Microsoft.Dynamics.CRM.AddPrivilegesRole`;
      expect((await server.ask(action, { method: 'POST', body, as: 'admin' })).status).toBe(204);
      const second = await server.ask(disbursements, { as: 'ats' });
      expect([second.status, errorOf(second).code]).toEqual([400, '0x80040265']);
      expect(rowsOf(await server.ask(disbursements, { as: 'admin' })).length).toBeGreaterThan(0);
    });

    test('a user kept to one legal entity sees its rows and nothing of the others', async () => {
      const user = 'RekrutteringIntegrasjon';
      const body = {
        UserId: user,
        SecurityRoleIdentifier: 'HcmRecruitingIntegrator',
        OrganizationType: 'LegalEntity',
        OrganizationId: 'no01',
      };
      const all = rowsOf(await server.ask(`${requests}?$select=mshr_dataareaid`, { as: 'ats' }));
      const elsewhere = all.find((row) => row['mshr_dataareaid'] === 'usmf')?.['mshr_hcmrecruitingrequestentityid'];
      expect((await server.data('SecurityUserRoleOrganizations', { method: 'POST', body })).status).toBe(201);
      const seen = await server.ask(`${requests}?$select=mshr_dataareaid&$count=true`, { as: 'ats' });
      const companies = new Set(rowsOf(seen).map((row) => row['mshr_dataareaid']));
      expect([...companies]).toEqual(['no01']);
      expect((seen.json() as Record<string, number>)['@odata.count']).toBe(rowsOf(seen).length);
      expect((await server.ask(`${requests}(${elsewhere})`, { as: 'ats' })).status).toBe(404);
      const written = await server.ask(candidates, { method: 'POST', body: candidate, as: 'ats' });
      expect([written.status, errorOf(written).code]).toEqual([400, '0x80040265']);
      const key = `SecurityUserRoleOrganizations(UserId='${user}',SecurityRoleIdentifier='HcmRecruitingIntegrator',OrganizationType='LegalEntity',OrganizationId='no01')`;
      expect((await server.data(key, { method: 'DELETE' })).status).toBe(204);
      expect(rowsOf(await server.ask(`${requests}?$select=mshr_dataareaid`, { as: 'ats' }))).toHaveLength(all.length);
    });

    test('/data is for administrators of Human Resources', async () => {
      const token = await server.token('ats', `${server.url}/data/.default`);
      expect((await server.ask('/data/SystemUsers', { token })).status).toBe(403);
    });
  });
});
