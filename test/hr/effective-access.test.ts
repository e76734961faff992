import { describe, expect, test } from 'vitest';
import type { CompanyReach } from '../../src/hr/effective-access.ts';
import { entityReach } from '../../src/hr/effective-access.ts';
import { type HrLevel, hrLevels } from '../../src/hr/level.ts';
import { HrWorld } from './hr-world.ts';
import { tableOf } from './operations.ts';

const entity = 'hcmskillentity';

const access = async (world: HrWorld, user = 'u', name = entity): Promise<Record<HrLevel, unknown>> => {
  const { current } = await world.security();
  const found = current.findUser(user);
  if (found === undefined) throw new Error('no user');
  const table = tableOf(world.model, `${name.startsWith('pay') ? 'mserp' : 'mshr'}_${name}`);
  const show = (value: CompanyReach): unknown => (typeof value === 'string' ? value : [...value].sort());
  return Object.fromEntries(
    hrLevels.map((level) => [level, show(entityReach(current.accessOf(found), table, level))]),
  ) as Record<HrLevel, unknown>;
};

const all = { Read: 'all', Update: 'all', Create: 'all', Correct: 'all', Delete: 'all' };
const none = { Read: 'none', Update: 'none', Create: 'none', Correct: 'none', Delete: 'none' };

describe('levels of one data entity', () => {
  test.each([
    { name: 'nothing said allows nothing', states: [{}], expected: none },
    { name: 'Read allows Read alone', states: [{ Read: 'Grant' }], expected: { ...none, Read: 'all' } },
    { name: 'Delete includes everything weaker', states: [{ Delete: 'Grant' }], expected: all },
    {
      name: 'Create includes Read and Update, not Correct and Delete',
      states: [{ Create: 'Grant' }],
      expected: { ...none, Read: 'all', Update: 'all', Create: 'all' },
    },
    {
      name: 'Deny wins over Grant in another role',
      states: [{ Delete: 'Grant' }, { Delete: 'Deny' }],
      expected: { ...all, Delete: 'none' },
    },
    {
      name: 'Deny wins whichever role comes first',
      states: [{ Delete: 'Deny' }, { Delete: 'Grant' }],
      expected: { ...all, Delete: 'none' },
    },
    { name: 'denying Read denies everything', states: [{ Delete: 'Grant' }, { Read: 'Deny' }], expected: none },
    {
      name: 'denying Update leaves Read',
      states: [{ Delete: 'Grant' }, { Update: 'Deny' }],
      expected: { ...none, Read: 'all' },
    },
    {
      name: 'two roles add up',
      states: [{ Read: 'Grant' }, { Update: 'Grant' }],
      expected: { ...none, Read: 'all', Update: 'all' },
    },
    { name: 'a misspelt grant says nothing', states: [{ Read: 'Granted' }], expected: none },
    { name: 'the case of a grant does not matter', states: [{ Read: 'grant' }], expected: { ...none, Read: 'all' } },
  ])('$name', async ({ states, expected }) => {
    const world = await HrWorld.make();
    await world.user('u');
    for (const [index, state] of states.entries()) {
      await world.roleWith(`R${index}`, entity, state);
      await world.assign('u', `R${index}`);
    }
    expect(await access(world)).toEqual(expected);
  });

  test.each([
    { mode: 'All', read: 'all' },
    { mode: 'DataServices', read: 'all' },
    { mode: 'DataManagement', read: 'none' },
  ])('a permission of mode $mode gives services $read', async ({ mode, read }) => {
    const world = await HrWorld.make();
    await world.user('u');
    await world.roleWith('R', entity, { Read: 'Grant' }, mode);
    await world.assign('u', 'R');
    expect((await access(world)).Read).toBe(read);
  });

  test('a permission on a field opens no entity', async () => {
    const world = await HrWorld.make();
    await world.user('u');
    await world.roleWith('R', entity, { Read: 'Grant', SecurableType: 'DataEntityField', SecurableField: 'note' });
    await world.assign('u', 'R');
    expect(await access(world)).toEqual(none);
  });

  test('a disabled assignment gives nothing', async () => {
    const world = await HrWorld.make();
    await world.user('u');
    await world.assign('u', 'HcmRecruitingIntegrator', { AssignmentStatus: 'Disabled' });
    expect(await access(world)).toEqual(none);
  });

  test('a disabled assignment of a role with Deny denies nothing', async () => {
    const world = await HrWorld.make();
    await world.user('u');
    await world.roleWith('Denier', entity, { Read: 'Deny' });
    await world.assign('u', 'Denier', { AssignmentStatus: 'Disabled' });
    await world.assign('u', 'HcmRecruitingIntegrator');
    expect((await access(world)).Read).toBe('all');
  });
});

