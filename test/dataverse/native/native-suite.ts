import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApplicationUser, roleTemplates } from '../../../src/dataverse/application-user.ts';
import { syncPrivileges } from '../../../src/dataverse/base-rows.ts';
import { createFirstAdministrator } from '../../../src/dataverse/first-administrator.ts';
import { type ClientId, type Guid, namedGuid, newGuid } from '../../../src/kernel/ids.ts';
import { privilegeIdOf } from '../../../src/metadata/privileges.ts';
import type { Navigation } from '../../../src/metadata/table.ts';
import type { Operation } from '../../../src/odata/operation.ts';
import type { Value } from '../../../src/odata/query.ts';
import {
  application,
  bind,
  column,
  create,
  expand,
  idIn,
  link,
  list,
  lookup,
  message,
  model,
  moment,
  navigation,
  organizationId,
  query,
  remove,
  retrieve,
  rowsIn,
  type Store,
  TestEnvironment,
  table,
  update,
  upsert,
} from '../support.ts';

export interface OpenedStore {
  readonly store: Store;
  close(): Promise<void>;
}

/** What runNative does, on any row store. */
export function describeNative(engine: string, open: () => Promise<OpenedStore>): void {
  let opened: OpenedStore;
  let environment: TestEnvironment;
  let admin: ApplicationUser;
  let root: Guid;

  beforeAll(async () => {
    opened = await open();
    environment = await TestEnvironment.open(opened.store);
    admin = environment.admin;
    root = environment.base.rootBusinessUnitId;
  });

  afterAll(() => opened.close());

  const run = (operation: Operation, user: ApplicationUser = admin) => environment.run(user, operation);
  const refusal = (operation: Operation, user: ApplicationUser = admin) => environment.refusal(user, operation);
  const inRoot = (name: string) => bind(name, 'businessunitid', root);

  /** An application that the directory knows, with a new client id. */
  function register(name = 'ATS'): ClientId {
    const clientId = newGuid<ClientId>();
    environment.applications.set(clientId, application(clientId, name));
    return clientId;
  }

  async function createUser(more: Readonly<Record<string, Value>> = {}): Promise<Guid> {
    return idIn(await run(create('systemuser', { applicationid: register(), ...more }, [inRoot('systemuser')])));
  }

  const createRole = async (name: string): Promise<Guid> => idIn(await run(create('role', { name }, [inRoot('role')])));

  const read = async (name: string, id: Guid, columns: readonly string[]): Promise<Record<string, unknown>> => {
    const [row] = rowsIn(await run(retrieve(name, id, columns)));
    if (row === undefined) throw new Error('no row');
    return row;
  };

  describe(`application users on ${engine}`, () => {
    test('are filled from the directory', async () => {
      const clientId = register('Rekruttering');
      const id = idIn(await run(create('systemuser', { applicationid: clientId }, [inRoot('systemuser')])));
      const columns = ['fullname', 'domainname', 'internalemailaddress', 'azureactivedirectoryobjectid', 'accessmode'];
      const others = ['applicationid', 'applicationiduri', 'isdisabled', 'islicensed', 'createdon', 'organizationid'];
      expect(await read('systemuser', id, [...columns, ...others, 'businessunitid'])).toMatchObject({
        systemuserid: id,
        fullname: 'Rekruttering',
        domainname: `Rekruttering${clientId}@fjord.onmicrosoft.com`,
        internalemailaddress: `Rekruttering${clientId}@fjord.onmicrosoft.com`,
        azureactivedirectoryobjectid: namedGuid(`object ${clientId}`),
        accessmode: 4,
        applicationid: clientId,
        applicationiduri: `api://${clientId}`,
        isdisabled: false,
        islicensed: false,
        createdon: moment,
        organizationid: organizationId,
        _businessunitid_value: root,
      });
    });

    test('keep an e-mail address that was given, and one that is made fits its column', async () => {
      const given = await createUser({ internalemailaddress: 'ats@fjord.no' });
      expect(await read('systemuser', given, ['internalemailaddress'])).toMatchObject({
        internalemailaddress: 'ats@fjord.no',
      });
      const clientId = register('N'.repeat(120));
      const made = idIn(await run(create('systemuser', { applicationid: clientId }, [inRoot('systemuser')])));
      const { internalemailaddress } = await read('systemuser', made, ['internalemailaddress']);
      expect(internalemailaddress).toHaveLength(100);
      expect(internalemailaddress).toMatch(new RegExp(`${clientId}@fjord.onmicrosoft.com$`));
    });

    test('exist for the next request at once, and join the default team of their unit', async () => {
      const clientId = register();
      const id = idIn(await run(create('systemuser', { applicationid: clientId }, [inRoot('systemuser')])));
      expect(environment.user(clientId).id).toBe(id);
      const teams = rowsIn(await run(related('systemuser', id, 'teammembership_association', ['isdefault'])));
      expect(teams).toMatchObject([{ isdefault: true }]);
    });

    test.each([
      {
        name: 'a second user of the same application',
        operation: async () => {
          const clientId = register();
          await run(create('systemuser', { applicationid: clientId }, [inRoot('systemuser')]));
          return create('systemuser', { applicationid: clientId }, [inRoot('systemuser')]);
        },
        status: 400,
        code: '0x8004f511',
        message: /^You are attempting to create an Application ID = [0-9a-f-]{36} that already exists\.$/,
      },
      {
        name: 'an application that the directory does not know',
        operation: async () => create('systemuser', { applicationid: newGuid() }, [inRoot('systemuser')]),
        status: 400,
        code: '0x80072559',
        message: /was not found in the directory/,
      },
      {
        name: 'a user without a client id',
        operation: async () => create('systemuser', { lastname: 'Hansen' }, [inRoot('systemuser')]),
        status: 501,
        code: '0x80040315',
        message: /applicationid/,
      },
      {
        name: 'a user without a business unit',
        operation: async () => create('systemuser', { applicationid: register() }),
        status: 400,
        code: '0x80048d19',
        message: /_businessunitid_value/,
      },
      {
        name: 'a business unit that is not there',
        operation: async () =>
          create('systemuser', { applicationid: register() }, [bind('systemuser', 'businessunitid', newGuid())]),
        status: 404,
        code: '0x80040217',
        message: /^Entity 'businessunit' With Id = [0-9a-f-]{36} Does Not Exist$/,
      },
      {
        name: 'a value for a column that the system fills',
        operation: async () =>
          create('systemuser', { applicationid: register(), fullname: 'X' }, [inRoot('systemuser')]),
        status: 400,
        code: '0x80040203',
        message: /fullname/,
      },
      {
        name: 'another client id later',
        operation: async () => update('systemuser', await createUser(), { applicationid: newGuid() }),
        status: 400,
        code: '0x80041d48',
        message: /applicationid/,
      },
      {
        name: 'the deletion of an enabled user',
        operation: async () => remove('systemuser', await createUser()),
        status: 405,
        code: '0x8004023b',
        message: /Disable the user first/,
      },
    ])('$name is refused', async ({ operation, status, code, message }) => {
      const problem = await refusal(await operation());
      expect(problem).toMatchObject({ status, code });
      expect(problem.message).toMatch(message);
    });

    test('that were refused leave nothing behind', async () => {
      const before = (await environment.rowsOf('systemuser')).length;
      await refusal(
        create('systemuser', { applicationid: register() }, [bind('systemuser', 'businessunitid', newGuid())]),
      );
      expect(await environment.rowsOf('systemuser')).toHaveLength(before);
    });

    test('are disabled and enabled, which the next request knows', async () => {
      const clientId = register();
      const id = idIn(await run(create('systemuser', { applicationid: clientId }, [inRoot('systemuser')])));
      await run(update('systemuser', id, { isdisabled: true }));
      expect(() => environment.user(clientId)).toThrow(/is disabled/);
      await run(update('systemuser', id, { isdisabled: false }));
      expect(environment.user(clientId).id).toBe(id);
    });

    test('are deleted when disabled, with their roles and memberships', async () => {
      const id = await createUser();
      await run(link('associate', 'systemuser', id, 'systemuserroles_association', await createRole('Slettes')));
      await run(update('systemuser', id, { isdisabled: true }));
      expect(await run(remove('systemuser', id))).toEqual({ kind: 'done' });
      for (const name of ['systemuser', 'systemuserroles', 'teammembership']) {
        expect((await environment.rowsOf(name)).filter(({ systemuserid }) => systemuserid === id)).toEqual([]);
      }
      expect(await refusal(remove('systemuser', id))).toMatchObject({ status: 404, code: '0x80040217' });
    });

    test('have their access mode changed by a System Administrator only', async () => {
      const id = await createUser();
      const clerk = await environment.userWith({ prvReadUser: 'global', prvWriteUser: 'global' });
      expect(await refusal(update('systemuser', id, { accessmode: 0 }), clerk)).toMatchObject({
        status: 403,
        code: '0x80048d2f',
      });
      await run(update('systemuser', id, { accessmode: 0 }));
      expect(await read('systemuser', id, ['accessmode'])).toMatchObject({ accessmode: 0 });
    });

    test('are disabled only by who holds prvDisableUser', async () => {
      const id = await createUser();
      const clerk = await environment.userWith({ prvReadUser: 'global', prvWriteUser: 'global' });
      const problem = await refusal(update('systemuser', id, { isdisabled: true }), clerk);
      expect(problem).toMatchObject({ status: 403, code: '0x80040220' });
      expect(problem.message).toContain('is missing prvDisableUser privilege');
    });
  });

  describe(`the last System Administrator on ${engine}`, () => {
    test.each([
      { name: 'cannot be disabled', operation: () => update('systemuser', admin.id, { isdisabled: true }) },
      {
        name: 'cannot lose the role',
        operation: () =>
          link(
            'disassociate',
            'systemuser',
            admin.id,
            'systemuserroles_association',
            environment.base.systemAdministratorRoleId,
          ),
      },
      {
        name: 'cannot lose the role from its side',
        operation: () =>
          link(
            'disassociate',
            'role',
            environment.base.systemAdministratorRoleId,
            'systemuserroles_association',
            admin.id,
          ),
      },
    ])('$name', async ({ operation }) => {
      expect(await refusal(operation())).toMatchObject({ status: 400, code: '0x80041d2f' });
      expect(environment.admin.isSystemAdministrator).toBe(true);
    });

    test('is not the last when another enabled user has the role', async () => {
      const id = await createUser();
      const role = environment.base.systemAdministratorRoleId;
      await run(link('associate', 'systemuser', id, 'systemuserroles_association', role));
      await run(link('disassociate', 'systemuser', id, 'systemuserroles_association', role));
      expect(environment.deps.security.current.users.size).toBeGreaterThan(1);
      expect(await refusal(update('systemuser', admin.id, { isdisabled: true }))).toMatchObject({ code: '0x80041d2f' });
    });

    test('is still there when two are taken away at the same moment', async () => {
      const role = environment.base.systemAdministratorRoleId;
      const id = await createUser();
      await run(link('associate', 'systemuser', id, 'systemuserroles_association', role));
      const strip = (user: Guid) => run(link('disassociate', 'systemuser', user, 'systemuserroles_association', role));
      const outcomes = await Promise.allSettled([strip(id), strip(admin.id)]);
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      const [left] = (await environment.rowsOf('systemuserroles')).filter(({ roleid }) => roleid === role);
      if (left?.['systemuserid'] !== admin.id) {
        await environment.put('systemuserroles', { systemuserid: admin.id, roleid: role });
        await environment.deps.security.refresh();
      }
    });

    test('is not made a second time without a caller', async () => {
      const first = {
        application: application(newGuid<ClientId>()),
        organizationId,
        baseIds: environment.base,
        moment,
      };
      await expect(environment.store.maintain((rows) => createFirstAdministrator(rows, model, first))).rejects.toThrow(
        'already has a System Administrator',
      );
    });
  });

  describe(`security roles on ${engine}`, () => {
    test('are created, renamed and deleted with their privileges', async () => {
      const id = await createRole('ATS-integrasjon');
      expect(await read('role', id, ['name', 'ismanaged', 'parentrootroleid', 'isinherited'])).toMatchObject({
        name: 'ATS-integrasjon',
        ismanaged: false,
        _parentrootroleid_value: id,
        isinherited: 1,
      });
      await run(update('role', id, { name: 'ATS' }));
      await addPrivilege(id, 'prvReadTeam');
      await run(remove('role', id));
      expect((await environment.rowsOf('roleprivileges')).filter(({ roleid }) => roleid === id)).toEqual([]);
    });

    test.each([
      {
        name: 'a name that is taken in the unit, whatever its case',
        operation: async () => {
          await createRole('Tatt');
          return create('role', { name: 'TATT' }, [inRoot('role')]);
        },
        status: 400,
        code: '0x80041403',
        message: /TATT/,
      },
      {
        name: 'a role without a name',
        operation: async () => create('role', {}, [inRoot('role')]),
        status: 400,
        code: '0x80048d19',
        message: /name/,
      },
      {
        name: 'the template of System Administrator for a role of its own',
        operation: async () =>
          create('role', { name: 'Full makt', roletemplateid: roleTemplates.systemAdministrator.id }, [inRoot('role')]),
        status: 403,
        code: '0x80040220',
        message: /'roletemplate' has no privilege to appendTo/,
      },
      {
        name: 'a role that says of itself that it is managed',
        operation: async () => create('role', { name: 'Forvaltet', ismanaged: true }, [inRoot('role')]),
        status: 400,
        code: '0x80040203',
        message: /ismanaged/,
      },
      {
        name: 'a change of System Administrator',
        operation: async () => update('role', environment.base.systemAdministratorRoleId, { name: 'Sjef' }),
        status: 405,
        code: '0x8004023b',
        message: /System Administrator/,
      },
      {
        name: 'the deletion of a managed role',
        operation: async () => remove('role', environment.base.basicUserRoleId),
        status: 405,
        code: '0x8004023b',
        message: /managed/,
      },
      {
        name: 'privileges for System Administrator',
        operation: async () => grants(environment.base.systemAdministratorRoleId, 'prvReadTeam', 'Global'),
        status: 405,
        code: '0x8004023b',
        message: /System Administrator/,
      },
    ])('$name is refused', async ({ operation, status, code, message }) => {
      const problem = await refusal(await operation());
      expect(problem).toMatchObject({ status, code });
      expect(problem.message).toMatch(message);
    });
  });

  const grants = (role: Guid, privilege: string, depth: unknown): Operation =>
    message(
      'AddPrivilegesRole',
      { Privileges: [{ PrivilegeId: privilegeIdOf(privilege), Depth: depth }] },
      { table: 'role', id: role },
    );
  const addPrivilege = (role: Guid, privilege: string, depth: unknown = 'Global') =>
    run(grants(role, privilege, depth));

  async function privilegesOf(role: Guid, user: ApplicationUser = admin): Promise<Record<string, string>> {
    const result = await run(message('RetrieveRolePrivilegesRole', { RoleId: role }), user);
    if (result.kind !== 'message') throw new TypeError(result.kind);
    expect(result.responseType).toBe('RetrieveRolePrivilegesRoleResponse');
    const held = result.members['RolePrivileges'] as readonly { PrivilegeName: string; Depth: string }[];
    return Object.fromEntries(held.map(({ PrivilegeName, Depth }) => [PrivilegeName, Depth]));
  }

  describe(`privileges of a role on ${engine}`, () => {
    test('are added, deepened, replaced and removed, and count for the next request', async () => {
      const role = await createRole('Rettigheter');
      await addPrivilege(role, 'prvReadTeam', 'Local');
      expect(await privilegesOf(role)).toEqual({ prvReadTeam: 'Local' });
      await addPrivilege(role, 'prvReadTeam', 3);
      await addPrivilege(role, 'prvReadmshr_hcmjobentity');
      expect(await privilegesOf(role)).toEqual({ prvReadTeam: 'Global', prvReadmshr_hcmjobentity: 'Global' });
      const replacement = { Privileges: [{ PrivilegeId: privilegeIdOf('prvReadRole'), Depth: 'Deep' }] };
      await run(message('ReplacePrivilegesRole', replacement, { table: 'role', id: role }));
      expect(await privilegesOf(role)).toEqual({ prvReadRole: 'Deep' });
      const removal = { PrivilegeId: privilegeIdOf('prvReadRole') };
      await run(message('RemovePrivilegeRole', removal, { table: 'role', id: role }));
      await run(message('RemovePrivilegeRole', removal, { table: 'role', id: role }));
      expect(await privilegesOf(role)).toEqual({});
    });

    test('of System Administrator are all there are', async () => {
      const all = await privilegesOf(environment.base.systemAdministratorRoleId);
      expect(Object.keys(all)).toHaveLength(environment.deps.security.current.index.size);
      expect(new Set(Object.values(all))).toEqual(new Set(['Global']));
    });

    test('of a user are the union of what the roles give', async () => {
      const user = await environment.userWith({ prvReadTeam: 'local' });
      const result = await run(message('RetrieveUserPrivileges', {}, { table: 'systemuser', id: user.id }));
      expect(result).toMatchObject({
        kind: 'message',
        members: { RolePrivileges: [{ PrivilegeName: 'prvReadTeam', Depth: 'Local', BusinessUnitId: root }] },
      });
    });

    test.each([
      {
        name: 'a privilege that is not there',
        parameters: { Privileges: [{ PrivilegeId: namedGuid('no privilege'), Depth: 'Global' }] },
        code: '0x80040203',
      },
      {
        name: 'less than Global on a table that an organization owns',
        parameters: { Privileges: [{ PrivilegeId: privilegeIdOf('prvReadmshr_hcmjobentity'), Depth: 'Local' }] },
        code: '0x8004140b',
      },
      {
        name: 'a depth that is none',
        parameters: { Privileges: [{ PrivilegeId: privilegeIdOf('prvReadTeam'), Depth: 'Everything' }] },
        code: '0x80040203',
      },
      {
        name: 'the privilege of acting on behalf',
        parameters: { Privileges: [{ PrivilegeId: privilegeIdOf('prvActOnBehalfOfAnotherUser'), Depth: 'Global' }] },
        code: '0x8004ed43',
      },
      {
        name: 'an id that is none',
        parameters: { Privileges: [{ PrivilegeId: 5, Depth: 'Global' }] },
        code: '0x80040203',
      },
      { name: 'a member that is no object', parameters: { Privileges: [null] }, code: '0x80040203' },
      { name: 'no list', parameters: {}, code: '0x80040203' },
    ])('$name is refused, and nothing is changed', async ({ parameters, code }) => {
      const role = await createRole(`Avvist ${newGuid()}`);
      const good = { PrivilegeId: privilegeIdOf('prvReadRole'), Depth: 'Global' };
      const given = 'Privileges' in parameters ? { Privileges: [good, ...parameters.Privileges] } : parameters;
      const operation = message('AddPrivilegesRole', given, { table: 'role', id: role });
      expect(await refusal(operation)).toMatchObject({ status: 400, code });
      expect(await privilegesOf(role)).toEqual({});
    });

    test('are given only by who holds them as deep', async () => {
      const role = await createRole('Utenfor rekkevidde');
      const clerk = await environment.userWith({
        prvReadRole: 'global',
        prvWriteRole: 'global',
        prvReadTeam: 'local',
      });
      await run(grants(role, 'prvReadTeam', 'Local'), clerk);
      for (const operation of [grants(role, 'prvReadTeam', 'Global'), grants(role, 'prvDeleteUser', 'Local')]) {
        expect(await refusal(operation, clerk)).toMatchObject({ status: 403, code: '0x80040220' });
      }
      expect(await privilegesOf(role)).toEqual({ prvReadTeam: 'Local' });
    });

    test('of a role that is not there answer 404', async () => {
      expect(await refusal(grants(newGuid(), 'prvReadTeam', 'Global'))).toMatchObject({
        status: 404,
        code: '0x80040217',
      });
      expect(await refusal(message('RetrieveRolePrivilegesRole', { RoleId: newGuid() }))).toMatchObject({
        status: 404,
      });
      expect(await refusal(message('RetrieveRolePrivilegesRole', { RoleId: 'x' }))).toMatchObject({ status: 400 });
    });
  });

  const related = (name: string, id: Guid, property: string, columns: readonly string[] = []): Operation => ({
    kind: 'retrieveRelated',
    id,
    navigation: navigation(name, property),
    query: query(navigation(name, property).target.logicalName, columns),
  });

  describe(`links on ${engine}`, () => {
    test.each([
      { name: 'a user to a role', from: 'systemuser' },
      { name: 'a role to a user', from: 'role' },
    ])('from $name are made, repeated, shown and taken away', async ({ from }) => {
      const [user, role] = [await createUser(), await createRole(`Knyttes fra ${from}`)];
      const [own, other] = from === 'role' ? [role, user] : [user, role];
      const operation = (kind: 'associate' | 'disassociate') =>
        link(kind, from, own, 'systemuserroles_association', other);
      expect(await run(operation('associate'))).toEqual({ kind: 'done' });
      await run(operation('associate'));
      expect((await environment.rowsOf('systemuserroles')).filter(({ roleid }) => roleid === role)).toHaveLength(1);
      const roles = rowsIn(await run(related('systemuser', user, 'systemuserroles_association', ['name'])));
      expect(roles).toEqual([{ roleid: role, name: `Knyttes fra ${from}` }]);
      const users = rowsIn(await run(related('role', role, 'systemuserroles_association')));
      expect(users).toEqual([{ systemuserid: user }]);
      await run(operation('disassociate'));
      await run(operation('disassociate'));
      expect(rowsIn(await run(related('systemuser', user, 'systemuserroles_association')))).toEqual([]);
    });

    test('need both rows', async () => {
      const [user, role] = [await createUser(), await createRole('Begge')];
      const to = (own: Guid, other: Guid) => link('associate', 'systemuser', own, 'systemuserroles_association', other);
      const missing = newGuid();
      expect(await refusal(to(missing, role))).toMatchObject({
        status: 404,
        message: `Entity 'systemuser' With Id = ${missing} Does Not Exist`,
      });
      expect(await refusal(to(user, missing))).toMatchObject({
        status: 404,
        message: `Entity 'role' With Id = ${missing} Does Not Exist`,
      });
    });

    test('do not give a role that holds more than the caller', async () => {
      const [user, role] = [await createUser(), await createRole('For sterk')];
      await addPrivilege(role, 'prvDeleteTeam');
      const clerk = await environment.userWith({
        prvReadRole: 'global',
        prvReadUser: 'global',
        prvAssignRole: 'global',
      });
      const to = (id: Guid) => link('associate', 'systemuser', user, 'systemuserroles_association', id);
      const problem = await refusal(to(role), clerk);
      expect(problem).toMatchObject({ status: 403, code: '0x80040220' });
      expect(problem.message).toContain('prvDeleteTeam');
      expect(await refusal(to(environment.base.systemAdministratorRoleId), clerk)).toMatchObject({
        status: 403,
        code: '0x80048306',
      });
      const weak = await createRole('Svak nok');
      await run(to(weak), clerk);
    });

    test('to a disabled user are refused', async () => {
      const user = await createUser();
      await run(update('systemuser', user, { isdisabled: true }));
      const operation = link(
        'associate',
        'systemuser',
        user,
        'systemuserroles_association',
        await createRole('Avslått'),
      );
      expect(await refusal(operation)).toMatchObject({ status: 405, code: '0x8004023b' });
    });

    test("of a team give the team's roles to its members, and no more than the caller has", async () => {
      const team = idIn(await run(create('team', { name: 'Rekruttering' }, [inRoot('team')])));
      const role = await createRole('Teamrolle');
      await addPrivilege(role, 'prvReadTeam');
      await run(link('associate', 'team', team, 'teamroles_association', role));
      const clientId = register();
      const user = idIn(await run(create('systemuser', { applicationid: clientId }, [inRoot('systemuser')])));
      const join = link('associate', 'team', team, 'teammembership_association', user);
      const clerk = await environment.userWith({
        prvReadTeam: 'local',
        prvWriteTeam: 'local',
        prvReadUser: 'global',
      });
      expect(await refusal(join, clerk)).toMatchObject({ status: 403, code: '0x80040220' });
      await run(join);
      const { current } = environment.deps.security;
      const slot = current.index.findByName('prvReadTeam') ?? -1;
      expect(current.depthsOf(environment.user(clientId))[slot]).toBe(4);
      await run(remove('team', team));
      expect(environment.deps.security.current.depthsOf(environment.user(clientId))[slot]).toBe(0);
    });

    test('of default teams and to access teams are refused', async () => {
      const [standard] = rowsIn(await run(list('team', { where: isDefault })));
      const user = await createUser();
      const join = link('associate', 'team', standard?.['teamid'] as Guid, 'teammembership_association', user);
      expect(await refusal(join)).toMatchObject({ status: 405 });
      const access = idIn(await run(create('team', { name: 'Tilgang', teamtype: 1 }, [inRoot('team')])));
      const role = await createRole('Til tilgangsteam');
      expect(await refusal(link('associate', 'team', access, 'teamroles_association', role))).toMatchObject({
        status: 405,
      });
    });

    test('through lookups set and clear them, from either side', async () => {
      const [user, manager] = [await createUser(), await createUser()];
      await run(link('associate', 'systemuser', user, 'parentsystemuserid', manager));
      const shown = async () => (await read('systemuser', user, ['parentsystemuserid']))['_parentsystemuserid_value'];
      expect(await shown()).toBe(manager);
      expect(rowsIn(await run(related('systemuser', user, 'parentsystemuserid', ['fullname'])))).toMatchObject([
        { systemuserid: manager },
      ]);
      await run(link('disassociate', 'systemuser', user, 'parentsystemuserid', undefined));
      expect(await shown()).toBeNull();
      expect(await run(related('systemuser', user, 'parentsystemuserid'))).toEqual({ kind: 'row', row: undefined });
      await run(link('associate', 'systemuser', manager, 'user_parent_user', user));
      expect(await shown()).toBe(manager);
      expect(rowsIn(await run(related('systemuser', manager, 'user_parent_user')))).toEqual([{ systemuserid: user }]);
      await run(link('disassociate', 'systemuser', manager, 'user_parent_user', user));
      expect(await shown()).toBeNull();
    });
  });

  const isDefault = { kind: 'compare', op: 'eq', column: column('team', 'isdefault'), value: true } as const;

  describe(`business units on ${engine}`, () => {
    test('come with a default team, and users move between them', async () => {
      const unit = idIn(
        await run(create('businessunit', { name: 'Drift' }, [bind('businessunit', 'parentbusinessunitid', root)])),
      );
      const [team] = (await environment.rowsOf('team')).filter(({ businessunitid }) => businessunitid === unit);
      expect(team).toMatchObject({ name: 'Drift', isdefault: true, teamtype: 0 });
      const user = await createUser();
      await run(update('systemuser', user, {}, [bind('systemuser', 'businessunitid', unit)]));
      const members = await environment.rowsOf('teammembership');
      expect(members.filter(({ systemuserid }) => systemuserid === user)).toMatchObject([{ teamid: team?.['teamid'] }]);
    });

    test.each([
      { name: 'one without a parent', operation: () => create('businessunit', { name: 'Rot' }), status: 400 },
      { name: 'disabling the root', operation: () => update('businessunit', root, { isdisabled: true }), status: 405 },
      { name: 'deleting one', operation: () => remove('businessunit', root), status: 400 },
    ])('$name is refused', async ({ operation, status }) => {
      expect(await refusal(operation())).toMatchObject({ status });
    });

    test('a user with Local depth sees the own unit only, in lists, expands and by id', async () => {
      const [here, there] = [await environment.putUnit('Her'), await environment.putUnit('Der')];
      const clerk = await environment.userWith(
        {
          prvReadUser: 'local',
          prvReadBusinessUnit: 'local',
          prvWriteUser: 'local',
          prvReparentUser: 'global',
          prvAppendUser: 'local',
          prvAppendToBusinessUnit: 'global',
        },
        here,
      );
      const other = await environment.putUser(newGuid<ClientId>(), { businessunitid: there });
      const own = await environment.putUser(newGuid<ClientId>(), { businessunitid: here, parentsystemuserid: other });
      const seen = rowsIn(await run(list('systemuser'), clerk)).map(({ systemuserid }) => systemuserid);
      expect(new Set(seen)).toEqual(new Set([clerk.id, own]));
      expect(await refusal(retrieve('systemuser', other), clerk)).toMatchObject({ status: 404, code: '0x80040217' });
      expect(await refusal(update('systemuser', other, { title: 'x' }), clerk)).toMatchObject({ status: 404 });
      const expanded = list('systemuser', { expand: [expand('systemuser', 'parentsystemuserid')] });
      const rows = rowsIn(await run(expanded, clerk));
      expect(rows.find(({ systemuserid }) => systemuserid === own)?.['parentsystemuserid']).toBeNull();
      const counted = await run({ kind: 'count', query: query('systemuser') }, clerk);
      expect(counted).toEqual({ kind: 'count', count: 2 });
      const through = list('systemuser', {
        where: {
          kind: 'through',
          navigation: navigation('systemuser', 'parentsystemuserid'),
          where: { kind: 'always' },
        },
      });
      expect(rowsIn(await run(through, clerk))).toEqual([]);
      // Moving a row out of reach is refused, and undone.
      const away = update('systemuser', own, {}, [bind('systemuser', 'businessunitid', there)]);
      expect(await refusal(away, clerk)).toMatchObject({ status: 404 });
      expect(await read('systemuser', own, ['businessunitid'])).toMatchObject({ _businessunitid_value: here });
    });

    test('a row cannot be put out of reach of the own Create', async () => {
      const here = await environment.putUnit('Egen enhet');
      const clerk = await environment.userWith(
        {
          prvCreateTeam: 'local',
          prvAppendTeam: 'local',
          prvReadBusinessUnit: 'global',
          prvAppendToBusinessUnit: 'global',
        },
        here,
      );
      const into = (unit: Guid) => create('team', { name: `T ${unit}` }, [bind('team', 'businessunitid', unit)]);
      expect(await refusal(into(root), clerk)).toMatchObject({ status: 403, code: '0x80048306' });
      expect((await environment.rowsOf('team')).filter(({ name }) => name === `T ${root}`)).toEqual([]);
      await run(into(here), clerk);
    });
  });

  describe(`companies on ${engine}`, () => {
    const company = (code: string) => create('cdm_company', { cdm_companycode: code, cdm_name: `Selskap ${code}` });

    test('are kept by System Administrators, whatever a role says', async () => {
      const clerk = await environment.userWith({
        prvReadcdm_Company: 'global',
        prvCreatecdm_Company: 'global',
        prvWritecdm_Company: 'global',
        prvDeletecdm_Company: 'global',
      });
      const id = idIn(await run(company('nosf')));
      expect(await read('cdm_company', id, ['cdm_companycode', 'cdm_name'])).toEqual({
        cdm_companyid: id,
        cdm_companycode: 'nosf',
        cdm_name: 'Selskap nosf',
      });
      for (const operation of [
        company('nix'),
        update('cdm_company', id, { cdm_name: 'Nei' }),
        remove('cdm_company', id),
      ]) {
        expect(await refusal(operation, clerk)).toMatchObject({ status: 403, code: '0x80048306' });
      }
      expect(rowsIn(await run(retrieve('cdm_company', id), clerk))).toHaveLength(1);
    });

    test('have codes of their own, compared without regard to case', async () => {
      await run(company('dat'));
      expect(await refusal(company('DAT'))).toMatchObject({
        status: 412,
        code: '0x80040237',
        message: 'Cannot insert duplicate key.',
      });
    });

    test('do not lead to tables of Human Resources past the second gate', async () => {
      const onward: Navigation = {
        kind: 'collection',
        name: 'candidates',
        table: table('cdm_company'),
        target: table('mshr_hcmcandidatetohireentity'),
        column: lookup('mshr_hcmcandidatetohireentity', 'mshr_dataareaid_id').column,
      };
      const candidates = query('mshr_hcmcandidatetohireentity');
      const leaks: readonly Operation[] = [
        list('cdm_company', { expand: [{ navigation: onward, query: candidates }] }),
        list('cdm_company', { where: { kind: 'through', navigation: onward, where: { kind: 'always' } } }),
        { kind: 'retrieveRelated', id: newGuid(), navigation: onward, query: candidates },
        { kind: 'associate', table: onward.table, id: newGuid(), navigation: onward, targetId: newGuid() },
      ];
      for (const operation of leaks) {
        expect(await refusal(operation)).toMatchObject({ status: 400, code: '0x80044822' });
      }
    });
  });

  describe(`rows on ${engine}`, () => {
    test('that are not there answer 404', async () => {
      const id = newGuid();
      expect(await refusal(retrieve('role', id))).toEqual({
        status: 404,
        code: '0x80040217',
        message: `Entity 'role' With Id = ${id} Does Not Exist`,
      });
      expect(await refusal(update('role', id, { name: 'x' }))).toMatchObject({ status: 404 });
      expect(await refusal(related('systemuser', id, 'systemuserroles_association'))).toMatchObject({ status: 404 });
    });

    test('are created with the id that came with the request, once', async () => {
      const roleid = newGuid();
      const operation = create('role', { roleid, name: `Egen id ${roleid}` }, [inRoot('role')]);
      expect(idIn(await run(operation))).toBe(roleid);
      const again = create('role', { roleid, name: `Annen ${roleid}` }, [inRoot('role')]);
      expect(await refusal(again)).toMatchObject({ status: 412, code: '0x80040237' });
    });

    test('come back as they are when a representation is asked for', async () => {
      const operation = create('role', { name: 'Vises' }, [inRoot('role')]);
      const result = await run({ ...operation, representation: query('role', ['name', 'createdon']) });
      expect(rowsIn(result)).toMatchObject([{ name: 'Vises', createdon: moment }]);
      const changed = {
        ...update('role', idIn(result), { name: 'Vises igjen' }),
        representation: query('role', ['name']),
      };
      expect(rowsIn(await run(changed))).toMatchObject([{ name: 'Vises igjen' }]);
    });

    test('are made or changed by an upsert, as they are there or not', async () => {
      const id = newGuid();
      const operation = (name: string) => upsert('role', id, { name }, [inRoot('role')]);
      expect(await run(operation(`Først ${id}`))).toMatchObject({ kind: 'created', id });
      // The business unit can be set once only; repeating what it is changes nothing.
      expect(await run(operation(`Så ${id}`))).toMatchObject({ kind: 'updated', id });
      expect(await refusal({ ...operation('x'), mayUpdate: false })).toMatchObject({ status: 412, code: '0x80060891' });
    });

    test('keep columns that are set once', async () => {
      const unit = await environment.putUnit('Flyttes ikke');
      const operation = update('role', await createRole('Fast enhet'), {}, [bind('role', 'businessunitid', unit)]);
      expect(await refusal(operation)).toMatchObject({ status: 400, code: '0x80040203' });
    });

    test('keep values that they must have', async () => {
      const operation = update('role', await createRole('Har navn'), { name: null });
      expect(await refusal(operation)).toMatchObject({ status: 400, code: '0x80048d19' });
    });

    test('are read and written under preconditions', async () => {
      const id = await createRole('Versjoner');
      const [shown] = rowsIn(await run({ kind: 'retrieve', id, query: query('role', ['name'], { etag: true }) }));
      const version = BigInt(/\d+/.exec(String(shown?.['@odata.etag']))?.[0] ?? '');
      const get = (kind: 'match' | 'noneMatch', versions: '*' | readonly bigint[]): Operation => ({
        kind: 'retrieve',
        id,
        query: query('role', ['name']),
        precondition: { kind, versions },
      });
      expect(await run(get('noneMatch', [version]))).toEqual({ kind: 'notModified' });
      expect(await run(get('noneMatch', '*'))).toEqual({ kind: 'notModified' });
      expect(await run(get('noneMatch', [version + 1000n]))).toMatchObject({ kind: 'row' });
      expect(await run(get('match', [version]))).toMatchObject({ kind: 'row' });
      expect(await refusal(get('match', [version + 1000n]))).toMatchObject({ status: 412, code: '0x80060882' });
      const ifMatch = { kind: 'match', versions: [version] } as const;
      await run({ ...update('role', id, { name: 'Versjoner 2' }), precondition: ifMatch });
      expect(await refusal({ ...update('role', id, { name: 'Versjoner 3' }), precondition: ifMatch })).toMatchObject({
        status: 412,
        code: '0x80060882',
        message: "The version of the existing record doesn't match the RowVersion property provided.",
      });
      expect(await refusal({ ...remove('role', id), precondition: ifMatch })).toMatchObject({ status: 412 });
      await run({ ...remove('role', id), precondition: { kind: 'match', versions: '*' } });
    });

    test.each(['privilege', 'roletemplate'] as const)('of %s can be read', async (name) => {
      expect(rowsIn(await run(list(name))).length).toBeGreaterThan(2);
    });

    test('of the organization can be read and not written', async () => {
      expect(rowsIn(await run(list('organization', { columns: [column('organization', 'name')] })))).toEqual([
        { organizationid: organizationId, name: 'Fjord' },
      ]);
      expect(await refusal(update('organization', organizationId, { name: 'x' }))).toEqual({
        status: 400,
        code: '0x80040800',
        message: "The 'Update' method does not support entities of type 'organization'.",
      });
    });
  });

  describe(`messages on ${engine}`, () => {
    test('WhoAmI tells who and where, even without a role', async () => {
      const clientId = register();
      const id = idIn(await run(create('systemuser', { applicationid: clientId }, [inRoot('systemuser')])));
      expect(await run(message('WhoAmI'), environment.user(clientId))).toEqual({
        kind: 'message',
        responseType: 'WhoAmIResponse',
        members: { BusinessUnitId: root, UserId: id, OrganizationId: organizationId },
      });
    });

    test('RetrieveVersion tells a version', async () => {
      expect(await run(message('RetrieveVersion'))).toMatchObject({
        members: { Version: expect.stringMatching(/^9\.2\./) },
      });
    });

    test.each([
      { name: 'one that comes later', operation: () => message('GrantAccess'), status: 501, text: /GrantAccess/ },
      { name: 'an unknown one', operation: () => message('Nonsense'), status: 404, text: /'Nonsense'/ },
      { name: 'a name in the wrong case', operation: () => message('whoami'), status: 404, text: /'whoami'/ },
      {
        name: 'an unbound call of a bound one',
        operation: () => message('AddPrivilegesRole'),
        status: 404,
        text: /Role/,
      },
      {
        name: 'a call on a row of another table',
        operation: () => message('AddPrivilegesRole', {}, { table: 'team', id: root }),
        status: 404,
        text: /Role/,
      },
    ])('$name is refused', async ({ operation, status, text }) => {
      const problem = await refusal(operation());
      expect(problem.status).toBe(status);
      expect(problem.message).toMatch(text);
    });
  });

  describe(`base rows on ${engine}`, () => {
    test('hold every privilege, and later ones are added for System Administrator', async () => {
      const { index } = environment.deps.security.current;
      expect(await environment.rowsOf('privilege')).toHaveLength(index.size);
      const lost = index.at(0).privilegeId;
      const [privileges, held] = [table('privilege'), table('roleprivileges')];
      const added = await environment.store.maintain(async (rows) => {
        const where = {
          kind: 'compare',
          op: 'eq',
          column: column('roleprivileges', 'privilegeid'),
          value: lost,
        } as const;
        for (const row of await rows.list(held, where, 100)) await rows.delete(held, row.id);
        await rows.delete(privileges, lost);
        return [await syncPrivileges(rows, model), await syncPrivileges(rows, model)];
      });
      expect(added).toEqual([1, 0]);
      const roles = (await environment.rowsOf('roleprivileges')).filter(({ privilegeid }) => privilegeid === lost);
      expect(roles).toMatchObject([{ roleid: environment.base.systemAdministratorRoleId, privilegedepthmask: 8 }]);
    });
  });
}
