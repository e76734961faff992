import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Engine, engines } from '../support/database.ts';
import { growth, parseMetrics, type Scrape } from '../support/parse-metrics.ts';
import { type RecordingLog, recordingLog } from '../support/recording-log.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const token = 'token-of-these-tests.1234567890';
const requests = 'mshr_hcmrecruitingrequestentities';
const candidates = 'mshr_hcmcandidatetohireentities';

describe.each(engines)('metrics on %s', (engine: Engine) => {
  let server: TestServer;
  let log: RecordingLog;
  beforeAll(async () => {
    log = recordingLog();
    const settings = { PORTVAKT_METRICS_TOKEN: token, PORTVAKT_METRICS_ADDRESS: '127.0.0.1:0' };
    server = await startTestServer(engine, settings, log);
  });
  afterAll(() => server.close());

  const read = () => server.ask('/metrics', { token });
  /** Once all that was answered before is counted: the answer goes out a moment earlier. */
  const scrape = async (): Promise<Scrape> => {
    await new Promise((resolve) => setTimeout(resolve, 30));
    return parseMetrics((await read()).text).scrape;
  };

  test('each request is counted once, where it was answered and by the gate that refused it', async () => {
    const as = (who: 'ats' | 'stranger' | 'unlinked' | 'reader' | 'roleless') => server.token(who);
    await Promise.all((['ats', 'stranger', 'unlinked', 'reader', 'roleless'] as const).map(as));
    const before = await scrape();
    for (let at = 0; at < 3; at++) expect((await server.api(`${requests}?$top=1`)).status).toBe(200);
    expect((await server.api('WhoAmI')).status).toBe(200);
    expect((await server.api(requests, { as: 'stranger' })).status).toBe(403);
    expect((await server.api(requests, { as: 'roleless' })).status).toBe(403);
    expect(
      (await server.api(candidates, { as: 'reader', method: 'POST', body: { mshr_firstname: 'Kari' } })).status,
    ).toBe(403);
    expect((await server.api(requests, { as: 'unlinked' })).status).toBe(400);
    expect((await server.api('no_such_set_as_this')).status).toBe(404);
    expect((await server.ask('/api/data/v9.2/WhoAmI')).status).toBe(401);
    const form = 'grant_type=client_credentials&client_secret=wrong&scope=https://graph.microsoft.com/.default';
    const refused = await server.ask(`${server.env.AUTHORITY_URL}/oauth2/v2.0/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `${form}&client_id=${server.env.CLIENT_ID}`,
    });
    expect(refused.status).toBe(401);
    const after = await scrape();
    const grown = (name: string) => growth(before, after, name);
    const route = 'method="GET",route="web-api",status';
    expect(grown('portvakt_http_requests_total')).toEqual({
      [`{${route}="200"}`]: 4,
      [`{${route}="403"}`]: 2,
      [`{${route}="400"}`]: 1,
      [`{${route}="404"}`]: 1,
      [`{${route}="401"}`]: 1,
      '{method="POST",route="web-api",status="403"}': 1,
      '{method="POST",route="token",status="401"}': 1,
      '{method="GET",route="metrics",status="200"}': 1,
    });
    expect(grown('portvakt_http_request_duration_seconds_count')).toEqual({
      '{route="web-api"}': 10,
      '{route="token"}': 1,
      '{route="metrics"}': 1,
    });
    const [request, candidate] = ['mshr_hcmrecruitingrequestentity', 'mshr_hcmcandidatetohireentity'];
    expect(grown('portvakt_operations_total')).toEqual({
      [`{kind="read",outcome="allowed",surface="web-api",table="${request}"}`]: 3,
      [`{kind="read",outcome="denied",surface="web-api",table="${request}"}`]: 3,
      [`{kind="change",outcome="denied",surface="web-api",table="${candidate}"}`]: 1,
      '{kind="read",outcome="allowed",surface="web-api",table=""}': 1,
      '{kind="read",outcome="failed",surface="web-api",table=""}': 1,
      '{kind="read",outcome="denied",surface="web-api",table=""}': 1,
      '{kind="token",outcome="denied",surface="token",table=""}': 1,
    });
    expect(grown('portvakt_gate_decisions_total')).toEqual({
      '{decision="passed",gate="one"}': 5,
      '{decision="refused",gate="one"}': 3,
      '{decision="passed",gate="two"}': 3,
      '{decision="refused",gate="two"}': 1,
      '{decision="refused",gate="authenticate"}': 1,
      '{decision="refused",gate="token"}': 1,
    });
    expect(grown('portvakt_refusals_total')).toMatchObject({
      '{code="0x80072560",condition="application-user",stage="user",surface="web-api"}': 1,
      '{code="0x80042f09",condition="roles",stage="table",surface="web-api"}': 1,
      '{code="0x80040265",condition="application-link",stage="link",surface="web-api"}': 1,
      '{code="7000215",condition="credential",stage="token",surface="token"}': 1,
    });
    expect(grown('portvakt_tokens_total')).toEqual({ '{code="7000215",outcome="denied"}': 1 });
    expect(grown('portvakt_sql_duration_seconds_count')['{kind="read",outcome="done"}']).toBe(3);
    expect(Object.keys(grown('portvakt_operation_duration_seconds_count'))).toHaveLength(4);
  });

  test('a batch is one request, and each of its parts an operation, also those that are kept together', async () => {
    const before = await scrape();
    const part = (path: string) => `--b\r\nContent-Type: application/http\r\n\r\nGET ${path} HTTP/1.1\r\n\r\n\r\n`;
    const change = (id: number) =>
      `--c\r\nContent-Type: application/http\r\nContent-ID: ${id}\r\n\r\nPOST /api/data/v9.2/${candidates} HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{"mshr_firstname":"Kari","mshr_lastname":"Dahl"}\r\n`;
    const set = `--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n${change(1)}${change(2)}--c--\r\n`;
    const answer = await server.api('$batch', {
      method: 'POST',
      headers: { 'content-type': 'multipart/mixed; boundary=b' },
      body: `${part(`/api/data/v9.2/${requests}?$top=1`)}${set}--b--\r\n`,
    });
    expect(answer.text.match(/HTTP\/1\.1 20\d/g)).toHaveLength(3);
    const after = await scrape();
    expect(growth(before, after, 'portvakt_operations_total')).toEqual({
      '{kind="read",outcome="allowed",surface="web-api",table="mshr_hcmrecruitingrequestentity"}': 1,
      '{kind="change",outcome="allowed",surface="web-api",table="mshr_hcmcandidatetohireentity"}': 2,
      '{kind="read",outcome="allowed",surface="web-api",table=""}': 1,
    });
    expect(
      growth(before, after, 'portvakt_sql_duration_seconds_count')['{kind="commit",outcome="done"}'],
    ).toBeGreaterThan(0);
  });

  test('the time of one decision in sixteen is taken, of either gate', async () => {
    const before = await scrape();
    for (let at = 0; at < 16; at++) await server.api(`${requests}?$top=1`);
    expect(growth(before, await scrape(), 'portvakt_gate_duration_seconds_count')).toEqual({
      '{decision="passed",gate="one"}': 1,
      '{decision="passed",gate="two"}': 1,
    });
  });

  test('nothing that a client writes becomes a label, and no id', async () => {
    const word = 'Ola-Nordmann-13097248022';
    for (const path of [
      `/${word}`,
      `/api/data/v9.2/${word}`,
      `/data/${word}`,
      `/v1.0/${word}`,
      `/portvakt/v1/${word}`,
      `/app/${word}`,
    ])
      await server.ask(path, { as: 'admin', method: 'GET' });
    await server.ask('/metrics', { method: 'BREW', token }).catch(() => undefined);
    const { text } = await read();
    expect(text).not.toContain(word);
    expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/);
  });

  test('keys, connections, memory and the event loop are told as they are', async () => {
    const now = await scrape();
    expect(now.get('portvakt_signing_keys{turn="current"}')).toBe(1);
    expect(now.get('portvakt_signing_keys{turn="retired"}')).toBe(0);
    expect(now.get('portvakt_signing_key_age_seconds{turn="current"}')).toBeGreaterThan(0);
    expect(now.get('portvakt_http_requests_in_flight')).toBe(1);
    expect(now.get('portvakt_databases')).toBe(2);
    expect(now.get('portvakt_database_connections_max')).toBe(engine === 'postgres' ? 16 : 2);
    expect(now.get('portvakt_database_waiting')).toBe(0);
    expect(now.get('portvakt_audit_writable')).toBe(1);
    expect(now.get('process_resident_memory_bytes')).toBeGreaterThan(50e6);
    expect(now.get('portvakt_event_loop_lag_seconds_count')).toBeGreaterThan(0);
  });

  test('they have an address of their own, with the same token', async () => {
    const url = String(log.lines.find(({ message }) => message === 'metrics')?.fields['url']);
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(url, { headers });
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(parseMetrics(await answer.text()).families.size).toBeGreaterThan(20);
    expect((await fetch(url)).status).toBe(401);
    expect((await fetch(new URL('/api/data/v9.2/WhoAmI', url), { headers })).status).toBe(404);
  });
});
