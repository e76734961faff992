import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PrivilegeDepth } from '../../src/metadata/privileges.ts';
import { label, lookup } from '../definitions/change/apply.ts';
import { engines } from '../support/database.ts';
import { createdId, errorOf, query, rowsOf } from '../support/odata.ts';
import { type Member, privilegesOn, SecurityWorld } from '../support/security-world.ts';
import { type EmptyServer, startEmptyServer } from '../support/server.ts';
import { patience } from '../support/way.ts';

/** Privileges that every user here has: to see users, teams and units. */
const seeing = { prvReadUser: 'global', prvReadTeam: 'global', prvReadBusinessUnit: 'global' } as const;

describe.each(engines)('rows that users and teams own, on %s', { timeout: patience * 60_000 }, (engine) => {
  let server: EmptyServer;
  let world: SecurityWorld;
  let units: Record<'north' | 'northwest' | 'south', string>;
  let anna: Member;
  let bo: Member;
  let cecilie: Member;
  let dag: Member;
  /** Owner team of the unit North; Bo is in it. */
  let team: string;
  /** Each user's only role, in their own unit. */
  const roles = new Map<Member, string>();
  /** Rows of `new_case` by the name of their owner. */
  const cases: Record<string, string> = {};

  beforeAll(async () => {
    server = await startEmptyServer(engine);
    world = await SecurityWorld.open(server);
    const north = await world.addUnit('North');
    units = { north, northwest: await world.addUnit('Northwest', north), south: await world.addUnit('South') };
    await world.addTable('new_Case');
    await world.addTable('new_Note');
    const link = {
      ...lookup,
      SchemaName: 'new_case_note',
      ReferencedEntity: 'new_case',
      ReferencingEntity: 'new_note',
      Lookup: { ...lookup.Lookup, SchemaName: 'new_CaseId', DisplayName: label('Case') },
    };
    await world.done('admin', 'RelationshipDefinitions', { method: 'POST', body: link });
    const readable = { ...seeing, prvReadnew_Case: 'basic' } as const;
    const add = async (name: string, unit: string): Promise<Member> => {
      const user = await world.addUser(name, unit);
      const role = await world.addRole(`Role of ${name}`, readable, unit);
      await world.giveRole(user, role);
      roles.set(user, role);
      return user;
    };
    anna = await add('Anna', north);
    bo = await add('Bo', north);
    cecilie = await add('Cecilie', units.northwest);
    dag = await add('Dag', units.south);
    team = await world.addTeam('Case workers', north);
    await world.giveTeamRole(team, await world.addRole('Team role', readable, north));
    await world.join(team, bo);
    const owners = { anna: anna.id, bo: bo.id, cecilie: cecilie.id, dag: dag.id };
    for (const [name, id] of Object.entries(owners)) await addCase(name, `/systemusers(${id})`);
    await addCase('team', `/teams(${team})`);
  });
  afterAll(() => server.close());

  async function addCase(name: string, owner: string): Promise<string> {
    const id = await world.create('admin', 'new_cases', { new_name: name, 'ownerid@odata.bind': owner });
    cases[name] = id;
    return id;
  }

  const give = (user: Member, privileges: Readonly<Record<string, PrivilegeDepth>>) =>
    world.setPrivileges(roles.get(user) ?? '', { ...seeing, ...privileges });

  const names = (rows: readonly Readonly<Record<string, unknown>>[]) => rows.map((row) => row['new_name']).sort();
  const asGiven = (name: string) => ({ anna, bo, cecilie, dag })[name] as Member;

  describe('an owner', () => {
    test('is the creator, and the business unit theirs, when nobody is named', async () => {
      await give(anna, privilegesOn('new_Case', 'basic', ['Create', 'Read']));
      const id = await world.create(anna, 'new_cases', { new_name: 'made' });
      expect(await world.row('admin', `new_cases(${id})`)).toMatchObject({
        _ownerid_value: anna.id,
        _owninguser_value: anna.id,
        _owningteam_value: null,
        _owningbusinessunit_value: units.north,
        _createdby_value: anna.id,
      });
      await world.done('admin', `new_cases(${id})`, { method: 'DELETE' });
    });

    test('may be a team; clients are told which of the two it is, and its name', async () => {
      const headers = { prefer: 'odata.include-annotations="*"' };
      const options = query({
        $select: 'new_name,_ownerid_value,_owninguser_value,_owningteam_value',
        $orderby: 'new_name',
      });
      const rows = rowsOf(await world.send('admin', `new_cases?${options}`, { headers }));
      const about = (name: string) => rows.find((row) => row['new_name'] === name);
      expect(about('team')).toMatchObject({
        _ownerid_value: team,
        '_ownerid_value@Microsoft.Dynamics.CRM.lookuplogicalname': 'team',
        '_ownerid_value@OData.Community.Display.V1.FormattedValue': 'Case workers',
        _owningteam_value: team,
        _owninguser_value: null,
      });
      expect(about('anna')).toMatchObject({
        '_ownerid_value@Microsoft.Dynamics.CRM.lookuplogicalname': 'systemuser',
        '_ownerid_value@OData.Community.Display.V1.FormattedValue': 'Anna',
        '_owninguser_value@OData.Community.Display.V1.FormattedValue': 'Anna',
      });
      const fetch =
        '<fetch><entity name="new_case"><attribute name="ownerid"/><attribute name="new_name"/></entity></fetch>';
      const fetched = rowsOf(await world.send('admin', `new_cases?${query({ fetchXml: fetch })}`, { headers }));
      expect(fetched.find((row) => row['new_name'] === 'team')).toMatchObject({
        '_ownerid_value@Microsoft.Dynamics.CRM.lookuplogicalname': 'team',
        '_ownerid_value@OData.Community.Display.V1.FormattedValue': 'Case workers',
      });
    });

    test('can be expanded, filtered and sorted by, and shows only users and teams that the caller may see', async () => {
      const options = query({
        $select: 'new_name',
        $expand: 'ownerid($select=name,owneridtype)',
        $filter: "ownerid/name eq 'bo'",
      });
      expect(await world.rows('admin', `new_cases?${options}`)).toMatchObject([
        { new_name: 'bo', ownerid: { name: 'Bo', owneridtype: 'systemuser' } },
      ]);
      await world.setPrivileges(roles.get(anna) ?? '', { prvReadnew_Case: 'global', prvReadTeam: 'global' });
      const seen = await world.rows(
        anna,
        `new_cases?${query({ $select: 'new_name', $expand: 'ownerid($select=name)' })}`,
      );
      expect(seen.filter((row) => row['ownerid'] !== null)).toMatchObject([{ new_name: 'team' }]);
      expect(
        await world.rows(anna, `owners?${query({ $select: 'name', $filter: "owneridtype eq 'systemuser'" })}`),
      ).toEqual([]);
    });

    test('follows the name of the user or team', async () => {
      await world.done('admin', `teams(${team})`, { method: 'PATCH', body: { name: 'Renamed' } });
      expect(await world.row('admin', `owners(${team})?$select=name`)).toMatchObject({ name: 'Renamed' });
      await world.done('admin', `teams(${team})`, { method: 'PATCH', body: { name: 'Case workers' } });
    });

    test.each(['PATCH', 'DELETE', 'POST'] as const)('as a row of its own table takes no %s', async (method) => {
      const path = method === 'POST' ? 'owners' : `owners(${anna.id})`;
      const answer = await world.send('admin', path, { method, ...(method === 'DELETE' ? {} : { body: {} }) });
      expect(errorOf(answer)).toMatchObject({ status: 403, code: '0x80040220' });
    });
  });

  describe('a depth', () => {
    test.each([
      ['anna', 'basic', ['anna']],
      ['anna', 'local', ['anna', 'bo', 'team']],
      ['anna', 'deep', ['anna', 'bo', 'cecilie', 'team']],
      ['anna', 'global', ['anna', 'bo', 'cecilie', 'dag', 'team']],
      ['bo', 'basic', ['bo', 'team']],
      ['cecilie', 'local', ['cecilie']],
      ['dag', 'deep', ['dag']],
    ] as const)('%s reads at %s what it reaches, whatever way is asked', async (who, depth, expected) => {
      const user = asGiven(who);
      await give(user, { prvReadnew_Case: depth });
      const ask = (options: Record<string, string>) => world.rows(user, `new_cases?${query(options)}`);
      const fetch =
        '<fetch><entity name="new_case"><attribute name="new_name"/><order attribute="new_name"/></entity></fetch>';
      expect(names(await ask({ $select: 'new_name' }))).toEqual(expected);
      expect((await world.send(user, 'new_cases/$count')).text).toBe(String(expected.length));
      expect(names(await ask({ $orderby: 'ownerid/name desc', $select: 'new_name' }))).toEqual(expected);
      expect(await ask({ $apply: 'aggregate($count as n)' })).toEqual([{ n: expected.length }]);
      expect((await ask({ $apply: 'groupby((new_name))' })).map((row) => row['new_name']).sort()).toEqual(expected);
      expect(names(await ask({ fetchXml: fetch }))).toEqual(expected);
      expect(names(await ask({ $filter: "new_name ne 'nobody'", $count: 'true' }))).toEqual(expected);
      for (const [name, id] of Object.entries(cases)) {
        const answer = await world.send(user, `new_cases(${id})?$select=new_name`);
        expect([name, answer.status]).toEqual([name, expected.some((each) => each === name) ? 200 : 403]);
      }
    });

    test('limits pages: a next link leads through what is reached and no further', async () => {
      await give(anna, { prvReadnew_Case: 'deep' });
      const found: unknown[] = [];
      let path: string | undefined = 'new_cases?$select=new_name&$orderby=new_name';
      while (path !== undefined) {
        const answer = await world.send(anna, path, { headers: { prefer: 'odata.maxpagesize=2' } });
        found.push(...rowsOf(answer).map((row) => row['new_name']));
        const next = (answer.json() as { '@odata.nextLink'?: string })['@odata.nextLink'];
        path = next?.slice(next.indexOf('new_cases'));
      }
      expect(found).toEqual(['anna', 'bo', 'cecilie', 'team']);
    });

    test('limits what a lookup leads to: in an expand, a lambda and a filter', async () => {
      const note = async (name: string) =>
        world.create('admin', 'new_notes', { new_name: name, 'new_CaseId@odata.bind': `/new_cases(${cases[name]})` });
      const made = [await note('anna'), await note('dag')];
      await give(anna, { prvReadnew_Case: 'basic', prvReadnew_Note: 'global' });
      const ask = (options: Record<string, string>) => world.rows(anna, `new_notes?${query(options)}`);
      expect(await ask({ $expand: 'new_CaseId($select=new_name)', $orderby: 'new_name' })).toMatchObject([
        { new_name: 'anna', new_CaseId: { new_name: 'anna' } },
        { new_name: 'dag', new_CaseId: null },
      ]);
      expect(await ask({ $filter: "new_CaseId/new_name eq 'dag'" })).toEqual([]);
      await give(anna, { prvReadnew_Case: 'global', prvReadnew_Note: 'basic' });
      const lambda = query({ $filter: 'new_case_note/any()' });
      expect(await world.rows(anna, `new_cases?${lambda}`)).toEqual([]);
      for (const id of made) await world.done('admin', `new_notes(${id})`, { method: 'DELETE' });
    });

    test('is the union of all roles, each from the unit that it is held in', async () => {
      await give(bo, {});
      const other = await world.addRole('Local by the team', { prvReadnew_Case: 'deep' }, units.south);
      const southern = await world.addTeam('Southerners', units.south);
      await world.giveTeamRole(southern, other);
      await world.join(southern, bo);
      expect(names(await world.rows(bo, 'new_cases?$select=new_name'))).toEqual(['bo', 'dag', 'team']);
      await world.done('admin', `teams(${southern})`, { method: 'DELETE' });
    });

    test('of each right limits that right alone', async () => {
      const all = privilegesOn('new_Case', 'global');
      const body = { new_name: 'bo' };
      for (const [right, path, options, name] of [
        ['Write', `new_cases(${cases['bo']})`, { method: 'PATCH', body }, 'WriteAccess'],
        ['Delete', `new_cases(${cases['bo']})`, { method: 'DELETE' }, 'DeleteAccess'],
        [
          'Assign',
          `new_cases(${cases['bo']})`,
          { method: 'PATCH', body: { 'ownerid@odata.bind': `/systemusers(${anna.id})` } },
          'AssignAccess',
        ],
      ] as const) {
        await give(anna, { ...all, [`prv${right}new_Case`]: 'basic' });
        expect(errorOf(await world.send(anna, path, options))).toEqual({
          status: 403,
          code: '0x80048306',
          message: `Principal with id ${anna.id} does not have ${name} right(s) for record with id ${cases['bo']} of entity new_case`,
        });
      }
    });

    test('of Append and AppendTo must reach the row on each side of a bind', async () => {
      const all = { ...privilegesOn('new_Case', 'global'), ...privilegesOn('new_Note', 'global') };
      const bind = { 'new_CaseId@odata.bind': `/new_cases(${cases['bo']})` };
      await give(anna, { ...all, prvAppendTonew_Case: 'basic' });
      const refused = errorOf(
        await world.send(anna, 'new_notes', { method: 'POST', body: { new_name: 'x', ...bind } }),
      );
      expect(refused).toMatchObject({
        status: 403,
        code: '0x80048306',
        message: expect.stringContaining('AppendToAccess'),
      });
      const foreign = await world.create('admin', 'new_notes', { new_name: 'foreign' });
      await give(anna, { ...all, prvAppendnew_Note: 'basic' });
      const patch = { method: 'PATCH', body: bind } as const;
      expect(errorOf(await world.send(anna, `new_notes(${foreign})`, patch))).toMatchObject({
        code: '0x80048306',
        message: expect.stringContaining('AppendAccess'),
      });
      const reference = {
        method: 'PUT',
        body: { '@odata.id': `${server.url}/api/data/v9.2/new_cases(${cases['bo']})` },
      };
      expect(errorOf(await world.send(anna, `new_notes(${foreign})/new_CaseId/$ref`, reference)).code).toBe(
        '0x80048306',
      );
      await give(anna, all);
      await world.done(anna, `new_notes(${foreign})`, patch);
      await world.done('admin', `new_notes(${foreign})`, { method: 'DELETE' });
    });

    test('of Read decides whether an alternate key finds the row', async () => {
      const key = { SchemaName: 'new_ByName', DisplayName: label('By name'), KeyAttributes: ['new_name'] };
      await world.done('admin', "EntityDefinitions(LogicalName='new_case')/Keys", { method: 'POST', body: key });
      await give(anna, { prvReadnew_Case: 'local' });
      expect(await world.row(anna, "new_cases(new_name='bo')?$select=new_name")).toMatchObject({ new_name: 'bo' });
      const answer = await world.send(anna, "new_cases(new_name='dag')");
      expect(errorOf(answer)).toMatchObject({ status: 404, code: '0x80060891' });
      await world.done('admin', "EntityDefinitions(LogicalName='new_case')/Keys(LogicalName='new_byname')", {
        method: 'DELETE',
      });
    });
  });

  describe('creating for others', () => {
    const make = (as: Member, owner: string) =>
      world.send(as, 'new_cases', { method: 'POST', body: { new_name: 'for others', 'ownerid@odata.bind': owner } });

    test('needs Assign', async () => {
      await give(anna, privilegesOn('new_Case', 'global', ['Create', 'Read']));
      expect(errorOf(await make(anna, `/systemusers(${bo.id})`))).toMatchObject({
        status: 403,
        code: '0x80040220',
        message: expect.stringContaining('is missing prvAssignnew_Case privilege'),
      });
      expect((await make(anna, `/systemusers(${anna.id})`)).status).toBe(204);
    });

    test('needs Create at a depth that reaches the row as it will be', async () => {
      const rights = privilegesOn('new_Case', 'global', ['Read', 'Assign']);
      await give(anna, { ...rights, prvCreatenew_Case: 'basic' });
      expect(errorOf(await make(anna, `/systemusers(${bo.id})`))).toMatchObject({
        code: '0x80048306',
        message: expect.stringContaining('does not have CreateAccess right(s)'),
      });
      await give(anna, { ...rights, prvCreatenew_Case: 'local' });
      const id = createdId(await make(anna, `/systemusers(${bo.id})`));
      expect(await world.row('admin', `new_cases(${id})`)).toMatchObject({
        _ownerid_value: bo.id,
        _createdby_value: anna.id,
      });
      expect(errorOf(await make(anna, `/systemusers(${dag.id})`)).code).toBe('0x80048306');
    });

    test('a member creates for the team at Basic', async () => {
      await give(bo, privilegesOn('new_Case', 'basic', ['Create', 'Read', 'Assign']));
      const id = createdId(await make(bo, `/teams(${team})`));
      expect(await world.row(bo, `new_cases(${id})`)).toMatchObject({ _owningteam_value: team });
    });

    afterAll(async () => {
      for (const row of await world.rows('admin', "new_cases?$filter=new_name%20eq%20'for%20others'")) {
        await world.done('admin', `new_cases(${row['new_caseid']})`, { method: 'DELETE' });
      }
    });
  });

  describe('assigning', () => {
    const assign = (as: Member | 'admin', name: string, owner: string) =>
      world.send(as, `new_cases(${cases[name]})`, { method: 'PATCH', body: { 'ownerid@odata.bind': owner } });

    test('gives the row away, with its business unit; who gave it may lose it', async () => {
      await give(anna, privilegesOn('new_Case', 'basic', ['Read', 'Write', 'Assign']));
      expect((await assign(anna, 'anna', `/systemusers(${dag.id})`)).status).toBe(204);
      expect(await world.row('admin', `new_cases(${cases['anna']})`)).toMatchObject({
        _ownerid_value: dag.id,
        _owningbusinessunit_value: units.south,
        _modifiedby_value: anna.id,
      });
      expect((await world.send(anna, `new_cases(${cases['anna']})`)).status).toBe(403);
      const path = `new_cases(${cases['anna']})/ownerid/$ref`;
      const body = { '@odata.id': `${server.url}/api/data/v9.2/systemusers(${anna.id})` };
      await world.done('admin', path, { method: 'PUT', body });
      expect((await world.row('admin', `new_cases(${cases['anna']})`))['_owningbusinessunit_value']).toBe(units.north);
    });

    test.each([
      {
        name: 'a user who cannot read the table',
        owner: async () => {
          await world.setPrivileges(roles.get(dag) ?? '', seeing);
          return `/systemusers(${dag.id})`;
        },
        refusal: { status: 403, code: '0x80040231', message: /is missing prvReadnew_Case privilege/ },
      },
      {
        name: 'a user without a role',
        owner: async () => `/systemusers(${(await world.addUser('Nobody')).id})`,
        refusal: { status: 403, code: '0x80042f09', message: /has not been assigned any roles.* prvReadnew_Case / },
      },
      {
        name: 'a team without a role',
        owner: async () => `/teams(${await world.addTeam('Without roles')})`,
        refusal: { status: 403, code: '0x80042f0a', message: /has not been assigned any roles.* prvReadnew_Case / },
      },
      {
        name: 'an access team',
        owner: async () => `/teams(${await world.addTeam('Access team', world.root, { teamtype: 1 })})`,
        refusal: { status: 400, code: '0x80040203', message: /access team cannot own rows/ },
      },
      {
        name: 'a disabled user',
        owner: async () => {
          const user = await world.addUser('Disabled');
          await world.done('admin', `systemusers(${user.id})`, { method: 'PATCH', body: { isdisabled: true } });
          return `/systemusers(${user.id})`;
        },
        refusal: { status: 403, code: '0x80040225', message: /is disabled/ },
      },
      {
        name: 'nobody',
        owner: async () => '/systemusers(11111111-1111-4111-8111-111111111111)',
        refusal: { status: 404, code: '0x80040217', message: /'systemuser' With Id = 1111/ },
      },
      {
        name: 'a team called a user',
        owner: async () => `/systemusers(${team})`,
        refusal: { status: 404, code: '0x80040217', message: /'systemuser' With Id = / },
      },
      {
        name: 'a row of another table',
        owner: async () => `/businessunits(${units.north})`,
        refusal: { status: 400, code: '0x80048d19', message: /'ownerid' points to rows of 'owners'/ },
      },
    ])('to $name is refused', async ({ owner, refusal }) => {
      const { message, ...rest } = refusal;
      const answer = errorOf(await assign('admin', 'anna', await owner()));
      expect(answer).toMatchObject(rest);
      expect(answer.message).toMatch(message);
    });

    test('to nobody at all is refused: rows have owners', async () => {
      const answer = await world.send('admin', `new_cases(${cases['anna']})`, {
        method: 'PATCH',
        body: { ownerid: null },
      });
      expect(errorOf(answer)).toMatchObject({ status: 400, code: '0x80048d19' });
    });

    test.each(['owningbusinessunit', 'owninguser', 'owningteam'])('does not go through %s', async (name) => {
      const body = { [`${name}@odata.bind`]: `/${name === 'owninguser' ? 'systemusers' : 'teams'}(${anna.id})` };
      const answer = await world.send('admin', `new_cases(${cases['anna']})`, { method: 'PATCH', body });
      expect(errorOf(answer).status).toBe(400);
    });
  });

  test('rows go along when their owner moves to another unit, and reach changes with them', async () => {
    await give(dag, { prvReadnew_Case: 'local' });
    const move = (unit: string) =>
      world.done('admin', `systemusers(${cecilie.id})`, {
        method: 'PATCH',
        body: { 'businessunitid@odata.bind': `/businessunits(${unit})` },
      });
    expect(names(await world.rows(dag, 'new_cases?$select=new_name'))).toEqual(['dag']);
    await move(units.south);
    expect(names(await world.rows(dag, 'new_cases?$select=new_name'))).toEqual(['cecilie', 'dag']);
    await move(units.northwest);
    expect(names(await world.rows(dag, 'new_cases?$select=new_name'))).toEqual(['dag']);
  });

  test('who owns rows cannot be deleted before others own them', async () => {
    const owning = await world.addTeam('Owning');
    await world.giveTeamRole(owning, await world.addRole('Owning role', { prvReadnew_Case: 'basic' }));
    const id = await addCase('kept', `/teams(${owning})`);
    expect(errorOf(await world.send('admin', `teams(${owning})`, { method: 'DELETE' }))).toMatchObject({
      code: '0x8004830e',
      message: `Can't delete a team which owns records. Reassign the records and try again (TeamId = ${owning}).`,
    });
    await world.done('admin', `new_cases(${id})`, { method: 'DELETE' });
    await world.done('admin', `teams(${owning})`, { method: 'DELETE' });
    expect((await world.send('admin', `owners(${owning})`)).status).toBe(404);
  });
});
