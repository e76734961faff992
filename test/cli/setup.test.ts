import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { exitCodes } from '../../src/cli/cli-error.ts';
import { expand, summarize } from '../../src/cli/setup/kinds/security-roles.ts';
import { parseSetup } from '../../src/cli/setup/read-setup.ts';
import { setupSchema } from '../../src/cli/setup/schema.ts';
import type { Setup } from '../../src/cli/setup/setup.ts';
import { anyEngine, engines } from '../support/database.ts';
import { root } from '../support/process.ts';
import { runScript } from '../support/run-script.ts';
import { type EmptyServer, startEmptyServer, startTestServer, type TestServer } from '../support/server.ts';
import { patience } from '../support/way.ts';
import { type Ran, run } from './run.ts';

const example = join(root, 'examples', 'ats.setup.yaml');
const forty = (parse(readFileSync(example, 'utf8')) as Setup).securityRoles?.[0]?.privileges[0]?.tables ?? [];

describe.each(engines)('from an empty organisation, on %s', (engine) => {
  let empty: EmptyServer;
  let second: EmptyServer;
  let folder: string;
  beforeAll(async () => {
    [empty, second] = [await startEmptyServer(engine), await startEmptyServer(engine)];
    folder = mkdtempSync(join(tmpdir(), 'portvakt-setup-'));
  });
  afterAll(async () => {
    await empty.close();
    await second.close();
    rmSync(folder, { recursive: true });
  });

  const cli = (server: EmptyServer, ...words: string[]): Promise<Ran> =>
    run(words, { PORTVAKT_DATA: server.dataFolder });
  const steps = async (server: EmptyServer, file: string) =>
    JSON.parse((await cli(server, 'plan', file, '--json')).out).steps as { kind: string; action: string }[];

  test('plan shows all of it and changes nothing; apply makes it so; then nothing is left to do', async () => {
    const planned = await steps(empty, example);
    expect(planned.map(({ kind, action }) => `${action} ${kind}`)).toEqual([
      'create legalEntities',
      'create applications',
      'create securityRoles',
      'create applicationUsers',
      'create hrUsers',
      'create applicationLinks',
    ]);
    expect(await steps(empty, example)).toEqual(planned);
    expect(await cli(empty, 'drift', example)).toMatchObject({ code: exitCodes.different });
    const applied = await cli(empty, 'apply', example);
    expect(applied).toMatchObject({ code: exitCodes.ok, out: 'done: 6\n' });
    expect(applied.err).toContain('6/6 create applicationLinks Ansettelse YAML');
    expect(await cli(empty, 'plan', example)).toMatchObject({ code: exitCodes.ok, out: 'no difference\n' });
    expect(await cli(empty, 'apply', example)).toMatchObject({ code: exitCodes.ok, out: 'nothing to do\n' });
    expect(await cli(empty, 'drift', example)).toMatchObject({ code: exitCodes.ok });
  });

  test('the application reads each of the forty tables then', async () => {
    expect(forty).toHaveLength(40);
    const made = JSON.parse((await cli(empty, 'app', 'add-secret', 'Ansettelse YAML', '--json')).out);
    const own = { ...readAdmin(empty), CLIENT_ID: made.clientId, CLIENT_SECRET: made.clientSecret };
    const { value } = JSON.parse((await run(['call', '/api/data/v9.2/'], own)).out) as { value: { name: string }[] };
    expect(value.length).toBeGreaterThan(40);
    const definitions = await cli(
      empty,
      'call',
      '/api/data/v9.2/EntityDefinitions?$select=LogicalName,EntitySetName',
      '--as',
      'admin',
    );
    const sets = new Map(
      (JSON.parse(definitions.out).value as { LogicalName: string; EntitySetName: string }[]).map((row) => [
        row.LogicalName,
        row.EntitySetName,
      ]),
    );
    for (const table of forty) {
      expect({ table, ...(await run(['call', `/api/data/v9.2/${sets.get(table)}?$top=1`], own)) }).toMatchObject({
        table,
        code: 0,
      });
    }
  });

  test('what somebody has changed is seen, named and put back', async () => {
    const clientId = (await clientIds(empty)).get('Ansettelse YAML') ?? '';
    await cli(empty, 'role', 'withdraw', 'ATS YAML', 'prvReadmshr_hcmtitleentity');
    await cli(empty, 'role', 'allow', 'ATS YAML', 'prvReadAccount', '--depth', 'Basic');
    await cli(empty, 'user', 'revoke', clientId, 'ATS YAML');
    await cli(empty, 'hr-user', 'revoke', 'AnsettelseYaml', 'HcmRecruitingIntegrator');
    await cli(empty, 'link', 'remove', clientId);
    const { out, code } = await cli(empty, 'drift', example);
    expect(code).toBe(exitCodes.different);
    expect(out).toBe(
      [
        'change securityRoles ATS YAML',
        '    + privilege prvreadmshr_hcmtitleentity Global',
        'change applicationUsers Ansettelse YAML',
        '    + security role ATS YAML',
        'change hrUsers AnsettelseYaml',
        '    + role HcmRecruitingIntegrator',
        'create applicationLinks Ansettelse YAML',
        '4 to do',
        '',
      ].join('\n'),
    );
    await cli(empty, 'apply', example);
    expect(await cli(empty, 'plan', example)).toMatchObject({ out: 'no difference\n' });
  });

  test('values, legal entities of roles and choices are followed', async () => {
    const file = join(folder, 'more.yaml');
    const more = (setup: Partial<Setup>) => writeFileSync(file, JSON.stringify({ version: 1, ...setup }));
    const choice = {
      name: 'new_channel',
      label: 'Channel',
      options: [
        { value: 100000000, label: 'Web' },
        { value: 100000001, label: 'Fair' },
      ],
    };
    const user = { userId: 'AnsettelseYaml', company: 'usmf', language: 'en-us', isEnabled: false };
    const roles = [{ role: 'HcmRecruitingIntegrator', legalEntities: ['usmf'] }];
    more({
      choices: [choice],
      hrUsers: [{ ...user, roles }],
      applications: [{ name: 'Ansettelse YAML', audience: 'AzureADMultipleOrgs' }],
    });
    expect(await cli(empty, 'apply', file)).toMatchObject({ code: exitCodes.ok });
    expect(await steps(empty, file)).toEqual([]);
    const options = [
      { value: 100000001, label: 'Job fair' },
      { value: 100000002, label: 'Other' },
    ];
    more({
      choices: [{ ...choice, label: 'Source', options }],
      hrUsers: [{ ...user, isEnabled: true, roles: [{ role: 'HcmRecruitingIntegrator' }] }],
    });
    expect((await cli(empty, 'plan', file)).out).toBe(
      [
        'change hrUsers AnsettelseYaml',
        '    isEnabled: false -> true',
        '    - role HcmRecruitingIntegrator in usmf',
        'change choices new_channel',
        '    label: Channel -> Source',
        '    ~ option 100000001 Job fair',
        '    + option 100000002 Other',
        '    - option 100000000 Web',
        '2 to do',
        '',
      ].join('\n'),
    );
    expect(await cli(empty, 'apply', file)).toMatchObject({ code: exitCodes.ok });
    expect(await steps(empty, file)).toEqual([]);
  });

  test('roles of Human Resources are made, children first, changed and put back', async () => {
    const file = join(folder, 'hr-roles.yaml');
    const write = (duties: readonly string[]) =>
      writeFileSync(
        file,
        JSON.stringify({
          version: 1,
          hrRoles: [
            { role: 'YamlOuter', name: 'Outer', contextString: 'Recruiting', childRoles: ['YamlInner'] },
            { role: 'YamlInner', duties, privileges: ['HcmSkillEntityView'] },
          ],
        }),
      );
    write(['HcmRecruitmentProcessInquire']);
    expect((await steps(empty, file)).map(({ action }) => action)).toEqual(['create', 'create']);
    expect(await cli(empty, 'apply', file)).toMatchObject({ code: exitCodes.ok });
    expect(await steps(empty, file)).toEqual([]);
    write(['HcmSkillInquire']);
    expect((await cli(empty, 'plan', file)).out).toBe(
      [
        'change hrRoles YamlInner',
        '    + duty HcmSkillInquire',
        '    - duty HcmRecruitmentProcessInquire',
        '1 to do',
        '',
      ].join('\n'),
    );
    expect(await cli(empty, 'apply', file)).toMatchObject({ code: exitCodes.ok });
    expect(await steps(empty, file)).toEqual([]);
    writeFileSync(file, JSON.stringify({ version: 1, hrRoles: [{ role: 'YamlOuter', duties: ['NoSuchDuty'] }] }));
    expect(await cli(empty, 'apply', file)).toMatchObject({ code: exitCodes.refused });
  });

  test('an assignment that somebody switched off is switched on again', async () => {
    const file = join(folder, 'switched-off.yaml');
    const roles = [{ role: 'HcmRecruitingIntegrator', legalEntities: ['usmf'] }];
    const hrUsers = [{ userId: 'AnsettelseYaml', company: 'usmf', roles }];
    writeFileSync(file, JSON.stringify({ version: 1, hrUsers }));
    expect(await cli(empty, 'apply', file)).toMatchObject({ code: exitCodes.ok });
    const key = "UserId='AnsettelseYaml',SecurityRoleIdentifier='HcmRecruitingIntegrator'";
    const path = `/data/SecurityUserRoleAssociations(${key})`;
    const body = '{"AssignmentStatus":"Disabled"}';
    expect(await cli(empty, 'call', path, body, '--method', 'PATCH', '--as', 'admin')).toMatchObject({ code: 0 });
    expect((await cli(empty, 'plan', file)).out).toContain('+ role HcmRecruitingIntegrator');
    expect(await cli(empty, 'apply', file)).toMatchObject({ code: exitCodes.ok });
    expect(await steps(empty, file)).toEqual([]);
  });

  test('a role goes together with its legal entities', async () => {
    const file = join(folder, 'role-away.yaml');
    const user = { userId: 'AnsettelseYaml', company: 'usmf' };
    const write = (roles: readonly object[]) =>
      writeFileSync(file, JSON.stringify({ version: 1, hrUsers: [{ ...user, roles }] }));
    write([{ role: 'HcmRecruitingIntegrator', legalEntities: ['usmf'] }]);
    expect(await cli(empty, 'apply', file)).toMatchObject({ code: exitCodes.ok });
    write([]);
    expect(await cli(empty, 'apply', file)).toMatchObject({ code: exitCodes.ok, out: 'done: 1\n' });
    expect(await steps(empty, file)).toEqual([]);
    // The test after this one compares the organisation with a second one.
    write([{ role: 'HcmRecruitingIntegrator' }]);
    expect(await cli(empty, 'apply', file)).toMatchObject({ code: exitCodes.ok });
  });

  test('export, applied to another empty organisation, makes an equal one', async () => {
    const [file, again] = [join(folder, 'export.yaml'), join(folder, 'again.yaml')];
    expect(await cli(empty, 'export', file)).toMatchObject({ code: exitCodes.ok });
    expect(await cli(second, 'apply', file)).toMatchObject({ code: exitCodes.ok });
    expect(await cli(second, 'plan', file)).toMatchObject({ out: 'no difference\n' });
    await cli(second, 'export', again);
    expect(readFileSync(again, 'utf8')).toBe(readFileSync(file, 'utf8'));
  });

  test('an apply that is refused half-way can be run again', async () => {
    const file = join(folder, 'half.yaml');
    const legalEntities = [{ id: 'usmf', name: 'Nordlys Group' }];
    const users = [
      { userId: 'Half', company: 'usmf' },
      { userId: 'Other', company: 'nowhere' },
    ];
    writeFileSync(file, JSON.stringify({ version: 1, legalEntities, hrUsers: users }));
    expect(await cli(empty, 'apply', file)).toMatchObject({ code: exitCodes.refused });
    expect(await steps(empty, file)).toHaveLength(1);
    writeFileSync(file, JSON.stringify({ version: 1, hrUsers: users.map((user) => ({ ...user, company: 'usmf' })) }));
    expect(await cli(empty, 'apply', file)).toMatchObject({ code: exitCodes.ok, out: 'done: 1\n' });
  });
});

