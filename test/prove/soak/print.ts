import { loadavg } from 'node:os';
import type { Soaked } from './run.ts';
import { isFlat, percentile, type Sample, trendOf } from './trend.ts';

/** Of the samples, those before this part are left out: caches and the compiler fill up. */
const warmUp = 0.25;

/** Lines that say how it went. */
export function printSoak({ capacity, asked, answered, errors, times, watched }: Soaked): readonly string[] {
  const all = [...times.values()].flat();
  const lines = [
    `load of the machine ${loadavg()[0]?.toFixed(1)}; capacity ${Math.round(capacity)}/s, asked ${Math.round(asked)}/s, answered ${Math.round(answered)}/s`,
    `requests ${all.length}, errors ${errors.length}, p50 ${ms(percentile(all, 0.5))}, p99 ${ms(percentile(all, 0.99))}`,
  ];
  for (const [kind, taken] of times)
    lines.push(`  ${kind}: ${taken.length}, p50 ${ms(percentile(taken, 0.5))}, p99 ${ms(percentile(taken, 0.99))}`);
  for (const [name, samples] of Object.entries(watched) as [string, readonly Sample[]][]) {
    const trend = trendOf(afterWarmUp(samples));
    const noise = `${signed(trend.perHour)} ± ${(2 * trend.error).toFixed(1)} an hour`;
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

const ms = (value: number): string => `${value.toFixed(1)} ms`;
const signed = (value: number): string => `${value < 0 ? '' : '+'}${value.toFixed(1)}`;
