import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AdapterWorld } from '../adapter/adapter-world.ts';
import type { Named, Organisation } from '../prove/hr/organisation.ts';
import { compareGateTwo } from '../prove/hr/run.ts';
import { openWorld } from '../prove/hr/world.ts';
import { sizes } from '../prove/sizes.ts';
import { openStores } from '../support/open-stores.ts';

const engines = openStores.filter(({ name }) => name !== 'memory');

/** The same organisation as the product sees it when it overlooks something. */
type Plant = (all: Organisation) => Organisation;

const without =
  (set: string): Plant =>
  (all) => ({ ...all, [set]: [] });

const mapped =
  (set: string, map: (row: Named) => Named): Plant =>
  (all) => ({ ...all, [set]: (all[set] ?? []).map(map) });

const granted = (row: Named): Named =>
  Object.fromEntries(Object.entries(row).map(([column, value]) => [column, value === 'Deny' ? 'Unset' : value]));

const fieldsUnheard = (row: Named): Named =>
  row['SecurableType'] === 'DataEntityField' ? { ...row, IntegrationMode: 'DataManagement' } : row;

const faults: readonly { readonly fault: string; readonly plant: Plant }[] = [
  { fault: 'policies do not count', plant: without('SecurityPolicies') },
  { fault: 'policies constrain nothing', plant: without('SecurityPolicyConstrainedEntities') },
  { fault: 'Deny says nothing', plant: mapped('SecurityPrivilegePermissions', granted) },
  { fault: 'roles reach all legal entities', plant: without('SecurityUserRoleOrganizations') },
  { fault: 'roles inside roles do not count', plant: without('SecurityRoleSubRoles') },
  {
    fault: 'disabled assignments count',
    plant: mapped('SecurityUserRoleAssociations', (row) => ({ ...row, AssignmentStatus: 'Enabled' })),
  },
  { fault: 'permissions on fields do not count', plant: mapped('SecurityPrivilegePermissions', fieldsUnheard) },
  { fault: 'disabled users are let in', plant: mapped('SystemUsers', (row) => ({ ...row, Enabled: true })) },
];

describe.each(engines)('gate two beside the oracle on $name', ({ name, open }) => {
  let world: AdapterWorld;
  beforeAll(async () => {
    world = await openWorld(open);
  });
  afterAll(() => world.close());

  test('random organisations are decided alike, down to rows, counts, orders, groups and pages', async () => {
    const { disagreements, ends } = await compareGateTwo(world, sizes.gateTwo.test);
    expect(disagreements).toEqual([]);
    for (const end of [
      'V1',
      'V2',
      'read: rows',
      'read: refused',
      'write: done',
      'write: policy',
      'write: named not there',
    ]) {
      expect(ends.get(end) ?? 0, end).toBeGreaterThan(0);
    }
  }, 120_000);

  test.each(name === 'SQLite' ? faults : [])(
    'the oracle notices when $fault',
    async ({ plant }) => {
      const { disagreements } = await compareGateTwo(world, { decisions: 2000, seed: 7, fault: plant });
      expect(disagreements.length).toBeGreaterThan(0);
    },
    120_000,
  );
});
