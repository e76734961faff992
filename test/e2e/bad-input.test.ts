import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { httpLimits } from '../../src/http/http-limits.ts';
import type { Answer } from '../support/client.ts';
import { engines } from '../support/database.ts';
import { errorOf, query, rowsOf } from '../support/odata.ts';
import { root } from '../support/process.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import {
  bodies,
  candidates,
  contentTypes,
  json,
  methods,
  notBuilt,
  person,
  type Row,
  requests,
  table,
  urls,
} from './bad-input-rows.ts';

describe.each(engines)('bad input on %s', (engine) => {
  let server: TestServer;
  let ids: Record<string, string>;
  beforeAll(async () => {
    server = await startTestServer(engine);
    const idOf = async (path: string, column: string): Promise<string> =>
      String(rowsOf(await server.api(path, { as: 'admin' }))[0]?.[column]);
    ids = {
      candidate: await idOf(`${candidates}?$top=1&$select=mshr_candidateid`, `${table}id`),
      request: await idOf(`${requests}?$top=1&$select=mshr_status`, 'mshr_hcmrecruitingrequestentityid'),
      role: await idOf(`roles?${query({ $filter: "name eq 'Rekrutteringsintegrasjon'" })}`, 'roleid'),
      privilege: await idOf(`privileges?${query({ $filter: `name eq 'prvRead${table}'` })}`, 'privilegeid'),
    };
  });
  afterAll(() => server.close());

  /** Everything that a refused request could have changed. */
  const written = async (): Promise<string> => {
    const counts = [candidates, requests, 'mshr_dirpersonentities'].map((set) => server.api(`${set}/$count`));
    const row = server.api(`${candidates}(${ids['candidate']})`);
    const role = server.api(`RetrieveRolePrivilegesRole(RoleId=${ids['role']})`, { as: 'admin' });
    return (await Promise.all([...counts, row, role])).map(({ text }) => text).join('\n');
  };

  const expectRefused = async ({ path, says: [status, code, message], ...ask }: Omit<Row, 'name'>): Promise<void> => {
    const before = await written();
    const answer = await server.api(
      path.replace(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? ''),
      ask,
    );
    const error = errorOf(answer);
    expect(error).toMatchObject({ status, code });
    if (typeof message === 'string') expect(error.message).toBe(message);
    else expect(error.message).toMatch(message);
    expectOwnWords(answer);
    expect(await written()).toBe(before);
  };

  const expectOwnWords = (answer: Answer): void => {
    expect(answer.headers['content-type']).toBe('application/json; odata.metadata=minimal');
    const everything = `${answer.text} ${JSON.stringify(answer.headers)}`;
    expect(everything).not.toMatch(/\bat \S+ \(|\.[jt]s:\d|node_modules|node:|file:\/\//);
    for (const place of [root, server.dataFolder]) expect(everything).not.toContain(place);
  };

  describe('a body that is refused', () => {
    test.each(bodies)('$name', (row) => expectRefused(row));
  });
  describe('an URL that is refused', () => {
    test.each(urls)('$name', (row) => expectRefused(row));
  });
  describe('a method that is refused', () => {
    test.each(methods)('$name', (row) => expectRefused(row));
  });
  describe('a content type that is refused', () => {
    test.each(contentTypes)('$name', (row) => expectRefused(row));
  });
  describe('what is not built answers 501', () => {
    test.each(notBuilt)('$name', (row) => expectRefused(row));
  });

  test.each([
    { name: 'declared', headers: {} },
    { name: 'in chunks', headers: { 'transfer-encoding': 'chunked' } },
  ])('a body over the limit, $name: 413', async ({ headers }) => {
    const body = JSON.stringify({ ...person, mshr_comments: 'x'.repeat(httpLimits.body) });
    const says: Row['says'] = [413, '0x80040216', `the request body is larger than ${httpLimits.body} bytes`];
    await expectRefused({ path: candidates, method: 'POST', body, headers: { ...json, ...headers }, says });
  });

  test('a host that no environment has: 404, whatever the token', async () => {
    const says: Row['says'] = [404, '0x8006088a', "no environment is served under the host name 'other.example'"];
    await expectRefused({ path: 'WhoAmI', headers: { host: 'other.example' }, says });
    const answer = await server.ask('/data/SystemUsers', { headers: { host: 'other.example' }, as: 'admin' });
    expect(answer.status).toBe(404);
  });

  test.each(['/api/data/v9.9/WhoAmI', '/api/data/v7.0/WhoAmI', '/api/data/'])('%s: no such version', async (path) => {
    const answer = await server.ask(path, { as: 'ats' });
    expect(errorOf(answer)).toMatchObject({ status: 404, code: '0x8006088a' });
    expectOwnWords(answer);
  });
});
