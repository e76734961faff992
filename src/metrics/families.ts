/** One number, with the labels that tell it from its family's others. */
export interface Sample {
  /** Behind the name of the family: `_bucket`, `_sum`, `_count`, or nothing. */
  readonly suffix?: '_bucket' | '_sum' | '_count';
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** All numbers of one name, as Prometheus knows them. Plain data: worker processes send it to each other. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly samples: readonly Sample[];
}

/** A number that is looked at when it is asked for. */
export const gauge = (name: string, help: string, value: number): Family => ({
  ...{ name, help, type: 'gauge' as const },
  samples: [{ labels: {}, value }],
});

/** The same for one that only grows. */
export const total = (name: string, help: string, value: number): Family => ({
  ...gauge(name, help, value),
  type: 'counter',
});

/** One number for each value of a label. */
export const gauges = (
  name: string,
  help: string,
  label: string,
  values: Readonly<Record<string, number>>,
): Family => ({
  ...{ name, help, type: 'gauge' as const },
  samples: Object.entries(values).map(([key, value]) => ({ labels: { [label]: key }, value })),
});

/** The same for numbers that only grow. */
export const totals = (...family: Parameters<typeof gauges>): Family => ({ ...gauges(...family), type: 'counter' });

/** The families of several processes as those of one server: each sample with its process in the label `worker`. */
export function joinWorkers(workers: ReadonlyMap<number, readonly Family[]>): readonly Family[] {
  const joined = new Map<string, Family>();
  for (const [worker, families] of [...workers].sort(([one], [other]) => one - other)) {
    for (const family of families) {
      const own = family.samples.map((sample) => ({ ...sample, labels: { ...sample.labels, worker: String(worker) } }));
      const samples = [...(joined.get(family.name)?.samples ?? []), ...own];
      joined.set(family.name, { ...family, samples });
    }
  }
  return [...joined.values()];
}
