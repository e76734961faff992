import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AuditLog } from '../../src/audit/audit-log.ts';
import { readAudit } from '../../src/audit/read-audit.ts';
import type { AuditEntry } from '../../src/kernel/audit.ts';
import { newRequestId } from '../../src/kernel/ids.ts';
import { openAudit } from '../../src/storage/open-audit.ts';
import { WriteAheadLog } from '../../src/storage/sql/sqlite/write-ahead-log.ts';

const { flush } = WriteAheadLog.prototype;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'portvakt-audit-flush-'));
});
afterEach(() => {
  WriteAheadLog.prototype.flush = flush;
  rmSync(folder, { recursive: true });
});

const entry = (code: string): AuditEntry => ({
  kind: 'token',
  outcome: 'allowed',
  surface: 'token',
  requestId: newRequestId(),
  code,
});

test('after a flush that failed nothing is acknowledged that stands behind what the disk may have dropped', async () => {
  const file = join(folder, 'audit.db');
  const log = new AuditLog({ store: await openAudit({ kind: 'sqlite', file }), retryDelay: 10 });
  await log.write(entry('kept'));
  WriteAheadLog.prototype.flush = () => Promise.reject(new Error('EIO'));
  await expect(log.write(entry('dropped'))).rejects.toThrow();
  WriteAheadLog.prototype.flush = flush;
  await expect.poll(() => log.isWorking).toBe(true);
  // What stood in the write-ahead log is in the file itself: the log could be lost now.
  copyFileSync(file, join(folder, 'copy.db'));
  await log.write(entry('again'));
  await log.close();
  const copy = await openAudit({ kind: 'sqlite', file: join(folder, 'copy.db') });
  const codes = async (store: typeof copy) =>
    (await readAudit(store, { limit: 10 })).entries.flatMap(({ code }) => code ?? []);
  expect(await codes(copy)).toContain('kept');
  await copy.close();
  const whole = await openAudit({ kind: 'sqlite', file });
  expect(await codes(whole)).toEqual(expect.arrayContaining(['kept', 'again']));
  await whole.close();
});
