import { describe, expect, test } from 'vitest';
import { sizes } from '../prove/sizes.ts';
import { printSoak } from '../prove/soak/print.ts';
import { soak } from '../prove/soak/run.ts';
import { isFlat, percentile, trendOf } from '../prove/soak/trend.ts';
import { patience } from '../support/way.ts';

/** Requests are at most 256 at once, each on a connection of its own. */
const mostOpen = 400;

test('a server under 70 % of what it can do answers every request, and leaves nothing open', {
  timeout: patience * 120_000,
}, async () => {
  const soaked = await soak(undefined, sizes.soak.test);
  expect(soaked.errors).toEqual([]);
  expect([...soaked.times.keys()].sort()).toEqual(['batch', 'create', 'expand', 'page', 'read', 'token']);
  expect(soaked.watched.resident.length).toBeGreaterThan(2);
  // A few seconds are not enough to tell growth of memory; connections and files that stay open show at once.
  expect(Math.max(...soaked.watched.files.map(({ value }) => value))).toBeLessThan(mostOpen);
  expect(printSoak(soaked).join('\n')).toMatch(/p50 [\d.]+ ms, p99 [\d.]+ ms, p99\.9 [\d.]+ ms/);
});

describe('the trend of a soak', () => {
  /** A saw of garbage, which is there in every run, on a slope in MiB an hour. */
  const saw = (perHour: number) =>
    Array.from({ length: 1800 }, (_, at) => ({ at, value: 200 + ((at * 7) % 40) + (perHour * at) / 3600 }));

  test.each([
    { name: 'garbage that comes and goes', perHour: 0, flat: true },
    { name: 'memory that is given back', perHour: -50, flat: true },
    { name: 'a leak of 30 MiB an hour', perHour: 30, flat: false },
  ])('tells $name', ({ perHour, flat }) => {
    const trend = trendOf(saw(perHour));
    expect(trend.perHour).toBeCloseTo(perHour, -1);
    expect(isFlat(trend)).toBe(flat);
  });

  test('needs something to look at', () => {
    expect(() => trendOf(saw(0).slice(0, 2))).toThrow(RangeError);
  });

  test('takes percentiles of what was measured', () => {
    const values = Array.from({ length: 100 }, (_, at) => 100 - at);
    expect([percentile(values, 0.5), percentile(values, 0.99)]).toEqual([51, 100]);
  });
});
