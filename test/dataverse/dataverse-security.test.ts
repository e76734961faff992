import { describe, expect, test } from 'vitest';
import { DataverseSecurity } from '../../src/dataverse/dataverse-security.ts';
import { type ClientId, newGuid } from '../../src/kernel/ids.ts';
import { Refusal } from '../../src/kernel/refusal.ts';
import type { Table } from '../../src/metadata/table.ts';
import type { Condition } from '../../src/odata/query.ts';
import type { Row, Watcher } from '../../src/odata/row-store.ts';
import { model, TestEnvironment } from './support.ts';

/** Reads from the environment's store, when it is let through; counts the readings. */
async function gatedSecurity() {
  const environment = await TestEnvironment.open();
  const state = { readings: 0, gate: Promise.resolve(), fails: false };
  const store = {
    async readAll(table: Table, where?: Condition): Promise<readonly Row[]> {
      if (table.logicalName === 'systemuser') state.readings += 1;
      const rows = await environment.store.readAll(table, where);
      await state.gate;
      if (state.fails) throw new Error('the disk is gone');
      return rows;
    },
    watch: (watcher: Watcher) => environment.store.watch(watcher),
  };
  return { environment, state, security: await DataverseSecurity.load(store, model) };
}

describe('refreshing the snapshot', () => {
  test('calls in the middle of a reading share one more, which sees what they wrote', async () => {
    const { environment, state, security } = await gatedSecurity();
    let open: () => void = () => undefined;
    state.gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const readings = state.readings;
    await environment.putUser(newGuid<ClientId>());
    const first = security.refresh();
    await new Promise((resolve) => setTimeout(resolve, 5));
    const clientId = newGuid<ClientId>();
    await environment.putUser(clientId);
    const later = Array.from({ length: 5 }, () => security.refresh());
    open();
    await Promise.all([first, ...later]);
    expect(state.readings - readings).toBe(2);
    expect(security.current.usersByClientId.has(clientId)).toBe(true);
  });

  test('a snapshot that was given out does not change', async () => {
    const { environment, security } = await gatedSecurity();
    const before = security.current;
    const clientId = newGuid<ClientId>();
    await environment.putUser(clientId);
    await security.refresh();
    expect(before.usersByClientId.has(clientId)).toBe(false);
    expect(security.current).not.toBe(before);
  });

  test('a failed reading leaves nothing in force, and the next request heals it', async () => {
    const { environment, state, security } = await gatedSecurity();
    state.fails = true;
    await environment.putUser(newGuid<ClientId>());
    await expect(security.refresh()).rejects.toThrow('the disk is gone');
    state.fails = false;
    expect(() => security.current).toThrow(Refusal);
    await security.refresh();
    expect(security.current.users.size).toBe(2);
  });
});
