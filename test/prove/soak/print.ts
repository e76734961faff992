import { loadavg } from 'node:os';
import type { Soaked } from './run.ts';
import { isFlat, percentile, type Sample, trendOf } from './trend.ts';

/** Of the samples, those before this part are left out: caches and the compiler fill up. */
const warmUp = 1 / 3;

/** Lines that say how it went. */
export function printSoak({ capacity, asked, answered, errors, times, watched }: Soaked): readonly string[] {
  const all = [...times.values()].flat();
  const lines = [
    `load of the machine ${loadavg()[0]?.toFixed(1)}; capacity ${Math.round(capacity)}/s, asked ${Math.round(asked)}/s, answered ${Math.round(answered)}/s`,
    `requests ${all.length}, errors ${errors.length}, ${percentilesOf(all)}`,
  ];
  for (const [kind, taken] of times) lines.push(`  ${kind}: ${taken.length}, ${percentilesOf(taken)}`);
  for (const [name, samples] of Object.entries(watched) as [string, readonly Sample[]][]) {
    const trend = trendOf(afterWarmUp(samples));
    const noise = `slope of the last two thirds ${signed(trend.perHour)} ± ${(2 * trend.error).toFixed(1)} an hour (two standard errors)`;
    const first = samples[0]?.value ?? 0;
    lines.push(
      `${unitOf[name] ?? name}: at first ${first.toFixed(0)}, mean ${trend.mean.toFixed(1)}, ${noise}, ${signed(trend.growth)} over the run: ${isFlat(trend) ? 'flat' : 'GROWS'}`,
    );
  }
  for (const error of [...new Set(errors)].slice(0, 10)) lines.push(error);
  return lines;
}

/** No error, and nothing that grows. */
export const isSteady = ({ errors, watched }: Soaked): boolean =>
  errors.length === 0 &&
  Object.values(watched).every((samples: readonly Sample[]) => isFlat(trendOf(afterWarmUp(samples))));

const unitOf: Readonly<Record<string, string>> = {
  resident: 'resident memory of its own in MiB',
  heap: 'heap in MiB',
  files: 'open files and connections',
  timers: 'timers',
};

const afterWarmUp = (samples: readonly Sample[]): readonly Sample[] =>
  samples.slice(Math.floor(samples.length * warmUp));

const percentilesOf = (times: readonly number[]): string =>
  [0.5, 0.99, 0.999].map((part) => `p${100 * part} ${ms(percentile(times, part))}`).join(', ');

const ms = (value: number): string => `${value.toFixed(1)} ms`;
const signed = (value: number): string => `${value < 0 ? '' : '+'}${value.toFixed(1)}`;
