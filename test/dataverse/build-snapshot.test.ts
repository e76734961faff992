import { beforeEach, describe, expect, test } from 'vitest';
import { depthNumbers } from '../../src/dataverse/privilege-index.ts';
import { type ClientId, type Guid, getGuid, newGuid } from '../../src/kernel/ids.ts';
import { TestEnvironment } from './support.ts';

const clientId: ClientId = getGuid('bbbbbbbb-0000-4000-8000-000000000001');
let environment: TestEnvironment;
let user: Guid;

beforeEach(async () => {
  environment = await TestEnvironment.open();
  user = await environment.putUser(clientId);
});

/** Depth at which the user holds a privilege, after the snapshot was read again. */
async function depthOf(privilege: string): Promise<number | undefined> {
  await environment.deps.security.refresh();
  const { current } = environment.deps.security;
  return current.depthsOf(environment.user(clientId))[current.index.findByName(privilege) ?? -1];
}

describe('what a user holds', () => {
  test('is nothing without a role', async () => {
    expect(await depthOf('prvReadUser')).toBe(0);
  });

  test('is the union of all roles, and the deepest depth wins whatever the order', async () => {
    await environment.assign(user, await environment.putRole('a', { prvReadUser: 'local', prvReadTeam: 'global' }));
    await environment.assign(user, await environment.putRole('b', { prvReadUser: 'deep', prvReadTeam: 'local' }));
    expect(await depthOf('prvReadUser')).toBe(depthNumbers.deep);
    expect(await depthOf('prvReadTeam')).toBe(depthNumbers.global);
    expect(await depthOf('prvReadRole')).toBe(0);
  });

  test.each([
    { name: 'an owner team gives its roles', teamtype: 0, depth: depthNumbers.global },
    { name: 'an access team gives nothing', teamtype: 1, depth: 0 },
  ])('$name', async ({ teamtype, depth }) => {
    const unit = environment.base.rootBusinessUnitId;
    const team = await environment.put('team', { name: 'T', businessunitid: unit, teamtype, isdefault: false });
    await environment.put('teammembership', { teamid: team, systemuserid: user });
    await environment.put('teamroles', {
      teamid: team,
      roleid: await environment.putRole('r', { prvReadUser: 'global' }),
    });
    expect(await depthOf('prvReadUser')).toBe(depth);
  });

  test('is not changed by rows that point to nothing, nor by a depth that is none', async () => {
    const role = await environment.putRole('r', { prvReadUser: 'local' });
    await environment.assign(user, newGuid());
    await environment.put('teammembership', { teamid: newGuid(), systemuserid: user });
    const { current } = environment.deps.security;
    const broken = current.index.at(current.index.findByName('prvReadTeam') ?? -1);
    await environment.put('roleprivileges', { roleid: role, privilegeid: broken.privilegeId, privilegedepthmask: 16 });
    await environment.put('roleprivileges', { roleid: role, privilegeid: newGuid(), privilegedepthmask: 8 });
    await environment.assign(user, role);
    expect(await depthOf('prvReadUser')).toBe(depthNumbers.local);
    expect(await depthOf('prvReadTeam')).toBe(0);
  });

  test('is everything for a System Administrator, though no row says so', async () => {
    await environment.assign(user, environment.base.systemAdministratorRoleId);
    await environment.store.maintain(async (rows) => {
      const table = environment.deps.model.table.get('roleprivileges');
      if (table === undefined) throw new TypeError();
      for (const row of await environment.store.readAll(table)) await rows.delete(table, row.id);
    });
    await environment.deps.security.refresh();
    const { current } = environment.deps.security;
    expect(environment.user(clientId).isSystemAdministrator).toBe(true);
    expect(new Set(current.depthsOf(environment.user(clientId)))).toEqual(new Set([depthNumbers.global]));
  });

  test('is not full power by the name of a role alone', async () => {
    await environment.assign(user, await environment.putRole('System Administrator 2', {}));
    await environment.deps.security.refresh();
    expect(environment.user(clientId).isSystemAdministrator).toBe(false);
  });
});

describe('the tree of business units', () => {
  test('gives a unit and all below it', async () => {
    const child = await environment.putUnit('child');
    const grandchild = await environment.putUnit('grandchild', child);
    const sibling = await environment.putUnit('sibling');
    await environment.deps.security.refresh();
    const { current } = environment.deps.security;
    const [root] = [environment.base.rootBusinessUnitId];
    expect(new Set(current.subtreeOf(root))).toEqual(new Set([root, child, grandchild, sibling]));
    expect(current.subtreeOf(current.businessUnits.get(child as typeof root)?.id ?? root)).toEqual([child, grandchild]);
  });

  test('ends also where rows point in a circle', async () => {
    const [a, b] = [newGuid(), newGuid()];
    await environment.put('businessunit', { businessunitid: a, name: 'a', parentbusinessunitid: b });
    await environment.put('businessunit', { businessunitid: b, name: 'b', parentbusinessunitid: a });
    await environment.deps.security.refresh();
    const { current } = environment.deps.security;
    const unit = [...current.businessUnits.values()].find(({ id }) => id === a);
    expect(unit && current.subtreeOf(unit.id)).toEqual([a, b]);
  });
});
