import { expect, test } from 'vitest';
import { administrationRow } from '../../src/hr/administration-row.ts';
import { baseHrRows, linkFirstAdministrator, writeBaseHrRows } from '../../src/hr/base-rows.ts';
import { administrationTable, type HrSet, hrSets } from '../../src/hr/hr-rows.ts';
import { HrSecurity } from '../../src/hr/hr-security.ts';
import { openHrSession } from '../../src/hr/hr-session.ts';
import { builtInModel } from '../../src/metadata/built-in.ts';
import { recruitingPrivileges } from '../../src/metadata/entity-permissions.ts';
import type { Row } from '../../src/odata/row-store.ts';
import { MemoryStore } from '../support/memory-store.ts';
import { atsClient, HrWorld } from './hr-world.ts';

const model = builtInModel();

test('the platform is linked, its user calls the adapter alone, and Admin holds full power', async () => {
  const { current } = await (await HrWorld.make()).security();
  const roles = (id: string) => current.findUser(id)?.roles.map(({ role }) => role.identifier);
  expect([...current.links].map(([id, link]) => [id, link.userId])).toEqual([
    ['61a0518c-121a-421a-9ad6-f0955a88be43', 'PowerPlatformApp'],
    ['f1752846-f0df-4766-96f5-c109adf67d7f', 'PowerPlatformApp'],
  ]);
  expect(roles('PowerPlatformApp')).toEqual(['CDSVirtualEntityApplication']);
  expect(roles('Admin')).toEqual(['-SYSADMIN-']);
});

test('every duty and privilege that a row names exists', () => {
  const rows = baseHrRows(model);
  const named = (set: string, column: string): string[] =>
    rows.flatMap(({ table, values }) =>
      table.entitySetName !== set
        ? []
        : [...values].flatMap(([{ name }, value]) => (name === column ? [String(value)] : [])),
    );
  const duties = new Set(named('SecurityDuties', 'SecurityDutyIdentifier'));
  const privileges = new Set(named('SecurityPrivileges', 'SecurityPrivilegeIdentifier'));
  expect(named('SecurityRoleDuties', 'SecurityDutyIdentifier').filter((duty) => !duties.has(duty))).toEqual([]);
  for (const set of ['SecurityDutyPrivileges', 'SecurityPrivilegePermissions']) {
    expect(named(set, 'SecurityPrivilegeIdentifier').filter((privilege) => !privileges.has(privilege))).toEqual([]);
  }
});

test('HcmRecruitingIntegrator has the privileges that the model derives, no more and no fewer', async () => {
  const { current } = await (await HrWorld.make()).security();
  const held = current.roles.get('hcmrecruitingintegrator')?.privileges.map(({ privilege }) => privilege);
  expect(held?.sort()).toEqual(
    recruitingPrivileges(model)
      .map(({ identifier }) => identifier)
      .sort(),
  );
});

test('writing the base rows again changes nothing', async () => {
  const world = await HrWorld.make();
  const count = async () =>
    Promise.all(hrSets.map(async (set) => (await world.store.readAll(administrationTable(world.model, set))).length));
  const before = await count();
  await world.store.maintain((rows) => writeBaseHrRows(rows, world.model));
  expect(await count()).toEqual(before);
});

test('the first administrator is linked to Admin; a second one must be let in by the first', async () => {
  const store = new MemoryStore();
  const link = (clientId: string) =>
    store.maintain((rows) =>
      linkFirstAdministrator(rows, model, { clientId: clientId as typeof atsClient, name: 'A' }),
    );
  await store.maintain((rows) => writeBaseHrRows(rows, model));
  await link(atsClient);
  await link(atsClient);
  const { current } = await HrSecurity.load(model, store);
  expect(openHrSession(current, { clientId: atsClient })).toMatchObject({ kind: 'session', user: { id: 'Admin' } });
  await expect(link('22222222-2222-2222-2222-222222222222')).rejects.toThrow('applications have been linked already');
});

test('of two refreshes at once, the one asked for last wins', async () => {
  const world = await HrWorld.make();
  const waiting: (() => void)[] = [];
  const users = administrationTable(world.model, 'SystemUsers');
  const states: (readonly Row[])[] = [];
  const store = {
    async readAll(table: Parameters<MemoryStore['readAll']>[0]): Promise<readonly Row[]> {
      if (table !== users || states.length === 0) return world.store.readAll(table);
      const state = states.shift() ?? [];
      await new Promise<void>((resolve) => waiting.push(resolve));
      return state;
    },
    watch: () => () => undefined,
  };
  const security = await HrSecurity.load(world.model, store);
  const row = (id: string): Row => {
    const values = administrationRow(users, { UserID: id });
    return { id: values.get(users.primaryKey) as Row['id'], version: 1n, values };
  };
  states.push([row('older')], [row('newer')]);
  const [older, newer] = [security.refresh(), security.refresh()];
  await new Promise((resolve) => setImmediate(resolve));
  waiting[1]?.();
  await newer;
  waiting[0]?.();
  await older;
  expect([...security.current.users.keys()]).toEqual(['newer']);
});

test('the sets that a snapshot is built from are all in the model', () => {
  const missing = hrSets.filter((set: HrSet) => !model.administrationSet.has(set));
  expect(missing).toEqual([]);
});
