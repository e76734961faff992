import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createFinopsSurface, type FinopsCaller, type FinopsDeps } from '../../src/finops/surface.ts';
import { linkFirstAdministrator, writeBaseHrRows } from '../../src/hr/base-rows.ts';
import { HrSecurity } from '../../src/hr/hr-security.ts';
import { openHrSession } from '../../src/hr/hr-session.ts';
import { silentAudit } from '../../src/kernel/audit.ts';
import type { HttpRequest, Surface } from '../../src/kernel/http.ts';
import { type ClientId, getGuid } from '../../src/kernel/ids.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { Refusal } from '../../src/kernel/refusal.ts';
import { builtInModel } from '../../src/metadata/built-in.ts';
import type { RowStore } from '../../src/odata/row-store.ts';
import { type OpenStore, openStores } from '../support/open-stores.ts';

const admin = getGuid<ClientId>('aaaaaaaa-0000-0000-0000-000000000001');
const ats = getGuid<ClientId>('aaaaaaaa-0000-0000-0000-000000000002');
const stranger = getGuid<ClientId>('aaaaaaaa-0000-0000-0000-000000000003');
const origin = 'https://localhost:8443';
const user = 'RekrutteringIntegrasjon';
const newUser = {
  UserID: user,
  UserName: 'Rekruttering',
  NetworkDomain: 'RekrutteringApp',
  Alias: 'RekrutteringApp',
  Email: 'RekrutteringApp',
  Company: 'usmf',
  UserInfo_language: 'nb-no',
  Helplanguage: 'nb-no',
};
const recruiting = { UserId: user, SecurityRoleIdentifier: 'HcmRecruitingIntegrator' };

const inner = (message: string) => ({
  error: {
    code: '',
    message: 'An error has occurred.',
    innererror: { message, type: 'System.InvalidOperationException', stacktrace: '' },
  },
});
const writeFailed = (type: string, errors: string) =>
  inner(`Write failed for table row of type '${type}'. Infolog: ${errors}`);
const deleteFailed = (type: string, errors: string) =>
  inner(`Delete failed for table row of type '${type}'. Infolog: ${errors}`);