const readAdmin = (server: EmptyServer): Record<string, string> =>
  Object.fromEntries(
    [...readFileSync(join(server.dataFolder, 'admin.env'), 'utf8').matchAll(/^(\w+)='(.*)'$/gm)].map(
      ([, name, value]) => [name, value],
    ),
  );

async function clientIds(server: EmptyServer): Promise<Map<string, string>> {
  const { out } = await run(['app', 'list', '--json'], { PORTVAKT_DATA: server.dataFolder });
  return new Map(
    (JSON.parse(out) as { displayName: string; appId: string }[]).map((row) => [row.displayName, row.appId]),
  );
}

describe('beside the demo', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer(anyEngine);
  });
  afterAll(() => server.close());

  test('the round trip passes with the application of the file', { timeout: patience * 60_000 }, async () => {
    const environment = { PORTVAKT_DATA: server.dataFolder };
    expect(await run(['apply', example], environment)).toMatchObject({ code: exitCodes.ok });
    const { out } = await run(['app', 'add-secret', 'Ansettelse YAML', '--json'], environment);
    const { clientId, clientSecret } = JSON.parse(out);
    const ended = await runScript(server, 'examples/round-trip.mjs', 'ats', {
      CLIENT_ID: clientId,
      CLIENT_SECRET: clientSecret,
    });
    expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining('candidate sent') });
  });
});

