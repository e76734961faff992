import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AuditLog } from '../../src/audit/audit-log.ts';
import type { AuditStore } from '../../src/audit/audit-store.ts';
import { type AuditQuery, BadCursor, readAudit, type StoredEntry } from '../../src/audit/read-audit.ts';
import type { AuditEntry } from '../../src/kernel/audit.ts';
import { getGuid, newGuid, newRequestId } from '../../src/kernel/ids.ts';
import { type AuditPlace, auditPlaces } from './open-audits.ts';

const environmentId = getGuid<NonNullable<AuditEntry['environmentId']>>('eeeeeeee-0000-4000-8000-000000000001');
const entry = (more: Partial<AuditEntry> = {}): AuditEntry => ({
  kind: 'token',
  outcome: 'allowed',
  surface: 'token',
  requestId: newRequestId(),
  ...more,
});

describe.each(auditPlaces)('the audit log on $name', ({ make }) => {
  let place: AuditPlace;
  let store: AuditStore;
  let log: AuditLog;
  let now: Date;
  const open = async (): Promise<void> => {
    store = await place.open();
    log = new AuditLog({ store, clock: () => now });
  };
  beforeEach(async () => {
    now = new Date('2026-03-01T12:00:00.000Z');
    place = await make();
    await open();
  });
  afterEach(async () => {
    await log.close();
    await place.remove();
  });

  const read = async (query: Partial<AuditQuery> = {}): Promise<readonly StoredEntry[]> =>
    (await readAudit(store, { limit: 100, ...query })).entries;

  test('gives back what was written, newest first, numbered from 1 without a gap', async () => {
    await Promise.all(['a', 'b', 'c'].map((code) => log.write(entry({ code }))));
    await log.write(entry({ code: 'd', status: 200, reason: undefined as never }));
    const entries = await read();
    expect(entries.map(({ code }) => code)).toEqual(['d', 'c', 'b', 'a']);
    expect(entries.map(({ number }) => number)).toEqual([4, 3, 2, 1]);
    expect(new Set(entries.map(({ run }) => run)).size).toBe(1);
    expect(entries[0]).toMatchObject({ time: '2026-03-01T12:00:00.000Z', kind: 'token', status: 200 });
  });

  test('keeps every character of a line', async () => {
    const message = `Ærlig "talt" 'sagt' \\ \u2028 🦌 %_`;
    await log.write(entry({ message }));
    expect((await read())[0]?.message).toBe(message);
  });

  test('is there after opening it again, and a new process is a new run', async () => {
    await log.write(entry({ code: 'before' }));
    await log.close();
    await open();
    await log.write(entry({ code: 'after' }));
    const entries = await read();
    expect(entries.map(({ code, number }) => [code, number])).toEqual([
      ['after', 1],
      ['before', 1],
    ]);
    expect(entries[0]?.run).not.toBe(entries[1]?.run);
  });

  test('finds an entry by our id and by the id that the client sent', async () => {
    const sent = newGuid();
    const wanted = entry({ correlationId: sent, code: 'wanted' });
    for (let round = 0; round < 5; round++) await log.write(entry());
    await log.write(wanted);
    for (let round = 0; round < 5; round++) await log.write(entry());
    expect((await read({ id: wanted.requestId })).map(({ code }) => code)).toEqual(['wanted']);
    expect((await read({ id: sent })).map(({ code }) => code)).toEqual(['wanted']);
    expect(await read({ id: newRequestId() })).toEqual([]);
    expect(await read({ id: newGuid() })).toEqual([]);
  });

  test('finds an id of the same client in several entries, and ids of ours that do not begin with a time', async () => {
    const sent = newGuid();
    const odd = newGuid();
    await log.write(entry({ correlationId: sent, code: 'first' }));
    await log.write(entry({ correlationId: sent, code: 'second' }));
    await log.write(entry({ requestId: odd, code: 'odd' }));
    expect((await read({ id: sent })).map(({ code }) => code)).toEqual(['second', 'first']);
    expect((await read({ id: odd })).map(({ code }) => code)).toEqual(['odd']);
  });

  test('looks by time, to the millisecond', async () => {
    for (let minute = 0; minute < 300; minute += 1) {
      now = new Date(Date.UTC(2026, 2, 1, 12, minute));
      await log.write(entry({ code: String(minute) }));
    }
    const since = '2026-03-01T13:00:00.000Z';
    const until = '2026-03-01T13:03:00.000Z';
    expect((await read({ since, until })).map(({ code }) => code)).toEqual(['62', '61', '60']);
    expect((await read({ until: '2026-03-01T12:02:00.000Z' })).map(({ code }) => code)).toEqual(['1', '0']);
    expect((await read({ since: '2026-03-01T16:58:00.001Z' })).map(({ code }) => code)).toEqual(['299']);
    expect(await read({ since: '2027-01-01T00:00:00.000Z' })).toEqual([]);
    expect(await read({ until: '2025-01-01T00:00:00.000Z' })).toEqual([]);
  });

  test('looks by what entries say', async () => {
    await log.write(entry({ kind: 'change', outcome: 'denied', environmentId, code: 'a' }));
    await log.write(entry({ kind: 'change', outcome: 'allowed', environmentId, code: 'b' }));
    await log.write(entry({ kind: 'change', outcome: 'denied', code: 'c' }));
    const codes = async (matching: AuditQuery['matching']) =>
      (await read(matching === undefined ? {} : { matching })).map(({ code }) => code);
    expect(await codes({ environmentId })).toEqual(['b', 'a']);
    expect(await codes({ outcome: 'denied' })).toEqual(['c', 'a']);
    expect(await codes({ outcome: 'denied', environmentId })).toEqual(['a']);
  });

  test('gives pages oldest first, whatever is written meanwhile', async () => {
    for (let round = 0; round < 30; round++)
      await Promise.all([1, 2].map((each) => log.write(entry({ code: `${round}.${each}` }))));
    const expected = (await read()).map(({ code }) => code).toReversed();
    const seen: (string | undefined)[] = [];
    let cursor: string | undefined;
    do {
      const query = { limit: 7, order: 'oldest', until: '2026-03-02T00:00:00.000Z' } as const;
      const page = await readAudit(store, { ...query, ...(cursor === undefined ? {} : { cursor }) });
      seen.push(...page.entries.map(({ code }) => code));
      now = new Date('2026-03-03T12:00:00.000Z');
      await log.write(entry({ code: 'later' }));
      cursor = page.cursor;
    } while (cursor !== undefined);
    expect(seen).toEqual(expected);
    expect(seen).toHaveLength(60);
  });

  test('gives pages that together are the whole, whatever is written meanwhile', async () => {
    for (let round = 0; round < 8; round++) {
      await Promise.all(Array.from({ length: 9 }, (_, index) => log.write(entry({ code: `${round}-${index}` }))));
    }
    const expected = (await read()).map(({ code }) => code);
    const seen: (string | undefined)[] = [];
    let cursor: string | undefined;
    do {
      const page = await readAudit(store, { limit: 5, ...(cursor === undefined ? {} : { cursor }) });
      expect(page.entries.length).toBeLessThanOrEqual(5);
      seen.push(...page.entries.map(({ code }) => code));
      await log.write(entry({ code: 'later' }));
      cursor = page.cursor;
    } while (cursor !== undefined);
    expect(seen).toEqual(expected);
    expect(seen).toHaveLength(72);
  });

  test.each(['', 'x', '1', '1.', '-1.0', '1.999999', '9'.repeat(40)])('the cursor %j is refused', async (cursor) => {
    await expect(readAudit(store, { limit: 5, cursor })).rejects.toThrow(BadCursor);
  });

  test.each([
    { verb: 'update', sql: (table: string, column: string) => `update ${table} set ${column} = ${column}` },
    { verb: 'delete', sql: (table: string) => `delete from ${table}` },
  ])('the database refuses to $verb, in both tables', async ({ sql }) => {
    await log.write(entry({ correlationId: newGuid() }));
    await log.close();
    for (const [table, column] of [
      ['portvakt_audit', 'lines'],
      ['portvakt_audit_id', 'id'],
    ] as const) {
      await expect(place.run(sql(place.table(table), column))).rejects.toThrow('the audit log is append-only');
    }
    await open();
    expect(await read()).toHaveLength(1);
  });

  test('many writers at once: nothing lost, nothing twice, in the order in which they came', async () => {
    const codes = Array.from({ length: 3000 }, (_, index) => String(index));
    await Promise.all(codes.map((code) => log.write(entry({ code }))));
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await readAudit(store, { limit: 1000, ...(cursor === undefined ? {} : { cursor }) });
      found.push(...page.entries.map(({ code }) => code ?? ''));
      cursor = page.cursor;
    } while (cursor !== undefined);
    expect(found).toEqual(codes.toReversed());
  });
});
