import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { Refusal } from '../../src/kernel/refusal.ts';
import { SlidingWindow, windowSeconds } from '../../src/kernel/sliding-window.ts';
import { countRequest } from '../../src/webapi/count-request.ts';
import { type RunningRequest, ServiceLimits, scaledLimits } from '../../src/webapi/service-limits.ts';
import { refusalBy } from '../support/refusal.ts';

const burst = 'x-ms-ratelimit-burst-remaining-xrm-requests';
const time = 'x-ms-ratelimit-time-remaining-xrm-requests';

let now = 0;
const clock = () => new Date(now);
const seconds = (count: number): number => count * 1000;
beforeEach(() => {
  now = Date.UTC(2026, 10, 25, 12);
});

const small = { requests: 3, executionTime: 10_000, concurrent: 2 };

function send(limits: ServiceLimits, key = 'a', takes = 0): Readonly<Record<string, string>> {
  const running = limits.begin(key);
  now += takes;
  return running.end();
}

function refused(limits: ServiceLimits, key = 'a') {
  const { problem, stage, headers } = refusalBy(() => limits.begin(key));
  return { ...problem, stage, wait: headers['Retry-After'], left: headers[burst] };
}

describe('figures', () => {
  test.each([
    { factor: 1, figures: { requests: 6000, executionTime: 1_200_000, concurrent: 52 } },
    { factor: 0.1, figures: { requests: 600, executionTime: 120_000, concurrent: 5 } },
    { factor: 2, figures: { requests: 12_000, executionTime: 2_400_000, concurrent: 104 } },
    { factor: 0.001, figures: { requests: 6, executionTime: 1200, concurrent: 1 } },
  ])('the vendor times $factor', ({ factor, figures }) => {
    expect(scaledLimits(factor)).toEqual(figures);
  });

  test.each([
    {
      limit: 'requests',
      use: (limits: ServiceLimits) => Array.from({ length: 6000 }, () => send(limits)),
      code: '0x80072322',
      message: 'Number of requests exceeded the limit of 6000 over time window of 300 seconds.',
    },
    {
      limit: 'execution time',
      use: (limits: ServiceLimits) => send(limits, 'a', 1_200_001),
      code: '0x80072321',
      message:
        'Combined execution time of incoming requests exceeded limit of 1,200,000 milliseconds over time window of 300 seconds. Decrease number of concurrent requests or reduce the duration of requests and try again later.',
    },
    {
      limit: 'requests at a time',
      use: (limits: ServiceLimits) => Array.from({ length: 52 }, () => limits.begin('a')),
      code: '0x80072326',
      message: 'Number of concurrent requests exceeded the limit of 52.',
    },
  ])('beyond $limit the answer is 429 with the text of the real product', ({ use, code, message }) => {
    const limits = new ServiceLimits(scaledLimits(1), clock);
    use(limits);
    expect(refused(limits)).toMatchObject({ status: 429, code, message, stage: 'limit' });
  });
});

describe('requests in a sliding window', () => {
  test('are let through up to the limit, and then refused until the first has left the window', () => {
    const limits = new ServiceLimits(small, clock);
    expect(send(limits)[burst]).toBe('2');
    now += seconds(100);
    expect([send(limits)[burst], send(limits)[burst]]).toEqual(['1', '0']);
    now += seconds(50);
    // The refused one counts: two more have to leave, and those came a hundred seconds later.
    expect(refused(limits)).toMatchObject({ code: '0x80072322', wait: '250', left: '0' });
    now += seconds(249);
    expect(refused(limits).code).toBe('0x80072322');
  });

  test('who waits as long as Retry-After says is let through', () => {
    const limits = new ServiceLimits(small, clock);
    for (let sent = 0; sent < 3; sent++) send(limits);
    now += 1234;
    now += seconds(Number(refused(limits).wait));
    expect(send(limits)[burst]).toBe('1');
  });

  test('who does not wait waits longer', () => {
    const limits = new ServiceLimits(small, clock);
    for (let sent = 0; sent < 3; sent++) send(limits);
    const waits = Array.from({ length: 3 }, () => {
      now += seconds(60);
      return Number(refused(limits).wait);
    });
    // Without the refused ones the last wait would be 120.
    expect(waits).toEqual([240, 180, 180]);
  });

  test('are counted for each user alone', () => {
    const limits = new ServiceLimits(small, clock);
    for (let sent = 0; sent < 3; sent++) send(limits, 'a');
    expect(refused(limits, 'a').code).toBe('0x80072322');
    expect(send(limits, 'b')[burst]).toBe('2');
  });
});

