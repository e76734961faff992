import type { Measurement } from './load.ts';

export const header =
  '| request | server | per second | CPU µs | p50 ms | p99 ms | errors | memory MiB |\n| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |';

/** One line of the table. */
export function print(kind: string, who: string, result: Measurement): void {
  const cells = [kind, who, result.perSecond.toFixed(0), result.cpu.toFixed(0), result.p50, result.p99, result.errors];
  console.log(`| ${[...cells, result.residentMiB].join(' | ')} |`);
}

export const percent = (ratio: number): string => `${(ratio * 100).toFixed(0)}%`;
