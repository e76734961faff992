import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HttpResponse } from '../../src/kernel/http.ts';
import { type FuzzWorld, openFuzzWorld } from '../prove/fuzz/world.ts';

/** What the real Web API documents and Portvakt answers in few words: one request for each (docs/features.md). */
interface Row {
  readonly name: string;
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly says: readonly [status: number, code: string];
}

const nobody = '00000000-0000-4000-8000-000000000001';
const rows: readonly Row[] = [
  {
    name: 'sharing of single columns',
    path: 'principalobjectattributeaccessset',
    says: [404, '0x8006088a'],
  },
  { name: 'the set of all privileges', path: 'RetrievePrivilegeSet()', says: [501, '0x80040315'] },
  {
    name: 'a move to another unit by an action',
    method: 'POST',
    path: `systemusers(${nobody})/Microsoft.Dynamics.CRM.SetBusinessSystemUser`,
    body: {},
    says: [501, '0x80040315'],
  },
  { name: 'linking rows by an action', method: 'POST', path: 'AssociateEntities', body: {}, says: [404, '0x8006088a'] },
  { name: 'a parameter that a function does not have', path: 'WhoAmI(Nothing=1)', says: [404, '0x8006088a'] },
  {
    name: 'a parameter that an action does not have',
    method: 'POST',
    path: 'PublishAllXml',
    body: { Nothing: 1 },
    says: [400, '0x80048d19'],
  },
  { name: 'solutions', path: 'solutions', says: [404, '0x8006088a'] },
  { name: 'workflows', path: 'workflows', says: [404, '0x8006088a'] },
  { name: 'a custom API', method: 'POST', path: 'new_MyCustomApi', body: {}, says: [404, '0x8006088a'] },
  {
    name: 'an action of a plug-in on rows',
    method: 'POST',
    path: `roles(${nobody})/Microsoft.Dynamics.CRM.new_Do`,
    body: {},
    says: [404, '0x8006088a'],
  },
  { name: 'saved queries as rows', path: 'savedqueries', says: [404, '0x8006088a'] },
  {
    name: 'change tracking of a native table',
    path: 'roles',
    headers: { prefer: 'odata.track-changes' },
    says: [501, '0x80060888'],
  },
  { name: 'a delta link', path: 'roles?$deltatoken=1', says: [501, '0x80060888'] },
  { name: 'the content of a file', path: `roles(${nobody})/$value`, says: [404, '0x8006088a'] },
];

describe('at the edges of the Web API', () => {
  let world: FuzzWorld;
  beforeAll(async () => {
    world = await openFuzzWorld(undefined);
  });
  afterAll(() => world.close());

  const ask = ({ method = 'GET', path, headers = {}, body }: Omit<Row, 'name' | 'says'>): Promise<HttpResponse> =>
    world.surface({
      method,
      url: path.startsWith('/') ? path : `/api/data/v9.2/${path}`,
      host: world.host,
      headers: { authorization: `Bearer ${world.tokens.admin}`, 'content-type': 'application/json', ...headers },
      body: Buffer.from(body === undefined ? '' : JSON.stringify(body)),
    });

  test.each(rows)('$name is refused', async (row) => {
    const answer = await ask(row);
    const { error } = JSON.parse(answer.body.toString());
    expect([answer.status, error.code]).toEqual(row.says);
    expect(error.message).not.toBe('');
  });

  test.each(['9.0', '9.1', '9.2', '8.0', '8.1', '8.2'])('old clients find their version: %s', async (version) => {
    const answer = await ask({ path: `/api/data/v${version}/WhoAmI` });
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body.toString())['@odata.context']).toContain(`/api/data/v${version}/$metadata#`);
  });

  test('what is asked for asynchronously is answered at once', async () => {
    const answer = await ask({ path: 'roles?$top=1', headers: { prefer: 'respond-async' } });
    expect(answer.status).toBe(200);
    expect(answer.headers['Preference-Applied']).toBeUndefined();
  });

  test('errors have no annotations, also where they are asked for', async () => {
    const answer = await ask({ path: 'nothing', headers: { prefer: 'odata.include-annotations="*"' } });
    expect(Object.keys(JSON.parse(answer.body.toString()).error)).toEqual(['code', 'message']);
  });

  test('there are no rules of duplicates to be applied, and rows of the same values are kept', async () => {
    const headers = { 'mscrm.suppressduplicatedetection': 'false' };
    const body = { mshr_dataareaid: 'usmf', mshr_firstname: 'To', mshr_lastname: 'Like' };
    const create = () => ask({ method: 'POST', path: 'mshr_hcmcandidatetohireentities', headers, body });
    expect([(await create()).status, (await create()).status]).toEqual([204, 204]);
  });

  test('RetrieveTotalRecordCount counts the rows of tables', async () => {
    const answer = await ask({ path: "RetrieveTotalRecordCount(EntityNames=['role','team'])" });
    expect(answer.status).toBe(200);
    const { EntityRecordCountCollection: counts } = JSON.parse(answer.body.toString());
    const listed = await ask({ path: 'roles?$count=true' });
    expect(counts.Keys).toEqual(['role', 'team']);
    expect(counts.Values[0]).toBe(JSON.parse(listed.body.toString())['@odata.count']);
  });

  test('neither Dataverse search nor the SOAP service is served', async () => {
    expect((await ask({ method: 'POST', path: '/api/search/v1.0/query', body: {} })).status).toBe(404);
    expect((await ask({ method: 'POST', path: '/XRMServices/2011/Organization.svc/web' })).status).toBe(501);
  });
});
