import { describe, expect, test } from 'vitest';
import { Readiness } from '../src/readiness.ts';
import { recordingLog } from './support/recording-log.ts';

/** A server whose parts a test breaks. */
function someServer() {
  const state = { looks: 0, database: 'answers' as 'answers' | 'refuses' | 'hangs', audit: { isWorking: true } };
  const keys = { published: ['one'] as string[] };
  const log = recordingLog();
  const readiness = new Readiness({
    checkDatabase: () => {
      state.looks += 1;
      if (state.database === 'hangs') return new Promise(() => undefined);
      return state.database === 'answers' ? Promise.resolve() : Promise.reject(new Error('gone'));
    },
    audit: state.audit,
    keys,
    log,
    keptFor: 40,
    longest: 30,
  });
  return { state, keys, log, readiness };
}

const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('a server is ready', () => {
  test('when nothing is missing; a thousand who ask have the database looked at once', async () => {
    const { state, readiness } = someServer();
    const all = await Promise.all(Array.from({ length: 1000 }, () => readiness.troubles()));
    expect(all.every((troubles) => troubles.length === 0)).toBe(true);
    await readiness.troubles();
    expect(state.looks).toBe(1);
  });

  test.each(['refuses', 'hangs'] as const)('not while the database %s, and again by itself', async (database) => {
    const { state, readiness, log } = someServer();
    state.database = database;
    expect(await readiness.troubles()).toEqual(['the database does not answer']);
    state.database = 'answers';
    await later(50);
    expect(await readiness.troubles()).toEqual([]);
    expect(log.lines.map(({ level, message }) => `${level} ${message}`)).toEqual([
      'warn not ready',
      'info ready again',
    ]);
  });

  test('not while the audit log cannot be written, without keys, or when it stops', async () => {
    const { state, keys, readiness } = someServer();
    state.audit.isWorking = false;
    expect(await readiness.troubles()).toEqual(['the audit log cannot be written']);
    state.audit.isWorking = true;
    keys.published.length = 0;
    expect(await readiness.troubles()).toEqual(['there are no signing keys']);
    keys.published.push('two');
    expect(await readiness.troubles()).toEqual([]);
    readiness.stop();
    expect(await readiness.troubles()).toEqual(['the server is stopping']);
  });
});
