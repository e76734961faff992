/** A value at a moment. */
export interface Sample {
  /** Seconds since the beginning. */
  readonly at: number;
  readonly value: number;
}

export interface Trend {
  readonly mean: number;
  /** Change for each hour, by least squares. */
  readonly perHour: number;
  /** Standard error of that. */
  readonly error: number;
  /** Change over the time that was looked at. */
  readonly growth: number;
}

const most = 24;

/**
 * How a value changes. What follows each other closely is alike (garbage is collected now and then), and taking it for
 * independent would make the error look small: so the line is laid through the means of 24 pieces.
 */
export function trendOf(samples: readonly Sample[]): Trend {
  const pieces = Math.min(most, samples.length);
  const means = Array.from({ length: pieces }, (_, at) =>
    meanOf(samples.slice(Math.floor((at * samples.length) / pieces), Math.floor(((at + 1) * samples.length) / pieces))),
  );
  if (means.length < 3) throw new RangeError('a trend needs three samples at least');
  const middle = meanOf(means);
  const spread = sum(means.map(({ at }) => (at - middle.at) ** 2));
  const slope = sum(means.map(({ at, value }) => (at - middle.at) * (value - middle.value))) / spread;
  const left = sum(means.map(({ at, value }) => (value - middle.value - slope * (at - middle.at)) ** 2));
  const error = Math.sqrt(left / (means.length - 2) / spread);
  const first = samples[0]?.at ?? 0;
  const growth = slope * ((samples.at(-1)?.at ?? first) - first);
  return { mean: middle.value, perHour: slope * 3600, error: error * 3600, growth };
}

/** Is no growth to be told from the noise (95 %), or is it less than a fiftieth of what is there? */
export const isFlat = ({ mean, perHour, error, growth }: Trend): boolean =>
  perHour - 2 * error <= 0 || growth < mean / 50;

/** The value below which a part of all values is. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const meanOf = (samples: readonly Sample[]): Sample => ({
  at: sum(samples.map(({ at }) => at)) / samples.length,
  value: sum(samples.map(({ value }) => value)) / samples.length,
});
