import { beforeAll, describe, expect, test } from 'vitest';
import { guidOf, rowsOf, textOf } from '../../src/demo/answers.ts';
import type { DemoPrincipals } from '../../src/demo/principals.ts';
import { seedDemo } from '../../src/demo/seed-demo.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { type Call, DemoService } from './demo-service.ts';

const environmentUrl = 'https://hr.example';

describe('the applications of the demo', () => {
  const service = new DemoService();
  let principals: DemoPrincipals;

  beforeAll(async () => {
    const log = { ...silentLog, debug: () => service.beginStage() };
    principals = await seedDemo(service, { today: new Date('2026-02-03'), size: 0.01, environmentUrl, log });
  });

  const calls = (path: string | RegExp): Call[] =>
    service.calls.filter((call) => (typeof path === 'string' ? call.path === path : path.test(call.path)));
  const bodies = (path: string | RegExp): unknown[] => calls(path).map(({ body }) => body);

  test('each has a client id and a secret of its own', () => {
    const all = Object.values(principals);
    expect(all).toHaveLength(5);
    expect(new Set(all.map(({ clientId }) => clientId)).size).toBe(5);
    expect(new Set(all.map(({ clientSecret }) => clientSecret)).size).toBe(5);
  });

  test('all are registered and have a service principal', () => {
    const clientIds = Object.values(principals).map(({ clientId }) => clientId);
    expect(calls('applications')).toHaveLength(5);
    expect(bodies('servicePrincipals')).toEqual(expect.arrayContaining(clientIds.map((appId) => ({ appId }))));
  });

  test('all but the stranger are application users', () => {
    const { ats, roleless, reader, unlinked } = principals;
    expect(bodies('systemusers')).toEqual(
      [ats, roleless, reader, unlinked].map(({ clientId }) => ({
        applicationid: clientId,
        'businessunitid@odata.bind': '/businessunits(00000000-0000-4000-8000-000000000001)',
      })),
    );
  });

  test('the role of the ATS has six rights on forty tables and what every integration reads', () => {
    const [ats, reader] = bodies(/AddPrivilegesRole$/).map(namesGranted);
    expect(ats).toHaveLength(40 * 6 + 7);
    expect(ats).toContain('prvAppendTomshr_hcmcandidatetohireentity');
    expect(ats).toContain('prvReadcdm_Company');
    expect(ats).toContain('prvReadOptionSet');
    expect(ats?.join()).not.toContain('mserp_');
    expect(reader).toHaveLength(40 + 7);
    expect(reader?.every((name) => name.startsWith('prvRead'))).toBe(true);
  });

  test('the ATS and the one without link share a role, the reader has its own, roleless has none', () => {
    const assigned = bodies(/systemuserroles_association\/\$ref$/).map((body) => textOf(body, '@odata.id', 'assign'));
    expect(assigned).toHaveLength(3);
    const [ats, reader, unlinked] = assigned;
    expect(ats).toMatch(/^https:\/\/hr\.example\/api\/data\/v9\.2\/roles\([0-9a-f-]{36}\)$/);
    expect(unlinked).toBe(ats);
    expect(reader).not.toBe(ats);
  });

  test('Human Resources knows two users, both with the role for recruiting', () => {
    expect(bodies('SystemUsers')).toEqual([
      expect.objectContaining({
        UserID: 'RekrutteringIntegrasjon',
        Email: 'RekrutteringApp',
        NetworkDomain: 'RekrutteringApp',
      }),
      expect.objectContaining({ UserID: 'RekrutteringLeser', Company: 'usmf', Enabled: true }),
    ]);
    expect(bodies('SecurityUserRoleAssociations')).toEqual(
      ['RekrutteringIntegrasjon', 'RekrutteringLeser'].map((UserId) => ({
        UserId,
        SecurityRoleIdentifier: 'HcmRecruitingIntegrator',
        SecurityRoleName: 'Recruiting application',
      })),
    );
  });

  test('only the ATS and the reader are linked', () => {
    expect(bodies('SysAADClients')).toEqual([
      { AADClientId: principals.ats.clientId, Name: 'Demo ATS', UserId: 'RekrutteringIntegrasjon' },
      { AADClientId: principals.reader.clientId, Name: 'Demo reader', UserId: 'RekrutteringLeser' },
    ]);
  });
});

const namesGranted = (body: unknown): string[] =>
  Object.values(Object(body))
    .flat()
    .map((privilege) => textOf(privilege, 'PrivilegeId', 'grant').replace('id of ', ''));

test('seedDemo stops at a refusal and passes it on', async () => {
  const service = new DemoService();
  service.graph = () => Promise.reject(new Error('POST applications: 403'));
  const log = { ...silentLog, debug: () => service.beginStage() };
  const options = { today: new Date('2026-02-03'), size: 0.01, environmentUrl, log };
  await expect(seedDemo(service, options)).rejects.toThrow('POST applications: 403');
});

describe('answers that are not what was asked for', () => {
  test.each([
    { name: 'no body', read: () => textOf(undefined, 'id', 'POST x'), message: 'POST x answered no id' },
    { name: 'a number', read: () => textOf({ id: 1 }, 'id', 'POST x'), message: 'POST x answered no id' },
    { name: 'an empty text', read: () => textOf({ id: '' }, 'id', 'POST x'), message: 'POST x answered no id' },
    { name: 'no collection', read: () => rowsOf({ id: 1 }, 'GET x'), message: 'GET x answered no collection' },
    { name: 'no header', read: () => guidOf(undefined, 'POST x'), message: 'POST x answered no OData-EntityId' },
    { name: 'no GUID', read: () => guidOf('https://a/x(1)', 'POST x'), message: 'POST x answered no OData-EntityId' },
  ])('$name names the operation', ({ read, message }) => {
    expect(read).toThrow(message);
  });

  test('the id is the key at the end of the URL, also on a host that holds a GUID', () => {
    const other = '11111111-2222-3333-4444-555555555555';
    const id = 'AAAAAAAA-2222-3333-4444-555555555555';
    expect(guidOf(`https://${other}.hr.example/api/data/v9.2/roles(${id})`, 'POST roles')).toBe(id.toLowerCase());
    expect(guidOf(id, 'POST roles')).toBe(id.toLowerCase());
  });
});