describe.each(openStores)('/data/ on $name', ({ open }) => {
  const model = builtInModel();
  let opened: OpenStore;
  let security: HrSecurity;
  let surface: Surface;

  const start = async (): Promise<void> => {
    opened = await open(model);
    await opened.store.maintain(async (rows) => {
      await writeBaseHrRows(rows, model);
      await linkFirstAdministrator(rows, model, { clientId: admin, name: 'Administrator' });
    });
    security = await HrSecurity.load(model, opened.store);
    surface = createFinopsSurface(deps());
  };

  const deps = (): FinopsDeps => ({
    environmentId: getGuid('bbbbbbbb-0000-0000-0000-000000000001'),
    publicUrl: origin,
    model,
    store: opened.store,
    hrSecurity: security,
    authenticate,
    clock: () => new Date('2026-06-01T00:00:00Z'),
    log: silentLog,
    audit: silentAudit,
  });

  /** The token is the client id: verifying real ones is the authority's business. */
  function authenticate(request: HttpRequest): FinopsCaller {
    const clientId = request.headers['authorization'];
    if (clientId === undefined) throw new Refusal('authenticate', { status: 401, code: '', message: '' });
    return {
      clientId: getGuid<ClientId>(clientId),
      tenantId: getGuid('cccccccc-0000-0000-0000-000000000001'),
      objectId: getGuid('cccccccc-0000-0000-0000-000000000002'),
      tokenId: 'a token',
    };
  }

  async function send(
    method: string,
    path: string,
    body?: unknown,
    more: { as?: ClientId | null; headers?: object } = {},
  ) {
    const { as = admin, headers = {} } = more;
    const authorization = as === null ? {} : { authorization: as as string };
    const text = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body);
    const answer = await surface({
      method,
      url: `/data/${path}`,
      host: 'localhost:8443',
      headers: { ...authorization, ...headers },
      body: Buffer.from(text),
    });
    const answered = answer.body.toString();
    return { status: answer.status, headers: answer.headers, body: answered === '' ? undefined : JSON.parse(answered) };
  }

  const setUp = async (): Promise<void> => {
    for (const LegalEntityId of ['usmf', 'no01'])
      await send('POST', 'LegalEntities', { LegalEntityId, Name: LegalEntityId });
    await send('POST', 'SystemUsers', newUser);
  };

  describe('the walk-through of the source document', () => {
    beforeAll(async () => {
      await start();
      await send('POST', 'LegalEntities', { LegalEntityId: 'USMF', Name: 'Contoso' });
    });
    afterAll(() => opened.close());

    test('A1, A2, A5: the user is made and shown, and holds the role System user', async () => {
      const created = await send('POST', 'SystemUsers?cross-company=true', newUser);
      expect(created).toMatchObject({
        status: 201,
        headers: { Location: `${origin}/data/SystemUsers('${user}')` },
        body: {
          '@odata.context': `${origin}/data/$metadata#SystemUsers/$entity`,
          ...newUser,
          Enabled: true,
          AccountType: 'ClaimsUser',
        },
      });
      expect(created.body).not.toHaveProperty('rowid');
      expect((await send('GET', `SystemUsers('${user.toUpperCase()}')`)).body).toMatchObject(newUser);
      const key = `SecurityUserRoleAssociations(UserId='${user}',SecurityRoleIdentifier='SYSTEMUSER')`;
      expect((await send('GET', key)).body).toMatchObject({
        AssignmentStatus: 'Enabled',
        SecurityRoleName: 'System user',
      });
    });

    test('A3, A4: the role is assigned, its name looked up where it is not given', async () => {
      const created = await send('POST', 'SecurityUserRoleAssociations', recruiting);
      expect(created).toMatchObject({
        status: 201,
        headers: {
          Location: `${origin}/data/SecurityUserRoleAssociations(UserId='${user}',SecurityRoleIdentifier='HcmRecruitingIntegrator')`,
        },
        body: { SecurityRoleName: 'Recruiting application', AssignmentStatus: 'Enabled', AssignmentMode: 'Manual' },
      });
    });

    test('B1 to B5: the client id is linked, and can become the user at once', async () => {
      expect(openHrSession(security.current, { clientId: ats }).kind).toBe('deny');
      const link = { AADClientId: ats.toUpperCase(), Name: 'ATS', UserId: user.toLowerCase() };
      const created = await send('POST', 'SysAADClients', link);
      expect(created).toMatchObject({ status: 201, body: { AADClientId: ats, Name: 'ATS', UserId: user } });
      expect(openHrSession(security.current, { clientId: ats })).toMatchObject({ kind: 'session', user: { id: user } });
    });

    test('the linked user is no administrator', async () => {
      expect((await send('GET', 'SystemUsers', undefined, { as: ats })).status).toBe(403);
      expect((await send('POST', 'SystemUsers', newUser, { as: ats })).status).toBe(403);
    });

    test('taking the link away shuts the client out at once', async () => {
      expect(await send('DELETE', `SysAADClients(${ats})`)).toMatchObject({ status: 204, body: undefined });
      expect(openHrSession(security.current, { clientId: ats }).kind).toBe('deny');
      expect((await send('GET', `SysAADClients('${ats}')`)).status).toBe(404);
    });

    test('a legal entity has its row in the company table', async () => {
      const company = model.table.get('cdm_company');
      if (company === undefined) throw new Error('no table');
      const names = async () =>
        (await opened.store.readAll(company)).map((row) =>
          [...row.values].flatMap(([{ name }, value]) => (name === 'cdm_companyid' ? [] : [value])),
        );
      expect(await names()).toEqual([['usmf', 'Contoso']]);
      expect((await send('PATCH', "LegalEntities('usmf')", { Name: 'Contoso AS' })).status).toBe(204);
      expect(await names()).toEqual([['usmf', 'Contoso AS']]);
    });
  });

  describe('refusals', () => {
    beforeAll(async () => {
      await start();
      await setUp();
    });
    afterAll(() => opened.close());

    test.each([
      { name: 'no token', as: null, status: 401 },
      { name: 'a client id that is not linked', as: stranger, status: 401 },
    ])('$name: $status', async ({ as, status }) => {
      expect((await send('GET', 'SystemUsers', undefined, { as })).status).toBe(status);
    });

    test('an administrator that was disabled: 403', async () => {
      await send('POST', 'SystemUsers', { ...newUser, UserID: 'boss' });
      await send('POST', 'SecurityUserRoleAssociations', { UserId: 'boss', SecurityRoleIdentifier: '-SYSADMIN-' });
      await send('POST', 'SysAADClients', { AADClientId: stranger, UserId: 'boss' });
      expect((await send('GET', 'SystemUsers', undefined, { as: stranger })).status).toBe(200);
      await send('PATCH', "SystemUsers('boss')", { Enabled: false });
      expect((await send('GET', 'SystemUsers', undefined, { as: stranger })).status).toBe(403);
      await send('DELETE', `SysAADClients('${stranger}')`);
    });

    test.each<{ name: string; method: string; path: string; body?: unknown; status: number; answer: object }>([
      {
        name: 'a user without languages',
        method: 'POST',
        path: 'SystemUsers',
        body: { UserID: 'x', UserName: 'X' },
        status: 400,
        answer: writeFailed(
          'SystemUser',
          "Error: Field 'UserInfo_language' must be filled in.; Error: Field 'Helplanguage' must be filled in.",
        ),
      },
      {
        name: 'a user without an id',
        method: 'POST',
        path: 'SystemUsers',
        body: { ...newUser, UserID: '  ' },
        status: 400,
        answer: writeFailed('SystemUser', "Error: Field 'UserID' must be filled in."),
      },
      {
        name: 'a user id of 61 characters',
        method: 'POST',
        path: 'SystemUsers',
        body: { ...newUser, UserID: 'x'.repeat(61) },
        status: 400,
        answer: inner("property 'UserID' is longer than 60 characters"),
      },
      {
        name: 'a user that is there',
        method: 'POST',
        path: 'SystemUsers',
        body: { ...newUser, UserID: user.toLowerCase() },
        status: 400,
        answer: writeFailed(
          'SystemUser',
          `Error: Cannot create a record in Users (SystemUser). User ID: ${user.toLowerCase()}. The record already exists.`,
        ),
      },
      {
        name: 'a user of an unknown company',
        method: 'POST',
        path: 'SystemUsers',
        body: { ...newUser, UserID: 'x', Company: 'zzzz' },
        status: 400,
        answer: writeFailed(
          'SystemUser',
          "Error: The value 'zzzz' in field 'Company' is not found in the related table 'Legal entities'.",
        ),
      },
      {
        name: 'an unknown property',
        method: 'POST',
        path: 'SystemUsers',
        body: { ...newUser, Userid: 'x' },
        status: 400,
        answer: inner('Exception has been thrown by the target of an invocation.'),
      },
      {
        name: 'the internal id',
        method: 'POST',
        path: 'SystemUsers',
        body: { ...newUser, rowid: ats },
        status: 400,
        answer: inner('Exception has been thrown by the target of an invocation.'),
      },
      {
        name: 'a wrong type',
        method: 'POST',
        path: 'SystemUsers',
        body: { ...newUser, Enabled: 'Yes' },
        status: 400,
        answer: inner("Cannot convert the value of property 'Enabled' to the type 'Edm.Boolean'."),
      },
      {
        name: 'malformed JSON',
        method: 'POST',
        path: 'SystemUsers',
        body: '{"UserID":',
        status: 400,
        answer: inner('the body is not valid JSON: a JSON value expected at position 10'),
      },
      {
        name: 'a member that comes twice',
        method: 'POST',
        path: 'SystemUsers',
        body: `{"Enabled":false,"Enabled":true,${JSON.stringify({ ...newUser, UserID: 'twice' }).slice(1)}`,
        status: 400,
        answer: inner("the body is not valid JSON: member 'Enabled' comes twice at position 17"),
      },
      {
        name: 'JSON that is no object',
        method: 'POST',
        path: 'SystemUsers',
        body: '[]',
        status: 400,
        answer: inner('the body must be a JSON object'),
      },
      {
        name: 'a link of a client id that is linked',
        method: 'POST',
        path: 'SysAADClients',
        body: { AADClientId: admin, UserId: user },
        status: 400,
        answer: writeFailed(
          'SysAADClient',
          `Error: Cannot create a record in Microsoft Entra applications (SysAADClient). Client ID: ${admin}. The record already exists.`,
        ),
      },
      {
        name: 'a link to an unknown user',
        method: 'POST',
        path: 'SysAADClients',
        body: { AADClientId: ats, UserId: 'Ghost' },
        status: 400,
        answer: writeFailed(
          'SysAADClient',
          "Error: The value 'Ghost' in field 'User ID' is not found in the related table 'Users'.",
        ),
      },
      {
        name: 'a client id that is no GUID',
        method: 'POST',
        path: 'SysAADClients',
        body: { AADClientId: 'my-app', UserId: user },
        status: 400,
        answer: writeFailed('SysAADClient', "Error: Field 'Client ID' must be a GUID, not 'my-app'."),
      },
      {
        name: 'an unknown role',
        method: 'POST',
        path: 'SecurityUserRoleAssociations',
        body: { UserId: user, SecurityRoleIdentifier: 'Nope' },
        status: 400,
        answer: writeFailed(
          'SecurityUserRoleAssociation',
          "Error: Security role '' with identifier value 'Nope' is not valid; Error: Field 'SecurityRoleName' must be filled in.",
        ),
      },
      {
        name: 'a role for an unknown user',
        method: 'POST',
        path: 'SecurityUserRoleAssociations',
        body: { ...recruiting, UserId: 'Ghost' },
        status: 400,
        answer: writeFailed(
          'SecurityUserRoleAssociation',
          "Error: The value 'Ghost' in field 'User ID' is not found in the related table 'Users'.",
        ),
      },
      {
        name: 'an unknown state of an assignment',
        method: 'POST',
        path: 'SecurityUserRoleAssociations',
        body: { ...recruiting, AssignmentStatus: 'On' },
        status: 400,
        answer: writeFailed(
          'SecurityUserRoleAssociation',
          "Error: Field 'AssignmentStatus' must be one of Enabled, Disabled, not 'On'.",
        ),
      },
      {
        name: 'a legal entity for a role that the user lacks',
        method: 'POST',
        path: 'SecurityUserRoleOrganizations',
        body: { UserId: user, SecurityRoleIdentifier: 'HcmRecruiter', OrganizationId: 'usmf' },
        status: 400,
        answer: writeFailed(
          'SecurityUserRoleOrganization',
          `Error: User '${user}' does not have the role 'HcmRecruiter'.`,
        ),
      },
      {
        name: 'a legal entity with a long code',
        method: 'POST',
        path: 'LegalEntities',
        body: { LegalEntityId: 'a-b', Name: 'x' },
        status: 400,
        answer: writeFailed(
          'LegalEntity',
          "Error: Field 'LegalEntityId' must be one to four letters or digits: 'a-b'.",
        ),
      },
      {
        name: 'a permission on no data entity',
        method: 'POST',
        path: 'SecurityPrivilegePermissions',
        body: { SecurityPrivilegeIdentifier: 'HcmSkillEntityView', SecurableName: 'nothing', Read: 'Grant' },
        status: 400,
        answer: writeFailed(
          'SecurityPrivilegePermission',
          "Error: Field 'SecurableName' names no data entity: 'nothing'.",
        ),
      },
      {
        name: 'a permission on a field that is not there',
        method: 'POST',
        path: 'SecurityPrivilegePermissions',
        body: {
          SecurityPrivilegeIdentifier: 'HcmSkillEntityView',
          SecurableName: 'HcmCandidateToHireEntity',
          SecurableType: 'dataentityfield',
          SecurableField: 'shoesize',
          Read: 'Deny',
        },
        status: 400,
        answer: writeFailed(
          'SecurityPrivilegePermission',
          "Error: Field 'SecurableField' names no field of hcmcandidatetohireentity: 'shoesize'.",
        ),
      },
      {
        name: 'Invoke on a field',
        method: 'POST',
        path: 'SecurityPrivilegePermissions',
        body: {
          SecurityPrivilegeIdentifier: 'HcmSkillEntityView',
          SecurableName: 'HcmCandidateToHireEntity',
          SecurableType: 'DataEntityField',
          SecurableField: 'lastname',
          Invoke: 'Deny',
        },
        status: 400,
        answer: writeFailed(
          'SecurityPrivilegePermission',
          "Error: Field 'Invoke' must be Unset when 'SecurableType' is DataEntityField.",
        ),
      },
      {
        name: 'a level on a service operation, which has none',
        method: 'POST',
        path: 'SecurityPrivilegePermissions',
        body: {
          SecurityPrivilegeIdentifier: 'HcmSkillEntityView',
          SecurableName: 'OtherService',
          SecurableType: 'ServiceOperation',
          Read: 'Grant',
        },
        status: 400,
        answer: writeFailed(
          'SecurityPrivilegePermission',
          "Error: Field 'SecurableName' names no service operation: 'OtherService'.; Error: Field 'Read' must be Unset when 'SecurableType' is ServiceOperation.",
        ),
      },
      {
        name: 'a field in a permission on a data entity',
        method: 'POST',
        path: 'SecurityPrivilegePermissions',
        body: {
          SecurityPrivilegeIdentifier: 'HcmSkillEntityView',
          SecurableName: 'HcmCandidateToHireEntity',
          SecurableField: 'comments',
          Read: 'Deny',
        },
        status: 400,
        answer: writeFailed(
          'SecurityPrivilegePermission',
          "Error: Field 'SecurableField' must be empty when 'SecurableType' is DataEntity.",
        ),
      },
      {
        name: 'deleting an account of the product',
        method: 'DELETE',
        path: "SystemUsers('PowerPlatformApp')",
        status: 400,
        answer: deleteFailed(
          'SystemUser',
          "Error: Users cannot be deleted while dependent Microsoft Entra applications exist.; Error: User 'PowerPlatformApp' is a preconfigured system account and cannot be deleted.",
        ),
      },
      {
        name: 'deleting a user that a link names',
        method: 'DELETE',
        path: "SystemUsers('Admin')",
        status: 400,
        answer: deleteFailed(
          'SystemUser',
          'Error: Users cannot be deleted while dependent Microsoft Entra applications exist.',
        ),
      },
      {
        name: 'deleting a role that somebody has',
        method: 'DELETE',
        path: "SecurityRoles('SYSTEMUSER')",
        status: 400,
        answer: deleteFailed(
          'SecurityRole',
          'Error: Security roles cannot be deleted while dependent Roles of users exist.',
        ),
      },
      {
        name: 'deleting a legal entity that a user starts in',
        method: 'DELETE',
        path: "LegalEntities('usmf')",
        status: 400,
        answer: deleteFailed('LegalEntity', 'Error: Legal entities cannot be deleted while dependent Users exist.'),
      },
      {
        name: 'renaming a user',
        method: 'PATCH',
        path: `SystemUsers('${user}')`,
        body: { UserID: 'Other' },
        status: 400,
        answer: writeFailed('SystemUser', "Error: Field 'UserID' cannot be changed."),
      },
      {
        name: 'taking a required value away',
        method: 'PATCH',
        path: `SystemUsers('${user}')`,
        body: { UserName: '' },
        status: 400,
        answer: writeFailed('SystemUser', "Error: Field 'UserName' must be filled in."),
      },
      {
        name: 'a key with the wrong parts',
        method: 'GET',
        path: "SecurityUserRoleAssociations('x')",
        status: 400,
        answer: inner("the key of SecurityUserRoleAssociations is UserId='…',SecurityRoleIdentifier='…'"),
      },
      {
        name: 'a row that is not there',
        method: 'GET',
        path: "SystemUsers('Ghost')",
        status: 404,
        answer: { error: { code: '', message: "No row of type 'SystemUser' has the key that was given." } },
      },
      {
        name: 'changing a row that is not there',
        method: 'PATCH',
        path: "SystemUsers('Ghost')",
        body: {},
        status: 404,
        answer: { error: { code: '', message: "No row of type 'SystemUser' has the key that was given." } },
      },
      {
        name: 'a set that is not there',
        method: 'GET',
        path: 'Customers',
        status: 404,
        answer: {
          error: { code: '', message: "No HTTP resource was found that matches the request URI '/data/Customers'." },
        },
      },
    ])('$name', async ({ method, path, body, status, answer }) => {
      expect(await send(method, path, body)).toMatchObject({ status, body: answer });
    });

    test.each([
      { method: 'PUT', path: `SystemUsers('${user}')` },
      { method: 'GET', path: 'SystemUsers?$expand=x' },
      { method: 'GET', path: 'SystemUsers?$apply=x' },
      { method: 'GET', path: `SystemUsers('${user}')/UserName` },
      { method: 'DELETE', path: 'SystemUsers' },
      { method: 'PATCH', path: "SecurityRoleDuties(SecurityRoleIdentifier='a',SecurityDutyIdentifier='b')" },
      { method: 'POST', path: `SystemUsers('${user}')` },
    ])('$method $path is not there yet: 501', async ({ method, path }) => {
      expect((await send(method, path, {})).status).toBe(501);
    });

    test('a refused create leaves nothing behind', async () => {
      const before = (await send('GET', 'SecurityUserRoleAssociations')).body.value.length;
      await send('POST', 'SystemUsers', newUser);
      expect((await send('GET', 'SecurityUserRoleAssociations')).body.value).toHaveLength(before);
    });
  });

  describe('rows and their dependants', () => {
    let made = 0;
    let own = '';
    let assignment = '';
    beforeAll(async () => {
      await start();
      await setUp();
    });
    beforeEach(async () => {
      made += 1;
      own = `user ${made}`;
      assignment = `SecurityUserRoleAssociations(UserId='${own}',SecurityRoleIdentifier='HcmRecruitingIntegrator')`;
      await send('POST', 'SystemUsers', { ...newUser, UserID: own });
      await send('POST', 'SecurityUserRoleAssociations', { ...recruiting, UserId: own });
    });
    afterAll(() => opened.close());

    const roles = () =>
      security.current
        .findUser(own)
        ?.roles.map(({ role }) => role.identifier)
        .sort();

    test('an assignment can be disabled, enabled and deleted', async () => {
      expect(roles()).toEqual(['HcmRecruitingIntegrator', 'SYSTEMUSER']);
      expect((await send('PATCH', assignment, { AssignmentStatus: 'disabled' })).status).toBe(204);
      expect(roles()).toEqual(['SYSTEMUSER']);
      expect((await send('GET', assignment)).body.AssignmentStatus).toBe('Disabled');
      await send('PATCH', assignment, { AssignmentStatus: 'Enabled' });
      expect(roles()).toEqual(['HcmRecruitingIntegrator', 'SYSTEMUSER']);
      expect((await send('DELETE', assignment)).status).toBe(204);
      expect(roles()).toEqual(['SYSTEMUSER']);
    });

    test('a restriction to a legal entity takes effect, and goes with its assignment', async () => {
      const restriction = { ...recruiting, UserId: own, OrganizationId: 'USMF' };
      const created = await send('POST', 'SecurityUserRoleOrganizations', restriction);
      expect(created).toMatchObject({ status: 201, body: { OrganizationType: 'LegalEntity', OrganizationId: 'usmf' } });
      const reach = () =>
        security.current.findUser(own)?.roles.find(({ role }) => role.identifier !== 'SYSTEMUSER')?.companies;
      expect([...(reach() ?? [])]).toEqual(['usmf']);
      await send('DELETE', assignment);
      expect((await send('GET', 'SecurityUserRoleOrganizations')).body.value).toEqual([]);
      await send('POST', 'SecurityUserRoleAssociations', { ...recruiting, UserId: own });
      expect(reach()).toBe('all');
    });

    test('a user goes with its assignments', async () => {
      expect((await send('DELETE', `SystemUsers('${own}')`)).status).toBe(204);
      const left = await send('GET', `SecurityUserRoleAssociations?$filter=UserId eq '${own}'`);
      expect(left.body.value).toEqual([]);
    });

    test('a role of one own making: duty, privilege, permission, and Deny', async () => {
      const created = [
        await send('POST', 'SecurityRoles', { SecurityRoleIdentifier: 'Own', SecurityRoleName: 'Own role' }),
        await send('POST', 'SecurityDuties', { SecurityDutyIdentifier: 'OwnDuty', SecurityDutyName: 'Own duty' }),
        await send('POST', 'SecurityPrivileges', {
          SecurityPrivilegeIdentifier: 'OwnPrivilege',
          SecurityPrivilegeName: 'p',
        }),
        await send('POST', 'SecurityRoleDuties', { SecurityRoleIdentifier: 'own', SecurityDutyIdentifier: 'OwnDuty' }),
        await send('POST', 'SecurityDutyPrivileges', {
          SecurityDutyIdentifier: 'OwnDuty',
          SecurityPrivilegeIdentifier: 'OwnPrivilege',
        }),
        await send('POST', 'SecurityPrivilegePermissions', {
          SecurityPrivilegeIdentifier: 'OwnPrivilege',
          SecurableName: 'HcmCandidateToHireEntity',
          IntegrationMode: 'all',
          Delete: 'deny',
        }),
        await send('POST', 'SecurityUserRoleAssociations', {
          UserId: own,
          SecurityRoleIdentifier: 'Own',
          SecurityRoleName: 'x',
        }),
      ];
      expect(created.map(({ status }) => status)).toEqual(created.map(() => 201));
      expect(created[5]?.body).toMatchObject({
        SecurableName: 'hcmcandidatetohireentity',
        IntegrationMode: 'All',
        Delete: 'Deny',
        SecurableField: '',
      });
      const found = security.current.findUser(own);
      const access = found && security.current.accessOf(found);
      const table = model.table.get('mshr_hcmcandidatetohireentity');
      const reach = access?.kind === 'listed' && table ? access.of(table).reach : undefined;
      expect(reach).toMatchObject({ Correct: 'all', Delete: 'none' });
      expect((await send('DELETE', "SecurityDuties('OwnDuty')")).status).toBe(400);
    });

    test('a legal entity goes with its company row', async () => {
      expect((await send('DELETE', "LegalEntities('no01')")).status).toBe(204);
      const company = model.table.get('cdm_company');
      expect(company && (await opened.store.readAll(company)).length).toBe(1);
    });
  });

  describe('writes of which nobody knows the outcome', () => {
    const lost = new Error('the connection was lost');
    const key = `SystemUsers('${user}')`;
    beforeEach(async () => {
      await start();
      await setUp();
    });
    afterEach(() => opened.close());

    /** The same surface over a store that answers nothing after it has committed, or (`before`) refuses the job. */
    function breakStore(error: Error, when: 'after commit' | 'before'): { refreshes: number } {
      const seen = { refreshes: 0 };
      const { store } = opened;
      const broken: RowStore = {
        query: (plan) => store.query(plan),
        flat: (plan) => store.flat(plan),
        together: (job) => store.together(job),
        async write(plan, job) {
          if (when === 'after commit') await store.write(plan, job);
          throw error;
        },
      };
      const counted = {
        get current() {
          return security.current;
        },
        refresh: () => {
          seen.refreshes += 1;
          return security.refresh();
        },
      };
      surface = createFinopsSurface({ ...deps(), store: broken, hrSecurity: counted });
      return seen;
    }

    test('a create that was committed is in force, and the failure is the answer', async () => {
      breakStore(lost, 'after commit');
      await expect(send('POST', 'SysAADClients', { AADClientId: ats, UserId: user })).rejects.toBe(lost);
      expect(openHrSession(security.current, { clientId: ats }).kind).toBe('session');
    });

    test('so is a change', async () => {
      breakStore(lost, 'after commit');
      await expect(send('PATCH', key, { Enabled: false })).rejects.toBe(lost);
      expect(security.current.findUser(user)?.enabled).toBe(false);
    });

    test('so is a deletion', async () => {
      breakStore(lost, 'after commit');
      await expect(send('DELETE', key)).rejects.toBe(lost);
      expect(security.current.findUser(user)).toBeUndefined();
    });

    test('a refused write is known to be undone: nothing is read again', async () => {
      const seen = breakStore(new Refusal('run', { status: 400, code: '', message: 'no' }), 'before');
      expect((await send('DELETE', key)).status).toBe(400);
      expect(seen.refreshes).toBe(0);
    });

    test('where the tables cannot be read either, the failure of the write is still the answer', async () => {
      breakStore(lost, 'after commit');
      const reading = vi.spyOn(opened.store, 'readAll').mockRejectedValue(new Error('the disk is gone'));
      await expect(send('DELETE', key)).rejects.toBe(lost);
      expect(await send('GET', 'SystemUsers')).toMatchObject({
        status: 503,
        body: { error: { message: 'The security data of this environment could not be read. Try again later.' } },
      });
      reading.mockRestore();
      await vi.waitFor(async () => expect((await send('GET', 'SystemUsers')).status).toBe(200));
      expect(security.current.findUser(user)).toBeUndefined();
    });
  });

  describe('lists', () => {
    beforeAll(async () => {
      await start();
      await setUp();
    });
    afterAll(() => opened.close());

    test.each(['SystemUsers', `SystemUsers('${user}')`, "SystemUsers('Ghost')", 'Customers'])(
      'HEAD %s is answered as GET is; the listener leaves the body out',
      async (path) => {
        const [head, get] = [await send('HEAD', path), await send('GET', path)];
        const id = { 'x-ms-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/) };
        expect(head).toEqual({ ...get, headers: { ...get.headers, ...id } });
        expect(head.headers['x-ms-request-id']).not.toBe(get.headers['x-ms-request-id']);
      },
    );

    test('a whole set', async () => {
      const { status, body } = await send('GET', 'SystemUsers?cross-company=true');
      expect(status).toBe(200);
      expect(body['@odata.context']).toBe(`${origin}/data/$metadata#SystemUsers`);
      expect(body.value.map((row: { UserID: string }) => row.UserID).sort()).toEqual(
        ['Admin', 'PowerPlatformApp', user].sort(),
      );
      expect(body.value[0]).not.toHaveProperty('rowid');
    });

    test('filtered, sorted, counted, and with some columns only', async () => {
      const query =
        "$filter=startswith(SecurityRoleIdentifier,'Hcm')&$orderby=SecurityRoleIdentifier desc&$top=2&$count=true&$select=SecurityRoleIdentifier";
      const { body } = await send('GET', `SecurityRoles?${query}`);
      expect(body).toMatchObject({
        '@odata.context': `${origin}/data/$metadata#SecurityRoles(SecurityRoleIdentifier)`,
        '@odata.count': 6,
        value: [{ SecurityRoleIdentifier: 'HcmRecruitingIntegrator' }, { SecurityRoleIdentifier: 'HcmRecruiter' }],
      });
      expect(body.value[0]).not.toHaveProperty('SecurityRoleName');
    });

    test('page by page, as the caller prefers', async () => {
      const headers = { prefer: 'odata.maxpagesize=4' };
      const seen: string[] = [];
      let path: string | undefined = "SecurityRoles?$filter=SecurityRoleIdentifier ne 'x'&$orderby=SecurityRoleName";
      for (let pages = 0; path !== undefined && pages < 10; pages++) {
        const { body } = await send('GET', path, undefined, { headers });
        expect(body.value.length).toBeLessThanOrEqual(4);
        seen.push(...body.value.map((row: { SecurityRoleIdentifier: string }) => row.SecurityRoleIdentifier));
        path = body['@odata.nextLink']?.slice(`${origin}/data/`.length);
      }
      expect(seen).toHaveLength(12);
      expect(new Set(seen).size).toBe(12);
    });

    test('the case of a text does not matter in a filter', async () => {
      const { body } = await send('GET', "SysAADClients?$filter=UserId eq 'ADMIN'");
      expect(body.value).toMatchObject([{ AADClientId: admin, UserId: 'Admin' }]);
    });

    test('a filter on an unknown property: 400', async () => {
      expect((await send('GET', 'SystemUsers?$filter=Nope eq 1')).status).toBe(400);
    });

    test('an ETag that is out of date: 412', async () => {
      const changed = await send(
        'PATCH',
        `SystemUsers('${user}')`,
        { UserName: 'N' },
        { headers: { 'if-match': 'W/"1"' } },
      );
      expect(changed.status).toBe(412);
      const etag = (await send('GET', `SystemUsers('${user}')`)).body['@odata.etag'];
      const current = await send(
        'PATCH',
        `SystemUsers('${user}')`,
        { UserName: 'N' },
        { headers: { 'if-match': etag } },
      );
      expect(current.status).toBe(204);
    });
  });
});
