import { describe, expect, test } from 'vitest';
import { type ClientId, type Guid, getGuid } from '../../../src/kernel/ids.ts';
import { bind, create, idIn, link, remove, update } from '../support.ts';

import type { NativeWorld } from './native-world.ts';

export function describeUnitTree(engine: string, world: NativeWorld): void {
  const { run, refusal, createUnit, createRole, roleIn, register, read } = world;

  const under = (parent: Guid | null) => [bind('businessunit', 'parentbusinessunitid', parent)];
  const move = (unit: Guid, parent: Guid | null) => update('businessunit', unit, {}, under(parent));
  const disable = (unit: Guid, isdisabled = true) => update('businessunit', unit, { isdisabled });
  const userIn = async (unit: Guid): Promise<{ id: Guid; clientId: ClientId }> => {
    const clientId = register();
    const unitBind = bind('systemuser', 'businessunitid', unit);
    return { clientId, id: idIn(await run(create('systemuser', { applicationid: clientId }, [unitBind]))) };
  };
  const rolesOf = async (user: Guid) =>
    (await world.environment.rowsOf('systemuserroles')).filter(({ systemuserid }) => systemuserid === user);
  const defaultTeamOf = async (unit: Guid) =>
    (await world.environment.rowsOf('team')).find((row) => row['businessunitid'] === unit && row['isdefault'] === true);

  describe(`the tree of business units on ${engine}`, () => {
    test('gives a unit another name, which its default team takes on', async () => {
      const unit = await createUnit('Gammelt navn');
      await run(update('businessunit', unit, { name: 'Nytt navn' }));
      expect(await defaultTeamOf(unit)).toMatchObject({ name: 'Nytt navn' });
    });

    test('moves a unit with all below it: depths and copies of roles follow', async () => {
      const [from, to] = [await createUnit('Fra'), await createUnit('Til')];
      const unit = await createUnit('Flyttes', from);
      const below = await createUnit('Flyttes med', unit);
      await run(create('role', { name: 'Fra-rolle' }, [bind('role', 'businessunitid', from)]));
      await run(create('role', { name: 'Til-rolle' }, [bind('role', 'businessunitid', to)]));
      const deep = await world.environment.userWith({ prvReadBusinessUnit: 'deep' }, to);
      const { current } = world.environment.deps.security;
      expect(current.subtreeOf(deep.businessUnitId)).not.toContain(below);
      await run(move(unit, to));
      const moved = world.environment.deps.security.current;
      expect([...moved.subtreeOf(deep.businessUnitId)].sort()).toEqual([to, unit, below].sort());
      for (const each of [unit, below]) {
        expect(await roleIn('Fra-rolle', each)).toBeUndefined();
        expect(await roleIn('Til-rolle', each)).toBeDefined();
      }
      const parentCopy = await roleIn('Basic User', to);
      expect(await roleIn('Basic User', unit)).toMatchObject({ parentroleid: parentCopy?.['roleid'] });
    });

    test.each([
      {
        name: 'a unit under itself',
        operation: async () => {
          const unit = await createUnit('Under seg selv');
          return move(unit, unit);
        },
        problem: {
          status: 400,
          code: '0x80041d21',
          message: 'Creating this parental association would create a loop in business hierarchy.',
        },
      },
      {
        name: 'a unit under one below it',
        operation: async () => {
          const unit = await createUnit('Sirkel');
          return move(unit, await createUnit('I sirkelen', await createUnit('Sirkel to', unit)));
        },
        problem: {
          status: 400,
          code: '0x80041d21',
          message: 'Creating this parental association would create a loop in business hierarchy.',
        },
      },
      {
        name: 'the root under another',
        operation: async () => move(world.root, await createUnit('Ny rot')),
        problem: { status: 405, code: '0x8004023b', message: 'The root business unit has no parent.' },
      },
      {
        name: 'a unit out of the tree',
        operation: async () => move(await createUnit('Løs'), null),
        problem: { status: 400, code: '0x80048d19' },
      },
      {
        name: 'an enabled unit under a disabled one',
        operation: async () => {
          const [unit, closed] = [await createUnit('Åpen'), await createUnit('Lukket')];
          await run(disable(closed));
          return move(unit, closed);
        },
        problem: {
          status: 400,
          code: '0x8004032d',
          message: 'The specified business unit cannot be assigned to because it is disabled.',
        },
      },
      {
        name: 'a new unit under a disabled one',
        operation: async () => {
          const closed = await createUnit('Lukket to');
          await run(disable(closed));
          return create('businessunit', { name: 'Ny under lukket' }, under(closed));
        },
        problem: { status: 400, code: '0x8004032d' },
      },
      {
        name: 'a user moved into a disabled unit',
        operation: async () => {
          const closed = await createUnit('Lukket tre');
          await run(disable(closed));
          const { id } = await userIn(world.root);
          return update('systemuser', id, {}, [bind('systemuser', 'businessunitid', closed)]);
        },
        problem: { status: 400, code: '0x8004032d' },
      },
      {
        name: 'a unit enabled below a disabled one',
        operation: async () => {
          const closed = await createUnit('Lukket fire');
          const below = await createUnit('Under lukket fire', closed);
          await run(disable(closed));
          return disable(below, false);
        },
        problem: {
          status: 400,
          code: '0x8004032c',
          message: "The specified business unit : 'Lukket fire' is disabled.",
        },
      },
      {
        name: 'the deletion of an enabled unit',
        operation: async () => remove('businessunit', await createUnit('Slettes åpen')),
        problem: { status: 400, code: '0x80041d60', message: 'Not disabled business unit cannot be deleted.' },
      },
      {
        name: 'the deletion of a unit with units below it',
        operation: async () => {
          const unit = await createUnit('Slettes med barn');
          await createUnit('Barn', unit);
          await run(disable(unit));
          return remove('businessunit', unit);
        },
        problem: {
          status: 400,
          code: '0x80041d61',
          message: 'Business unit has a child business unit and cannot be deleted.',
        },
      },
      {
        name: 'the deletion of a unit with a user',
        operation: async () => {
          const unit = await createUnit('Slettes med bruker');
          await userIn(unit);
          await run(disable(unit));
          return remove('businessunit', unit);
        },
        problem: {
          status: 405,
          code: '0x80040227',
          message:
            'The object you tried to delete is associated with another object and cannot be deleted: users or teams are in the business unit.',
        },
      },
      {
        name: 'the deletion of a unit with a team',
        operation: async () => {
          const unit = await createUnit('Slettes med team');
          await run(create('team', { name: 'Blir igjen' }, [bind('team', 'businessunitid', unit)]));
          await run(disable(unit));
          return remove('businessunit', unit);
        },
        problem: { status: 405, code: '0x80040227' },
      },
    ])('$name is refused', async ({ operation, problem }) => {
      expect(await refusal(await operation())).toMatchObject(problem);
    });

    test('disables a unit with all below it, whose users are shut out; each is enabled by itself', async () => {
      const unit = await createUnit('Stenges');
      const below = await createUnit('Stenges med', unit);
      const [here, there] = [await userIn(unit), await userIn(below)];
      await run(disable(unit));
      for (const { clientId } of [here, there]) {
        expect(() => world.environment.user(clientId)).toThrow(/either disabled or is not a member/);
      }
      await run(disable(unit, false));
      expect(world.environment.user(here.clientId).id).toBe(here.id);
      expect(() => world.environment.user(there.clientId)).toThrow(/either disabled or is not a member/);
      expect(await read('businessunit', below, ['isdisabled'])).toMatchObject({ isdisabled: true });
    });

    test('keeps open a unit without whose users nobody would be System Administrator', async () => {
      const unit = await createUnit('Siste administrator');
      const { id, clientId } = await userIn(unit);
      const copy = getGuid(String((await roleIn('System Administrator', unit))?.['roleid']));
      const role = world.environment.base.systemAdministratorRoleId;
      await run(link('associate', 'systemuser', id, 'systemuserroles_association', copy));
      const other = world.environment.user(clientId);
      const [first, own] = [world.admin.id, 'systemuserroles_association'];
      await run(link('disassociate', 'systemuser', first, own, role), other);
      expect(await refusal(disable(unit), other)).toEqual({
        status: 400,
        code: '0x80041d59',
        message:
          'Business unit cannot be disabled: no active user with system admin role exists outside of business unit subtree.',
      });
      await run(link('associate', 'systemuser', first, own, role), other);
      await run(disable(unit));
    });

    test('deletes an empty, disabled unit with its default team and its roles', async () => {
      const unit = await createUnit('Slettes');
      await run(create('role', { name: 'Går med' }, [bind('role', 'businessunitid', unit)]));
      await run(disable(unit));
      expect(await run(remove('businessunit', unit))).toEqual({ kind: 'done' });
      expect(await defaultTeamOf(unit)).toBeUndefined();
      expect((await world.environment.rowsOf('role')).filter((row) => row['businessunitid'] === unit)).toEqual([]);
      expect(world.environment.deps.security.current.businessUnits.has(unit as never)).toBe(false);
    });

    test('is not moved, disabled or deleted without the privileges for it', async () => {
      const [unit, other] = [await createUnit('Vernet'), await createUnit('Vernet to')];
      const clerk = await world.environment.userWith({
        prvReadBusinessUnit: 'global',
        prvWriteBusinessUnit: 'global',
        prvAppendBusinessUnit: 'global',
        prvAppendToBusinessUnit: 'global',
      });
      for (const [operation, privilege] of [
        [move(unit, other), 'prvReparentBusinessUnit'],
        [disable(unit), 'prvDisableBusinessUnit'],
        [remove('businessunit', unit), 'prvDeleteBusinessUnit'],
      ] as const) {
        const problem = await refusal(operation, clerk);
        expect(problem).toMatchObject({ status: 403, code: '0x80040220' });
        expect(problem.message).toContain(`is missing ${privilege} privilege`);
      }
    });
  });

  describe(`users and teams that change units on ${engine}`, () => {
    test('lose their roles, keep other teams, and get a role of the new unit', async () => {
      const unit = await createUnit('Nytt sted');
      const role = await createRole('Mistes');
      const { id, clientId } = await userIn(world.root);
      const team = idIn(await run(create('team', { name: 'Beholdes' }, [world.inRoot('team')])));
      await run(link('associate', 'team', team, 'teammembership_association', id));
      await run(link('associate', 'systemuser', id, 'systemuserroles_association', role));
      await run(update('systemuser', id, {}, [bind('systemuser', 'businessunitid', unit)]));
      expect(await rolesOf(id)).toEqual([]);
      expect(world.environment.user(clientId)).toMatchObject({ businessUnitId: unit, roles: [] });
      expect(new Set(world.environment.user(clientId).teams)).toEqual(
        new Set([team, (await defaultTeamOf(unit))?.['teamid']]),
      );
      const copy = getGuid(String((await roleIn('Mistes', unit))?.['roleid']));
      await run(link('associate', 'systemuser', id, 'systemuserroles_association', copy));
      expect(world.environment.user(clientId).roles).toMatchObject([{ role: { id: copy }, businessUnitId: unit }]);
    });

    test('as a team does', async () => {
      const unit = await createUnit('Nytt teamsted');
      const team = idIn(await run(create('team', { name: 'Flytter' }, [world.inRoot('team')])));
      await run(link('associate', 'team', team, 'teamroles_association', await createRole('Teamet mister')));
      await run(update('team', team, {}, [bind('team', 'businessunitid', unit)]));
      expect((await world.environment.rowsOf('teamroles')).filter(({ teamid }) => teamid === team)).toEqual([]);
    });

    test('are not moved without the privilege for it', async () => {
      const { id } = await userIn(world.root);
      const clerk = await world.environment.userWith({
        prvReadUser: 'global',
        prvWriteUser: 'global',
        prvAppendUser: 'global',
        prvReadBusinessUnit: 'global',
        prvAppendToBusinessUnit: 'global',
      });
      const away = update('systemuser', id, {}, [bind('systemuser', 'businessunitid', await createUnit('Ikke hit'))]);
      const problem = await refusal(away, clerk);
      expect(problem).toMatchObject({ status: 403, code: '0x80040220' });
      expect(problem.message).toContain('is missing prvReparentUser privilege');
    });

    test.each([
      {
        name: 'deleted',
        operation: (team: Guid) => remove('team', team),
        code: '0x80048307',
        message: (team: Guid) => `The default business unit team can't be deleted (TeamId = ${team}).`,
      },
      {
        name: 'moved',
        operation: (team: Guid) => update('team', team, {}, [bind('team', 'businessunitid', world.root)]),
        code: '0x80048308',
        message: (team: Guid) => `The default business unit team parent can't be set (TeamId = ${team}).`,
      },
      {
        name: 'renamed',
        operation: (team: Guid) => update('team', team, { name: 'Mitt' }),
        code: '0x8004830a',
        message: (team: Guid) => `The default business unit team name can't be updated (TeamId = ${team}).`,
      },
    ])('but a default team is not $name', async ({ name, operation, code, message }) => {
      const team = getGuid(String((await defaultTeamOf(await createUnit(`Standard ${name}`)))?.['teamid']));
      expect(await refusal(operation(team))).toEqual({ status: 400, code, message: message(team) });
    });

    test('a team has its maker as administrator unless another is named', async () => {
      const { id } = await userIn(world.root);
      const own = idIn(await run(create('team', { name: 'Min' }, [world.inRoot('team')])));
      expect(await read('team', own, ['administratorid'])).toMatchObject({ _administratorid_value: world.admin.id });
      const named = [world.inRoot('team'), bind('team', 'administratorid', id)];
      const other = idIn(await run(create('team', { name: 'Din' }, named)));
      expect(await read('team', other, ['administratorid'])).toMatchObject({ _administratorid_value: id });
    });
  });
}