describe('execution time', () => {
  test('adds up, and what is left is told in seconds', () => {
    const limits = new ServiceLimits({ ...small, executionTime: 3_000_000 }, clock);
    expect(send(limits, 'a', 1234)[time]).toBe('2,998.77');
    expect(send(limits, 'a', 60_000)[time]).toBe('2,938.77');
  });

  test('is refused beyond the limit until the long request has left the window', () => {
    const limits = new ServiceLimits(small, clock);
    send(limits, 'a', 10_001);
    expect(refused(limits)).toMatchObject({ code: '0x80072321', wait: '300' });
    now += seconds(300);
    expect(send(limits)[time]).toBe('10.00');
  });

  test('of requests that run side by side counts each', () => {
    const limits = new ServiceLimits(small, clock);
    const two = [limits.begin('a'), limits.begin('a')];
    now += 6000;
    for (const running of two) running.end();
    expect(refused(limits).code).toBe('0x80072321');
  });

  test('a clock that is set back does not lock anybody out, nor give time back', () => {
    const limits = new ServiceLimits(small, clock);
    for (let sent = 0; sent < 3; sent++) send(limits);
    expect(refused(limits).code).toBe('0x80072322');
    now -= seconds(3600);
    expect(send(limits)[burst]).toBe('2');
    const running = limits.begin('a');
    now -= 500;
    expect(running.end()[time]).toBe('10.00');
  });
});

describe('requests at a time', () => {
  let limits: ServiceLimits;
  let running: RunningRequest[];
  beforeEach(() => {
    limits = new ServiceLimits({ ...small, requests: 100 }, clock);
    running = [limits.begin('a'), limits.begin('a')];
  });

  test('are refused at once beyond the limit', () => {
    expect(refused(limits)).toMatchObject({ code: '0x80072326', wait: '1' });
  });

  test('a place is free as soon as one has ended, and one that ends twice gives one place', () => {
    running[0]?.end();
    running[0]?.end();
    expect(limits.begin('a')).toBeDefined();
    expect(refused(limits).code).toBe('0x80072326');
  });

  test('the window does not take a place away from a request that runs longer than it', () => {
    now += seconds(2 * windowSeconds);
    expect(limits.size).toBe(1);
    expect(refused(limits).code).toBe('0x80072326');
  });
});

describe('counting while a request is answered', () => {
  const one = { requests: 100, executionTime: 10_000, concurrent: 1 };
  const fine = { status: 200, headers: {}, body: '' };

  test.each([
    { name: 'an answer', answer: async () => fine, ends: 'well' },
    {
      name: 'a refusal',
      answer: async () => Promise.reject(new Refusal('parse', { status: 400, code: '0x0', message: 'no' })),
      ends: 'refused',
    },
    { name: 'a fault', answer: async () => Promise.reject(new TypeError('broken')), ends: 'faulted' },
    {
      name: 'a fault before anything was awaited',
      answer: () => {
        throw new TypeError('broken');
      },
      ends: 'faulted',
    },
  ])('$name gives its place back', async ({ answer, ends }) => {
    const limits = new ServiceLimits(one, clock);
    for (let turn = 0; turn < 3; turn++) {
      const ended = await countRequest(limits, 'a', answer).then(
        ({ headers }) => ({ how: 'well', headers }),
        (error: unknown) =>
          error instanceof Refusal
            ? { how: 'refused', headers: error.headers }
            : { how: 'faulted', headers: { [burst]: String(99 - turn) } },
      );
      expect(ended.how).toBe(ends);
      expect(ended.headers[burst]).toBe(String(99 - turn));
    }
  });

  test('a refused request is not answered', async () => {
    const limits = new ServiceLimits(one, clock);
    limits.begin('a');
    let asked = false;
    const answering = countRequest(limits, 'a', async () => {
      asked = true;
      return fine;
    });
    await expect(answering).rejects.toMatchObject({ problem: { code: '0x80072326' } });
    expect(asked).toBe(false);
  });
});

describe('memory', () => {
  test('users who have sent nothing for a window are forgotten, those whose request runs are not', () => {
    const limits = new ServiceLimits(small, clock);
    for (let user = 0; user < 1000; user++) send(limits, `user ${user}`);
    limits.begin('runs');
    expect(limits.size).toBe(1001);
    now += seconds(windowSeconds);
    send(limits, 'later');
    expect(limits.size).toBe(2);
  });
});

describe('the window', () => {
  /** Every use, one by one. */
  class PlainWindow {
    readonly uses: { second: number; requests: number; time: number }[] = [];
    used(second: number) {
      const within = this.uses.filter((use) => use.second > second - windowSeconds && use.second <= second);
      const sum = (of: 'requests' | 'time'): number => within.reduce((total, use) => total + use[of], 0);
      return { requests: sum('requests'), time: sum('time') };
    }
  }

  test('holds what a plain list of all uses holds, and says when it will be less', () => {
    const step = fc.record({ pause: fc.nat(130_000), requests: fc.nat(3), time: fc.nat(5000) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.nat(6), (steps, most) => {
        const window = new SlidingWindow();
        const plain = new PlainWindow();
        let at = 1_700_000_000_000;
        for (const { pause, requests, time: spent } of steps) {
          at += pause;
          window.moveTo(at);
          for (let each = 0; each < requests; each++) window.addRequest();
          window.addTime(spent);
          const second = Math.floor(at / 1000);
          plain.uses.push({ second, requests, time: spent });
          expect({ requests: window.requests, time: window.time }).toEqual(plain.used(second));
          const wait = window.secondsUntil((left) => left.requests <= most);
          expect(plain.used(second + wait).requests).toBeLessThanOrEqual(most);
          if (wait > 1) expect(plain.used(second + wait - 1).requests).toBeGreaterThan(most);
        }
      }),
      { seed: 42, numRuns: 300 },
    );
  });
});