describe('legal entities', () => {
  const restricted = async (...companies: string[]): Promise<HrWorld> => {
    const world = await HrWorld.make();
    await world.user('u');
    await world.roleWith('R', entity, { Delete: 'Grant' });
    await world.assign('u', 'R');
    for (const company of companies) await world.restrict('u', 'R', company);
    return world;
  };

  test('a restricted role reaches its legal entities alone', async () => {
    expect((await access(await restricted('usmf', 'NO01'))).Update).toEqual(['no01', 'usmf']);
  });

  test('the legal entities of two roles add up', async () => {
    const world = await restricted('usmf');
    await world.roleWith('S', entity, { Read: 'Grant' });
    await world.assign('u', 'S');
    await world.restrict('u', 'S', 'no01');
    expect(await access(world)).toMatchObject({ Read: ['no01', 'usmf'], Update: ['usmf'] });
  });

  test('an unrestricted role beside a restricted one reaches all', async () => {
    const world = await restricted('usmf');
    await world.roleWith('S', entity, { Read: 'Grant' });
    await world.assign('u', 'S');
    expect(await access(world)).toMatchObject({ Read: 'all', Update: ['usmf'] });
  });

  test('restricting another role does not restrict this one', async () => {
    const world = await restricted();
    await world.assign('u', 'SYSTEMUSER');
    await world.restrict('u', 'SYSTEMUSER', 'usmf');
    expect((await access(world)).Delete).toBe('all');
  });

  test('a restriction to an unknown kind of organization reaches nothing', async () => {
    const world = await restricted();
    await world.add('SecurityUserRoleOrganizations', {
      UserId: 'u',
      SecurityRoleIdentifier: 'R',
      OrganizationType: 'OperatingUnit',
      OrganizationId: 'usmf',
    });
    expect((await access(world)).Read).toBe('none');
  });

  test('Deny in a role of one legal entity denies in all', async () => {
    const world = await restricted();
    await world.roleWith('D', entity, { Delete: 'Deny' });
    await world.assign('u', 'D');
    await world.restrict('u', 'D', 'usmf');
    expect(await access(world)).toMatchObject({ Correct: 'all', Delete: 'none' });
  });
});

describe('predefined roles', () => {
  const integrator = async (name: string) => {
    const world = await HrWorld.make();
    await world.recruiting();
    return access(world, 'rekrutteringintegrasjon', name);
  };

  test.each([
    { name: 'hcmcandidatetohireentity', expected: all },
    { name: 'dirpersonentity', expected: all },
    { name: 'hcmrecruitingrequestentity', expected: { ...none, Read: 'all', Update: 'all' } },
    { name: 'hcmrecruitingrequestskillentity', expected: { ...none, Read: 'all' } },
    { name: 'hcmworkerentity', expected: { ...none, Read: 'all' } },
    { name: 'payintv1bankaccountdisbursemententity', expected: none },
  ])('HcmRecruitingIntegrator on $name', async ({ name, expected }) => {
    expect(await integrator(name)).toEqual(expected);
  });

  test('System administrator reaches every data entity, listed or not, whatever is denied', async () => {
    const world = await HrWorld.make();
    await world.roleWith('Denier', entity, { Read: 'Deny' });
    await world.assign('Admin', 'Denier');
    expect(await access(world, 'ADMIN')).toEqual(all);
    expect(await access(world, 'ADMIN', 'payintv1bankaccountdisbursemententity')).toEqual(all);
  });

  test('the platform user reaches no data', async () => {
    expect(await access(await HrWorld.make(), 'PowerPlatformApp')).toEqual(none);
  });

  test('System user opens nothing', async () => {
    const world = await HrWorld.make();
    await world.user('u');
    await world.assign('u', 'SYSTEMUSER');
    expect(await access(world)).toEqual(none);
  });
});
