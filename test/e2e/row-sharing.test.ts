import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PrivilegeDepth } from '../../src/metadata/privileges.ts';
import type { Answer } from '../support/client.ts';
import { engines } from '../support/database.ts';
import { errorOf, query } from '../support/odata.ts';
import { type Member, privilegesOn, SecurityWorld } from '../support/security-world.ts';
import { type EmptyServer, startEmptyServer } from '../support/server.ts';
import { patience } from '../support/way.ts';

const seeing = { prvReadUser: 'global', prvReadTeam: 'global' } as const;
const nobody = '11111111-1111-4111-8111-111111111111';

describe.each(engines)('rows that are shared, on %s', { timeout: patience * 60_000 }, (engine) => {
  let server: EmptyServer;
  let world: SecurityWorld;
  let anna: Member;
  let dag: Member;
  let eva: Member;
  /** Of the root unit, with Eva in it and no role. */
  let team: string;
  const roles = new Map<Member, string>();
  let row: string;

  beforeAll(async () => {
    server = await startEmptyServer(engine);
    world = await SecurityWorld.open(server);
    await world.addTable('new_Case');
    await world.addTable('new_Setting', { OwnershipType: 'OrganizationOwned' });
    const add = async (name: string): Promise<Member> => {
      const unit = await world.addUnit(`Unit of ${name}`);
      const user = await world.addUser(name, unit);
      const role = await world.addRole(`Role of ${name}`, {}, unit);
      await world.giveRole(user, role);
      roles.set(user, role);
      return user;
    };
    anna = await add('Anna');
    dag = await add('Dag');
    eva = await add('Eva');
    team = await world.addTeam('Readers');
    await world.join(team, eva);
    await give(anna, privilegesOn('new_Case', 'basic'));
    await give(dag, privilegesOn('new_Case', 'basic'));
    await give(eva, privilegesOn('new_Case', 'basic'));
    row = await world.create(anna, 'new_cases', { new_name: 'shared' });
    await world.create(anna, 'new_cases', { new_name: 'kept' });
  });
  afterAll(() => server.close());

  const give = (user: Member, privileges: Readonly<Record<string, PrivilegeDepth>>) =>
    world.setPrivileges(roles.get(user) ?? '', { ...seeing, ...privileges });
  const caseOf = (id: string) => ({ '@odata.type': 'Microsoft.Dynamics.CRM.new_case', new_caseid: id });
  const userOf = ({ id }: Pick<Member, 'id'>) => ({
    '@odata.type': 'Microsoft.Dynamics.CRM.systemuser',
    systemuserid: id,
  });
  const teamOf = (teamid: string) => ({ '@odata.type': '#Microsoft.Dynamics.CRM.team', teamid });
  const share = (
    as: Member | 'admin',
    Principal: object,
    AccessMask: unknown,
    { action = 'GrantAccess', Target = caseOf(row) as object } = {},
  ): Promise<Answer> =>
    world.send(as, action, { method: 'POST', body: { Target, PrincipalAccess: { Principal, AccessMask } } });
  const revoke = (as: Member | 'admin', Revokee: object): Promise<Answer> =>
    world.send(as, 'RevokeAccess', { method: 'POST', body: { Target: caseOf(row), Revokee } });
  const seenBy = async (user: Member) =>
    (await world.rows(user, 'new_cases?$select=new_name')).map((each) => each['new_name']);
  const accessOf = async (as: Member | 'admin', principal: string, id = row): Promise<unknown> => {
    const target = encodeURIComponent(`{'@odata.id':'new_cases(${id})'}`);
    const path = `${principal}/Microsoft.Dynamics.CRM.RetrievePrincipalAccess(Target=@t)?@t=${target}`;
    return (await world.row(as, path))['AccessRights'];
  };

  test('are reached with the rights that are shared, and no others, until the share is revoked', async () => {
    expect(await seenBy(dag)).toEqual([]);
    expect((await share(anna, userOf(dag), 'ReadAccess')).status).toBe(204);
    expect(await seenBy(dag)).toEqual(['shared']);
    expect((await world.send(dag, 'new_cases/$count')).text).toBe('1');
    expect(await world.rows(dag, `new_cases?${query({ $apply: 'aggregate($count as n)' })}`)).toEqual([{ n: 1 }]);
    const patch = { method: 'PATCH', body: { new_name: 'shared' } } as const;
    expect(errorOf(await world.send(dag, `new_cases(${row})`, patch))).toMatchObject({
      code: '0x80048306',
      message: expect.stringContaining('does not have WriteAccess right(s)'),
    });
    expect((await share(anna, userOf(dag), 'WriteAccess')).status).toBe(204);
    expect((await world.send(dag, `new_cases(${row})`, patch)).status).toBe(204);
    expect((await share(anna, userOf(dag), 'WriteAccess, DeleteAccess', { action: 'ModifyAccess' })).status).toBe(204);
    expect(await seenBy(dag)).toEqual([]);
    expect((await revoke(anna, userOf(dag))).status).toBe(204);
    expect((await world.send(dag, `new_cases(${row})`, patch)).status).toBe(403);
    expect((await revoke(anna, userOf(dag))).status).toBe(204);
  });

  test('with a team are reached by its members', async () => {
    await world.giveTeamRole(team, await world.addRole('Role of readers', { prvReadnew_Case: 'basic' }));
    expect((await share(anna, teamOf(team), 'ReadAccess,AppendToAccess')).status).toBe(204);
    expect(await seenBy(eva)).toEqual(['shared']);
    expect(await seenBy(dag)).toEqual([]);
    const target = encodeURIComponent(`{'@odata.id':'new_cases(${row})'}`);
    const shared = await world.row(anna, `RetrieveSharedPrincipalsAndAccess(Target=@t)?@t=${target}`);
    expect(shared['PrincipalAccesses']).toEqual([
      {
        AccessMask: 'ReadAccess, AppendToAccess',
        Principal: { '@odata.type': '#Microsoft.Dynamics.CRM.team', teamid: team, ownerid: team },
      },
    ]);
    expect((await revoke(anna, teamOf(team))).status).toBe(204);
    expect(await seenBy(eva)).toEqual([]);
  });

  test('give nobody a right that no role of theirs gives', async () => {
    await share(anna, userOf(dag), 'ReadAccess,WriteAccess');
    await give(dag, privilegesOn('new_Case', 'basic', ['Read']));
    const patch = { method: 'PATCH', body: { new_name: 'x' } } as const;
    expect(errorOf(await world.send(dag, `new_cases(${row})`, patch))).toMatchObject({
      code: '0x80040220',
      message: expect.stringContaining('is missing prvWritenew_Case privilege'),
    });
    expect(await accessOf(anna, `systemusers(${dag.id})`)).toBe('ReadAccess');
    const path = `systemusers(${dag.id})/Microsoft.Dynamics.CRM.RetrievePrincipalAccessInfo(ObjectId=${row},EntityName='new_case')`;
    expect(JSON.parse(String((await world.row('admin', path))['AccessInfo']))).toEqual({
      RoleAccessRights: 'None',
      PoaAccessRights: 'ReadAccess, WriteAccess',
      HsmAccessRights: 'None',
      GrantedAccessRights: 'ReadAccess',
    });
    await give(dag, privilegesOn('new_Case', 'basic'));
    await revoke(anna, userOf(dag));
  });

  describe('may be shared by', () => {
    test('whom they are shared with, with Share', async () => {
      await share(anna, userOf(dag), 'ReadAccess,ShareAccess');
      expect((await share(dag, userOf(eva), 'ReadAccess')).status).toBe(204);
      expect(await seenBy(eva)).toEqual(['shared']);
      expect((await revoke(dag, userOf(eva))).status).toBe(204);
      await revoke(anna, userOf(dag));
    });

    test('nobody without the privilege to share', async () => {
      await give(dag, privilegesOn('new_Case', 'global', ['Read']));
      expect(errorOf(await share(dag, userOf(eva), 'ReadAccess'))).toMatchObject({
        status: 403,
        code: '0x80040220',
        message: expect.stringContaining('is missing prvSharenew_Case privilege'),
      });
      await give(dag, privilegesOn('new_Case', 'basic'));
    });

    test('nobody whose Share does not reach them', async () => {
      await give(dag, { ...privilegesOn('new_Case', 'global', ['Read']), prvSharenew_Case: 'basic' });
      for (const refused of [await share(dag, userOf(eva), 'ReadAccess'), await revoke(dag, userOf(eva))]) {
        expect(errorOf(refused)).toMatchObject({
          status: 403,
          code: '0x80048306',
          message: expect.stringContaining('does not have ShareAccess right(s) for record'),
        });
      }
      await give(dag, privilegesOn('new_Case', 'basic'));
    });

    test('nobody with a right that they do not have themselves', async () => {
      await share(anna, userOf(dag), 'ReadAccess,ShareAccess');
      expect(errorOf(await share(dag, userOf(eva), 'ReadAccess,DeleteAccess'))).toMatchObject({
        status: 403,
        code: '0x80048306',
        message: expect.stringContaining('does not have DeleteAccess right(s)'),
      });
      expect(await seenBy(eva)).toEqual([]);
      await revoke(anna, userOf(dag));
    });
  });

  describe('cannot be shared', () => {
    test('with a user whose roles do not let them read the table', async () => {
      await give(dag, {});
      expect(errorOf(await share(anna, userOf(dag), 'ReadAccess'))).toMatchObject({ status: 403, code: '0x80040231' });
      await give(dag, privilegesOn('new_Case', 'basic'));
    });

    test('with a team that has no role', async () => {
      const empty = await world.addTeam('No roles');
      expect(errorOf(await share(anna, teamOf(empty), 'ReadAccess'))).toMatchObject({
        status: 403,
        code: '0x80042f0a',
      });
    });

    test('with nobody', async () => {
      const answer = errorOf(await share(anna, userOf({ id: nobody }), 'ReadAccess'));
      expect(answer).toMatchObject({
        status: 404,
        code: '0x80040217',
        message: expect.stringContaining("'systemuser'"),
      });
    });

    test('when they are not there', async () => {
      const answer = errorOf(await share(anna, userOf(dag), 'ReadAccess', { Target: caseOf(nobody) }));
      expect(answer).toMatchObject({ status: 404, code: '0x80040217', message: expect.stringContaining("'new_case'") });
    });

    test.each([
      ['a table of the organization', 'new_setting', 'new_settingid'],
      ['a virtual table', 'mshr_hcmjobentity', 'mshr_hcmjobentityid'],
      ['users', 'systemuser', 'systemuserid'],
    ])('on %s, where nobody owns rows', async (_what, name, key) => {
      const Target = { '@odata.type': `Microsoft.Dynamics.CRM.${name}`, [key]: nobody };
      for (const [action, answer] of [
        ['GrantAccess', await share('admin', userOf(dag), 'ReadAccess', { Target })],
        ['ModifyAccess', await share('admin', userOf(dag), 'ReadAccess', { Target, action: 'ModifyAccess' })],
        [
          'RevokeAccess',
          await world.send('admin', 'RevokeAccess', { method: 'POST', body: { Target, Revokee: userOf(dag) } }),
        ],
      ] as const) {
        expect(errorOf(answer)).toEqual({
          status: 400,
          code: '0x80040800',
          message: `The '${action}' method does not support entities of type '${name}'.`,
        });
      }
    });

    test.each([
      ['without a target', { PrincipalAccess: {} }, '0x80048d19', /Target.*a row is expected/],
      ['without a principal', { Target: 'case' }, '0x80040203', /`PrincipalAccess` is missing/],
      [
        'with a row as the principal',
        { Target: 'case', PrincipalAccess: { Principal: 'case' } },
        '0x80040203',
        /must be a user or a team/,
      ],
      [
        'without rights',
        { Target: 'case', PrincipalAccess: { Principal: 'dag' } },
        '0x80040203',
        /`AccessMask` must name rights/,
      ],
      [
        'with unknown rights',
        { Target: 'case', PrincipalAccess: { Principal: 'dag', AccessMask: 'EatAccess' } },
        '0x80040203',
        /`AccessMask` must name rights/,
      ],
      [
        'with none',
        { Target: 'case', PrincipalAccess: { Principal: 'dag', AccessMask: 'None' } },
        '0x80040203',
        /gives no right/,
      ],
      [
        'with Create',
        { Target: 'case', PrincipalAccess: { Principal: 'dag', AccessMask: 'CreateAccess' } },
        '0x80040203',
        /`CreateAccess` cannot be shared/,
      ],
      [
        'with a type that is none',
        { Target: { '@odata.type': 'Microsoft.Dynamics.CRM.nothing' } },
        '0x80048d19',
        /is no type of rows/,
      ],
      [
        'with a key that is none',
        { Target: { '@odata.type': 'Microsoft.Dynamics.CRM.new_case', new_caseid: 'x' } },
        '0x80048d19',
        /'new_caseid' must be the id of a row/,
      ],
      [
        'with an address that is none',
        { Target: { '@odata.id': 'https://elsewhere.example/x(1)' } },
        '0x80048d19',
        /is not a URL of this service/,
      ],
    ] as const)('%s', async (_name, body, code, text) => {
      const named: Readonly<Record<string, object>> = { case: caseOf(row), dag: userOf(dag) };
      const filled: unknown = JSON.parse(JSON.stringify(body), (_key, value: unknown) =>
        typeof value === 'string' ? (named[value] ?? value) : value,
      );
      const answer = errorOf(await world.send(anna, 'GrantAccess', { method: 'POST', body: filled }));
      expect(answer).toMatchObject({ status: 400, code });
      expect(answer.message).toMatch(text);
    });
  });

  describe('RetrievePrincipalAccess', () => {
    test('tells all rights that a user or a team has, by roles and by shares', async () => {
      const all =
        'ReadAccess, WriteAccess, AppendAccess, AppendToAccess, CreateAccess, DeleteAccess, ShareAccess, AssignAccess';
      expect(await accessOf('admin', `systemusers(${anna.id})`)).toBe(all);
      expect(await accessOf('admin', `systemusers(${dag.id})`)).toBe('None');
      expect(await accessOf('admin', `teams(${team})`)).toBe('None');
      await share(anna, teamOf(team), 'ReadAccess,WriteAccess');
      expect(await accessOf('admin', `teams(${team})`)).toBe('ReadAccess');
      expect(await accessOf('admin', `systemusers(${eva.id})`)).toBe('ReadAccess, WriteAccess');
      await revoke(anna, teamOf(team));
    });

    test('tells nothing of rows and users that the caller may not see', async () => {
      const path = (user: Member) =>
        `systemusers(${user.id})/Microsoft.Dynamics.CRM.RetrievePrincipalAccess(Target=@t)?@t=${encodeURIComponent(`{'@odata.id':'new_cases(${row})'}`)}`;
      expect(errorOf(await world.send(dag, path(anna)))).toMatchObject({ status: 403, code: '0x80048306' });
      await world.setPrivileges(roles.get(dag) ?? '', privilegesOn('new_Case', 'global'));
      expect(errorOf(await world.send(dag, path(anna)))).toMatchObject({
        status: 403,
        code: '0x80040220',
        message: expect.stringContaining('prvReadUser'),
      });
      await give(dag, privilegesOn('new_Case', 'basic'));
    });

    test('is called on a user or a team, about a row of a stored table', async () => {
      const target = encodeURIComponent(`{'@odata.id':'mshr_hcmjobentities(${nobody})'}`);
      const bound = 'Microsoft.Dynamics.CRM.RetrievePrincipalAccess(Target=@t)';
      const about = await world.send('admin', `systemusers(${dag.id})/${bound}?@t=${target}`);
      expect(errorOf(about)).toMatchObject({ status: 400, code: '0x80040800' });
      expect((await world.send('admin', `roles(${roles.get(dag)})/${bound}?@t=${target}`)).status).toBe(404);
      expect((await world.send('admin', `RetrievePrincipalAccess(Target=@t)?@t=${target}`)).status).toBe(404);
    });
  });

  describe('in principalobjectaccessset', () => {
    test('can be read with the privilege for it, and go with the row', async () => {
      const id = await world.create(anna, 'new_cases', { new_name: 'goes' });
      await share(anna, userOf(dag), 'ReadAccess,WriteAccess', { Target: caseOf(id) });
      const path = `principalobjectaccessset?${query({ $filter: `objectid eq ${id}` })}`;
      expect(await world.rows('admin', path)).toMatchObject([
        {
          principalid: dag.id,
          principaltypecode: 'systemuser',
          objecttypecode: 'new_case',
          accessrightsmask: 3,
          inheritedaccessrightsmask: 0,
        },
      ]);
      expect(errorOf(await world.send(anna, path))).toMatchObject({
        code: '0x80040220',
        message: expect.stringContaining('prvReadPrincipalObjectAccess'),
      });
      await world.done(anna, `new_cases(${id})`, { method: 'DELETE' });
      expect(await world.rows('admin', path)).toEqual([]);
    });

    test('go with the team that they are shared with', async () => {
      const gone = await world.addTeam('Gone');
      await world.giveTeamRole(gone, await world.addRole('Role of the gone', { prvReadnew_Case: 'basic' }));
      await share(anna, teamOf(gone), 'ReadAccess');
      const path = `principalobjectaccessset?${query({ $filter: `principalid eq ${gone}` })}`;
      expect(await world.rows('admin', path)).toHaveLength(1);
      await world.done('admin', `teams(${gone})`, { method: 'DELETE' });
      expect(await world.rows('admin', path)).toEqual([]);
    });

    test.each(['POST', 'PATCH', 'DELETE'] as const)('take no %s: messages write them', async (method) => {
      const path = method === 'POST' ? 'principalobjectaccessset' : `principalobjectaccessset(${nobody})`;
      const answer = errorOf(await world.send('admin', path, { method, ...(method === 'DELETE' ? {} : { body: {} }) }));
      expect(answer).toMatchObject({ status: 403, code: '0x80040220' });
    });
  });
});
