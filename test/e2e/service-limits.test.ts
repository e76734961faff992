import { request as httpsRequest } from 'node:https';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { silentLog } from '../../src/kernel/log.ts';
import { batchHeaders, readBatch, single, writeBatch } from '../support/batch.ts';
import type { Answer } from '../support/client.ts';
import { anyEngine, engines } from '../support/database.ts';
import { localLookup } from '../support/local-lookup.ts';
import { bodyOf, errorOf } from '../support/odata.ts';
import { entryOf } from '../support/read-audit.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const burst = 'x-ms-ratelimit-burst-remaining-xrm-requests';
const time = 'x-ms-ratelimit-time-remaining-xrm-requests';
const candidates = 'mshr_hcmcandidatetohireentities';
const person = { mshr_firstname: 'Kari', mshr_lastname: 'Nordmann', mshr_dataareaid: 'usmf' };

describe.each(engines)('service-protection limits at a hundredth on %s', (engine) => {
  let server: TestServer;
  /** Milliseconds that the server's clock is ahead, and that it goes on each time it is read. */
  let ahead = 0;
  let stride = 0;
  const clock = (): Date => {
    ahead += stride;
    return new Date(Date.now() + ahead);
  };
  beforeAll(async () => {
    server = await startTestServer(engine, { PORTVAKT_LIMITS: '0.01' }, silentLog, clock);
  });
  afterAll(() => server.close());
  beforeEach(() => {
    stride = 0;
    ahead += 300_000;
  });

  const left = (answer: Answer) => Number(answer.headers[burst]);

  test('setting up the demo took nothing from its administrator', async () => {
    expect(left(await server.api('WhoAmI', { as: 'admin' }))).toBe(59);
  });

  test('what is left stands on answers, on refusals of both gates and of the parser, and not on a 401', async () => {
    const answers = [
      await server.api('WhoAmI'),
      await server.api('mshr_hcmjobentities?$top=1'),
      await server.api('mshr_hcmjobentities?$filter=('),
      await server.api('nothing'),
      await server.api(candidates, { method: 'POST', body: {} }),
    ];
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 400, 404, 400]);
    expect(answers.map(left)).toEqual([59, 58, 57, 56, 55]);
    expect(answers.every((answer) => /^1[12]\.\d\d$/.test(answer.headers[time] ?? ''))).toBe(true);
    expect((await server.api('WhoAmI', { as: 'stranger' })).headers[burst]).toBeUndefined();
    expect((await server.ask('/api/data/v9.2/WhoAmI')).headers[burst]).toBeUndefined();
  });

  test('the sixty-first request in five minutes is refused, with its entry in the audit log, and no other user is', async () => {
    for (let sent = 0; sent < 60; sent++) expect((await server.api('WhoAmI')).status).toBe(200);
    const answer = await server.api('mshr_hcmjobentities');
    const message = 'Number of requests exceeded the limit of 60 over time window of 300 seconds.';
    expect(errorOf(answer)).toEqual({ status: 429, code: '0x80072322', message });
    expect(left(answer)).toBe(0);
    const wait = answer.headers['retry-after'] ?? '';
    expect(wait).toMatch(/^\d+$/);
    expect(await entryOf(server, answer.headers['req_id'])).toMatchObject({
      kind: 'read',
      outcome: 'denied',
      stage: 'limit',
      status: 429,
      code: '0x80072322',
      reason: message,
      clientId: server.env.CLIENT_ID,
      userId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect((await server.api('WhoAmI', { as: 'reader' })).status).toBe(200);
    expect((await server.data('SecurityRoles')).status).toBe(200);
    ahead += Number(wait) * 1000;
    expect((await server.api('WhoAmI')).status).toBe(200);
  });

  test('a batch counts as one request, and its parts have no headers of their own', async () => {
    const parts = Array.from({ length: 100 }, () => ({ url: 'WhoAmI' }));
    const answer = await server.api('$batch', { method: 'POST', headers: batchHeaders(), body: writeBatch(parts) });
    expect(left(answer)).toBe(59);
    const answered = readBatch(answer).map(single);
    expect(answered.map((part) => part.status)).toEqual(parts.map(() => 200));
    expect(answered.filter((part) => part.headers[burst] !== undefined)).toEqual([]);
  });

  test('a batch that is refused is carried out in no part', async () => {
    for (let sent = 0; sent < 60; sent++) await server.api('WhoAmI');
    const name = `Nobody ${engine}`;
    const part = { method: 'POST', url: candidates, body: { ...person, mshr_lastname: name } };
    const answer = await server.api('$batch', { method: 'POST', headers: batchHeaders(), body: writeBatch([part]) });
    expect(answer.status).toBe(429);
    expect(errorOf(answer).code).toBe('0x80072322');
    const found = await server.api(`${candidates}?$filter=mshr_lastname%20eq%20'${encodeURIComponent(name)}'`, {
      as: 'admin',
    });
    expect(bodyOf(found)['value']).toEqual([]);
  });

  test('requests that took more than twelve seconds together are followed by a refusal', async () => {
    stride = 13_000;
    expect((await server.api('WhoAmI')).status).toBe(200);
    stride = 0;
    const answer = await server.api('WhoAmI');
    expect(answer.status).toBe(429);
    expect(errorOf(answer).code).toBe('0x80072321');
    expect(errorOf(answer).message).toMatch(/exceeded limit of 12,000 milliseconds over time window of 300 seconds\./);
    expect(answer.headers[time]).toBe('0.00');
    ahead += Number(answer.headers['retry-after']) * 1000;
    expect((await server.api('WhoAmI')).status).toBe(200);
  });

  test('while a long request runs another is refused, and then there is room again', async () => {
    // Lists of two sets in their order: long on a fast machine too.
    const list = 'mshr_hcmcandidatetohireentities?$orderby=mshr_lastname&$expand=mshr_FK_Person_id';
    const parts = Array.from({ length: 1000 }, () => ({ url: list }));
    const long = server.api('$batch', { method: 'POST', headers: batchHeaders(), body: writeBatch(parts) });
    const answers: Answer[] = [];
    while (answers.length < 40 && answers.at(-1)?.status !== 429) answers.push(await server.api('WhoAmI'));
    // Where it came while another ran, the long one is the refused one.
    const refused = [...answers, await long].filter((answer) => answer.status === 429);
    expect(refused.length).toBeGreaterThan(0);
    for (const answer of refused) {
      const message = 'Number of concurrent requests exceeded the limit of 1.';
      expect(errorOf(answer)).toEqual({ status: 429, code: '0x80072326', message });
      expect(answer.headers['retry-after']).toBe('1');
    }
    expect((await server.api('WhoAmI')).status).toBe(200);
  });

  test('clients that went away leave their places', async () => {
    const token = await server.token('ats');
    const leave = () =>
      new Promise<void>((resolve) => {
        const sent = httpsRequest(`${server.url}/api/data/v9.2/${candidates}`, {
          method: 'POST',
          ca: server.ca,
          lookup: localLookup,
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        });
        sent.on('error', () => undefined);
        sent.on('close', resolve);
        sent.end(JSON.stringify(person), () => setTimeout(() => sent.destroy(), 1));
      });
    await Promise.all(Array.from({ length: 10 }, leave));
    const deadline = Date.now() + 5000;
    let status = 0;
    while (status !== 200 && Date.now() < deadline) status = (await server.api('WhoAmI')).status;
    expect(status).toBe(200);
  });
});

describe('without limits', () => {
  test('nothing is counted and nothing said', async () => {
    const server = await startTestServer(anyEngine);
    try {
      const { status, headers } = await server.api('WhoAmI');
      expect({ status, burst: headers[burst], time: headers[time] }).toEqual({ status: 200 });
    } finally {
      await server.close();
    }
  });
});
