import { expect, test, vi } from 'vitest';
import { administrationTable } from '../../src/hr/hr-rows.ts';
import { HrSecurity } from '../../src/hr/hr-security.ts';
import { Refusal } from '../../src/kernel/refusal.ts';
import type { Table } from '../../src/metadata/table.ts';
import type { Row } from '../../src/odata/row-store.ts';
import { HrWorld } from './hr-world.ts';

/** Reads from the world's store; a reading can be held back and made to fail. Counts the readings. */
async function gatedSecurity() {
  const world = await HrWorld.make();
  const users = administrationTable(world.model, 'SystemUsers');
  const state = { readings: 0, gate: Promise.resolve(), fails: false };
  const store = {
    async readAll(table: Table): Promise<readonly Row[]> {
      if (table === users) state.readings += 1;
      const { fails, gate } = state;
      const rows = await world.store.readAll(table);
      await gate;
      if (fails) throw new Error('the disk is gone');
      return rows;
    },
    watch: () => () => undefined,
  };
  return { world, state, security: await HrSecurity.load(world.model, store) };
}

const unavailable = expect.objectContaining({
  problem: expect.objectContaining({ status: 503, code: '0x80040216' }),
}) as Refusal;

/** What reading the snapshot throws. */
function currentRefusal(security: HrSecurity): unknown {
  try {
    return security.current.users.size;
  } catch (error) {
    return error;
  }
}

test('a failed reading leaves nothing in force: 503', async () => {
  const { state, security } = await gatedSecurity();
  state.fails = true;
  await expect(security.refresh()).rejects.toThrow('the disk is gone');
  expect(currentRefusal(security)).toBeInstanceOf(Refusal);
  expect(currentRefusal(security)).toEqual(unavailable);
});

test('the next request reads again, and what it reads is in force', async () => {
  const { world, state, security } = await gatedSecurity();
  await world.user('later');
  state.fails = true;
  await expect(security.refresh()).rejects.toThrow();
  state.fails = false;
  expect(currentRefusal(security)).toEqual(unavailable);
  await vi.waitFor(() => expect(security.current.findUser('later')).toBeDefined());
});

test('requests that find nothing in force share one reading', async () => {
  const { state, security } = await gatedSecurity();
  state.fails = true;
  await expect(security.refresh()).rejects.toThrow();
  const before = state.readings;
  for (let request = 0; request < 5; request++) expect(currentRefusal(security)).toEqual(unavailable);
  expect(state.readings - before).toBe(1);
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(currentRefusal(security)).toEqual(unavailable);
  expect(state.readings - before).toBe(2);
});

test('a reading that had begun before a failed one does not put its own in force', async () => {
  const { state, security } = await gatedSecurity();
  let open: () => void = () => undefined;
  state.gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const older = security.refresh();
  state.gate = Promise.resolve();
  state.fails = true;
  await expect(security.refresh()).rejects.toThrow('the disk is gone');
  open();
  await older;
  expect(currentRefusal(security)).toEqual(unavailable);
});
