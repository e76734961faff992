import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exitCodes } from '../../src/cli/cli-error.ts';
import { allChecks } from '../../src/cli/commands/doctor.ts';
import { atsTables } from '../../src/cli/doctor/ats-tables.ts';
import { type Diagnosis, diagnose } from '../../src/cli/doctor/check.ts';
import { Facts } from '../../src/cli/doctor/facts.ts';
import { Session } from '../../src/cli/session.ts';
import { findTarget } from '../../src/cli/target.ts';
import { builtInModel } from '../../src/metadata/built-in.ts';
import { engines } from '../support/database.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { patience } from '../support/way.ts';
import { type Ran, run } from './run.ts';

type Failure = Extract<Diagnosis, { readonly fix: string }>;

/** What is wrong, as the doctor says it. */
const findings = ({ out }: Ran): readonly Failure[] =>
  (JSON.parse(out).diagnoses as Diagnosis[]).filter((each): each is Failure => 'fix' in each);

test('the doctor knows the forty tables of the model', () => {
  const tables = builtInModel().tables.filter((table) => table.sourceDocumentOrder !== undefined);
  expect([...atsTables].sort()).toEqual(tables.map((table) => table.logicalName).sort());
});

test('every check needs checks that come before it', () => {
  const wrong = allChecks.filter(({ needs }, index) => {
    const before = allChecks.slice(0, index).map(({ id }) => id);
    return needs.some((need) => !before.includes(need));
  });
  expect(wrong).toEqual([]);
});

