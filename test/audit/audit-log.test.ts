import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { AuditLog } from '../../src/audit/audit-log.ts';
import type { AuditSeal, AuditSegment, AuditStore } from '../../src/audit/audit-store.ts';
import { type AuditEntry, AuditUnavailable } from '../../src/kernel/audit.ts';
import { newRequestId } from '../../src/kernel/ids.ts';

const entry = (code: string): AuditEntry => ({
  kind: 'read',
  outcome: 'allowed',
  surface: 'web-api',
  requestId: newRequestId(),
  code,
});

/** Keeps segments in memory; each append takes a while, and fails when told to. */
class SlowStore implements AuditStore {
  readonly segments: AuditSegment[] = [];
  fails = false;
  closed = false;
  readonly seals: AuditSeal[] = [];
  async append(segment: AuditSegment): Promise<number> {
    await new Promise((resolve) => setTimeout(resolve, 20));
    if (this.fails) throw new Error('the disk is full');
    return this.segments.push(segment);
  }
  async addSeal(make: Parameters<AuditStore['addSeal']>[0]): Promise<AuditSeal | undefined> {
    if (this.fails) throw new Error('the disk is full');
    const seal = make(this.seals.at(-1));
    if (seal !== undefined) this.seals.push(seal);
    return seal;
  }
  async hold(): Promise<void> {}
  async findOrphans(): Promise<[]> {
    return [];
  }
  async findPrunable(): Promise<[]> {
    return [];
  }
  async removePruned(): Promise<number> {
    return 0;
  }
  async removeLostIds(): Promise<void> {}
  get chain(): never {
    throw new Error('not asked for here');
  }
  async read(): Promise<[]> {
    return [];
  }
  async close(): Promise<void> {
    this.closed = true;
  }
  get lines(): Record<string, unknown>[] {
    return this.segments.flatMap(({ lines }) => lines.split('\n').map((line) => JSON.parse(line)));
  }
}

let store: SlowStore;
let log: AuditLog;
const errors: string[] = [];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  store = new SlowStore();
  errors.length = 0;
  log = new AuditLog({
    store,
    notesLimit: 10,
    log: { debug() {}, info() {}, warn() {}, error: (message) => errors.push(message) },
  });
});
afterEach(() => vi.useRealTimers());

/** Lets `ms` pass, and what is due happen. */
const pass = async (ms: number): Promise<void> => {
  await new Promise((resolve) => setImmediate(resolve));
  await vi.advanceTimersByTimeAsync(ms);
  await new Promise((resolve) => setImmediate(resolve));
};

describe('writing', () => {
  test('what comes in one turn is one segment; what comes meanwhile is the next', async () => {
    const first = Promise.all([log.write(entry('a')), log.write(entry('b'))]);
    await pass(1);
    const second = Promise.all([log.write(entry('c')), log.write(entry('d'))]);
    await pass(100);
    await Promise.all([first, second]);
    expect(store.segments.map(({ first: number, count }) => [number, count])).toEqual([
      [1, 2],
      [3, 2],
    ]);
  });

  test('is not done before the store has it', async () => {
    let done = false;
    const writing = log.write(entry('a')).then(() => {
      done = true;
    });
    await pass(10);
    expect(done).toBe(false);
    await pass(10);
    await writing;
    expect(done).toBe(true);
  });

  test('takes along what was only noted, in the order in which it came', async () => {
    log.note(entry('a'));
    const writing = log.write(entry('b'));
    log.note(entry('c'));
    await pass(50);
    await writing;
    expect(store.lines.map(({ code }) => code)).toEqual(['a', 'b', 'c']);
    expect(store.segments).toHaveLength(1);
  });
});

describe('noting', () => {
  test('is on disk within a second, in one segment', async () => {
    for (const code of ['a', 'b', 'c']) log.note(entry(code));
    await pass(400);
    expect(store.segments).toHaveLength(0);
    await pass(600);
    expect(store.lines.map(({ code }) => code)).toEqual(['a', 'b', 'c']);
    expect(store.segments).toHaveLength(1);
  });

  test('reads that come all the time do not become a segment each while something is written', async () => {
    const writing = log.write(entry('token'));
    for (let round = 0; round < 8; round++) {
      log.note(entry(`read ${round}`));
      await pass(5);
    }
    await writing;
    await pass(200);
    expect(store.segments).toHaveLength(1);
    await pass(800);
    expect(store.lines).toHaveLength(9);
    expect(store.segments.length).toBeLessThanOrEqual(2);
  });

  test('reads that come while reads are written wait for their own time', async () => {
    const roomy = new AuditLog({ store });
    for (let round = 0; round < 240; round++) {
      roomy.note(entry(`read ${round}`));
      await pass(5);
    }
    await pass(1000);
    expect(store.lines).toHaveLength(240);
    // 1.2 seconds of reads, written twice a second.
    expect(store.segments.length).toBeLessThanOrEqual(4);
  });

  test('more than there is room for is lost, loudly, and the log says how many', async () => {
    for (let round = 0; round < 25; round++) log.note(entry('x'));
    expect(errors).toEqual(['the audit log loses allowed reads']);
    await pass(1000);
    expect(store.lines.at(-1)).toMatchObject({ kind: 'gap', reason: '15 allowed reads were not written' });
    expect(store.lines).toHaveLength(11);
    log.note(entry('y'));
    await pass(1000);
    expect(store.lines).toHaveLength(12);
  });
});

describe('a store that fails', () => {
  test('refuses what is waiting and what comes, then goes on in a new run that says so', async () => {
    await Promise.all([log.write(entry('a')), pass(50)]);
    store.fails = true;
    log.note(entry('lost'));
    const refused = expect(log.write(entry('b'))).rejects.toThrow(AuditUnavailable);
    await pass(50);
    await refused;
    expect(log.isWorking).toBe(false);
    await expect(log.write(entry('c'))).rejects.toThrow(AuditUnavailable);
    log.note(entry('lost too'));
    await pass(3000);
    expect(log.isWorking).toBe(false);
    expect(errors.filter((message) => message === 'the audit log cannot be written')).toHaveLength(1);

    store.fails = false;
    await pass(1100);
    expect(log.isWorking).toBe(true);
    await Promise.all([log.write(entry('d')), pass(50)]);
    const [before, gap, after] = store.segments;
    expect(gap?.run).not.toBe(before?.run);
    expect([gap?.first, after?.run, after?.first]).toEqual([1, gap?.run, 2]);
    expect(store.lines.map(({ kind, code }) => code ?? kind)).toEqual(['a', 'gap', 'd']);
    expect(store.lines[1]?.['reason']).toBe(
      `after entry 1 of run ${before?.run} the log could not be written; 2 allowed reads were not written`,
    );
  });
});

describe('closing', () => {
  test('writes what was noted, then closes the store', async () => {
    log.note(entry('a'));
    await Promise.all([log.close(), pass(50)]);
    expect(store.lines.map(({ code }) => code)).toEqual(['a']);
    expect(store.closed).toBe(true);
    expect(store.seals.map(({ kind, last }) => [kind, last])).toEqual([
      ['open', 0],
      ['close', 1],
    ]);
    await expect(log.write(entry('b'))).rejects.toThrow(AuditUnavailable);
  });
});
