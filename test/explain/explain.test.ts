import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Explanation } from '../../src/explain/explanation.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { label, nameColumn, typed } from '../definitions/change/apply.ts';
import { runSelfTest, selfTestSettings } from '../prove/explain/run.ts';
import { World } from '../prove/explain/world.ts';
import { sizes } from '../prove/sizes.ts';
import { adminErrorOf, administratorToken, makeEnvironment, makeTenant } from '../support/administration.ts';
import type { Answer, Ask } from '../support/client.ts';
import { type Credentials, credentialsOf, type Who } from '../support/connection.ts';
import { engines } from '../support/database.ts';
import { bodyOf, createdId, errorOf, rowsOf } from '../support/odata.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { patience } from '../support/way.ts';

const candidates = 'mshr_hcmcandidatetohireentities';
const candidate = { mshr_firstname: 'Kari', mshr_lastname: 'Nordmann' };

/** Every character by its code. */
const encodedWhole = (text: string): string =>
  [...text].map((letter) => `%${letter.charCodeAt(0).toString(16).padStart(2, '0')}`).join('');

describe.each(engines)('explanations on %s', (engine) => {
  let server: TestServer;
  let world: World;
  beforeAll(async () => {
    server = await startTestServer(engine, selfTestSettings);
    world = await World.open(server);
  });
  afterAll(() => server.close());

  const idOf = ({ headers }: Answer): string | undefined =>
    headers['req_id'] ?? headers['request-id'] ?? headers['x-ms-request-id'];

  /** What is only noted may be a second late. */
  async function explain(answer: Answer): Promise<Explanation> {
    for (let attempt = 1; ; attempt++) {
      const told = await server.ask(`/portvakt/v1/explain/${idOf(answer)}`, { as: 'admin' });
      if (told.status === 200) return bodyOf(told) as unknown as Explanation;
      if (attempt === 30) throw new Error(`${told.status} ${told.text}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  const statesOf = ({ conditions }: Explanation, state: string): readonly string[] =>
    conditions.filter((each) => each.state === state).map(({ id }) => id);
  const failedIn = ({ conditions, firstFailed }: Explanation) => conditions.find(({ id }) => id === firstFailed);
  const mend = (answer: Answer) => world.command('explain', String(idOf(answer)), '--fix', '--yes');

  test.each<{ who: Who; method?: string; failed: string; before: string; after: readonly string[] }>([
    { who: 'stranger', failed: 'application-user', before: 'application-enabled', after: ['privilege', 'hr-user'] },
    { who: 'roleless', failed: 'roles', before: 'user-enabled', after: ['privilege', 'permission'] },
    { who: 'reader', method: 'POST', failed: 'privilege', before: 'roles', after: ['depth', 'application-link'] },
    { who: 'unlinked', failed: 'application-link', before: 'platform-link', after: ['hr-user', 'permission'] },
  ])(
    '$who is refused for $failed, and is not told more than before',
    async ({ who, method = 'GET', failed, before, after }) => {
      const body = method === 'POST' ? candidate : undefined;
      const refused = await server.api(candidates, { as: who, method, body });
      expect(Object.keys(bodyOf(refused, refused.status)['error'] as object)).toEqual(['code', 'message']);
      expect(refused.text).not.toMatch(/fix|explain|condition/);
      const explanation = await explain(refused);
      expect(explanation).toMatchObject({ firstFailed: failed, hasChanged: false, decidedThen: { condition: failed } });
      expect(statesOf(explanation, 'failed')).toEqual([failed]);
      expect(statesOf(explanation, 'passed')).toContain(before);
      expect(statesOf(explanation, 'not reached')).toEqual(expect.arrayContaining([...after]));
      const condition = failedIn(explanation);
      expect(condition?.decidedThen).toBe('failed');
      expect(condition?.title.nb).not.toBe(condition?.title.en);
      expect(condition?.fixes[0]?.operations.length).toBeGreaterThan(0);
    },
  );

  test('the first fix has the request allowed, whichever condition was broken', {
    timeout: patience * 240_000,
  }, async () => {
    const { exceptions, cases, conditions } = await runSelfTest(world, sizes.explainedTables.test);
    expect(exceptions).toEqual([]);
    expect(cases).toBeGreaterThanOrEqual(conditions);
  });

  test('of a role that is not assigned it says that it would do', async () => {
    const explanation = await explain(await server.api(candidates, { as: 'roleless' }));
    const misses = failedIn(explanation)?.nearMisses ?? [];
    expect(misses.map(({ kind, evidence }) => `${kind} ${evidence['securityRole']}`)).toContain(
      'role-not-assigned ATS integration',
    );
  });

  test('fixes come in order of what they give, and the full power of an administrator is not among the first', async () => {
    const fixes = failedIn(await explain(await server.api(candidates, { as: 'roleless' })))?.fixes ?? [];
    expect(fixes.length).toBeGreaterThan(1);
    const gains = fixes.map(({ gain }) => gain);
    expect(gains).toEqual([...gains].sort((one, other) => one - other));
    expect(fixes.map(({ title }) => title.en).join()).not.toContain('System Administrator');
  });

  test('what was mended since is told as mended', async () => {
    const id = String((await world.findUser())?.['systemuserid']);
    const disable = (isdisabled: boolean) =>
      world.done('webApi', `systemusers(${id})`, { method: 'PATCH', body: { isdisabled } });
    await disable(true);
    const refused = await world.ask('mshr_hcmtitleentities');
    await disable(false);
    const explanation = await explain(refused);
    expect(explanation).toMatchObject({ hasChanged: true, decidedThen: { condition: 'user-enabled' } });
    expect(explanation.firstFailed).toBeUndefined();
    const states = explanation.conditions.map(({ id: name, state, decidedThen }) => [name, state, decidedThen]);
    expect(states).toContainEqual(['user-enabled', 'passed', 'failed']);
    expect(states).toContainEqual(['permission', 'passed', 'not reached']);
    await expect(mend(refused)).rejects.toThrow('nothing is missing now');
  });

  test('an allowed list is explained by the rows that each condition takes away', async () => {
    const organization = {
      UserId: 'SelfTest',
      SecurityRoleIdentifier: 'SelfTestReader',
      OrganizationType: 'LegalEntity',
    };
    const allowed = await world.ask('mshr_hcmrecruitingrequestentities?$select=mshr_recruitingrequestid');
    const all = rowsOf(await server.api('mshr_hcmrecruitingrequestentities?$select=mshr_dataareaid', { as: 'admin' }));
    expect(rowsOf(allowed)).toHaveLength(all.length);
    await world.done('data', 'SecurityUserRoleOrganizations', {
      method: 'POST',
      body: { ...organization, OrganizationId: 'usmf' },
    });
    const fewer = await world.ask('mshr_hcmrecruitingrequestentities?$select=mshr_recruitingrequestid');
    const { rows, firstFailed } = await explain(fewer);
    expect(firstFailed).toBeUndefined();
    const left = rowsOf(fewer).length;
    expect(left).toBeLessThan(all.length);
    expect(rows).toMatchObject({ all: all.length });
    expect(rows?.losses.find(({ condition }) => condition === 'legal-entity')).toMatchObject({
      removed: all.length - left,
      remaining: left,
      evidence: { legalEntities: ['usmf'] },
    });
    await world.restore();
  });

  test('a row that is there, but in a legal entity in which the role does not hold', async () => {
    const path = 'mshr_hcmrecruitingrequestentities?$select=mshr_dataareaid,mshr_hcmrecruitingrequestentityid';
    const other = rowsOf(await server.api(path, { as: 'admin' })).find((each) => each['mshr_dataareaid'] === 'no01');
    const restriction = {
      UserId: 'SelfTest',
      SecurityRoleIdentifier: 'SelfTestReader',
      OrganizationType: 'LegalEntity',
    };
    const body = { ...restriction, OrganizationId: 'usmf' };
    await world.done('data', 'SecurityUserRoleOrganizations', { method: 'POST', body });
    const ask = () => world.ask(`mshr_hcmrecruitingrequestentities(${other?.['mshr_hcmrecruitingrequestentityid']})`);
    const missing = await ask();
    expect(missing.status).toBe(404);
    expect(await explain(missing)).toMatchObject({ firstFailed: 'legal-entity', rows: { all: 1 } });
    await mend(missing);
    expect((await ask()).status).toBe(200);
    await world.restore();
  });

  const send = (secret: string) => {
    world.forgetToken();
    world.sends.secret = secret;
    return world.requestToken();
  };

  test.each([
    { name: 'blanks around it', change: (secret: string) => ` ${secret} `, kind: 'blanks' },
    {
      name: 'encoded twice',
      change: encodedWhole,
      kind: 'encoded',
    },
    { name: 'another one', change: () => 'nothing of the kind', kind: undefined },
  ])('a wrong secret: $name', async ({ change, kind }) => {
    const refused = await send(change(world.right.secret));
    expect(refused.status).toBe(401);
    const explanation = await explain(refused);
    expect(explanation).toMatchObject({ chain: 'token', firstFailed: 'credential' });
    const condition = failedIn(explanation);
    expect(condition?.nearMisses.map((miss) => miss.kind)).toEqual(kind === undefined ? [] : [kind]);
    expect(JSON.stringify(explanation)).not.toContain(world.right.secret);
    world.sends.secret = world.right.secret;
  });

  test('a call in the name of another without the privilege', async () => {
    const admin = rowsOf(
      await world.webApi(
        `systemusers?$select=systemuserid&$filter=applicationid eq ${credentialsOf(server.env, 'ats').id}`.replaceAll(
          ' ',
          '%20',
        ),
      ),
    )[0];
    const ask = () => world.ask('WhoAmI', { headers: { MSCRMCallerID: String(admin?.['systemuserid']) } });
    const refused = await ask();
    expect(refused.status).toBe(403);
    expect((await explain(refused)).firstFailed).toBe('impersonation');
    await mend(refused);
    expect((await ask()).status).toBe(200);
    await world.restore();
  });

  test('an application permission that is missing', async () => {
    const scope = 'https://graph.microsoft.com/.default';
    const graph = async (): Promise<Answer> => {
      server.forgetTokens();
      return server.ask('/v1.0/applications?$top=1', { token: await server.token('reader', scope) });
    };
    const refused = await graph();
    expect(refused.status).toBe(403);
    const explanation = await explain(refused);
    expect(explanation).toMatchObject({ chain: 'directory', firstFailed: 'directory-permission' });
    await mend(refused);
    expect((await graph()).status).toBe(200);
  });

  test.each<{ who: Who; failed: string }>([
    { who: 'ats', failed: 'hr-role' },
    { who: 'unlinked', failed: 'application-link' },
  ])('administration of Human Resources, asked by $who', async ({ who, failed }) => {
    const token = await server.token(who, `${server.url}/data/.default`);
    const refused = await server.ask('/data/SystemUsers', { token });
    const explanation = await explain(refused);
    expect(explanation).toMatchObject({ chain: 'administration', firstFailed: failed });
    expect(failedIn(explanation)?.fixes.length).toBeGreaterThan(0);
  });

  describe('tables of Dataverse', () => {
    const add = async (set: string, body: object): Promise<string> =>
      createdId(await world.webApi(set, { method: 'POST', body }));
    const columns = [
      nameColumn,
      {
        ...{ '@odata.type': typed('StringAttributeMetadata'), SchemaName: 'new_Code', DisplayName: label('Code') },
        ...{ MaxLength: 20, IsSecured: true },
      },
    ];
    let row: string;
    beforeAll(async () => {
      const definition = {
        ...{ '@odata.type': typed('EntityMetadata'), SchemaName: 'new_Note', OwnershipType: 'UserOwned' },
        ...{ DisplayName: label('Note'), DisplayCollectionName: label('Notes'), Attributes: columns },
      };
      await world.done('webApi', 'EntityDefinitions', { method: 'POST', body: definition });
      row = await add('new_notes', { new_name: 'of the administrator' });
      const all = rowsOf(await world.webApi('privileges?$select=name,privilegeid'));
      const wanted = ['prvReadnew_Note', 'prvWritenew_Note'].map((name) => name.toLowerCase());
      const Privileges = all
        .filter((each) => wanted.includes(String(each['name']).toLowerCase()))
        .map((each) => ({ PrivilegeId: each['privilegeid'], Depth: 'Basic', BusinessUnitId: world.rootUnit }));
      expect(Privileges).toHaveLength(2);
      const path = `roles(${world.securityRole})/Microsoft.Dynamics.CRM.AddPrivilegesRole`;
      await world.done('webApi', path, { method: 'POST', body: { Privileges } });
      world.forgetToken();
    });

    test('an access level that does not reach a row: the row is shared', async () => {
      const ask = (more: Ask = {}) => world.ask(`new_notes(${row})?$select=new_name`, more);
      const refused = await ask();
      expect(errorOf(refused)).toMatchObject({ status: 403 });
      const explanation = await explain(refused);
      expect(explanation.firstFailed).toBe('depth');
      expect(statesOf(explanation, 'not asked')).toContain('application-link');
      expect(failedIn(explanation)?.fixes[0]?.title.en).toContain('Share the row');
      await mend(refused);
      expect((await ask()).status).toBe(200);
    });

    test('a list that the access level leaves empty', async () => {
      await world.done('webApi', `new_notes(${row})`, { method: 'DELETE' });
      row = await add('new_notes', { new_name: 'another one of the administrator' });
      const ask = () => world.ask('new_notes?$select=new_name');
      const empty = await ask();
      expect(rowsOf(empty)).toEqual([]);
      expect(await explain(empty)).toMatchObject({ firstFailed: 'depth', rows: { all: 1 } });
      await mend(empty);
      expect(rowsOf(await ask())).toHaveLength(1);
    });

    test('a secured column', async () => {
      const own = await world.webApi('new_notes', { method: 'POST', body: { new_name: 'shared', new_code: 'a' } });
      const id = createdId(own);
      const user = {
        systemuserid: String((await world.findUser())?.['systemuserid']),
        '@odata.type': 'Microsoft.Dynamics.CRM.systemuser',
      };
      const target = { new_noteid: id, '@odata.type': 'Microsoft.Dynamics.CRM.new_note' };
      const access = { Principal: user, AccessMask: 'ReadAccess,WriteAccess' };
      await world.done('webApi', 'GrantAccess', { method: 'POST', body: { Target: target, PrincipalAccess: access } });
      const change = () => world.ask(`new_notes(${id})`, { method: 'PATCH', body: { new_code: 'b' } });
      const refused = await change();
      expect(refused.status).toBe(403);
      const explanation = await explain(refused);
      expect(explanation.firstFailed).toBe('column');
      await mend(refused);
      expect((await change()).status).toBe(204);
    });
  });

  test('a new row in a legal entity in which the role does not hold', async () => {
    const restriction = { UserId: 'RekrutteringIntegrasjon', SecurityRoleIdentifier: 'HcmRecruitingIntegrator' };
    const usmf = { ...restriction, OrganizationType: 'LegalEntity', OrganizationId: 'usmf' };
    await world.done('data', 'SecurityUserRoleOrganizations', { method: 'POST', body: usmf });
    const create = () => server.api(candidates, { method: 'POST', body: { ...candidate, mshr_dataareaid: 'no01' } });
    const refused = await create();
    expect(refused.status).toBe(400);
    const explanation = await explain(refused);
    expect(explanation.firstFailed).toBe('legal-entity');
    expect(failedIn(explanation)?.evidence).toMatchObject({ company: 'no01', level: 'Create' });
    expect(JSON.stringify(explanation)).not.toContain('Nordmann');
    await mend(refused);
    expect((await create()).status).toBe(204);
  });

  // Requests are counted in memory, whatever the database.
  test.runIf(engine === 'sqlite')('a limit asks for nothing but time', async () => {
    let ahead = 0;
    const limited = await startTestServer(
      engine,
      { PORTVAKT_LIMITS: '0.001' },
      silentLog,
      () => new Date(Date.now() + ahead),
    );
    try {
      const ask = () => limited.api('WhoAmI');
      let answer = await ask();
      while (answer.status === 200) answer = await ask();
      expect(answer.status).toBe(429);
      const told = await limited.ask(`/portvakt/v1/explain/${idOf(answer)}`, { as: 'admin' });
      const explanation = bodyOf(told) as unknown as Explanation;
      expect(explanation.firstFailed).toBe('service-limits');
      const wait = failedIn(explanation)?.fixes[0]?.waitSeconds ?? 0;
      expect(wait).toBeGreaterThan(0);
      ahead += wait * 1000;
      expect((await ask()).status).toBe(200);
    } finally {
      await limited.close();
    }
  });

  describe('who may ask', () => {
    const requestTokenFor = (authority: string, { id, secret }: Credentials, scope: string): Promise<Answer> => {
      const form = { grant_type: 'client_credentials', client_id: id, client_secret: secret, scope };
      return server.ask(`${authority}/oauth2/v2.0/token`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams(form).toString(),
      });
    };

    test('nobody but administrators', async () => {
      const refused = await server.api(candidates, { as: 'unlinked' });
      for (const who of ['unlinked', 'ats', 'reader'] as const) {
        const answer = await server.ask(`/portvakt/v1/explain/${idOf(refused)}`, { as: who });
        expect(adminErrorOf(answer)).toMatchObject({ status: 403, code: 'notPermitted' });
      }
      expect((await server.ask(`/portvakt/v1/explain/${idOf(refused)}`)).status).toBe(401);
    });

    test('an administrator of an environment, about requests to it alone', async () => {
      const environment = await makeEnvironment(server, await makeTenant(server, 'Fremmed'), 'fremmed');
      const token = await administratorToken(server, environment.tenant, `${environment.url}/.default`);
      const ask = (answer: Answer) => server.ask(`${environment.url}/portvakt/v1/explain/${idOf(answer)}`, { token });
      const elsewhere = await server.api(candidates, { as: 'unlinked' });
      expect(adminErrorOf(await ask(elsewhere))).toMatchObject({ status: 404, code: 'requestUnknown' });
      const never = { ...elsewhere, headers: { req_id: '01a216b8-0000-7000-8000-000000000000' } };
      expect(adminErrorOf(await ask(never))).toMatchObject({ status: 404, code: 'requestUnknown' });
      const own = await server.ask(`${environment.url}/api/data/v9.2/WhoAmI`, { token: 'none' });
      expect(own.status).toBe(401);
      expect(bodyOf(await ask(own))).toMatchObject({ firstFailed: 'token' });
      const administrator = await server.ask(`/portvakt/v1/explain/${idOf(own)}`, { as: 'admin' });
      expect(administrator.status).toBe(200);
      const scope = `${environment.url}/.default`;
      const wrong = { id: environment.tenant.administrator.id, secret: 'nothing of the kind' };
      const noToken = await requestTokenFor(environment.tenant.authority, wrong, scope);
      expect(bodyOf(await ask(noToken))).toMatchObject({ chain: 'token', firstFailed: 'credential' });
      const forAnother = await requestTokenFor(
        environment.tenant.authority,
        wrong,
        'https://graph.microsoft.com/.default',
      );
      expect((await ask(forAnother)).status).toBe(404);
    });

    test('about an id, not about anything else', async () => {
      const answer = await server.ask('/portvakt/v1/explain/nothing', { as: 'admin' });
      expect(adminErrorOf(answer)).toMatchObject({ status: 400, code: 'idInvalid' });
    });
  });
});
