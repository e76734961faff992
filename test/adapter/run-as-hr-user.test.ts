import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ClientId, type Guid, getGuid } from '../../src/kernel/ids.ts';
import type { Operation } from '../../src/odata/operation.ts';
import { columnOf, createOf, queryOf, updateOf } from '../hr/operations.ts';
import { openStores } from '../support/open-stores.ts';
import { AdapterWorld } from './adapter-world.ts';

const candidate = 'mshr_hcmcandidatetohireentity';
const request = 'mshr_hcmrecruitingrequestentity';
const person = 'mshr_dirpersonentity';
const payroll = 'mserp_payintv1bankaccountdisbursemententity';
const missing = getGuid('00000bba-0000-0000-0000-000000000001');

const notFound = (table: string, id: string) => ({
  status: 404,
  code: '0x80040217',
  message: `Entity '${table}' With Id = ${id} Does Not Exist`,
});
const versionMismatch = {
  status: 412,
  code: '0x80060882',
  message: "The version of the existing record doesn't match the RowVersion property provided.",
};

describe.each(openStores)('the second gate on $name', ({ open }) => {
  let world: AdapterWorld;
  let id: Guid;
  /** Sees all candidates, may change those of `no01` alone, and sees requests of `no01` alone. */
  const narrow = getGuid<ClientId>('22222222-2222-2222-2222-222222222222');
  const unlinked = getGuid<ClientId>('33333333-3333-3333-3333-333333333333');

  beforeAll(async () => {
    world = await AdapterWorld.open(open);
    id = await world.create(candidate, { mshr_firstname: 'Ola', mshr_recruitingrequestid: 'USMF-000001' });
    await makeNarrowUser();
  });
  afterAll(() => world.close());

  async function makeNarrowUser(): Promise<void> {
    const language = { UserInfo_language: 'en-us', Helplanguage: 'en-us' };
    await world.administer('SystemUsers', { UserID: 'narrow', UserName: 'Narrow', Company: 'no01', ...language });
    await world.administer('SysAADClients', { AADClientId: narrow, UserId: 'narrow' });
    const roles = [
      {
        role: 'Writer',
        privileges: ['HcmCandidateToHireEntityMaintain', 'HcmRecruitingRequestEntityView'],
        in: 'no01',
      },
      { role: 'Reader', privileges: ['HcmCandidateToHireEntityView', 'DirPersonEntityView'], in: undefined },
    ];
    for (const { role, privileges, in: company } of roles) {
      const SecurityRoleIdentifier = role;
      await world.administer('SecurityRoles', { SecurityRoleIdentifier, SecurityRoleName: role });
      for (const SecurityPrivilegeIdentifier of privileges) {
        await world.administer('SecurityRolePrivileges', { SecurityRoleIdentifier, SecurityPrivilegeIdentifier });
      }
      const assignment = { UserId: 'narrow', SecurityRoleIdentifier };
      await world.administer('SecurityUserRoleAssociations', { ...assignment, SecurityRoleName: role });
      if (company !== undefined) {
        await world.administer('SecurityUserRoleOrganizations', { ...assignment, OrganizationId: company });
      }
    }
  }

  const problem = async (operation: Operation, clientId?: ClientId) => {
    const error = await world.run(operation, clientId).then(
      () => ({ problem: 'it was not refused' }),
      (reason: { problem: unknown }) => reason,
    );
    return error.problem;
  };
  const navigationOf = (table: string, name: string) => {
    const found = world.table(table).navigation.get(name);
    if (found === undefined) throw new Error(name);
    return found;
  };
  const bind = (to: Guid) => ({ navigation: navigationOf(candidate, 'mshr_FK_RecruitingRequest_id'), id: to });
  const list = (table: string, more = {}): Operation => ({
    kind: 'retrieveMultiple',
    query: queryOf(world.table(table), more),
    pageNumber: 1,
  });
  const retrieve = (table: string, row: Guid, more = {}): Operation => ({
    kind: 'retrieve',
    query: queryOf(world.table(table)),
    id: row,
    ...more,
  });

  test('without an application link: 400 that names the application', async () => {
    expect(await problem(list(candidate), unlinked)).toEqual({
      status: 400,
      code: '0x80040265',
      message: 'User ATS was not found in Finance and Operations. Please ensure this user exists.',
    });
  });

  test('a data entity that no role opens: 400, and nothing is read', async () => {
    expect(await problem(list(payroll))).toMatchObject({
      status: 400,
      code: '0x80040265',
      message: expect.stringContaining('User Rekruttering is not authorized to select a record in table PayIntV1'),
    });
  });

  test('a row that is not there: 404', async () => {
    expect(await problem(retrieve(candidate, missing))).toEqual(notFound(candidate, missing));
    expect(await problem(updateOf(world.table(candidate), missing, {}))).toEqual(notFound(candidate, missing));
    expect(await problem({ kind: 'delete', table: world.table(candidate), id: missing })).toEqual(
      notFound(candidate, missing),
    );
  });

  test('the count is of the rows that the user may see', async () => {
    const count: Operation = { kind: 'count', query: queryOf(world.table(request), { limit: 0, countUpTo: 5000 }) };
    expect(await world.run(count)).toEqual({ kind: 'count', count: 2 });
    expect(await world.run(count, narrow)).toEqual({ kind: 'count', count: 1 });
  });

  describe('a user of one legal entity', () => {
    test('makes no row in another one by nesting it with a row of there', async () => {
      const usmf = await world.idOf(request, 'mshr_recruitingrequestid', 'USMF-000001');
      const own = await world.idOf(request, 'mshr_dataareaid', 'no01');
      const nested = (to: Guid): Operation =>
        ({ ...createOf(world.table(candidate), { mshr_firstname: 'Nested' }), joins: [bind(to)] }) as Operation;
      expect(await problem(nested(usmf), narrow)).toMatchObject({
        status: 400,
        message: expect.stringContaining("in legal entity 'usmf'"),
      });
      const where = {
        kind: 'compare',
        op: 'eq',
        column: columnOf(world.table(candidate), 'mshr_firstname'),
        value: 'Nested',
      } as const;
      expect(await world.list(candidate, where)).toEqual([]);
      expect(await problem(nested(own), narrow)).toBe('it was not refused');
      expect(await world.list(candidate, where)).toMatchObject([{ mshr_dataareaid: 'no01' }]);
    });

    const newId = getGuid('00000bba-0000-0000-0000-000000000002');
    let mine: Guid;
    beforeAll(async () => {
      const made = await world.run(createOf(world.table(candidate), { mshr_firstname: 'Mine' }), narrow);
      if (made.kind !== 'created') throw new Error(made.kind);
      mine = made.id;
    });

    test('does not see rows of another one', async () => {
      const usmf = await world.idOf(request, 'mshr_description', 'One more');
      const result = await world.run(list(request), narrow);
      expect(result.kind === 'page' && result.page.rows).toHaveLength(1);
      expect(await problem(retrieve(request, usmf), narrow)).toEqual(notFound(request, usmf));
    });

    test('is not told by a filter through a lookup either', async () => {
      const navigation = world.table(candidate).navigation.get('mshr_FK_RecruitingRequest_id');
      const where = { kind: 'through', navigation, where: world.equals(request, 'mshr_description', 'One more') };
      const [ours, theirs] = [
        await world.run(list(candidate, { where })),
        await world.run(list(candidate, { where }), narrow),
      ];
      expect(ours.kind === 'page' && ours.page.rows).toHaveLength(1);
      expect(theirs.kind === 'page' && theirs.page.rows).toHaveLength(0);
    });

    test('may not change a row that it sees: 400 that names the legal entity', async () => {
      const refused = (verb: string) => ({
        status: 400,
        code: '0x80040265',
        message: `User Narrow is not authorized to ${verb} a record in table HcmCandidateToHireEntity in legal entity 'usmf'. Request denied. The user's roles (Writer) allow it in: no01.`,
      });
      const change = updateOf(world.table(candidate), id, { mshr_comments: 'x' });
      expect(await problem(change, narrow)).toEqual(refused('update'));
      expect(await problem({ kind: 'delete', table: world.table(candidate), id }, narrow)).toEqual(refused('delete'));
      expect((await world.read(candidate, id))['mshr_comments']).toBeNull();
    });

    test.each<{ name: string; link: (to: Guid) => Operation }>([
      {
        name: '@odata.bind of a create',
        link: (to) =>
          ({ ...createOf(world.table(candidate), { mshr_firstname: 'B' }), binds: [bind(to)] }) as Operation,
      },
      {
        name: '@odata.bind of an update',
        link: (to) => updateOf(world.table(candidate), mine, {}, { binds: [bind(to)] }),
      },
      {
        name: '@odata.bind of an upsert',
        link: (to) =>
          updateOf(world.table(candidate), newId, { mshr_firstname: 'B' }, { mayCreate: true, binds: [bind(to)] }),
      },
      {
        name: '$ref of a lookup',
        link: (to) => ({
          kind: 'associate',
          table: world.table(candidate),
          id: mine,
          navigation: navigationOf(candidate, 'mshr_FK_RecruitingRequest_id'),
          targetId: to,
        }),
      },
      {
        name: '$ref of a collection',
        link: (to) => ({
          kind: 'associate',
          table: world.table(request),
          id: to,
          navigation: navigationOf(request, 'mshr_FK_HcmCandidateToHireEntity_RecruitingRequest'),
          targetId: mine,
        }),
      },
    ])('is not told by $name that a row of another one exists', async ({ link }) => {
      const theirs = await world.idOf(request, 'mshr_description', 'One more');
      expect(await problem(link(missing), narrow)).toEqual(notFound(request, missing));
      expect(await problem(link(theirs), narrow)).toEqual(notFound(request, theirs));
      const own = await world.idOf(request, 'mshr_description', 'Elsewhere');
      expect(await problem(link(own), narrow)).toBe('it was not refused');
    });

    test('creates in its own by default', async () => {
      const result = await world.run(createOf(world.table(candidate), { mshr_firstname: 'Nord' }), narrow);
      if (result.kind !== 'created') throw new Error(result.kind);
      expect(await world.read(candidate, result.id)).toMatchObject({ mshr_dataareaid: 'no01' });
    });

    test('may not create by PATCH where it may only read', async () => {
      const upsert = updateOf(world.table(person), missing, { mshr_firstname: 'P' }, { mayCreate: true });
      expect(await problem(upsert, narrow)).toMatchObject({ message: expect.stringContaining('to update a record') });
    });
  });

  test('a PATCH that may create is refused where only Update is held and the row is not there', async () => {
    const upsert = updateOf(world.table(request), missing, { mshr_description: 'x' }, { mayCreate: true });
    expect(await problem(upsert)).toMatchObject({
      message: expect.stringContaining('is not authorized to insert a record in table HcmRecruitingRequestEntity'),
    });
  });

  test('a row that a name leads to is found by its row: single-valued and collection', async () => {
    const related = (table: string, from: Guid, name: string): Operation => {
      const found = navigationOf(table, name);
      return { kind: 'retrieveRelated', id: from, navigation: found, query: queryOf(found.target) };
    };
    const usmf = await world.idOf(request, 'mshr_description', 'One more');
    const toRequest = await world.run(related(candidate, id, 'mshr_FK_RecruitingRequest_id'));
    expect(toRequest.kind === 'row' && JSON.parse(toRequest.row ?? '')).toMatchObject({ mshr_description: 'One more' });
    const toPosition = await world.run(related(candidate, id, 'mshr_FK_Position_id'));
    expect(toPosition).toEqual({ kind: 'row', row: undefined });
    const back = await world.run(related(request, usmf, 'mshr_FK_HcmCandidateToHireEntity_RecruitingRequest'));
    expect(back.kind === 'page' && back.page.rows.map((row) => JSON.parse(row)['mshr_firstname'])).toEqual(['Ola']);
    const collection = 'mshr_FK_HcmCandidateToHireEntity_RecruitingRequest';
    expect(await problem(related(request, usmf, collection), narrow)).toEqual(notFound(request, usmf));
    expect(await problem(related(candidate, missing, 'mshr_FK_Person_id'))).toEqual(notFound(candidate, missing));
  });

  describe('preconditions', () => {
    const version = async () =>
      BigInt(/"(\d+)"/.exec(String((await world.read(candidate, id, { etag: true }))['@odata.etag']))?.[1] ?? 0);
    const update = (precondition: object) =>
      updateOf(world.table(candidate), id, { mshr_comments: 'y' }, { precondition });

    test('a read of a known version is not modified', async () => {
      const known = { precondition: { kind: 'noneMatch', versions: [await version()] } };
      expect(await world.run(retrieve(candidate, id, known))).toEqual({ kind: 'notModified' });
    });

    test('a read of another version gives the row', async () => {
      const known = { precondition: { kind: 'noneMatch', versions: [1n] } };
      expect((await world.run(retrieve(candidate, id, known))).kind).toBe('row');
    });

    test('a read of a version that is gone: 412', async () => {
      const wanted = { precondition: { kind: 'match', versions: [1n] } };
      expect(await problem(retrieve(candidate, id, wanted))).toEqual(versionMismatch);
    });

    test('a write to another version: 412, and nothing is written', async () => {
      expect(await problem(update({ kind: 'match', versions: [1n] }))).toEqual(versionMismatch);
      const remove = {
        kind: 'delete',
        table: world.table(candidate),
        id,
        precondition: { kind: 'match', versions: [1n] },
      };
      expect(await problem(remove as Operation)).toEqual(versionMismatch);
      expect((await world.read(candidate, id))['mshr_comments']).toBeNull();
    });

    test('If-None-Match: * and the row is there: 412', async () => {
      const operation = updateOf(
        world.table(candidate),
        id,
        { mshr_firstname: 'X' },
        { mayCreate: true, mayUpdate: false },
      );
      expect(await problem(operation)).toMatchObject({
        status: 412,
        message: 'A record with matching key values already exists.',
      });
    });

    test('a write to the version that is there goes through', async () => {
      expect(await world.run(update({ kind: 'match', versions: [await version()] }))).toMatchObject({
        kind: 'updated',
        id,
      });
      expect(await world.run(update({ kind: 'match', versions: '*' }))).toMatchObject({ kind: 'updated', id });
    });
  });

  test('the row as it now stands is given when asked for', async () => {
    const representation = queryOf(world.table(candidate));
    const operation = { ...createOf(world.table(candidate), { mshr_firstname: 'Rep' }), representation } as Operation;
    const created = await world.run(operation);
    expect(created.kind === 'created' && JSON.parse(created.row ?? '')).toMatchObject({
      mshr_firstname: 'Rep',
      mshr_partytype: 'Person',
    });
    const update = updateOf(world.table(candidate), id, { mshr_lastname: 'Rep' }, { representation });
    const updated = await world.run(update);
    expect(updated.kind === 'updated' && JSON.parse(updated.row ?? '')).toMatchObject({ mshr_lastname: 'Rep' });
  });

  test.each([null, '', ' '])('a row does not lose its legal entity: it is set to %j', async (company) => {
    expect(await problem(updateOf(world.table(candidate), id, { mshr_dataareaid: company }))).toEqual({
      status: 400,
      code: '0x80040265',
      message: "Field 'Data Area ID' must be filled in.",
    });
    expect(await world.read(candidate, id)).toMatchObject({ mshr_dataareaid: 'usmf' });
  });

  test('a deleted row is gone, its person stays', async () => {
    const made = await world.create(candidate, { mshr_firstname: 'Gone' });
    const personId = (await world.read(candidate, made))['_mshr_fk_person_id_value'] as Guid;
    expect(await world.delete(candidate, made)).toEqual({ kind: 'done' });
    expect(await problem(retrieve(candidate, made))).toEqual(notFound(candidate, made));
    expect(await world.read(person, personId)).toMatchObject({ mshr_firstname: 'Gone' });
  });

  test('forty creates at once all get numbers and ids of their own', async () => {
    const ids = await Promise.all(Array.from({ length: 40 }, () => world.create(candidate, { mshr_firstname: 'Par' })));
    const rows = await world.list(candidate, world.equals(candidate, 'mshr_firstname', 'Par'), { limit: 100 });
    expect(new Set(ids).size).toBe(40);
    expect(new Set(rows.map((row) => row['mshr_candidateid'])).size).toBe(40);
    expect(new Set(rows.map((row) => row['mshr_partynumber'])).size).toBe(40);
  });
});
