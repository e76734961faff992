import { expect, test, vi } from 'vitest';
import { authorizeTable } from '../../../src/dataverse/authorize-table.ts';
import { runNative } from '../../../src/dataverse/native/run-native.ts';
import { Refusal } from '../../../src/kernel/refusal.ts';
import type { Operation } from '../../../src/odata/operation.ts';
import { bind, create, TestEnvironment } from '../support.ts';

/** A row store whose answer to a write is `error`, once the write is committed or before it begins. */
async function breaking(error: Error, commits: boolean) {
  const environment = await TestEnvironment.open();
  const { deps } = environment;
  const rows: typeof deps.rows = {
    query: (plan) => deps.rows.query(plan),
    flat: (plan) => deps.rows.flat(plan),
    together: (job) => deps.rows.together(job),
    async write(plan, job) {
      if (commits) await deps.rows.write(plan, job);
      throw error;
    },
  };
  const refresh = vi.spyOn(deps.security, 'refresh');
  const operation: Operation = create('businessunit', { name: 'Lost' }, [
    bind('businessunit', 'parentbusinessunitid', environment.base.rootBusinessUnitId),
  ]);
  const decision = authorizeTable(deps.security.current, environment.admin, operation);
  if (decision.kind === 'deny') throw new Error('denied');
  const { grant } = decision;
  return { environment, refresh, run: () => runNative({ ...deps, rows }, grant) };
}

const lost = new Error('the connection was lost');

test('a change whose outcome nobody knows is read again, and the failure is the answer', async () => {
  const { environment, run } = await breaking(lost, true);
  const before = environment.deps.security.current;
  await expect(run()).rejects.toBe(lost);
  expect(environment.deps.security.current).not.toBe(before);
});

test('where the tables cannot be read either, nothing is in force and the failure is the answer', async () => {
  const { environment, run } = await breaking(lost, true);
  const reading = vi.spyOn(environment.store, 'readAll').mockRejectedValue(new Error('the disk is gone'));
  await expect(run()).rejects.toBe(lost);
  expect(() => environment.deps.security.current).toThrow(Refusal);
  reading.mockRestore();
});

test('a refused change is known to be undone: nothing is read again', async () => {
  const refusal = new Refusal('run', { status: 400, code: '', message: 'no' });
  const { refresh, run } = await breaking(refusal, false);
  await expect(run()).rejects.toBe(refusal);
  expect(refresh).not.toHaveBeenCalled();
});
