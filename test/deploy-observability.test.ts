import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { familiesOfReplicas } from '../src/begin-metrics.ts';
import { renderText } from '../src/metrics/text-format.ts';
import { familiesOfWorkers } from '../src/serve-metrics.ts';
import { parseMetrics } from './support/parse-metrics.ts';
import { root } from './support/process.ts';
import { parsePromql } from './support/promql.ts';
import { startTestServer } from './support/server.ts';

const read = (path: string): string => readFileSync(join(root, path), 'utf8');

interface Dashboard {
  readonly panels: readonly {
    readonly id: number;
    readonly title: string;
    readonly targets?: readonly { readonly expr: string }[];
  }[];
  readonly templating: { readonly list: readonly { readonly name: string }[] };
}

interface Rules {
  readonly groups: readonly {
    readonly rules: readonly {
      readonly alert: string;
      readonly expr: string;
      readonly labels: Readonly<Record<string, string>>;
      readonly annotations: Readonly<Record<string, string>>;
    }[];
  }[];
}

const dashboard = JSON.parse(read('deploy/grafana/portvakt.json')) as Dashboard;
const rules = (parse(read('deploy/prometheus/alerts.yaml')) as Rules).groups.flatMap((group) => group.rules);

/** Grafana fills its own variables in before it asks. */
const filledIn = (expr: string): string => expr.replaceAll('$__rate_interval', '5m').replaceAll('$instance', '.*');
const ofPanels = dashboard.panels.flatMap(({ title, targets = [] }) =>
  targets.map(({ expr }) => [title, filledIn(expr)] as const),
);
const ofAlerts = rules.map(({ alert, expr }) => [alert, expr] as const);
const expressions = [...ofPanels, ...ofAlerts];

/** Labels that Prometheus itself adds to what it has read, and those of a histogram and of a server with workers. */
const addedLabels = ['job', 'instance', 'worker', 'le'];

/** Of a server on PostgreSQL that has one; the one here has none. */
const replica = { served: 1, behind: 1, failed: 1, isUsed: true };

/** What a server tells after requests that were answered and refused: its metrics with their labels and values. */
let metrics: Map<string, Map<string, Set<string>>>;

beforeAll(async () => {
  const token = 'token-of-these-tests.1234567890';
  const server = await startTestServer('sqlite', { PORTVAKT_METRICS_TOKEN: token });
  await server.api('mshr_hcmrecruitingrequestentities?$top=1');
  await server.api('mshr_hcmrecruitingrequestentities', { as: 'roleless' });
  await server.api('mshr_hcmrecruitingrequestentities', { as: 'unlinked' });
  await server.api('mshr_hcmcandidatetohireentities', {
    method: 'POST',
    body: { mshr_firstname: 'Kari', mshr_lastname: 'Dahl' },
  });
  for (let at = 0; at < 16; at++) await server.api('mshr_hcmskillentities?$top=1');
  // The event loop is looked at ten times a second.
  let text = '';
  while (!text.includes('_lag_seconds_bucket')) ({ text } = await server.ask('/metrics', { token }));
  await server.close();
  const families = [
    ...parseMetrics(text).families.values(),
    ...parseMetrics(renderText(familiesOfWorkers(new Map(), 1))).families.values(),
    ...parseMetrics(renderText(familiesOfReplicas([replica]))).families.values(),
  ];
  metrics = new Map();
  for (const { name, samples } of families)
    for (const { suffix, labels } of samples) {
      const known = metrics.get(name + suffix) ?? new Map<string, Set<string>>();
      for (const [label, value] of Object.entries(labels)) known.set(label, (known.get(label) ?? new Set()).add(value));
      metrics.set(name + suffix, known);
    }
});

describe('the dashboard and the alerts', () => {
  test('ask for something', () => {
    expect(ofPanels.length).toBeGreaterThan(30);
    expect(ofAlerts.length).toBeGreaterThan(12);
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
  });

  test.each(expressions)('%s: %s is PromQL, of metrics and labels that there are', (_, expr) => {
    const { errors, asked, grouping } = parsePromql(expr);
    expect(errors).toEqual([]);
    expect(asked.length).toBeGreaterThan(0);
    const own = asked.filter(({ metric }) => metric !== 'up');
    expect(own.map(({ metric }) => metric).filter((metric) => !metrics.has(metric))).toEqual([]);
    const unknown = own.flatMap(({ metric, labels }) =>
      labels.filter((label) => !addedLabels.includes(label) && metrics.get(metric)?.has(label) !== true),
    );
    expect(unknown).toEqual([]);
    const all = new Set([...addedLabels, ...own.flatMap(({ metric }) => [...(metrics.get(metric)?.keys() ?? [])])]);
    expect(grouping.filter((label) => !all.has(label))).toEqual([]);
  });

  test.each(rules)('$alert says what is wrong, how bad it is, and what to do', ({ labels, annotations, expr }) => {
    expect(labels['severity']).toMatch(/^(?:critical|warning|info)$/);
    expect(annotations['fix']?.length).toBeGreaterThan(30);
    const named = [...(annotations['summary'] ?? '').matchAll(/\$labels\.(\w+)/g)].map(([, label = '']) => label);
    const { asked, grouping } = parsePromql(expr);
    const labelsOf = (metric: string) => [...(metrics.get(metric)?.keys() ?? [])];
    const left = grouping.length > 0 ? grouping : [...addedLabels, ...asked.flatMap(({ metric }) => labelsOf(metric))];
    expect(named.filter((label) => !left.includes(label))).toEqual([]);
  });

  test('a metric or label that is not there, and what is no PromQL, is noticed', () => {
    expect(parsePromql('sum(rate(portvakt_http_requests_total[5m])').errors).not.toEqual([]);
    expect(parsePromql('sum by (tabel) (nothing{of="it"})')).toEqual({
      errors: [],
      asked: [{ metric: 'nothing', labels: ['of'] }],
      grouping: ['tabel'],
    });
  });
});

test('docs/observability.md has every metric with its labels, and no other', () => {
  const listed = read('docs/observability.md')
    .split('\n')
    .filter((line) => /^\| `(?:portvakt|process|nodejs)_/.test(line))
    .flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name ?? ''));
  const told = new Set([...metrics.keys()].map((name) => name.replace(/_(?:bucket|sum|count)$/, '')));
  expect(listed.sort()).toEqual([...told].sort());
});
