import { describe, expect, test } from 'vitest';
import { type Guid, newGuid } from '../../../src/kernel/ids.ts';
import { column, create, idIn, link, list, message, remove, rowsIn, update } from '../support.ts';

import type { NativeWorld } from './native-world.ts';

export function describeLinks(engine: string, world: NativeWorld): void {
  const { run, refusal, inRoot, register, createUser, createRole, read, addPrivilege, related } = world;
  const isDefault = { kind: 'compare', op: 'eq', column: column('team', 'isdefault'), value: true } as const;

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
      expect((await world.environment.rowsOf('systemuserroles')).filter(({ roleid }) => roleid === role)).toHaveLength(
        1,
      );
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
      const clerk = await world.environment.userWith({
        prvReadRole: 'global',
        prvReadUser: 'global',
        prvAssignRole: 'global',
      });
      const to = (id: Guid) => link('associate', 'systemuser', user, 'systemuserroles_association', id);
      const problem = await refusal(to(role), clerk);
      expect(problem).toMatchObject({ status: 403, code: '0x80040220' });
      expect(problem.message).toContain('prvDeleteTeam');
      expect(await refusal(to(world.environment.base.systemAdministratorRoleId), clerk)).toMatchObject({
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
      const clerk = await world.environment.userWith({
        prvReadTeam: 'local',
        prvWriteTeam: 'local',
        prvReadUser: 'global',
      });
      expect(await refusal(join, clerk)).toMatchObject({ status: 403, code: '0x80040220' });
      await run(join);
      const { current } = world.environment.deps.security;
      const slot = current.index.findByName('prvReadTeam') ?? -1;
      expect(current.depthsOf(world.environment.user(clientId))[slot]).toBe(4);
      await run(remove('team', team));
      expect(world.environment.deps.security.current.depthsOf(world.environment.user(clientId))[slot]).toBe(0);
    });

    test('of a team are made and taken away by messages, all or none', async () => {
      const team = idIn(await run(create('team', { name: 'Ved meldinger' }, [inRoot('team')])));
      const [one, other] = [await createUser(), await createUser()];
      const change = (name: string, ids: readonly unknown[]) =>
        message(name, { Members: ids.map((systemuserid) => ({ systemuserid })) }, { table: 'team', id: team });
      const members = async () =>
        new Set(
          (await world.environment.rowsOf('teammembership'))
            .filter(({ teamid }) => teamid === team)
            .map(({ systemuserid }) => systemuserid),
        );
      expect(await run(change('AddMembersTeam', [one, other]))).toEqual({ kind: 'done' });
      await run(change('AddMembersTeam', [one]));
      expect(await members()).toEqual(new Set([one, other]));
      await run(change('RemoveMembersTeam', [other]));
      expect(await members()).toEqual(new Set([one]));
      const missing = newGuid();
      expect(await refusal(change('AddMembersTeam', [other, missing]))).toMatchObject({
        status: 404,
        code: '0x80040217',
        message: `Entity 'systemuser' With Id = ${missing} Does Not Exist`,
      });
      expect(await members()).toEqual(new Set([one]));
      expect(await refusal(change('AddMembersTeam', ['x']))).toMatchObject({ status: 400, code: '0x80040203' });
      expect(await refusal(message('RemoveMembersTeam', {}, { table: 'team', id: team }))).toMatchObject({
        status: 400,
        code: '0x80040203',
        message: '`Members` must be a list of users',
      });
      const clerk = await world.environment.userWith({ prvReadTeam: 'global', prvReadUser: 'global' });
      expect(await refusal(change('AddMembersTeam', [other]), clerk)).toMatchObject({
        status: 403,
        code: '0x80040220',
      });
    });

    test('of default teams and to access teams are refused', async () => {
      const [standard] = rowsIn(await run(list('team', { where: isDefault })));
      const user = await createUser();
      const join = link('associate', 'team', standard?.['teamid'] as Guid, 'teammembership_association', user);
      const team = standard?.['teamid'];
      expect(await refusal(join)).toEqual({
        status: 400,
        code: '0x8004830b',
        message: `Can't add members to the default business unit team (TeamId = ${team}).`,
      });
      const leave = link('disassociate', 'team', team as Guid, 'teammembership_association', user);
      expect(await refusal(leave)).toEqual({
        status: 400,
        code: '0x8004830c',
        message: `Can't remove members from the default business unit team (TeamId = ${team}).`,
      });
      const access = idIn(await run(create('team', { name: 'Tilgang', teamtype: 1 }, [inRoot('team')])));
      const role = await createRole('Til tilgangsteam');
      expect(await refusal(link('associate', 'team', access, 'teamroles_association', role))).toEqual({
        status: 400,
        code: '0x80048331',
        message: `Cannot assign roles or profiles to an access team (TeamId = ${access}).`,
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
}
