import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseTraceParent } from '../../src/tracing/traceparent.ts';
import { anyEngine, engines } from '../support/database.ts';
import { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from '../support/otlp-receiver.ts';
import { root } from '../support/process.ts';
import { recordingLog } from '../support/recording-log.ts';
import { startTestServer } from '../support/server.ts';

const requests = 'mshr_hcmrecruitingrequestentities';
const candidates = 'mshr_hcmcandidatetohireentities';
const callerSpan = '00f067aa0ba902b7';
/** A trace of a caller for each thing that is tried. */
const traces = {
  read: '11111111111111111111111111111111',
  unsampled: '22222222222222222222222222222222',
  refused: '33333333333333333333333333333333',
  created: '44444444444444444444444444444444',
  createdToo: '55555555555555555555555555555555',
};
const sent = (trace: string, flags = '01') => ({ traceparent: `00-${trace}-${callerSpan}-${flags}` });

describe.each(engines)('traces on %s', (engine) => {
  let receiver: OtlpReceiver;
  let spans: readonly ReceivedSpan[];
  const log = recordingLog();
  const of = (trace: string, name?: string) =>
    spans.filter((span) => span.traceId === trace && (name === undefined || span.name === name));

  beforeAll(async () => {
    receiver = await startOtlpReceiver();
    const server = await startTestServer(
      engine,
      { PORTVAKT_TRACES_URL: receiver.url, PORTVAKT_TRACES_SHARE: '0' },
      log,
    );
    const create = (headers: Record<string, string>, name: string) =>
      server.api(candidates, { method: 'POST', headers, body: { mshr_firstname: name, mshr_lastname: 'Dahl' } });
    expect((await server.api(`${requests}?$top=1`, { headers: sent(traces.read) })).status).toBe(200);
    expect((await server.api(`${requests}?$top=2`, { headers: sent(traces.unsampled, '00') })).status).toBe(200);
    expect((await server.api(requests, { headers: sent(traces.refused), as: 'roleless' })).status).toBe(403);
    expect((await server.api('WhoAmI', { headers: { traceparent: '00-no-trace-01' } })).status).toBe(200);
    const made = await Promise.all([create(sent(traces.created), 'Kari'), create(sent(traces.createdToo), 'Ola')]);
    expect(made.map(({ status }) => status)).toEqual([204, 204]);
    await server.close();
    spans = receiver.spans();
  });
  afterAll(() => receiver.close());

  test("a read is a span of the caller's trace; both gates and the statement are parts of it", () => {
    const [request] = of(traces.read, 'GET web-api');
    expect(request).toMatchObject({
      parentSpanId: callerSpan,
      kind: 2,
      attributes: {
        'http.request.method': 'GET',
        'http.route': 'web-api',
        'http.response.status_code': 200,
        'portvakt.table': 'mshr_hcmrecruitingrequestentity',
        'portvakt.outcome': 'allowed',
      },
    });
    const parts = of(traces.read).filter((span) => span !== request);
    expect(parts.map(({ name }) => name).sort()).toEqual(['SQL read', 'gate one', 'gate two']);
    for (const part of parts) {
      expect(part.parentSpanId).toBe(request?.spanId);
      // The clocks of spans that are begun and those that are told differ by less than this.
      expect(part.start).toBeGreaterThan((request?.start ?? 0n) - 2_000_000n);
      expect(part.end).toBeLessThan((request?.end ?? 0n) + 2_000_000n);
    }
    const [statement] = of(traces.read, 'SQL read');
    expect(statement?.attributes['db.query.text']).toMatch(/^select .*mshr_hcmrecruitingrequestentity/is);
    expect(statement?.attributes['db.system.name']).toBe(engine === 'postgres' ? 'postgresql' : 'sqlite');
  });

  test('what the caller does not record, and what is no header of a trace, is not recorded at a share of 0', () => {
    expect(of(traces.unsampled)).toEqual([]);
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(4);
  });

  test('a refusal says which gate and condition it was, in the span and in the log', () => {
    expect(of(traces.refused, 'GET web-api')[0]?.attributes).toMatchObject({
      'http.response.status_code': 403,
      'portvakt.stage': 'table',
      'portvakt.condition': 'roles',
      'portvakt.code': '0x80042f09',
    });
    expect(of(traces.refused, 'gate one')[0]?.attributes['portvakt.decision']).toBe('refused');
    expect(of(traces.refused, 'gate two')).toEqual([]);
    expect(log.lines.filter(({ fields }) => fields['trace'] === traces.refused).map(({ level }) => level)).toContain(
      'info',
    );
  });

  test('writes that go into the database together are parts of their own requests', () => {
    const count = (trace: string) => of(trace, 'SQL write').length;
    expect(count(traces.created)).toBeGreaterThan(1);
    expect(count(traces.created)).toBe(count(traces.createdToo));
  });

  test('no value of a row is in what was sent', () => {
    expect(receiver.bodies.join('')).not.toMatch(/Kari|Dahl/);
    expect(receiver.bodies.join('')).not.toContain('USMF-0');
  });
});

test('a collector that is gone disturbs neither requests nor the stop', async () => {
  const server = await startTestServer(anyEngine, { PORTVAKT_TRACES_URL: 'http://127.0.0.1:9/v1/traces' });
  expect((await server.api('WhoAmI')).status).toBe(200);
  const before = performance.now();
  await server.close();
  expect(performance.now() - before).toBeLessThan(8000);
});

test.each([
  [`00-${traces.read}-${callerSpan}-01`, true],
  [`00-${traces.read}-${callerSpan}-00`, false],
  [`cc-${traces.read}-${callerSpan}-01-later`, true],
  [`ff-${traces.read}-${callerSpan}-01`, undefined],
  [`00-${traces.read}-${callerSpan}-01-more`, undefined],
  [`00-${'0'.repeat(32)}-${callerSpan}-01`, undefined],
  [`00-${traces.read}-${'0'.repeat(16)}-01`, undefined],
  [`00-${traces.read.toUpperCase().replaceAll('1', 'A')}-${callerSpan}-01`, undefined],
  ['', undefined],
])('traceparent %s', (header, isSampled) => expect(parseTraceParent(header)?.isSampled).toBe(isSampled));

test('without a collector nothing of the libraries is loaded', () => {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const loading = files.flatMap((file) =>
    readFileSync(join(root, 'src', file), 'utf8')
      .split('\n')
      .filter((line) => /^import (?!type\b).*(@opentelemetry|\/tracing\/tracing\.ts)/.test(line))
      .map((line) => `${file}: ${line}`),
  );
  expect(loading).toEqual([]);
});
