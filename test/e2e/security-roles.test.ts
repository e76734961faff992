import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { privilegeIdOf } from '../../src/metadata/privileges.ts';
import { batchHeaders, readBatch, set, writeBatch } from '../support/batch.ts';
import { engines } from '../support/database.ts';
import { createdId, errorOf, query, rowsOf } from '../support/odata.ts';
import { type Member, privilegesOn, SecurityWorld } from '../support/security-world.ts';
import { type EmptyServer, startEmptyServer } from '../support/server.ts';
import { patience } from '../support/way.ts';

const seeing = { prvReadUser: 'global', prvReadTeam: 'global', prvReadBusinessUnit: 'global' } as const;

/** What an administrator does with units, users, teams and roles, as it travels. */
describe.each(engines)('security over the wire on %s', { timeout: patience * 60_000 }, (engine) => {
  let server: EmptyServer;
  let world: SecurityWorld;

  beforeAll(async () => {
    server = await startEmptyServer(engine);
    world = await SecurityWorld.open(server);
    await world.addTable('new_Case');
  });
  afterAll(() => server.close());

  const api = () => `${server.url}/api/data/v9.2`;
  const copyOf = async (role: string, unit: string): Promise<string> => {
    const $filter = `_parentrootroleid_value eq ${role} and _businessunitid_value eq ${unit}`;
    const [row] = await world.rows('admin', `roles?${query({ $select: 'roleid', $filter })}`);
    return String(row?.['roleid']);
  };
  const privilegesOf = async (path: string): Promise<Record<string, unknown>> => {
    const held = rowsOf((await world.row('admin', path))['RolePrivileges']);
    return Object.fromEntries(held.map(({ PrivilegeName, Depth }) => [PrivilegeName, Depth]));
  };
  const patch = (path: string, body: object) => world.send('admin', path, { method: 'PATCH', body });
  const move = (user: Member, unit: string) =>
    world.done('admin', `systemusers(${user.id})`, {
      method: 'PATCH',
      body: { 'businessunitid@odata.bind': `/businessunits(${unit})` },
    });

  describe('a role', () => {
    let user: Member;
    let team: string;
    let role: string;
    beforeAll(async () => {
      user = await world.addUser('Lenket');
      team = await world.addTeam('Lenket');
      role = await world.addRole('Lenket', seeing);
    });

    const held = async (from: string) =>
      (await world.rows('admin', `${from}?$select=roleid`)).map(({ roleid }) => roleid).filter((id) => id === role);
    const users = () => `systemusers(${user.id})/systemuserroles_association`;
    const teams = () => `teams(${team})/teamroles_association`;

    test.each([
      {
        name: 'from the user, taken with the id in the path',
        list: users,
        give: () => [users(), `${api()}/roles(${role})`],
        take: () => `${users()}(${role})/$ref`,
      },
      {
        name: 'from the user with a relative id, taken with $id',
        list: users,
        give: () => [users(), `roles(${role})`],
        take: () => `${users()}/$ref?$id=${api()}/roles(${role})`,
      },
      {
        name: 'from the role, taken from the role with $id',
        list: users,
        give: () => [`roles(${role})/systemuserroles_association`, `${api()}/systemusers(${user.id})`],
        take: () => `roles(${role})/systemuserroles_association/$ref?$id=systemusers(${user.id})`,
      },
      {
        name: 'to a team, taken with the id in the path',
        list: teams,
        give: () => [teams(), `${api()}/roles(${role})`],
        take: () => `${teams()}(${role})/$ref`,
      },
      {
        name: 'to a team from the role, taken from the role',
        list: teams,
        give: () => [`roles(${role})/teamroles_association`, `${api()}/teams(${team})`],
        take: () => `roles(${role})/teamroles_association(${team})/$ref`,
      },
    ])('is given $name', async ({ list, give, take }) => {
      const [from, id] = give();
      await world.done('admin', `${from}/$ref`, { method: 'POST', body: { '@odata.id': id } });
      expect(await held(list())).toEqual([role]);
      await world.done('admin', take(), { method: 'DELETE' });
      expect(await held(list())).toEqual([]);
    });

    test('is made, filled and given in one change set, and is in force behind it', async () => {
      const items = [
        [
          {
            method: 'POST',
            url: 'roles',
            id: '1',
            body: { name: 'I ett', 'businessunitid@odata.bind': `/businessunits(${world.root})` },
          },
          {
            method: 'POST',
            url: '$1/Microsoft.Dynamics.CRM.AddPrivilegesRole',
            id: '2',
            body: { Privileges: [{ PrivilegeId: privilegeIdOf('prvReadTeam'), Depth: 'Global' }] },
          },
          { method: 'POST', url: `${users()}/$ref`, id: '3', body: { '@odata.id': '$1' } },
        ],
      ];
      expect((await world.send(user, 'teams')).status).toBe(403);
      const body = writeBatch(items);
      const answer = await world.send('admin', '$batch', { method: 'POST', body, headers: batchHeaders() });
      expect(set(readBatch(answer)[0]).map(({ status }) => status)).toEqual([204, 204, 204]);
      expect((await world.send(user, 'teams')).status).toBe(200);
    });

    test('is copied by reading what it gives and giving that to another', async () => {
      const source = await world.addRole('Original', { prvReadTeam: 'local', prvReadRole: 'global' });
      const target = await world.addRole('Kopi', {});
      const { RolePrivileges } = await world.row('admin', `RetrieveRolePrivilegesRole(RoleId=${source})`);
      const path = `roles(${target})/Microsoft.Dynamics.CRM.ReplacePrivilegesRole`;
      await world.done('admin', path, { method: 'POST', body: { Privileges: RolePrivileges } });
      expect(await privilegesOf(`RetrieveRolePrivilegesRole(RoleId=${target})`)).toEqual({
        prvReadTeam: 'Local',
        prvReadRole: 'Global',
      });
      expect((await patch(`roles(${target})`, { name: 'Kopi, omdøpt' })).status).toBe(204);
      await world.done('admin', `roles(${target})`, { method: 'DELETE' });
      expect((await world.send('admin', `roles(${target})`)).status).toBe(404);
    });

    test('tells with others what a user and a team may do, by names and ids in the URL', async () => {
      const member = await world.addUser('Fortalt');
      const own = await world.addRole('Fortalt egen', { prvReadTeam: 'local' });
      const ofTeam = await world.addRole('Fortalt team', { prvReadRole: 'global' });
      const group = await world.addTeam('Fortalt');
      await world.giveRole(member, own);
      await world.giveTeamRole(group, ofTeam);
      const members = [{ '@odata.type': 'Microsoft.Dynamics.CRM.systemuser', systemuserid: member.id }];
      const change = (name: string) =>
        world.done('admin', `teams(${group})/Microsoft.Dynamics.CRM.${name}`, {
          method: 'POST',
          body: { Members: members },
        });
      await change('AddMembersTeam');
      const call = (fn: string) => privilegesOf(`systemusers(${member.id})/Microsoft.Dynamics.CRM.${fn}`);
      const both = { prvReadTeam: 'Local', prvReadRole: 'Global' };
      const [read, none] = [privilegeIdOf('prvReadRole'), privilegeIdOf('prvDeleteRole')];
      expect(await call('RetrieveUserPrivileges()')).toEqual(both);
      expect(await call("RetrieveUserPrivilegeByPrivilegeName(PrivilegeName='prvreadteam')")).toEqual({
        prvReadTeam: 'Local',
      });
      expect(await call(`RetrieveUserPrivilegeByPrivilegeId(PrivilegeId=${read})`)).toEqual({ prvReadRole: 'Global' });
      const names = "@n=['prvReadTeam','prvReadRole','prvDeleteRole']";
      expect(await call(`RetrieveUserSetOfPrivilegesByNames(PrivilegeNames=@n)?${names}`)).toEqual(both);
      const ids = encodeURIComponent(`["${read}","${none}"]`);
      expect(await call(`RetrieveUserSetOfPrivilegesByIds(PrivilegeIds=@i)?@i=${ids}`)).toEqual({
        prvReadRole: 'Global',
      });
      const ofGroup = `teams(${group})/Microsoft.Dynamics.CRM.RetrieveTeamPrivileges()`;
      expect(await privilegesOf(ofGroup)).toEqual({ prvReadRole: 'Global' });
      await change('RemoveMembersTeam');
      expect(await call('RetrieveUserPrivileges()')).toEqual({ prvReadTeam: 'Local' });
    });

    test('for team privileges only reaches the rows of the team, not those of its members', async () => {
      const member = await world.addUser('Kun team');
      const group = await world.addTeam('Kun team');
      const limited = await world.addRole('Kun team', { ...seeing, ...privilegesOn('new_Case', 'basic') });
      await world.giveTeamRole(group, limited);
      await world.join(group, member);
      const create = (body: object) => world.send(member, 'new_cases', { method: 'POST', body });
      const own = createdId(await create({ new_name: 'min' }));
      expect((await patch(`roles(${limited})`, { isinherited: 0 })).status).toBe(204);
      const names = async () => (await world.rows(member, 'new_cases?$select=new_name')).map((row) => row['new_name']);
      expect(await names()).toEqual([]);
      expect(errorOf(await create({ new_name: 'min igjen' }))).toMatchObject({ status: 403, code: '0x80048306' });
      createdId(await create({ new_name: 'teamets', 'ownerid@odata.bind': `/teams(${group})` }));
      expect(await names()).toEqual(['teamets']);
      await world.done('admin', `new_cases(${own})`, { method: 'DELETE' });
    });
  });

  describe('business units', () => {
    test('hold copies of roles; a user is given the one of their unit and works with it', async () => {
      const role = await world.addRole('Saksbehandler', { ...seeing, prvReadnew_Case: 'local' });
      const unit = await world.addUnit('Avdeling');
      const user = await world.addUser('Saksbehandler', unit);
      const link = `systemusers(${user.id})/systemuserroles_association/$ref`;
      const give = (id: string) => world.send('admin', link, { method: 'POST', body: { '@odata.id': `roles(${id})` } });
      expect(errorOf(await give(role))).toEqual({
        status: 400,
        code: '0x80041409',
        message: 'The role belongs to another business unit than the user.',
      });
      const copy = await copyOf(role, unit);
      expect((await give(copy)).status).toBe(204);
      expect((await world.send(user, 'new_cases')).status).toBe(200);
      const shown = await world.rows('admin', `roles(${copy})/roleprivileges_association?$select=name`);
      expect(shown.map(({ name }) => name).sort()).toEqual([
        'prvReadBusinessUnit',
        'prvReadTeam',
        'prvReadUser',
        'prvReadnew_Case',
      ]);
      const expand = query({ $select: 'name', $expand: 'roleprivileges_association($select=name)' });
      expect(rowsOf((await world.row('admin', `roles(${copy})?${expand}`))['roleprivileges_association'])).toHaveLength(
        4,
      );
      // What is changed at the root is in force for who has the copy.
      await world.setPrivileges(role, seeing);
      expect(errorOf(await world.send(user, 'new_cases'))).toMatchObject({ status: 403, code: '0x80040220' });
      const filter = query({
        $filter: `roleprivileges_association/any(p:p/name eq 'prvReadnew_Case') and roleid eq ${copy}`,
      });
      expect(await world.rows('admin', `roles?${filter}`)).toEqual([]);
      expect(errorOf(await patch(`roles(${copy})`, { name: 'Egen' }))).toMatchObject({
        status: 405,
        code: '0x8004023b',
      });
    });

    test('take a user who is moved out of reach of the old unit, rows with them, and without roles', async () => {
      const [from, to] = [await world.addUnit('Fra'), await world.addUnit('Til')];
      const role = await world.addRole('Flyttbar', { ...seeing, ...privilegesOn('new_Case', 'local') });
      const [mover, stayer] = [await world.addUser('Flytter', from), await world.addUser('Blir', from)];
      for (const user of [mover, stayer]) await world.giveRole(user, await copyOf(role, from));
      const row = await world.create(mover, 'new_cases', { new_name: 'flyttes med' });
      expect((await world.send(stayer, `new_cases(${row})`)).status).toBe(200);
      await move(mover, to);
      expect(errorOf(await world.send(mover, 'new_cases'))).toMatchObject({ status: 403, code: '0x80042f09' });
      expect(errorOf(await world.send(stayer, `new_cases(${row})`)).status).toBe(403);
      await world.giveRole(mover, await copyOf(role, to));
      expect((await world.send(mover, `new_cases(${row})`)).status).toBe(200);
      expect(await world.rows(mover, 'new_cases')).toHaveLength(1);
    });

    test('move with all below them: Deep follows', async () => {
      const [one, other] = [await world.addUnit('En'), await world.addUnit('Annen')];
      const below = await world.addUnit('Under en', one);
      const chief = await world.addUser('Sjef', other);
      await world.giveRole(chief, await copyOf(await world.addRole('Sjef', { prvReadBusinessUnit: 'deep' }), other));
      const seen = async () => (await world.rows(chief, 'businessunits?$select=name')).map(({ name }) => name).sort();
      expect(await seen()).toEqual(['Annen']);
      const parent = { 'parentbusinessunitid@odata.bind': `/businessunits(${other})` };
      expect((await patch(`businessunits(${one})`, parent)).status).toBe(204);
      expect(await seen()).toEqual(['Annen', 'En', 'Under en']);
      const loop = { 'parentbusinessunitid@odata.bind': `/businessunits(${below})` };
      expect(errorOf(await patch(`businessunits(${one})`, loop))).toMatchObject({ status: 400, code: '0x80041d21' });
    });

    test('shut their users out when disabled, and are deleted when nothing is in them', async () => {
      const unit = await world.addUnit('Legges ned');
      const user = await world.addUser('Siste', unit);
      await world.giveRole(user, await copyOf(await world.addRole('Siste', privilegesOn('new_Case', 'basic')), unit));
      const row = await world.create(user, 'new_cases', { new_name: 'siste' });
      const remove = async (path: string) => errorOf(await world.send('admin', path, { method: 'DELETE' }));
      expect(await remove(`businessunits(${unit})`)).toMatchObject({ status: 400, code: '0x80041d60' });
      expect((await patch(`businessunits(${unit})`, { isdisabled: true })).status).toBe(204);
      expect(errorOf(await world.send(user, 'WhoAmI'))).toMatchObject({ status: 403, code: '0x80040225' });
      expect(await remove(`businessunits(${unit})`)).toMatchObject({ status: 405, code: '0x80040227' });
      expect((await patch(`systemusers(${user.id})`, { isdisabled: true })).status).toBe(204);
      expect(await remove(`systemusers(${user.id})`)).toEqual({
        status: 405,
        code: '0x80040227',
        message:
          'The object you tried to delete is associated with another object and cannot be deleted: the user owns rows of new_case.',
      });
      // The row goes to the default team, which goes with the unit.
      const [team] = await world.rows('admin', `teams?${query({ $filter: `_businessunitid_value eq ${unit}` })}`);
      const reading = await copyOf(await world.addRole('Leser', { prvReadnew_Case: 'basic' }), unit);
      await world.giveTeamRole(String(team?.['teamid']), reading);
      const owner = { 'ownerid@odata.bind': `/teams(${team?.['teamid']})` };
      expect((await patch(`new_cases(${row})`, owner)).status).toBe(204);
      await world.done('admin', `systemusers(${user.id})`, { method: 'DELETE' });
      expect(await remove(`businessunits(${unit})`)).toEqual({
        status: 400,
        code: '0x80041d62',
        message: `Business unit default team owns records. Business unit (Id = ${unit}) cannot be deleted. Reassign the records owned by default team and try again.`,
      });
      await world.done('admin', `new_cases(${row})`, { method: 'DELETE' });
      await world.done('admin', `businessunits(${unit})`, { method: 'DELETE' });
      expect((await world.send('admin', `teams(${team?.['teamid']})`)).status).toBe(404);
      expect(await world.rows('admin', `roles?${query({ $filter: `_businessunitid_value eq ${unit}` })}`)).toEqual([]);
    });

    test('keep an enabled System Administrator somewhere', async () => {
      const unit = await world.addUnit('Uten administrator');
      const { UserId } = await world.row('admin', 'WhoAmI');
      const bind = { 'businessunitid@odata.bind': `/businessunits(${unit})` };
      expect(errorOf(await patch(`systemusers(${UserId})`, bind))).toMatchObject({ status: 400, code: '0x80041d30' });
      expect(errorOf(await patch(`systemusers(${UserId})`, { isdisabled: true }))).toMatchObject({
        status: 400,
        code: '0x80041d2f',
      });
    });
  });
});
