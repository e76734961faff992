import { request as httpsRequest } from 'node:https';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engines } from '../support/database.ts';
import { localLookup } from '../support/local-lookup.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

describe.each(engines)('traffic on %s', (engine) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer(engine, { PORTVAKT_LIMITS: 'on' });
  });
  afterAll(() => server.close());

  /** Reads until what came matches, then goes away. */
  async function readUntil(pattern: RegExp, meanwhile: () => Promise<unknown>): Promise<string> {
    const token = await server.token('admin');
    return new Promise((resolve, reject) => {
      const options = { ca: server.ca, lookup: localLookup, headers: { authorization: `Bearer ${token}` } };
      const request = httpsRequest(`${server.url}/portvakt/v1/traffic`, options, (response) => {
        expect(response.statusCode).toBe(200);
        expect(response.headers['content-type']).toBe('text/event-stream; charset=utf-8');
        let text = '';
        response.on('data', (chunk: Buffer) => {
          if (text === '') meanwhile().catch(reject);
          text += chunk.toString();
          if (!pattern.test(text)) return;
          request.destroy();
          resolve(text);
        });
      });
      request.on('error', (error) => (request.destroyed ? undefined : reject(error)));
      request.end();
    });
  }

  test('an administrator sees requests as they come, and rates with the limits used, and nothing of what was in them', async () => {
    const text = await readUntil(/event: rates\n.*"requests":[1-9]/, async () => {
      const body = { mshr_firstname: 'Solveig', mshr_lastname: 'Dahl' };
      await server.api('mshr_hcmcandidatetohireentities', { method: 'POST', body });
      await server.api("mshr_hcmrecruitingrequestentities?$filter=mshr_description eq 'Solveig'", { as: 'roleless' });
    });
    expect(text).toMatch(/event: request\ndata: .*"table":"mshr_hcmcandidatetohireentity"/);
    expect(text).toMatch(/"outcome":"denied".*"condition":"roles","gate":1/);
    expect(text).toMatch(/"limits":\[\{"userId":"[0-9a-f-]{36}","requests":[1-9]/);
    expect(text).not.toMatch(/Solveig|Dahl|description/);
  });

  test('nobody else does', async () => {
    expect((await server.ask('/portvakt/v1/traffic', { as: 'ats' })).status).toBe(403);
    expect((await server.ask('/portvakt/v1/traffic')).status).toBe(401);
  });
});
