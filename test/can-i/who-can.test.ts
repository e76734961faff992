import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WhoCanAnswer } from '../../src/can-i/answers.ts';
import { adminErrorOf } from '../support/administration.ts';
import { credentialsOf, type Who } from '../support/connection.ts';
import { engines } from '../support/database.ts';
import { bodyOf, rowsOf } from '../support/odata.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const requests = 'mshr_hcmrecruitingrequestentity';

describe.each(engines)('who-can on %s', (engine) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer(engine);
  });
  afterAll(() => server.close());

  const ask = (options: Readonly<Record<string, string>>, as: Who = 'admin') =>
    server.ask(`/portvakt/v1/who-can?${new URLSearchParams(options)}`, { as });
  const answerOf = async (options: Readonly<Record<string, string>>): Promise<WhoCanAnswer> =>
    bodyOf(await ask(options)) as unknown as WhoCanAnswer;
  const find = ({ can, cannot }: WhoCanAnswer, who: Who) =>
    [...can, ...cannot].find(({ clientId }) => clientId === credentialsOf(server.env, who).id);

  test('it names who can and by which roles, and who cannot for which condition, the nearest first', async () => {
    const answer = await answerOf({ right: 'read', table: requests });
    const ats = find(answer, 'ats');
    expect(ats).toMatchObject({ outcome: 'allowed', hrUser: 'RekrutteringIntegrasjon' });
    expect(ats?.securityRoles).not.toEqual([]);
    expect(ats?.hrRoles).toEqual(['HcmRecruitingIntegrator']);
    const lacks = (['unlinked', 'roleless', 'stranger'] as const).map((who) => find(answer, who)?.condition);
    expect(lacks).toEqual(['application-link', 'roles', 'application-user']);
    expect(find(answer, 'roleless')?.conditionTitle).toEqual({
      en: 'The user has a security role',
      nb: 'Brukeren har en sikkerhetsrolle',
    });
    const order = answer.cannot.map(({ condition }) => condition);
    expect(order.indexOf('application-link')).toBeLessThan(order.indexOf('application-user'));
  });

  test('its answer is that of the requests themselves', async () => {
    const row = String(
      rowsOf(await server.api('mshr_hcmrecruitingrequestentities?$top=1'))[0]?.['mshr_hcmrecruitingrequestentityid'],
    );
    const answer = await answerOf({ right: 'read', table: requests, row });
    for (const who of ['ats', 'reader', 'unlinked', 'roleless', 'stranger', 'admin'] as const) {
      const { status } = await server.api(`mshr_hcmrecruitingrequestentities(${row})`, { as: who });
      expect({ who, isAllowed: find(answer, who)?.outcome === 'allowed' }).toEqual({ who, isAllowed: status === 200 });
    }
    const none = await answerOf({ right: 'read', table: requests, row: '00000000-0000-4000-8000-000000000009' });
    expect(find(none, 'ats')).toMatchObject({ outcome: 'not found' });
  });

  test('it is refused for names that are not there, and to who administers nothing', async () => {
    expect(adminErrorOf(await ask({ right: 'raed', table: requests })).code).toBe('nameUnknown');
    expect(adminErrorOf(await ask({ right: 'read', table: requests, clientId: 'x' })).code).toBe('optionInvalid');
    expect((await ask({ right: 'read', table: requests }, 'ats')).status).toBe(403);
  });
});
