import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engines } from '../support/database.ts';
import { bodyOf } from '../support/odata.ts';
import { runScript } from '../support/run-script.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

type Output = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

describe.each(engines)('unmodified client libraries on %s', (engine) => {
  let server: TestServer;
  let output: Output;
  beforeAll(async () => {
    server = await startTestServer(engine);
    const { code, stdout, stderr } = await runScript(server, 'test/e2e/client-script.mjs');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    output = JSON.parse(stdout) as Output;
  });
  afterAll(() => server.close());

  describe('msal-node', () => {
    test('gets a token for an hour', () => {
      expect(output['tokens']).toMatchObject({ tokenType: 'Bearer' });
      expect(output['tokens']?.['seconds']).toBeGreaterThan(3500);
    });

    test.each([
      { what: 'wrongSecret', code: 'invalid_client', status: 401, says: 'AADSTS7000215' },
      { what: 'unknownClient', code: 'unauthorized_client', status: 400, says: 'AADSTS700016' },
      { what: 'unknownResource', code: 'invalid_resource', status: 400, says: 'AADSTS500011' },
    ])('tells of $what by code, status and AADSTS number', ({ what, code, status, says }) => {
      const failure = output['tokens']?.[what];
      expect(failure).toMatchObject({ name: 'ServerError', code, status });
      expect(failure).toMatchObject({ message: expect.stringContaining(says) });
    });

    test('finds no endpoints for a tenant that there is not', () => {
      expect(output['tokens']?.['unknownTenant']).toMatchObject({ name: 'ClientAuthError', code: expect.any(String) });
      expect(output['tokens']?.['unknownTenant']).not.toHaveProperty('unexpected');
    });
  });

  describe('dynamics-web-api', () => {
    test('reads a page with count, link and formatted values', () => {
      expect(output['page']).toMatchObject({
        rows: 10,
        first: {
          mshr_recruitingrequestid: 'USMF-000001',
          mshr_status_Formatted: 'Active',
        },
      });
      expect(output['page']?.['count']).toBeGreaterThan(10);
      expect(output['page']?.['next']).toContain(`${server.url}/api/data/v9.2/`);
    });

    test('follows the links to the end', () => {
      expect(output['all']).toBe(120);
      expect(output['count']).toBe(120);
    });

    test('reads one row with an expanded one', () => {
      expect(output['request']).toMatchObject({
        mshr_status_Formatted: 'Active',
        mshr_FK_Job_id: { mshr_jobid: 'Project Manager' },
      });
    });

    test('creates, with a bind and with the row in the answer', () => {
      expect(output['created']).toMatch(/^[0-9a-f-]{36}$/);
      expect(output['represented']).toMatchObject({
        mshr_recruitingrequestid: 'USMF-000001',
        mshr_lastname: 'Ærlig',
      });
    });

    test('updates, associates and disassociates', () => {
      expect(output['read']).toMatchObject({ mshr_lastname: 'Ålesund' });
      expect(output['associated']).toMatchObject({ mshr_recruitingrequestid: 'USMF-000001' });
      expect(output['disassociated']).toMatchObject({ mshr_recruitingrequestid: null });
    });

    test.each([
      { what: 'gone', status: 404, code: '0x80040217', says: 'Does Not Exist' },
      { what: 'wrongColumn', status: 400, code: '0x80060888', says: "Could not find a property named 'mshr_nope'" },
    ])('tells of a refusal: $what', ({ what, status, code, says }) => {
      expect(output[what]).toMatchObject({ status, code, message: expect.stringContaining(says) });
    });

    test('learns that its ETag is old', () => {
      expect(output['stale']).toBe(false);
    });

    test('calls a function', async () => {
      expect(output['whoAmI']).toMatchObject({ UserId: bodyOf(await server.api('WhoAmI'))['UserId'] });
    });
  });
});