describe.each(engines)('a set-up with one thing broken, on %s', (engine) => {
  let server: TestServer;
  let ats: string;
  let role: string;
  beforeAll(async () => {
    server = await startTestServer(engine);
    ats = server.env.CLIENT_ID;
    const users = await json('user', 'list');
    role = users.find((row: { applicationid: string }) => row.applicationid === ats).systemuserroles_association[0]
      .name;
  });
  afterAll(() => server.close());

  const cli = (...words: string[]): Promise<Ran> => run(words, { PORTVAKT_DATA: server.dataFolder });
  const json = async (...words: string[]) => JSON.parse((await ok(...words, '--json')).out);
  const ok = async (...words: string[]): Promise<Ran> => {
    const ran = await cli(...words);
    expect({ words, ...ran }).toMatchObject({ code: exitCodes.ok });
    return ran;
  };
  const data = (path: string, body: unknown, method = 'POST') =>
    ok('call', `/data/${path}`, JSON.stringify(body), '--method', method, '--as', 'admin');
  const webApi = (path: string, body: unknown, method = 'POST') =>
    ok('call', `/api/data/v9.2/${path}`, JSON.stringify(body), '--method', method, '--as', 'admin', '--include');
  const doctor = (...words: string[]) => cli('doctor', ...words, '--json');

  test('nothing is found where nothing is wrong', async () => {
    const ran = await doctor();
    expect({ code: ran.code, found: findings(ran) }).toEqual({ code: exitCodes.ok, found: [] });
    expect(JSON.parse(ran.out).diagnoses).toHaveLength(allChecks.length);
    expect((await cli('doctor')).out).toContain(
      'ok       gate two    the client id is linked to a Human Resources user',
    );
  });

  /** Each is broken, found, mended by the command that the doctor names, and found no more. */
  const mendable: readonly {
    readonly id: string;
    readonly break: () => Promise<unknown>;
    readonly mend?: () => Promise<unknown>;
  }[] = [
    { id: 'principal-enabled', break: () => ok('app', 'disable', ats) },
    { id: 'user-enabled', break: () => ok('user', 'disable', ats) },
    { id: 'security-role', break: () => ok('user', 'revoke', ats, role), mend: () => ok('user', 'grant', ats, role) },
    {
      id: 'privilege-read',
      break: () => ok('role', 'withdraw', role, 'prvReadmshr_hcmtitleentity'),
      mend: () => ok('role', 'allow', role, 'prvReadmshr_hcmtitleentity'),
    },
    {
      id: 'privilege-create',
      break: () => ok('role', 'withdraw', role, 'prvCreatemshr_hcmcandidatetohireentity'),
      mend: () => ok('role', 'allow', role, 'prvCreatemshr_hcmcandidatetohireentity'),
    },
    {
      id: 'privilege-appendto',
      break: () => ok('role', 'withdraw', role, 'prvAppendTomshr_hcmrecruitingrequestentity'),
      mend: () => ok('role', 'allow', role, 'prvAppendTomshr_hcmrecruitingrequestentity'),
    },
    { id: 'platform-link', break: () => ok('link', 'remove', '61a0518c-121a-421a-9ad6-f0955a88be43') },
    { id: 'platform-user', break: () => ok('hr-user', 'disable', 'PowerPlatformApp') },
    { id: 'platform-user', break: () => ok('hr-user', 'revoke', 'PowerPlatformApp', 'CDSVirtualEntityApplication') },
    {
      id: 'link',
      break: () => ok('link', 'remove', ats),
      mend: () => ok('link', 'add', ats, 'RekrutteringIntegrasjon', '--name', 'Demo ATS'),
    },
    { id: 'hr-user-enabled', break: () => ok('hr-user', 'disable', 'RekrutteringIntegrasjon') },
    { id: 'hr-role', break: () => ok('hr-user', 'revoke', 'RekrutteringIntegrasjon', 'HcmRecruitingIntegrator') },
  ];

  test.each(mendable)('$id', { timeout: patience * 60_000 }, async ({ id, break: spoil, mend }) => {
    await spoil();
    const ran = await doctor();
    const [first] = findings(ran);
    expect({ code: ran.code, id: first?.id }).toEqual({ code: exitCodes.different, id });
    if (mend === undefined) await ok(...(first?.fix ?? '').replace(/^portvakt /, '').split(' '));
    else await mend();
    expect(findings(await doctor())).toEqual([]);
  });

  test('a service principal that was withdrawn', async () => {
    const { clientId } = await json('app', 'create', 'Withdrawn');
    await ok('call', `/v1.0/servicePrincipals(appId='${clientId}')`, '--method', 'DELETE', '--as', 'admin');
    const [found] = findings(await doctor(clientId));
    expect(found).toMatchObject({ id: 'consent', fix: `portvakt app admit ${clientId}` });
    await ok('app', 'admit', clientId);
    expect(findings(await doctor(clientId))[0]).toMatchObject({
      id: 'application-user',
      fix: `portvakt user add ${clientId}`,
    });
    await ok('user', 'add', clientId);
    expect(findings(await doctor(clientId)).map(({ id }) => id)).toEqual(['security-role', 'link']);
  });

  test('an application without a credential, or with one that is not valid yet', async () => {
    const { clientId } = await json('app', 'create', 'Credentials');
    const app = await json('app', 'show', clientId);
    await ok('app', 'remove-secret', clientId, app.passwordCredentials[0].keyId);
    expect(findings(await doctor(clientId))[0]).toMatchObject({
      id: 'credential',
      what: 'the application has no credential',
    });
    const later = { startDateTime: '2099-01-01T00:00:00Z', endDateTime: '2099-06-01T00:00:00Z' };
    await ok(
      'call',
      `/v1.0/applications/${app.id}/addPassword`,
      JSON.stringify({ passwordCredential: later }),
      '--as',
      'admin',
    );
    expect(findings(await doctor(clientId))[0]).toMatchObject({
      id: 'credential-valid',
      what: 'no credential is valid yet',
    });
  });

  test.each([
    { name: 'expired credentials', years: 3, id: 'credential-valid', what: 'every credential has expired' },
    {
      name: 'a credential that expires soon',
      years: 2 - 10 / 365,
      id: 'credential-lasts',
      what: /^the last credential expires at 20/,
    },
    { name: 'clocks that disagree', years: 1, id: 'clock', what: /^the server's clock is -\d+ seconds ahead/ },
  ])('$name', async ({ years, id, what }) => {
    const { clientId } = await json('app', 'create', 'Later');
    const admin = new Session(findTarget({ PORTVAKT_DATA: server.dataFolder }, {}, 'admin'));
    const now = new Date(Date.now() + years * 365 * 86_400_000);
    const found = (await diagnose(allChecks, new Facts(admin, undefined, clientId, now))).find(
      (each) => each.id === id,
    );
    expect(found).toMatchObject({ what: what instanceof RegExp ? expect.stringMatching(what) : what });
  });

  test('a client id with a wrong character is shown beside the right one', async () => {
    const wrong = `${ats.slice(0, -1)}${ats.endsWith('0') ? '1' : '0'}`;
    expect(findings(await doctor(wrong))[0]).toMatchObject({ id: 'registration', fix: `use the client id ${ats}` });
    expect(findings(await doctor('00000000-0000-4000-8000-000000000000'))[0]).toMatchObject({
      fix: "portvakt app create '<name>'",
    });
    const { clientId } = await json('app', 'create', 'Mistyped');
    await ok('user', 'add', clientId);
    await ok(
      'link',
      'add',
      `${clientId.slice(0, -1)}${clientId.endsWith('0') ? '1' : '0'}`,
      'RekrutteringIntegrasjon',
      '--name',
      'Mistyped',
    );
    const link = findings(await doctor(clientId)).find(({ id }) => id === 'link');
    expect(link?.what).toMatch(/there is one with '.{36}', which looks much like it/);
  });

  test('a link without its user, a user in no legal entity, a role elsewhere, another role', async () => {
    const { clientId } = await json('app', 'create', 'Second gate');
    const broken = async () => Object.fromEntries(findings(await doctor(clientId)).map(({ id, what }) => [id, what]));
    await ok('user', 'add', clientId);
    await ok('hr-user', 'add', 'Second');
    await ok('link', 'add', clientId, 'Second');
    expect(await broken()).toMatchObject({ 'hr-role': 'the user Second has no role' });
    await data('SecurityRoles', { SecurityRoleIdentifier: 'Own', SecurityRoleName: 'Own' });
    await ok('hr-user', 'grant', 'Second', 'Own');
    expect(await broken()).toMatchObject({ 'hr-role': 'the user Second has Own, not HcmRecruitingIntegrator' });
    await ok('hr-user', 'grant', 'Second', 'HcmRecruitingIntegrator');
    const scope = {
      UserId: 'Second',
      SecurityRoleIdentifier: 'HcmRecruitingIntegrator',
      OrganizationType: 'LegalEntity',
    };
    await data('SecurityUserRoleOrganizations', { ...scope, OrganizationId: 'no01' });
    expect(await broken()).toMatchObject({
      organizations: expect.stringContaining('the role holds in no01 only, not in usmf'),
    });
    await data("SystemUsers('Second')", { Company: '' }, 'PATCH');
    expect(await broken()).toMatchObject({ company: 'the company of the user is empty; there are no01, no02, usmf' });
  });

  test('a business unit that is disabled', async () => {
    const { clientId } = await json('app', 'create', 'Unit');
    const root = (await json('call', '/api/data/v9.2/WhoAmI', '--as', 'admin')).BusinessUnitId;
    await webApi('businessunits', { name: 'Closed', 'parentbusinessunitid@odata.bind': `/businessunits(${root})` });
    await ok('user', 'add', clientId, '--unit', 'Closed');
    const { value } = await json(
      'call',
      "/api/data/v9.2/businessunits?$filter=name eq 'Closed'".replaceAll(' ', '%20'),
      '--as',
      'admin',
    );
    await webApi(`businessunits(${value[0].businessunitid})`, { isdisabled: true }, 'PATCH');
    expect(findings(await doctor(clientId))[0]).toMatchObject({
      id: 'unit-enabled',
      what: 'the business unit Closed is disabled, and its users with it',
    });
  });

  test.each([
    { name: 'the wrong secret', change: () => ({ CLIENT_SECRET: 'wrong' }), id: 'token', what: 'AADSTS7000215' },
    {
      name: "the administrator's wrong secret",
      change: () => ({ ADMIN_CLIENT_SECRET: 'wrong' }),
      id: 'administrator',
      what: 'AADSTS7000215',
    },
    { name: 'another path', change: () => ({ API_URL: `${server.url}/portal` }), id: 'server', what: 'answers 404' },
    {
      name: 'nobody there',
      change: () => ({ API_URL: 'https://127.0.0.1:1' }),
      id: 'server',
      what: 'nothing listens there',
    },
    {
      name: 'a certificate that is not trusted',
      change: () => ({ NODE_EXTRA_CA_CERTS: '' }),
      id: 'server',
      what: 'its certificate is not trusted',
    },
    {
      name: 'an unknown tenant',
      change: () => ({ AUTHORITY_URL: `${server.url}/00000000-0000-4000-8000-000000000000` }),
      id: 'tenant',
      what: 'answers 4',
    },
  ])('$name', async ({ change, id, what }) => {
    const ran = await run(['doctor', '--json'], { ...server.env, ...change() });
    expect(findings(ran)[0]).toMatchObject({ id, what: expect.stringContaining(what) });
  });

  test.each([
    { as: 'reader', ids: ['administrator-graph', 'administrator-data'] },
    { as: 'stranger', ids: ['administrator-graph', 'administrator-web-api', 'administrator-data'] },
  ])('an administrator who may not look: $as', async ({ as, ids }) => {
    const found = findings(await doctor('--as', as)).filter(({ place }) => place === 'server');
    expect(found.map(({ id }) => id)).toEqual(expect.arrayContaining(ids));
  });

  test('what cannot be checked is not said to be right', async () => {
    const { diagnoses } = JSON.parse((await doctor('00000000-0000-4000-8000-000000000000')).out);
    const outcomes = Object.fromEntries(diagnoses.map(({ id, outcome }: Diagnosis) => [id, outcome]));
    expect(outcomes).toMatchObject({
      registration: 'failed',
      consent: 'not reached',
      'privilege-read': 'not reached',
      call: 'not reached',
    });
  });

  test('no application to look at', async () => {
    const { CLIENT_ID: _, CLIENT_SECRET: __, ...admin } = server.env;
    expect(await run(['doctor'], admin)).toMatchObject({
      code: exitCodes.usage,
      err: expect.stringContaining('no client id is given'),
    });
    expect(await cli('doctor', 'Demo')).toMatchObject({
      code: exitCodes.usage,
      err: expect.stringContaining('Demo is not a client id'),
    });
  });
});
