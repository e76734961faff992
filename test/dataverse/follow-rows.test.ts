import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DataverseSecurity } from '../../src/dataverse/dataverse-security.ts';
import { depthMasks } from '../../src/dataverse/privilege-index.ts';
import { getColumn, getTable } from '../../src/dataverse/security-rows.ts';
import type { DataverseSnapshot } from '../../src/dataverse/snapshot.ts';
import { type Guid, newGuid } from '../../src/kernel/ids.ts';
import { privilegeIdOf } from '../../src/metadata/privileges.ts';
import type { Value } from '../../src/odata/query.ts';
import { openStores } from '../support/open-stores.ts';
import { model, TestEnvironment } from './support.ts';

/** One change of a security table: which table and kind, and two numbers that choose rows. */
const step = fc.record({
  kind: fc.constantFrom('insert', 'insert', 'update', 'delete'),
  table: fc
    .constantFrom('businessunit', 'role', 'roleprivileges', 'team', 'teamroles', 'systemuser')
    .chain((first) => fc.constantFrom(first, 'systemuserroles', 'teammembership')),
  one: fc.nat(1000),
  other: fc.nat(1000),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const privileges = ['prvReadRole', 'prvWriteUser', 'prvReadmshr_HcmCandidateToHireEntity'];

class Rows {
  readonly environment: TestEnvironment;

  constructor(environment: TestEnvironment) {
    this.environment = environment;
  }

  async pick(table: string, at: number): Promise<Guid | undefined> {
    const rows = await this.environment.store.readAll(getTable(model, table));
    return rows.length === 0 ? undefined : rows[at % rows.length]?.id;
  }

  async valuesOf({ table, one, other }: Step): Promise<Record<string, Value>> {
    const id = async (name: string, at: number) => (await this.pick(name, at)) ?? null;
    switch (table) {
      case 'businessunit':
        return {
          name: `Unit ${one}`,
          parentbusinessunitid: await id('businessunit', other),
          isdisabled: one % 7 === 0,
        };
      case 'role':
        return {
          name: `Role ${one}`,
          businessunitid: await id('businessunit', other),
          ismanaged: false,
          isinherited: one % 2,
          // Some are copies, and some of those of a role that is no root or goes.
          ...(one % 3 === 0 && { parentrootroleid: await id('role', other) }),
        };
      case 'team':
        return { name: `Team ${one}`, businessunitid: await id('businessunit', other), teamtype: one % 2 };
      case 'systemuser':
        return { fullname: `User ${one}`, businessunitid: await id('businessunit', other), applicationid: newGuid() };
      case 'systemuserroles':
        return { systemuserid: await id('systemuser', one), roleid: await id('role', other) };
      case 'teamroles':
        return { teamid: await id('team', one), roleid: await id('role', other) };
      case 'teammembership':
        return { teamid: await id('team', one), systemuserid: await id('systemuser', other) };
      default: {
        const privilegeid = privilegeIdOf(privileges[one % privileges.length] ?? '');
        return {
          roleid: await id('role', other),
          privilegeid,
          privilegedepthmask: depthMasks[one % 2 ? 'basic' : 'global'],
        };
      }
    }
  }

  /** Values that a row could not have, such as a link without one side, or a second link of the same pair, are left out. */
  async apply(each: Step): Promise<void> {
    const values = await this.valuesOf(each);
    if (Object.values(values).includes(null)) return;
    const table = getTable(model, each.table);
    const id = await this.pick(each.table, each.one);
    const change = new Map(Object.entries(values).map(([name, value]) => [getColumn(table, name), value]));
    try {
      if (each.kind === 'insert') await this.environment.put(each.table, values);
      else if (id !== undefined && each.kind === 'update')
        await this.environment.store.maintain((rows) => rows.update(table, id, change));
      else if (id !== undefined) await this.environment.store.maintain((rows) => rows.delete(table, id));
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('duplicate key'))) throw error;
    }
  }
}

/** All that decisions are made by, in an order of its own. */
function contentOf(snapshot: DataverseSnapshot) {
  const byId = <T>(all: ReadonlyMap<string, T>) => [...all].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    units: byId(snapshot.businessUnits).map(([id, unit]) => [unit, [...snapshot.subtreeOf(unit.id)].sort(), id]),
    roles: byId(new Map([...snapshot.roles.values()].map((role) => [role.id, role]))).map(([, role]) => ({
      ...role,
      depths: Buffer.from(role.depths).toString('hex'),
    })),
    teams: byId(snapshot.teams).map(([, team]) => ({ ...team, roleIds: [...team.roleIds].sort() })),
    users: byId(snapshot.users).map(([, user]) => ({
      ...user,
      roleIds: [...user.roleIds].sort(),
      teams: [...user.teams].sort(),
      roles: user.roles.map(({ role, businessUnitId }) => `${role.id} ${role.name} ${businessUnitId}`).sort(),
      depths: Buffer.from(snapshot.depthsOf(user)).toString('hex'),
    })),
    clients: byId(snapshot.usersByClientId).map(([client, user]) => [client, user.id]),
  };
}

describe('a snapshot that follows changes is the one that is read as a whole', () => {
  for (const { name, open } of openStores.filter((each) => each.name !== 'PostgreSQL')) {
    test(`after random changes of the security tables, alone and several together: ${name}`, async () => {
      const { store, close } = await open(model);
      const environment = await TestEnvironment.open(store);
      const rows = new Rows(environment);
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 5 }), async (steps) => {
          for (const each of steps) await rows.apply(each);
          await environment.deps.security.refresh();
          const whole = await DataverseSecurity.load(store, model);
          expect(contentOf(environment.deps.security.current)).toEqual(contentOf(whole.current));
        }),
        { numRuns: 150, seed: 5, endOnFailure: true },
      );
      await close();
    });
  }

  test('users whose roles are the same stay the same objects, and so does what was derived from them', async () => {
    const environment = await TestEnvironment.open();
    const before = environment.deps.security.current;
    const [admin] = [...before.users.values()];
    await environment.putRole('Another', { prvReadRole: 'global' });
    await environment.deps.security.refresh();
    const after = environment.deps.security.current;
    expect(after).not.toBe(before);
    expect([...after.users.values()]).toEqual([admin]);
    expect(admin && after.users.get(admin.id)).toBe(admin);
    expect(admin && after.depthsOf(admin)).toBe(admin && before.depthsOf(admin));
  });
});