describe('a file that is wrong', () => {
  test.each([
    {
      name: 'an unknown key, with the nearest right one',
      text: 'version: 1\nhrUser: []\n',
      message: 'x.yaml:2:9: unknown key hrUser',
      fix: 'did you mean hrUsers?',
    },
    {
      name: 'an unknown key of an item',
      text: 'version: 1\nhrUsers:\n  - userId: a\n    company: b\n    langauge: c\n',
      message: 'x.yaml:5:15: unknown key langauge',
      fix: 'did you mean language?',
    },
    {
      name: 'a key that is missing',
      text: 'version: 1\nhrUsers:\n  - company: a\n',
      message: 'x.yaml:3:5: hrUsers.0 lacks userId',
    },
    {
      name: 'a value that is not allowed',
      text: 'version: 1\napplications:\n  - {name: a, audience: All}\n',
      message: 'x.yaml:3:25: applications.0.audience must be one of AzureADMyOrg, AzureADMultipleOrgs',
    },
    { name: 'another version', text: 'version: 2\n', message: 'x.yaml:1:10: version must be 1' },
    {
      name: 'no application',
      text: 'version: 1\napplicationLinks:\n  - {name: a, hrUser: b}\n',
      message: 'x.yaml:3:5: applicationLinks.0 must name one of application and clientId',
    },
    {
      name: 'two applications',
      text: 'version: 1\napplicationLinks:\n  - {name: a, hrUser: b, application: c, clientId: 00000000-0000-4000-8000-000000000001}\n',
      message: 'applicationLinks.0 must name one of application and clientId',
    },
    { name: 'broken YAML', text: 'version: 1\nhrUsers: [\n', message: /^x\.yaml:\d+:\d+: / },
    { name: 'a key twice', text: 'version: 1\nversion: 1\n', message: 'x.yaml:2:1: Map keys must be unique' },
    { name: 'nothing', text: '', message: 'x.yaml: the file must be object' },
    { name: 'text', text: 'hello', message: 'x.yaml:1:1: the file must be object' },
  ])('$name is one line that says where', ({ text, message, fix }) => {
    expect(() => parseSetup(text, 'x.yaml')).toThrow(message);
    if (fix !== undefined) expect(catchError(() => parseSetup(text, 'x.yaml'))).toMatchObject({ fix, exitCode: 2 });
  });

  test('a file that is not there', async () => {
    expect(await run(['plan', '/nowhere.yaml'], {})).toMatchObject({
      code: 2,
      err: expect.stringContaining('/nowhere.yaml cannot be read'),
    });
  });
});

function catchError(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}

test('the published schema is the one that is checked', () => {
  const published: unknown = JSON.parse(readFileSync(join(root, 'docs', 'setup.schema.json'), 'utf8'));
  expect(published).toEqual(JSON.parse(JSON.stringify(setupSchema)));
});

test('privileges are summed up and expanded to the same', () => {
  const all = new Map([
    ...forty.flatMap((table) => [[`prvRead${table}`, 'Global'] as const, [`prvCreate${table}`, 'Global'] as const]),
    ['prvReadnew_interview', 'Local'] as const,
    ['prvReadUser', 'Global'] as const,
    ['prvActOnBehalfOfAnotherUser', 'Global'] as const,
  ]);
  const summed = summarize(all);
  expect(summed).toHaveLength(3);
  expect(new Map([...expand(summed)].sort())).toEqual(
    new Map([...all].map(([name, depth]) => [name.toLowerCase(), depth] as const).sort()),
  );
});
