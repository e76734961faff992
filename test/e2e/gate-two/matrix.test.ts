import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { silentLog } from '../../../src/kernel/log.ts';
import type { Answer } from '../../support/client.ts';
import { engines } from '../../support/database.ts';
import { bodyOf, createdId, errorOf, rowsOf } from '../../support/odata.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { change, during } from './administer.ts';
import { type MatrixIds, matrixRows, norwegianRows } from './matrix-rows.ts';

/** Makes the rows that the matrix asks about, as the administrator. */
async function prepare(server: TestServer): Promise<MatrixIds> {
  const create = async (path: string, body: unknown) =>
    createdId(await server.api(path, { as: 'admin', method: 'POST', body }));
  const candidate = (lastName: string) =>
    create('mshr_hcmcandidatetohireentities', {
      mshr_dataareaid: 'usmf',
      mshr_firstname: 'Kari',
      mshr_lastname: lastName,
    });
  const [matrix, other] = [await candidate('Matrix'), await candidate('Other')];
  const shown = await server.api(`mshr_hcmcandidatetohireentities(${matrix})?$select=mshr_partynumber`);
  const partyNumber = String(bodyOf(shown)['mshr_partynumber']);
  const types = await server.api('mshr_hcmidentificationtypeentities?$select=mshr_identificationtypeid&$top=1');
  const identification = await create('mshr_hcmpersonidentificationnumberentities', {
    mshr_partynumber: partyNumber,
    mshr_identificationtypeid: rowsOf(types)[0]?.['mshr_identificationtypeid'],
    mshr_identificationnumber: '17057012345',
  });
  return { matrix, other, identification, partyNumber, atsClientId: server.env.CLIENT_ID };
}

/** Steps 9 to 22 of the decision table, each broken and mended again. */
describe.each(engines)('denial matrix of gate two on %s', (engine) => {
  let server: TestServer;
  let ids: MatrixIds;
  beforeAll(async () => {
    server = await startTestServer(engine);
    ids = await prepare(server);
  });
  afterAll(() => server.close());

  const check = (answer: Answer, expected: ReturnType<(typeof matrixRows)[number]['answer']>): void => {
    const { status, code, message, body } = expected;
    expect(answer.status, answer.text).toBe(status);
    if (code !== undefined) expect(errorOf(answer)).toEqual({ status, code, message });
    else expect(bodyOf(answer)).toMatchObject(body as object);
  };

  test.each(matrixRows)('step $step: $name', async ({ given, as = 'ats', ask, answer }) => {
    await during(server.data, given?.(ids) ?? [], async () => {
      const { path, ...options } = ask(ids);
      check(await server.api(path, { as, ...options }), answer(ids));
    });
  });

  test.each(norwegianRows)('in Norwegian: $name', async ({ given, ask, answer }) => {
    const norwegian = change("SystemUsers('RekrutteringIntegrasjon')", { UserInfo_language: 'nb-no' });
    await during(server.data, [norwegian, ...(given?.(ids) ?? [])], async () => {
      const { path, ...options } = ask(ids);
      check(await server.api(path, options), answer(ids));
    });
  });
});

/** Step 20: 500 requests at a hundredth are five; Dataverse's own limit is sixty then. */
describe.each(engines)('step 20: throttling behind the hop on %s', (engine) => {
  let server: TestServer;
  let ahead = 0;
  // Later than the moment in which the secrets of the clients are made: one is not valid before.
  const began = Date.now() + 3_600_000;
  beforeAll(async () => {
    server = await startTestServer(engine, { PORTVAKT_LIMITS: '0.01' }, silentLog, () => new Date(began + ahead));
  });
  afterAll(() => server.close());

  const read = () => server.api('mshr_hcmskillentities?$top=1');
  const throttled = {
    status: 400,
    code: '0x80040265',
    message:
      'A token was obtained to call Finance and Operations, but Finance and Operations returned an error of type 429.',
  };

  test('the sixth request of a user is V4 with Retry-After, until the window has passed', async () => {
    for (let count = 0; count < 5; count++) expect((await read()).status).toBe(200);
    const refused = await read();
    expect(errorOf(refused)).toEqual(throttled);
    expect(refused.headers['retry-after']).toBe('300');
    expect((await server.api('mshr_hcmskillentities?$top=1', { as: 'admin' })).status).toBe(200);
    expect((await server.api('WhoAmI')).status).toBe(200);
    ahead += 300_000;
    expect((await read()).status).toBe(200);
  });

  test('each part of a batch is a request of its own, and a native table none', async () => {
    ahead += 300_000;
    const part = (path: string) =>
      `--b\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\nGET ${path} HTTP/1.1\r\n\r\n\r\n`;
    const parts = [...Array<string>(4).fill('mshr_hcmskillentities?$top=1'), 'cdm_companies?$top=1'];
    const answer = await server.api('$batch', {
      method: 'POST',
      headers: { 'content-type': 'multipart/mixed;boundary=b' },
      body: `${parts.map((path) => part(`/api/data/v9.2/${path}`)).join('')}--b--\r\n`,
    });
    expect([...answer.text.matchAll(/HTTP\/1.1 (\d+)/g)].map(([, status]) => status)).toEqual(Array(5).fill('200'));
    expect((await read()).status).toBe(200);
    expect(errorOf(await read())).toEqual(throttled);
  });

  test('the setting off counts nothing', async () => {
    const unlimited = await startTestServer(engine);
    const answers = [];
    for (let count = 0; count < 10; count++) answers.push((await unlimited.api('mshr_hcmskillentities?$top=1')).status);
    await unlimited.close();
    expect(answers).toEqual(Array(10).fill(200));
  });
});
