import { describe, expect, test } from 'vitest';
import { entryAt, linesOf } from '../../src/audit/lines.ts';
import type { AuditEntry } from '../../src/kernel/audit.ts';
import { newRequestId } from '../../src/kernel/ids.ts';

const read: AuditEntry = {
  surface: 'web-api',
  kind: 'read',
  method: 'GET',
  tokenId: 'one',
  table: 'account',
  outcome: 'allowed',
  status: 200,
  requestId: '',
};
const time = (at: number) => new Date(Date.UTC(2026, 2, 1) + at);

const linesOfEntries = (entries: readonly AuditEntry[]) =>
  linesOf(entries.map((entry, at) => ({ time: time(at), entry })));
const readBack = (lines: readonly string[]) => lines.map((_line, at) => entryAt(lines, at));
const likes = (lines: readonly string[]) => lines.map((line) => JSON.parse(line).like);

describe('lines of the audit log', () => {
  test('say what they have of a line before', () => {
    const lines = linesOfEntries([
      { ...read, requestId: 'a', targetId: 'x' },
      { ...read, requestId: 'b', targetId: 'y"\n' },
      { ...read, requestId: 'c', correlationId: 'its' },
    ]);
    expect(lines.slice(1)).toEqual([
      '{"time":"2026-03-01T00:00:00.001Z","like":1,"targetId":"y\\"\\n","requestId":"b"}',
      '{"time":"2026-03-01T00:00:00.002Z","like":2,"requestId":"c","correlationId":"its"}',
    ]);
  });

  test.each<[string, AuditEntry]>([
    ['another token', { ...read, tokenId: 'two' }],
    ['another table', { ...read, table: 'contact' }],
    ['another outcome', { ...read, outcome: 'denied' }],
    ['a member more', { ...read, operator: 'Kari' }],
    ['a member less', (({ status: _, ...rest }) => rest)(read)],
    ['a member in the place of another', (({ status: _, ...rest }) => ({ ...rest, operator: 'Kari' }))(read)],
    ['shapes', { ...read, shapes: [] }],
  ])('are whole where there is %s', (_name, other) => {
    expect(likes(linesOfEntries([read, other]))).toEqual([undefined, undefined]);
    expect(likes(linesOfEntries([other, read]))).toEqual([undefined, undefined]);
  });

  test('give back what was written, of many clients at once', () => {
    const clients = Array.from({ length: 12 }, (_, at) => `client ${at}`);
    const entries = Array.from({ length: 500 }, (_, at): AuditEntry => {
      const own = { requestId: newRequestId(), tokenId: clients[(at * at + (at >> 3)) % 12] ?? '' };
      const target = at % 3 === 0 ? {} : { targetId: newRequestId() };
      const correlation = at % 5 === 0 ? { correlationId: newRequestId() } : {};
      return { ...read, ...own, ...target, ...correlation, status: at % 7 === 0 ? 404 : 200 };
    });
    const lines = linesOfEntries(entries);
    expect(readBack(lines)).toEqual(entries.map((entry, at) => ({ time: time(at).toISOString(), ...entry })));
    expect(likes(lines).filter((like) => like === undefined).length).toBeLessThan(entries.length);
  });

  test('of a line whose head is gone, give what it has itself', () => {
    const [, second = ''] = linesOfEntries([read, { ...read, requestId: 'b' }]);
    expect(readBack([second])).toEqual([{ time: '2026-03-01T00:00:00.001Z', requestId: 'b' }]);
  });
});
