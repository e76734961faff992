import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Explanation } from '../../src/explain/explanation.ts';
import { run } from '../cli/run.ts';
import type { Ask } from '../support/client.ts';
import type { Who } from '../support/connection.ts';
import { anyEngine } from '../support/database.ts';
import { bodyOf, rowsOf } from '../support/odata.ts';
import { entryOf } from '../support/read-audit.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const requests = 'mshr_hcmrecruitingrequestentities';
const candidates = 'mshr_hcmcandidatetohireentities';
const nobody = '00000000-0000-0000-0000-000000000009';
const fetchXml = encodeURIComponent(
  "<fetch><entity name='mshr_hcmjobentity'><attribute name='mshr_jobid'/><filter><condition attribute='mshr_jobid' operator='eq' value='secret-value'/></filter></entity></fetch>",
);

/** Requests of every shape that the Web API takes. `…` stands for the id of a recruiting request. */
const asked: readonly (readonly [name: string, path: string, ask?: Ask])[] = [
  ['a list', `${requests}?$select=mshr_description`],
  ['a filter through a lookup', `mshr_hcmpositionv2entities?$filter=mshr_FK_Job_id/mshr_jobid eq 'secret-value'`],
  ['an expand', `${requests}?$expand=mshr_FK_Job_id($select=mshr_jobid)&$top=1`],
  ['a row', `${requests}(…)`],
  ['a row that is not there', `${requests}(${nobody})`],
  ['a count', `${requests}/$count`],
  [
    'a filter by who asks',
    "systemusers?$select=fullname&$filter=Microsoft.Dynamics.CRM.EqualUserId(PropertyName='systemuserid')",
  ],
  ['groups', `${requests}?$apply=groupby((mshr_status),aggregate($count as n))`],
  ['FetchXML', `mshr_hcmjobentities?fetchXml=${fetchXml}`],
  ['a new row', candidates, { method: 'POST', body: { mshr_firstname: 'secret-value', mshr_dataareaid: 'usmf' } }],
  [
    'a new row with a lookup, and its answer',
    candidates,
    {
      method: 'POST',
      headers: { prefer: 'return=representation' },
      body: { mshr_lastname: 'secret-value', 'mshr_FK_RecruitingRequest_id@odata.bind': `/${requests}(…)` },
    },
  ],
  ['a change', `${requests}(…)`, { method: 'PATCH', body: { mshr_description: 'secret-value' } }],
  ['a deletion', `${requests}(…)`, { method: 'DELETE', headers: { 'if-match': '*' } }],
  [
    'an action that changes the row',
    `${requests}(…)/Microsoft.Dynamics.CRM.mshr_CloseRecruitingRequest`,
    { method: 'POST', body: {} },
  ],
  [
    'an action with a right of its own',
    `${requests}(…)/Microsoft.Dynamics.CRM.mshr_ApproveRecruitingRequest`,
    { method: 'POST', body: {} },
  ],
  ['several rows', `${candidates}/Microsoft.Dynamics.CRM.CreateMultiple`, { method: 'POST', body: { Targets: [] } }],
  ['a table of Dataverse', 'roles?$select=name'],
  ['a new user', 'systemusers', { method: 'POST', body: { applicationid: nobody } }],
  ['a function', 'WhoAmI'],
  ['a function that needs a privilege', `RetrieveUserPrivileges(UserId=${nobody})`],
  ['definitions', 'EntityDefinitions?$select=LogicalName&$top=1'],
  ['a new definition', 'EntityDefinitions', { method: 'POST', body: {} }],
  ['a mistake', `${requests}?$filter=secret-value eq`],
  ['a set that is not there', 'secret_values'],
  ['a method that is not there', requests, { method: 'PUT', body: {} }],
];

describe('requests of every shape', () => {
  let server: TestServer;
  let request = '';
  beforeAll(async () => {
    server = await startTestServer(anyEngine);
    const [row] = rowsOf(
      await server.api(`${requests}?$top=1&$select=mshr_hcmrecruitingrequestentityid`, { as: 'admin' }),
    );
    request = String(row?.['mshr_hcmrecruitingrequestentityid']);
  });
  afterAll(() => server.close());

  const filled = (text: string): string => text.replaceAll('…', request);

  test.each<Who>(['ats', 'stranger', 'roleless', 'reader', 'unlinked'])(
    'of %s are explained without a fault',
    async (who) => {
      const ids: (readonly [name: string, id: string | undefined])[] = [];
      for (const [name, path, { body, ...more } = {}] of asked) {
        const sent = body === undefined ? {} : { body: JSON.parse(filled(JSON.stringify(body))) as unknown };
        const url = encodeURI(decodeURI(filled(path))).replaceAll('%25', '%');
        ids.push([name, (await server.api(url, { as: who, ...more, ...sent })).headers['req_id']]);
      }
      for (const [name, id] of ids) {
        const entry = await entryOf(server, id);
        const told = await server.ask(`/portvakt/v1/explain/${id}`, { as: 'admin' });
        expect({ name, status: told.status, text: told.status === 200 ? '' : told.text }).toEqual({
          name,
          status: 200,
          text: '',
        });
        const explanation = bodyOf(told) as unknown as Explanation;
        // What the request held stays with the client.
        expect(told.text).not.toContain('secret-value');
        if (entry.outcome !== 'denied') continue;
        const { decidedThen, firstFailed, conditions } = explanation;
        expect({ name, decidedThen: decidedThen?.condition }).not.toEqual({ name, decidedThen: undefined });
        expect({ name, firstFailed }).toEqual({ name, firstFailed: decidedThen?.condition });
        const fixes = conditions.find((each) => each.id === firstFailed)?.fixes ?? [];
        expect({ name, fixes: fixes.length > 0 }).toEqual({ name, fixes: true });
      }
    },
  );

  const lead = async (who: Who, path: string, ask: Ask): Promise<readonly string[]> => {
    const met: string[] = [];
    for (;;) {
      const answer = await server.api(filled(path), { as: who, ...ask });
      if (answer.status < 300) return met;
      const words = ['explain', String(answer.headers['req_id']), '--fix', '--yes', '--as', 'admin', '--json'];
      const ran = await run([...words, '--env', join(server.dataFolder, 'demo.env')]);
      // What business logic says of it is another matter.
      if (ran.err.includes('nothing is missing now')) return met;
      if (ran.code !== 0) throw new Error(`${met}: ${answer.text} ${ran.err}`);
      met.push((JSON.parse(ran.out) as { condition: string }).condition);
      if (met.length > 8) throw new Error(`no end: ${met}`);
    }
  };

  test('whoever follows the first fix each time comes through both gates', async () => {
    const made = { mshr_firstname: 'Kari', mshr_lastname: 'Nordmann', mshr_dataareaid: 'usmf' };
    expect(await lead('stranger', candidates, { method: 'POST', body: made })).toEqual([
      'application-user',
      'application-link',
    ]);
    const close = `${requests}(…)/Microsoft.Dynamics.CRM.mshr_CloseRecruitingRequest`;
    expect(await lead('reader', close, { method: 'POST', body: {} })).toEqual(['privilege']);
    const approve = `${requests}(…)/Microsoft.Dynamics.CRM.mshr_ApproveRecruitingRequest`;
    expect(await lead('ats', approve, { method: 'POST', body: {} })).toEqual(['permission']);
    expect(await lead('roleless', `${requests}?$expand=mshr_FK_Job_id($select=mshr_jobid)&$top=1`, {})).toEqual([
      'roles',
      'application-link',
    ]);
    expect(await lead('unlinked', `${requests}?$top=1`, {})).toEqual(['application-link']);
  });
});
