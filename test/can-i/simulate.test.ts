import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Simulation } from '../../src/advise/simulation.ts';
import { run } from '../cli/run.ts';
import { adminErrorOf } from '../support/administration.ts';
import { credentialsOf, type Who } from '../support/connection.ts';
import { engines } from '../support/database.ts';
import { bodyOf } from '../support/odata.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const titles = 'mshr_hcmtitleentity';

describe.each(engines)('a change of a role on %s', (engine) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer(engine);
    for (const who of ['ats', 'ats', 'reader'] as const) {
      expect((await server.api('mshr_hcmtitleentities?$top=1', { as: who })).status).toBe(200);
    }
    await new Promise((resolve) => setTimeout(resolve, 1100));
  });
  afterAll(() => server.close());

  const idOf = (who: Who): string => credentialsOf(server.env, who).id;
  const simulate = (body: object, as: Who = 'admin') =>
    server.ask('/portvakt/v1/simulate', { as, method: 'POST', body });
  const simulated = async (body: object): Promise<Simulation> => bodyOf(await simulate(body)) as unknown as Simulation;
  const cli = (...words: string[]) => run([...words, '--env', join(server.dataFolder, 'demo.env'), '--as', 'admin']);

  test('what a security role loses: which requests would be refused, and they are', async () => {
    const change = { gate: 'dataverse', role: 'rekrutteringsintegrasjon', loses: [`prvRead${titles}`] };
    const { broken, holders, refusedToday } = await simulated(change);
    expect(refusedToday).toBe(0);
    expect(holders.length).toBeGreaterThan(0);
    const ofTitles = broken.filter(({ clientId }) => clientId === idOf('ats'));
    expect(ofTitles.map(({ condition, use }) => [condition, use.shapes])).toEqual([
      ['privilege', [{ kind: 'read', table: titles }]],
    ]);
    expect(ofTitles[0]?.use.count).toBeGreaterThanOrEqual(2);
    // Nothing was changed by asking.
    expect((await server.api('mshr_hcmtitleentities?$top=1')).status).toBe(200);
  });

  test('a security role that is gone, and a role of Human Resources', async () => {
    const gone = await simulated({ gate: 'dataverse', role: 'Rekrutteringsintegrasjon', isDeleted: true });
    expect(gone.broken.filter(({ clientId }) => clientId === idOf('ats')).map(({ condition }) => condition)).toContain(
      'roles',
    );
    const hr = await simulated({ gate: 'human-resources', role: 'HcmRecruitingIntegrator', isDeleted: true });
    expect(new Set(hr.broken.map(({ condition }) => condition))).toEqual(new Set(['permission']));
    expect(hr.holders).toContain('RekrutteringIntegrasjon');
    const duty = await simulated({
      ...{ gate: 'human-resources', role: 'HcmRecruitingIntegrator' },
      loses: ['HcmRecruitingIntegrationInquire'],
    });
    expect(duty.broken.map(({ condition }) => condition)).toContain('permission');
    const other = await simulated({ gate: 'human-resources', role: 'HcmRecruiter', isDeleted: true });
    expect(other.broken).toEqual([]);
  });

  test.each([
    [
      'an unknown role',
      { gate: 'dataverse', role: 'Rekrutteringsintegrasjo', isDeleted: true },
      'nameUnknown',
      /Rekrutteringsintegrasjon/,
    ],
    [
      'a privilege that it has not',
      { gate: 'dataverse', role: 'Rekrutteringsintegrasjon', loses: ['prvReadmshr_hcmtitleentit'] },
      'nameUnknown',
      /prvReadmshr_hcmtitleentity/i,
    ],
    [
      'an unknown role of Human Resources',
      { gate: 'human-resources', role: 'HcmRecruitr', isDeleted: true },
      'nameUnknown',
      /HcmRecruiter/,
    ],
    [
      'a duty that it has not',
      { gate: 'human-resources', role: 'HcmRecruitingIntegrator', loses: ['x'] },
      'nameUnknown',
      /./,
    ],
    ['no change', { gate: 'dataverse', role: 'Rekrutteringsintegrasjon' }, 'memberInvalid', /./],
    ['two changes', { gate: 'dataverse', role: 'x', loses: ['x'], isDeleted: true }, 'memberInvalid', /./],
    ['another gate', { gate: 'third', role: 'x', isDeleted: true }, 'memberInvalid', /./],
    ['a moment that is none', { gate: 'dataverse', role: 'x', isDeleted: true, since: 'monday' }, 'memberInvalid', /./],
  ])('%s is refused', async (_, body, code, fix) => {
    const answer = await simulate(body);
    const error = adminErrorOf(answer);
    expect([answer.status, error.code]).toEqual([400, code]);
    expect(String(error.details['fix'])).toMatch(fix);
  });

  test('who does not administer is refused', async () => {
    expect((await simulate({ gate: 'dataverse', role: 'x', isDeleted: true }, 'ats')).status).toBe(403);
  });

  test('as commands', async () => {
    const broken = await cli('simulate', '--role', 'Rekrutteringsintegrasjon', '--loses', `prvRead${titles}`);
    expect([broken.code, broken.out]).toEqual([5, expect.stringContaining(`read ${titles}`)]);
    const fine = await cli('simulate', '--hr-role', 'HcmRecruiter', '--deleted');
    expect([fine.code, fine.out]).toEqual([0, expect.stringContaining('nothing would break')]);
    for (const words of [['--deleted'], ['--role', 'x'], ['--role', 'x', '--hr-role', 'y', '--deleted']]) {
      expect((await cli('simulate', ...words)).code).toBe(2);
    }
  });
});
