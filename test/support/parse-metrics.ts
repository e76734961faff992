/** Every sample of a scrape: `name{label="value",…}` with its labels in order of their names, and its value. */
export type Scrape = ReadonlyMap<string, number>;

interface ParsedFamily {
  readonly name: string;
  readonly type: string;
  readonly samples: {
    readonly suffix: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly value: number;
  }[];
}

const helpLine = /^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (\S.*)$/;
const typeLine = /^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram)$/;
const sampleLine = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (-?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?)|\+Inf|NaN)$/;
const labelPair = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/y;

/**
 * Reads Prometheus' text format more strictly than Prometheus does: each family once, with help and type before its
 * samples; no series twice; counters are called `_total`; the buckets of a histogram grow, end with `+Inf`, and fit its
 * count. Throws with the line.
 */
export function parseMetrics(text: string): {
  readonly scrape: Scrape;
  readonly families: ReadonlyMap<string, ParsedFamily>;
} {
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  const families = new Map<string, ParsedFamily>();
  const scrape = new Map<string, number>();
  let help: string | undefined;
  let family: ParsedFamily | undefined;
  for (const line of text.slice(0, -1).split('\n')) {
    const refuse = (why: string): never => {
      throw new Error(`${why}: ${line}`);
    };
    const [, helped] = helpLine.exec(line) ?? [];
    if (helped !== undefined) {
      if (families.has(helped)) refuse('a family that comes twice');
      help = helped;
      family = undefined;
      continue;
    }
    const [, typed = '', type = ''] = typeLine.exec(line) ?? [];
    if (typed !== '') {
      if (typed !== help) refuse('a type without its help');
      if (type === 'counter' && !typed.endsWith('_total')) refuse('a counter that is not called _total');
      family = { name: typed, type, samples: [] };
      families.set(typed, family);
      continue;
    }
    const [, name = '', labelText = '', value = ''] = sampleLine.exec(line) ?? refuse('not a line of the format');
    if (family === undefined || !name.startsWith(family.name)) return refuse('a sample outside of its family');
    const suffix = name.slice(family.name.length);
    if (!(family.type === 'histogram' ? ['_bucket', '_sum', '_count'] : ['']).includes(suffix))
      refuse('a wrong suffix');
    const labels = parseLabels(labelText, refuse);
    const key = seriesOf(name, labels);
    if (scrape.has(key)) refuse('a series that comes twice');
    scrape.set(key, value === '+Inf' ? Number.POSITIVE_INFINITY : Number(value));
    family.samples.push({ suffix, labels, value: Number(value) });
  }
  for (const each of families.values()) if (each.type === 'histogram') checkHistogram(each);
  return { scrape, families };
}

function parseLabels(text: string, refuse: (why: string) => never): Readonly<Record<string, string>> {
  const labels: Record<string, string> = {};
  labelPair.lastIndex = 0;
  while (labelPair.lastIndex < text.length) {
    const [, name = '', value = ''] = labelPair.exec(text) ?? refuse('labels that are none');
    if (name in labels) refuse('a label that comes twice');
    labels[name] = value;
  }
  return labels;
}

const seriesOf = (name: string, labels: Readonly<Record<string, string>>): string => {
  const pairs = Object.entries(labels).sort(([one], [other]) => (one < other ? -1 : 1));
  return pairs.length === 0 ? name : `${name}{${pairs.map(([label, value]) => `${label}="${value}"`).join(',')}}`;
};

function checkHistogram({ name, samples }: ParsedFamily): void {
  const groups = groupBy(samples, ({ labels: { le: _le, ...rest } }) => seriesOf(name, rest));
  for (const [series, group] of groups) {
    const buckets = group.filter(({ suffix }) => suffix === '_bucket');
    const counts = buckets.map(({ value }) => value);
    const bounds = buckets.map(({ labels }) =>
      labels['le'] === '+Inf' ? Number.POSITIVE_INFINITY : Number(labels['le']),
    );
    const [count, sum] = ['_count', '_sum'].map((wanted) => group.find(({ suffix }) => suffix === wanted)?.value);
    const grows = (list: readonly number[]): boolean =>
      list.every((each, at) => at === 0 || each >= (list[at - 1] ?? 0));
    if (!grows(counts) || !grows(bounds)) throw new Error(`${series}: buckets that do not grow`);
    if (bounds.at(-1) !== Number.POSITIVE_INFINITY) throw new Error(`${series}: no bucket +Inf`);
    if (counts.at(-1) !== count || sum === undefined)
      throw new Error(`${series}: the count is not that of its buckets`);
  }
}

function groupBy<T>(list: readonly T[], keyOf: (each: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const each of list) groups.set(keyOf(each), [...(groups.get(keyOf(each)) ?? []), each]);
  return groups;
}

/** What has been added since an earlier scrape, of series whose name begins so; those without a change are missing. */
export function growth(before: Scrape, after: Scrape, prefix: string): Readonly<Record<string, number>> {
  const changed = [...after].flatMap(([series, value]) => {
    const more = value - (before.get(series) ?? 0);
    return series.startsWith(prefix) && more !== 0 ? [[series.slice(prefix.length), more] as const] : [];
  });
  return Object.fromEntries(changed);
}
