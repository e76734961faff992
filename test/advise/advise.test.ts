import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Advice } from '../../src/advise/advice.ts';
import { run } from '../cli/run.ts';
import { commandOf, proveMinimality, rolesOf } from '../prove/advise.ts';
import { sizes } from '../prove/sizes.ts';
import { adminErrorOf } from '../support/administration.ts';
import { credentialsOf } from '../support/connection.ts';
import { engines } from '../support/database.ts';
import { bodyOf } from '../support/odata.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { patience } from '../support/way.ts';

const candidates = 'mshr_hcmcandidatetohireentities';

describe.each(engines)('advice on %s', (engine) => {
  let server: TestServer;
  let folder: string;
  beforeAll(async () => {
    server = await startTestServer(engine);
    folder = await mkdtemp(join(tmpdir(), 'portvakt-har-'));
  });
  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });

  const adviseOn = async (requests: readonly object[], who: 'ats' | 'reader' = 'ats'): Promise<Advice> => {
    const body = { clientId: credentialsOf(server.env, who).id, requests };
    const answer = await server.ask('/portvakt/v1/advise', { as: 'admin', method: 'POST', body });
    return bodyOf(answer) as unknown as Advice;
  };
  const api = (path: string): string => `https://org.crm4.dynamics.com/api/data/v9.2/${path}`;
  const get = (path: string) => ({ method: 'GET', url: api(path) });
  const namesIn = ({ securityRole }: Advice): readonly string[] =>
    securityRole.privileges.map(({ name }) => name).sort();
  const hrIn = ({ humanResources }: Advice): readonly string[] =>
    (humanResources?.privileges ?? []).map(({ privilege }) => privilege).sort();

  const asked: readonly {
    name: string;
    requests: readonly object[];
    privileges: readonly string[];
    hr: readonly string[];
  }[] = [
    {
      name: 'a list',
      requests: [get('mshr_hcmtitleentities?$top=1')],
      privileges: ['prvReadmshr_hcmtitleentity'],
      hr: ['HcmTitleEntityView'],
    },
    {
      name: 'an expand',
      requests: [get(`${candidates}?$expand=mshr_FK_Person_id($select=mshr_name)`)],
      privileges: ['prvReadmshr_dirpersonentity', 'prvReadmshr_hcmcandidatetohireentity'],
      hr: ['DirPersonEntityView', 'HcmCandidateToHireEntityView'],
    },
    {
      name: 'a create by a client of the real product, twice the same',
      requests: [
        {
          method: 'POST',
          url: api(candidates),
          body: '{"mshr_firstname":"Kari"}',
          headers: { 'Content-Type': 'application/json' },
        },
        {
          method: 'POST',
          url: api(candidates),
          body: '{"mshr_firstname":"Ola"}',
          headers: { 'Content-Type': 'application/json' },
        },
      ],
      privileges: ['prvCreatemshr_hcmcandidatetohireentity'],
      hr: ['HcmCandidateToHireEntityMaintain'],
    },
    {
      name: 'definitions and a function',
      requests: [get("EntityDefinitions(LogicalName='team')?$select=LogicalName"), get('WhoAmI')],
      privileges: ['prvReadEntity'],
      hr: [],
    },
    { name: 'the metadata document', requests: [get('$metadata')], privileges: [], hr: [] },
  ];

  test.each(asked)('on $name: that and nothing else', async ({ requests, privileges, hr }) => {
    const advice = await adviseOn(requests);
    expect(advice.period).toMatchObject({ requests: requests.length, notUnderstood: 0, isCutOff: false });
    expect(namesIn(advice)).toEqual(privileges);
    expect(hrIn(advice)).toEqual(hr);
    expect(advice.uncovered).toEqual([]);
    for (const { proof } of advice.securityRole.privileges) expect(proof.condition).toMatch(/^(privilege|roles)$/);
    for (const { proof } of advice.humanResources?.privileges ?? []) expect(proof.condition).toMatch(/^permission$/);
  });

  test('rights that the application does not have today are advised too, in both gates', async () => {
    const advice = await adviseOn([get('mshr_hcmworkerentities')], 'reader');
    expect(namesIn(advice)).toEqual(['prvReadmshr_hcmworkerentity']);
    expect(hrIn(advice)).toEqual(['HcmWorkerEntityView']);
    expect(advice.uncovered).toEqual([]);
  });

  test('what roles cannot help with is told: an application that nobody is linked to', async () => {
    const { id } = credentialsOf(server.env, 'unlinked');
    const body = { clientId: id, requests: [get('mshr_hcmtitleentities')] };
    const answer = await server.ask('/portvakt/v1/advise', { as: 'admin', method: 'POST', body });
    const advice = bodyOf(answer) as unknown as Advice;
    expect(namesIn(advice)).toEqual(['prvReadmshr_hcmtitleentity']);
    expect(advice.humanResources).toBeUndefined();
    expect(advice.uncovered.map(({ condition }) => condition)).toEqual(['application-link']);
  });

  test('parts of a batch count as themselves, and what is no request of the Web API is told', async () => {
    const body = {
      requests: [
        { id: '1', method: 'GET', url: 'mshr_hcmtitleentities' },
        { id: '2', method: 'GET', url: 'WhoAmI' },
      ],
    };
    const batch = {
      ...{ method: 'POST', url: api('$batch'), body: JSON.stringify(body) },
      headers: { 'content-type': 'application/json' },
    };
    const advice = await adviseOn([batch, get('no_such_set'), { method: 'GET', url: 'https://x.example/other' }]);
    expect(advice.period).toMatchObject({ requests: 3, notUnderstood: 2, uses: 2 });
    expect(namesIn(advice)).toEqual(['prvReadmshr_hcmtitleentity']);
  });

  const json = { 'content-type': 'application/json' };
  test.each([
    ['nothing', { method: '', url: '' }],
    ['a URL without a host', { method: 'GET', url: 'https://' }],
    ['a method that is none', { method: 'GET\r\nX: y', url: api('mshr_hcmtitleentities') }],
    ['a path that never ends', { method: 'GET', url: api('EntityDefinitions(') }],
    ['definitions that are no JSON', { method: 'POST', url: api('EntityDefinitions'), body: '{', headers: json }],
    ['a filter of brackets', { method: 'GET', url: api(`mshr_hcmtitleentities?$filter=${'('.repeat(5000)}`) }],
    [
      'a batch without a boundary',
      { method: 'POST', url: api('$batch'), body: 'x', headers: { 'content-type': 'multipart/mixed' } },
    ],
    [
      'a batch in a batch',
      {
        method: 'POST',
        url: api('$batch'),
        headers: json,
        body: '{"requests":[{"id":"1","method":"GET","url":"$batch"}]}',
      },
    ],
    [
      'a batch that refers to nothing',
      {
        method: 'POST',
        url: api('$batch'),
        headers: json,
        body: '{"requests":[{"id":"1","method":"GET","url":"$2/x"}]}',
      },
    ],
    [
      'a body of another kind',
      { method: 'POST', url: api(candidates), body: '\u0000', headers: { 'content-type': 'text/plain' } },
    ],
  ])('%s in the place of a request is told as not understood', async (_, request) => {
    const advice = await adviseOn([request, get('mshr_hcmtitleentities')]);
    expect(advice.period).toMatchObject({ requests: 2, notUnderstood: 1 });
    expect(namesIn(advice)).toEqual(['prvReadmshr_hcmtitleentity']);
  });

  test('a column that needs a right of its own needs it here too', async () => {
    const advice = await adviseOn([
      get('mshr_hcmpersonidentificationnumberentities?$select=mshr_identificationnumber'),
    ]);
    expect(hrIn(advice)).toContain('HcmPersonIdentificationNumberEntityView');
    expect(hrIn(advice).length).toBeGreaterThan(1);
  });

  test('what an application has and did not use is told, with the age of the last use', async () => {
    await server.api('mshr_hcmtitleentities?$top=1', { as: 'reader' });
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const advice = (await commandOf(server, 'advise', credentialsOf(server.env, 'reader').id)) as Advice;
    const held = advice.today.privileges ?? [];
    const used = held.filter(({ lastUsed }) => lastUsed !== undefined);
    expect(used.map(({ name, advisedDepth }) => [name, advisedDepth])).toEqual([
      ['prvReadmshr_hcmtitleentity', 'Global'],
    ]);
    expect(held.length).toBeGreaterThan(used.length);
    // Never used comes first.
    expect(held.at(-1)).toEqual(used[0]);
    expect(advice.today.hrPrivileges.filter(({ isNeeded }) => isNeeded).map(({ privilege }) => privilege)).toEqual([
      'HcmTitleEntityView',
    ]);
    expect(advice.makeRoles.map(({ path }) => path)).toContain('SecurityRoles');
  });

  test('a HAR file: what was answered with a success, without tokens', async () => {
    const file = join(folder, 'session.har');
    const entry = (url: string, status: number) => ({
      request: { method: 'GET', url, headers: [{ name: 'Authorization', value: 'Bearer secret' }] },
      response: { status },
    });
    const entries = [
      entry(api('mshr_hcmtitleentities'), 200),
      entry(api(candidates), 403),
      entry('https://x.example/', 200),
    ];
    await writeFile(file, JSON.stringify({ log: { version: '1.2', entries } }));
    const advice = (await commandOf(server, 'advise', server.env.CLIENT_ID, '--har', file)) as Advice;
    expect(advice.period).toMatchObject({ requests: 1, notUnderstood: 0 });
    expect(namesIn(advice)).toEqual(['prvReadmshr_hcmtitleentity']);
  });

  const wrong: readonly { name: string; words: readonly string[]; file?: string; says: RegExp }[] = [
    { name: 'no client id', words: ['advise', 'ats'], says: /ats is not a client id/ },
    {
      name: 'an application that is no user here',
      words: ['advise', '99999999-9999-4999-8999-999999999999'],
      says: /no application user of this environment has the client id/,
    },
    {
      name: 'a moment that is none',
      words: ['advise', 'ATS', '--since', 'yesterday'],
      says: /'since' is not a moment/,
    },
    { name: '--yes alone', words: ['advise', 'ATS', '--yes'], says: /--yes goes with --make or --switch/ },
    { name: 'a file that is not there', words: ['advise', 'ATS', '--har', '/no/such.har'], says: /cannot be read/ },
    { name: 'a file that is no JSON', words: ['advise', 'ATS', '--har'], file: '{', says: /is not JSON/ },
    { name: 'a file that is no HAR', words: ['advise', 'ATS', '--har'], file: '{}', says: /no log\.entries/ },
    {
      name: 'a file without a request',
      words: ['advise', 'ATS', '--har'],
      file: '{"log":{"entries":[]}}',
      says: /holds no request/,
    },
    { name: 'another language', words: ['advise', 'ATS', '--language', 'sv'], says: /is not one of en, nb/ },
  ];

  test.each(wrong)('$name: one line that says it', async ({ words, file, says }) => {
    const path = join(folder, 'wrong.har');
    if (file !== undefined) await writeFile(path, file);
    const given = words.map((word) => (word === 'ATS' ? server.env.CLIENT_ID : word));
    const env = join(server.dataFolder, 'demo.env');
    const { code, err } = await run([...given, ...(file === undefined ? [] : [path]), '--as', 'admin', '--env', env]);
    expect(code).toBeGreaterThan(0);
    expect(err).toMatch(says);
  });

  test.each([
    ['no list', {}, /'requests' is missing/],
    ['an empty list', { requests: [] }, /'requests' is not a list/],
    ['something else in it', { requests: [1] }, /'requests' is not a list/],
    ['a header that is no text', { requests: [{ method: 'GET', url: '/', headers: { prefer: 1 } }] }, /is not a list/],
  ])('requests that are %s are refused', async (_, more, says) => {
    const body = { clientId: server.env.CLIENT_ID, ...more };
    const answer = await server.ask('/portvakt/v1/advise', { as: 'admin', method: 'POST', body });
    expect(answer.status).toBe(400);
    expect(adminErrorOf(answer).message).toMatch(says);
  });

  test('who does not administer is refused', async () => {
    const path = `/portvakt/v1/advise?clientId=${server.env.CLIENT_ID}`;
    expect((await server.ask(path, { as: 'ats' })).status).toBe(403);
    expect((await server.ask(path)).status).toBe(401);
  });

  test('the advised roles let the round trip pass, and no privilege of them can be left out', {
    timeout: patience * 240_000,
  }, async () => {
    const found = await proveMinimality(server, sizes.advisedPrivileges.test);
    expect(found).toMatchObject({ passes: true, superfluous: [], takenAway: 2 * sizes.advisedPrivileges.test });
    expect(found.privileges).toBeLessThan(found.heldBefore);
    expect(found.hrPrivileges).toBeLessThan(found.hrHeldBefore);
    expect(await rolesOf(server)).toHaveLength(1);
  });
});
