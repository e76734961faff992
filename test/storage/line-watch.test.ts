import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type AskServer, type Line, LineWatch } from '../../src/storage/sql/postgres/line-watch.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A line on which something is awaited from the beginning. */
class TestLine implements Line {
  isWaiting = true;
  received = 0;
  readonly process: number | undefined;
  cuts = 0;

  constructor(process: number | undefined) {
    this.process = process;
  }

  cut(): void {
    this.cuts += 1;
    this.isWaiting = false;
  }
}

const gone: AskServer = () => Promise.reject(new Error('timeout expired'));
const working =
  (...processes: number[]): AskServer =>
  async () =>
    new Set(processes);
const present: AskServer = async () => undefined;

describe('a line on which nothing comes', () => {
  test.each([
    { name: 'is cut when the server cannot be reached', ask: gone, process: 7, cuts: 1 },
    { name: 'is cut when the server does not work for it', ask: working(8), process: 7, cuts: 1 },
    { name: 'is left alone while the server works for it', ask: working(7), process: 7, cuts: 0 },
    { name: 'is left alone when the server answers and does not say', ask: present, process: 7, cuts: 0 },
    { name: 'behind a pooler is left alone while that answers', ask: working(), process: undefined, cuts: 0 },
    { name: 'behind a pooler is cut when that cannot be reached', ask: gone, process: undefined, cuts: 1 },
  ])('$name', async ({ ask, process, cuts }) => {
    const line = new TestLine(process);
    new LineWatch(ask).add(line);
    await vi.advanceTimersByTimeAsync(2500);
    expect(line.cuts).toBe(0);
    await vi.advanceTimersByTimeAsync(2000);
    expect(line.cuts).toBe(cuts);
  });

  test('is not cut when its answer comes while the server is asked', async () => {
    const line = new TestLine(7);
    const ask: AskServer = async () => {
      setTimeout(() => {
        line.received = 100;
      }, 100);
      return new Set();
    };
    new LineWatch(ask).add(line);
    await vi.advanceTimersByTimeAsync(5500);
    expect(line.cuts).toBe(0);
  });

  test('is asked about once in a while, not at every look', async () => {
    let asked = 0;
    const ask: AskServer = async () => {
      asked += 1;
      return new Set([7]);
    };
    new LineWatch(ask).add(new TestLine(7));
    await vi.advanceTimersByTimeAsync(12_500);
    expect(asked).toBeLessThanOrEqual(4);
    expect(asked).toBeGreaterThan(1);
  });
});

test('a line that waits for nothing, or on which bytes come, is not asked about', async () => {
  const idle = new TestLine(1);
  idle.isWaiting = false;
  const busy = new TestLine(2);
  const timer = setInterval(() => busy.received++, 500);
  let asked = 0;
  const watch = new LineWatch(async () => {
    asked += 1;
    return new Set();
  });
  for (const line of [idle, busy]) watch.add(line);
  await vi.advanceTimersByTimeAsync(10_000);
  clearInterval(timer);
  expect(asked).toBe(0);
});

test('nothing is looked at when no line is left', () => {
  const watch = new LineWatch(gone);
  const ends = [new TestLine(1), new TestLine(2)].map((line) => watch.add(line));
  expect(vi.getTimerCount()).toBe(1);
  for (const end of ends) end();
  expect(vi.getTimerCount()).toBe(0);
});
