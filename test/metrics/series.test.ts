import { describe, expect, test } from 'vitest';
import { joinWorkers } from '../../src/metrics/families.ts';
import { Counter, Histogram } from '../../src/metrics/series.ts';
import { closedMetrics, createMetricsSurface } from '../../src/metrics/surface.ts';
import { renderText } from '../../src/metrics/text-format.ts';
import { parseMetrics } from '../support/parse-metrics.ts';

const head = (name: string, labels: readonly string[]) => ({ name, help: 'a thing', labels });

describe('what is counted', () => {
  test('by its labels, and told in the text format with every special character escaped', () => {
    const counter = new Counter(head('things_total', ['kind']));
    for (const kind of ['a', 'a', 'b"\\\nc']) counter.add(kind);
    const text = renderText([counter.family]);
    expect(text).toBe(
      '# HELP things_total a thing\n# TYPE things_total counter\nthings_total{kind="a"} 2\nthings_total{kind="b\\"\\\\\\nc"} 1\n',
    );
    expect(parseMetrics(text).scrape.size).toBe(2);
  });

  test('never in more than 2,000 series: what comes after is counted together, and nothing is lost', () => {
    const counter = new Counter(head('things_total', ['kind', 'of']));
    for (let at = 0; at < 5000; at++) counter.add(`kind ${at}`, 'x');
    counter.add('kind 0', 'x');
    const { samples } = counter.family;
    expect(samples).toHaveLength(2001);
    expect(samples.find(({ labels }) => labels['kind'] === 'other')).toEqual({
      labels: { kind: 'other', of: 'other' },
      value: 3000,
    });
    expect(samples.find(({ labels }) => labels['kind'] === 'kind 0')?.value).toBe(2);
  });

  test('times, into the first bucket that holds them', () => {
    const times = new Histogram(head('seconds', ['gate']), [0.1, 1]);
    for (const seconds of [0.05, 0.1, 0.5, 7]) times.add(seconds, 'one');
    const { scrape } = parseMetrics(renderText([times.family]));
    expect(Object.fromEntries(scrape)).toEqual({
      'seconds_bucket{gate="one",le="0.1"}': 2,
      'seconds_bucket{gate="one",le="1"}': 3,
      'seconds_bucket{gate="one",le="+Inf"}': 4,
      'seconds_sum{gate="one"}': 7.65,
      'seconds_count{gate="one"}': 4,
    });
  });

  test('by several workers: each number with its worker', () => {
    const [one, two] = [new Counter(head('things_total', ['kind'])), new Counter(head('things_total', ['kind']))];
    one.add('a');
    two.add('a');
    two.add('b');
    const joined = joinWorkers(
      new Map([
        [2, [two.family]],
        [1, [one.family]],
      ]),
    );
    expect(Object.fromEntries(parseMetrics(renderText(joined)).scrape)).toEqual({
      'things_total{kind="a",worker="1"}': 1,
      'things_total{kind="a",worker="2"}': 1,
      'things_total{kind="b",worker="2"}': 1,
    });
  });
});

test.each([
  ['a number that is none', '# HELP a_total x\n# TYPE a_total counter\na_total one\n'],
  ['a series twice', '# HELP a_total x\n# TYPE a_total counter\na_total 1\na_total 2\n'],
  ['a sample of another family', '# HELP a_total x\n# TYPE a_total counter\nb_total 1\n'],
  ['a quote in a label', '# HELP a_total x\n# TYPE a_total counter\na_total{b="c"d"} 1\n'],
  [
    'buckets that shrink',
    '# HELP a x\n# TYPE a histogram\na_bucket{le="1"} 2\na_bucket{le="+Inf"} 1\na_sum 1\na_count 1\n',
  ],
])('the parser of these tests refuses %s', (_, text) => expect(() => parseMetrics(text)).toThrow());

describe('who may read it', () => {
  const token = 'a-token-of-32-characters-or-more';
  const get = (authorization?: string, more: { method?: string; url?: string } = {}) => ({
    ...{ method: 'GET', url: '/metrics', host: 'localhost', body: Buffer.alloc(0) },
    ...more,
    headers: { authorization },
  });
  const surface = createMetricsSurface({ token, collect: async () => [] });
  test.each([
    ['without a token', get(), 401],
    ['with another token', get('Bearer a-token-of-32-characters-or-less'), 401],
    ['with a part of it', get(`Bearer ${token.slice(0, -1)}`), 401],
    ['with it as Basic', get(`Basic ${token}`), 401],
    ['with it in the URL', get(undefined, { url: `/metrics?token=${token}` }), 401],
    ['to post', get(`Bearer ${token}`, { method: 'POST' }), 405],
    ['for something below', get(`Bearer ${token}`, { url: '/metrics/x' }), 404],
    ['with the token', get(`Bearer ${token}`), 200],
  ])('who asks %s', async (_, request, status) => expect((await surface(request)).status).toBe(status));

  test('nobody at the address of the server where no token is set', async () => {
    expect((await closedMetrics(get(`Bearer ${token}`))).status).toBe(403);
  });
});
