import { describe, expect, test } from 'vitest';
import { roleTemplates } from '../../../src/dataverse/application-user.ts';
import { predefinedRoleId } from '../../../src/dataverse/predefined-roles.ts';
import { type Guid, namedGuid, newGuid } from '../../../src/kernel/ids.ts';
import { privilegeIdOf } from '../../../src/metadata/privileges.ts';
import { create, message, organizationId, remove, update } from '../support.ts';

import type { NativeWorld } from './native-world.ts';

export function describeRoles(engine: string, world: NativeWorld): void {
  const { run, refusal, inRoot, createRole, read, grants, addPrivilege, privilegesOf } = world;

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
      expect((await world.environment.rowsOf('roleprivileges')).filter(({ roleid }) => roleid === id)).toEqual([]);
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
        operation: async () => update('role', world.environment.base.systemAdministratorRoleId, { name: 'Sjef' }),
        status: 400,
        code: '0x80041d31',
        message: /^The System Administrator Role cannot be modified\.$/,
      },
      {
        name: 'the deletion of a managed role',
        operation: async () => remove('role', world.environment.base.basicUserRoleId),
        status: 400,
        code: '0x8004f032',
        message: /^The 'Delete' operation on the current component\(name='Role', .* managed property evaluation/,
      },
      {
        name: 'the deletion of System Administrator',
        operation: async () => remove('role', world.environment.base.systemAdministratorRoleId),
        status: 400,
        code: '0x80041d2e',
        message: /^The System Administrator Role cannot be deleted\.$/,
      },
      {
        name: 'the deletion of System Customizer',
        operation: async () => remove('role', world.environment.base.systemCustomizerRoleId),
        status: 400,
        code: '0x80041d4a',
        message: /^The System Customizer Role cannot be deleted\.$/,
      },
      {
        name: 'another name for a managed role',
        operation: async () => update('role', world.environment.base.basicUserRoleId, { name: 'Alle' }),
        status: 405,
        code: '0x8004023b',
        message: /^The name of a managed role cannot be changed\.$/,
      },
      {
        name: 'privileges for a managed role that is not customizable',
        operation: async () => grants(predefinedRoleId(organizationId, 'atsIntegration'), 'prvReadTeam', 'Global'),
        status: 400,
        code: '0x8004f026',
        message: /^The evaluation of the current component\(name=Role, .* Managed Property Name: iscustomizable/,
      },
      {
        name: 'privileges for System Administrator',
        operation: async () => grants(world.environment.base.systemAdministratorRoleId, 'prvReadTeam', 'Global'),
        status: 400,
        code: '0x80041d31',
        message: /^The System Administrator Role cannot be modified\.$/,
      },
    ])('$name is refused', async ({ operation, status, code, message }) => {
      const problem = await refusal(await operation());
      expect(problem).toMatchObject({ status, code });
      expect(problem.message).toMatch(message);
    });
  });

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
      const all = await privilegesOf(world.environment.base.systemAdministratorRoleId);
      expect(Object.keys(all)).toHaveLength(world.environment.deps.security.current.index.size);
      expect(new Set(Object.values(all))).toEqual(new Set(['Global']));
    });

    test('of a user are the union of what the roles give', async () => {
      const user = await world.environment.userWith({ prvReadTeam: 'local' });
      const result = await run(message('RetrieveUserPrivileges', {}, { table: 'systemuser', id: user.id }));
      expect(result).toMatchObject({
        kind: 'message',
        members: { RolePrivileges: [{ PrivilegeName: 'prvReadTeam', Depth: 'Local', BusinessUnitId: world.root }] },
      });
    });

    test('of a user and a team are told by id and by name, one or several', async () => {
      const user = await world.environment.userWith({ prvReadTeam: 'local', prvReadRole: 'global' });
      const team = await world.environment.put('team', {
        name: `T ${user.id}`,
        teamtype: 0,
        businessunitid: world.root,
      });
      const role = user.roles[0]?.role.id ?? newGuid();
      await world.environment.put('teamroles', { teamid: team, roleid: role });
      await world.environment.deps.security.refresh();
      const held = async (
        name: string,
        parameters: Record<string, unknown>,
        bound = { table: 'systemuser', id: user.id as Guid },
      ) => {
        const result = await run(message(name, parameters, bound));
        if (result.kind !== 'message') throw new TypeError(result.kind);
        expect(result.responseType).toBe(`${name}Response`);
        const list = result.members['RolePrivileges'] as readonly { PrivilegeName: string; Depth: string }[];
        return Object.fromEntries(list.map(({ PrivilegeName, Depth }) => [PrivilegeName, Depth]));
      };
      const [read, roles, none] = ['prvReadTeam', 'prvReadRole', 'prvDeleteTeam'].map(privilegeIdOf);
      expect(await held('RetrieveUserPrivilegeByPrivilegeName', { PrivilegeName: 'PRVREADTEAM' })).toEqual({
        prvReadTeam: 'Local',
      });
      expect(await held('RetrieveUserPrivilegeByPrivilegeName', { PrivilegeName: 'prvNothing' })).toEqual({});
      expect(await held('RetrieveUserPrivilegeByPrivilegeId', { PrivilegeId: none })).toEqual({});
      expect(await held('RetrieveUserPrivilegeByPrivilegeId', { PrivilegeId: read })).toEqual({ prvReadTeam: 'Local' });
      expect(await held('RetrieveUserSetOfPrivilegesByIds', { PrivilegeIds: [roles, none] })).toEqual({
        prvReadRole: 'Global',
      });
      const names = { PrivilegeNames: ['prvReadTeam', 'prvReadRole', 'prvDeleteTeam'] };
      expect(await held('RetrieveUserSetOfPrivilegesByNames', names)).toEqual({
        prvReadTeam: 'Local',
        prvReadRole: 'Global',
      });
      expect(await held('RetrieveTeamPrivileges', {}, { table: 'team', id: team })).toEqual({
        prvReadTeam: 'Local',
        prvReadRole: 'Global',
      });
      for (const [name, parameters] of [
        ['RetrieveUserSetOfPrivilegesByIds', { PrivilegeIds: 'x' }],
        ['RetrieveUserSetOfPrivilegesByIds', { PrivilegeIds: ['x'] }],
        ['RetrieveUserSetOfPrivilegesByNames', { PrivilegeNames: [1] }],
        ['RetrieveUserPrivilegeByPrivilegeId', {}],
      ] as const) {
        const operation = message(name, parameters, { table: 'systemuser', id: user.id });
        expect(await refusal(operation)).toMatchObject({ status: 400, code: '0x80040203' });
      }
      const missing = { table: 'team', id: newGuid() };
      expect(await refusal(message('RetrieveTeamPrivileges', {}, missing))).toMatchObject({ status: 404 });
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

    test('keep that of acting on behalf, whatever is replaced, and it is not removed', async () => {
      const delegate = predefinedRoleId(organizationId, 'delegate');
      const bound = { table: 'role', id: delegate };
      await run(message('ReplacePrivilegesRole', { Privileges: [] }, bound));
      expect(await privilegesOf(delegate)).toEqual({ prvActOnBehalfOfAnotherUser: 'Global' });
      const removal = { PrivilegeId: privilegeIdOf('prvActOnBehalfOfAnotherUser') };
      expect(await refusal(message('RemovePrivilegeRole', removal, bound))).toEqual({
        status: 400,
        code: '0x8004ed43',
        message: 'Act on Behalf of Another User privilege cannot be added or removed.',
      });
    });

    test('are given only by who holds them as deep', async () => {
      const role = await createRole('Utenfor rekkevidde');
      const clerk = await world.environment.userWith({
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
}
