import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engines } from '../support/database.ts';
import { query, rowsOf } from '../support/odata.ts';
import { runScript } from '../support/run-script.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const examples = ['examples/round-trip.mjs', 'examples/round-trip-fetch.mjs'];

describe.each(engines)('the examples on %s', (engine) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer(engine);
  });
  afterAll(() => server.close());

  const candidates = async () =>
    rowsOf(
      await server.api(
        `mshr_hcmcandidatetohireentities?${query({
          $select: 'mshr_candidateid,mshr_partynumber,mshr_recruitingrequestid,mshr_positionid',
          $filter: "mshr_firstname eq 'Solveig' and mshr_lastname eq 'Nordlysvik'",
          $orderby: 'mshr_candidateid desc',
        })}`,
      ),
    );

  test.each(examples)('%s pulls the request and sends the candidate', async (script) => {
    const before = (await candidates()).length;
    const { code, stdout, stderr } = await runScript(server, script);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^request pulled: USMF-000001 .+$/m);
    expect(stdout).toMatch(/^ {2}position {3}000426 .+$/m);
    expect(stdout).toMatch(/^ {2}skill {6}CustFocus level 4$/m);
    const sent = /^candidate sent: (\d+) Solveig Nordlysvik, party number (\d+), for USMF-000001 position 000426$/m;
    const [, candidateId, partyNumber] = sent.exec(stdout) ?? [];
    expect(stdout.slice(stdout.indexOf('candidate sent')).split('\n').slice(1)).toEqual([
      '  skill      CustFocus level 4',
      '  education  Bachelor in Business Mgmt at Cottonwood Univ',
      '',
    ]);
    expect(code).toBe(0);
    // The database says so too, not only the script.
    const after = await candidates();
    expect(after).toHaveLength(before + 1);
    expect(after[0]).toMatchObject({
      mshr_candidateid: candidateId,
      mshr_partynumber: partyNumber,
      mshr_recruitingrequestid: 'USMF-000001',
      mshr_positionid: '000426',
    });
  });

  const refusals = [
    {
      who: 'reader',
      lacks: 'the privilege to create',
      pulls: true,
      says: /^403 0x80040220 Principal user \(Id=.+, is missing prvCreatemshr_hcmcandidatetohireentity privilege \(Id=.+\) on OTC=\d+ for entity 'mshr_hcmcandidatetohireentity'/,
    },
    {
      who: 'unlinked',
      lacks: 'the application link',
      pulls: false,
      says: /^400 0x80040265 User Demo without link was not found in Finance and Operations\. Please ensure this user exists\.$/,
    },
    {
      who: 'roleless',
      lacks: 'a security role',
      pulls: false,
      says: /^403 0x80042f09 RetrievePrivilegeForUser: The user with id \S+ has not been assigned any roles\. They need a role with the prvReadmshr_hcmrecruitingrequestentity privilege\.$/,
    },
    {
      who: 'stranger',
      lacks: 'an application user',
      pulls: false,
      says: /^403 0x80072560 The user is not a member of the organization\.$/,
    },
  ] as const;

  describe.each(refusals)('without $lacks', ({ who, pulls, says }) => {
    test.each(examples)('%s ends with the refusal', async (script) => {
      const before = (await candidates()).length;
      const { code, stdout, stderr } = await runScript(server, script, who);
      expect(stderr.trimEnd()).toMatch(says);
      expect(stderr.trimEnd()).not.toContain('\n');
      expect(stdout.includes('request pulled')).toBe(pulls);
      expect(stdout).not.toContain('candidate sent');
      expect(code).toBe(1);
      expect(await candidates()).toHaveLength(before);
    });
  });
});
