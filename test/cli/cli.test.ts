import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exitCodes } from '../../src/cli/cli-error.ts';
import { commands } from '../../src/cli/commands/all.ts';
import { nearest } from '../../src/kernel/nearest.ts';
import { anyEngine } from '../support/database.ts';
import { root } from '../support/process.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { patience } from '../support/way.ts';
import { type Ran, run } from './run.ts';

describe('commands against a server', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer(anyEngine);
  });
  afterAll(() => server.close());

  const cli = (...words: string[]): Promise<Ran> => run(words, { PORTVAKT_DATA: server.dataFolder });
  const json = async (...words: string[]) => {
    const ran = await cli(...words, '--json');
    expect(ran).toMatchObject({ code: exitCodes.ok, err: '' });
    return JSON.parse(ran.out);
  };

  test('a new application is taken through both gates, and out again', { timeout: patience * 60_000 }, async () => {
    const { clientId, clientSecret } = await json('app', 'create', 'Ansettelse');
    const own = { ...server.env, CLIENT_ID: clientId, CLIENT_SECRET: clientSecret };
    const call = () => run(['call', '/api/data/v9.2/mshr_hcmtitleentities?$top=1', '--as', 'ats'], own);
    const refusal = async (code: string): Promise<void> => {
      const ran = await call();
      expect(ran).toMatchObject({ code: exitCodes.refused, err: expect.stringContaining(code) });
      expect(ran.err).toMatch(/fix: portvakt explain [0-9a-f-]{36}\n$/);
    };

    await refusal('403 0x80072560 The user is not a member of the organization.');
    await json('user', 'add', clientId);
    await refusal('403 0x80042f09');
    await json('role', 'create', 'Ansettelse');
    await json('user', 'grant', clientId, 'ansettelse');
    await refusal('403 0x80040220');
    await json('role', 'allow', 'Ansettelse', 'prvReadmshr_hcmtitleentity');
    await refusal('400 0x80040265 User Ansettelse was not found');
    await json('hr-user', 'add', 'AnsettelseIntegrasjon', '--language', 'nb-no');
    await json('link', 'add', clientId, 'AnsettelseIntegrasjon', '--name', 'Ansettelse');
    await refusal('400 0x80040265');
    await json('hr-user', 'grant', 'AnsettelseIntegrasjon', 'HcmRecruitingIntegrator');
    expect(await call()).toMatchObject({ code: exitCodes.ok, out: expect.stringContaining('mshr_titleid') });

    await json('user', 'disable', clientId);
    await refusal('0x80040225');
    await json('user', 'enable', clientId);
    await json('role', 'withdraw', 'Ansettelse', 'prvReadmshr_hcmtitleentity');
    await refusal('403 0x80040220');
    await json('link', 'remove', clientId);
    await json('hr-user', 'revoke', 'AnsettelseIntegrasjon', 'HcmRecruitingIntegrator');
    await json('hr-user', 'remove', 'AnsettelseIntegrasjon');
    await json('user', 'revoke', clientId, 'Ansettelse');
    await json('role', 'delete', 'Ansettelse');
    await json('user', 'disable', clientId);
    await json('user', 'remove', clientId);
    await json('app', 'delete', clientId);
    expect(await json('app', 'list')).not.toContainEqual(expect.objectContaining({ appId: clientId }));
  });

  test('lists are aligned columns for people', async () => {
    const { out } = await cli('link', 'list');
    expect(out).toMatch(/^CLIENT ID {2,}NAME {2,}HR USER\n/);
    expect(out).toMatch(new RegExp(`^${server.env.CLIENT_ID} {2}.* {2}RekrutteringIntegrasjon$`, 'm'));
  });

  test('a role made like another one has the same privileges', async () => {
    const [demo] = (await json('user', 'list')).filter(
      (row: { applicationid: string }) => row.applicationid === server.env.CLIENT_ID,
    );
    const name = demo.systemuserroles_association[0].name;
    const { privileges } = await json('role', 'create', 'Copy', '--like', name);
    expect(privileges).toBeGreaterThan(200);
    expect(await json('role', 'show', 'Copy')).toEqual(await json('role', 'show', name));
    await json('role', 'delete', 'Copy');
  });

  test('secrets, certificates and federated credentials are added and work', async () => {
    const { clientId } = await json('app', 'create', 'Credentials', '--multi-tenant');
    const { clientSecret, keyId } = await json('app', 'add-secret', clientId, '--name', 'second', '--days', '30');
    const own = { ...server.env, CLIENT_ID: clientId, CLIENT_SECRET: clientSecret };
    expect(JSON.parse((await run(['token', '--claims', '--as', 'ats'], own)).out)).toMatchObject({ appid: clientId });
    expect((await json('app', 'add-certificate', clientId, server.env.CERT ?? '')).thumbprint).toMatch(
      /^[0-9A-F]{40}$/,
    );
    await json('app', 'add-federated', clientId, 'pipeline', '--issuer', 'https://ci.example', '--subject', 'repo:a');
    await json('app', 'remove-secret', clientId, keyId);
    expect((await run(['token', '--as', 'ats'], own)).err).toContain('AADSTS7000215');
    expect(await json('app', 'show', 'credentials')).toMatchObject({
      signInAudience: 'AzureADMultipleOrgs',
      passwordCredentials: [{ displayName: 'first' }],
      keyCredentials: [{ type: 'AsymmetricX509Cert' }],
    });
  });

  test.each([
    { name: 'of the environment', words: [], aud: () => server.url },
    { name: 'of Graph', words: ['--for', 'graph'], aud: () => 'https://graph.microsoft.com' },
    { name: 'of Human Resources', words: ['--for', 'data'], aud: () => `${server.url}/data` },
    {
      name: 'for a scope',
      words: ['--for', 'https://graph.microsoft.com/.default'],
      aud: () => 'https://graph.microsoft.com',
    },
  ])('a token $name has its audience', async ({ words, aud }) => {
    expect((await json('token', '--claims', ...words)).aud.replace(/\/$/, '')).toBe(aud());
  });

  test('a body comes from the line, a file or standard input', async () => {
    const file = join(server.dataFolder, 'body.json');
    writeFileSync(file, '{"name": "From a file"}');
    const unit = (await json('call', '/api/data/v9.2/WhoAmI', '--as', 'admin')).BusinessUnitId;
    const roleNamed = (name: string) =>
      JSON.stringify({ name, 'businessunitid@odata.bind': `/businessunits(${unit})` });
    writeFileSync(file, roleNamed('From a file'));
    const post = (body: string, input = '') =>
      run(
        ['call', '/api/data/v9.2/roles', body, '--as', 'admin', '--include'],
        { PORTVAKT_DATA: server.dataFolder },
        input,
      );
    for (const ran of [
      await post(roleNamed('From the line')),
      await post(`@${file}`),
      await post('-', roleNamed('From input')),
    ]) {
      expect(ran).toMatchObject({ code: exitCodes.ok, out: expect.stringMatching(/^204\n/) });
    }
    const names = (await json('role', 'list')).map((row: { name: string }) => row.name);
    expect(names).toEqual(expect.arrayContaining(['From the line', 'From a file', 'From input']));
    for (const name of ['From the line', 'From a file', 'From input']) await json('role', 'delete', name);
  });

  test('tenants, environments, keys and the audit log', { timeout: patience * 60_000 }, async () => {
    const { tenantId, clientId } = await json('tenant', 'create', 'Fjordheim', 'fjordheim.example');
    const made = await json('environment', 'create', 'fjordheim', '--tenant', tenantId, '--administrator', clientId);
    expect(await json('environment', 'list')).toContainEqual(expect.objectContaining({ url: made.url }));
    expect(await json('tenant', 'list')).toContainEqual(expect.objectContaining({ id: tenantId }));
    const before = (await json('keys', 'list')).next.kid;
    expect(await json('keys', 'rotate', '--mode', 'now')).toMatchObject({ isRotated: true, current: { kid: before } });
    expect(await json('audit', 'list', '--kind', 'keys', '--top', '1')).toMatchObject([
      { kind: 'keys', outcome: 'allowed' },
    ]);
  });

  test('operators of the web app', async () => {
    const { link, ...made } = await json('operator', 'add', 'Kari Nordmann', '--role', 'recruiting');
    expect(made).toMatchObject({ name: 'Kari Nordmann', role: 'recruiting' });
    expect(link).toContain('/app/setup#token=');
    const listed = { name: 'Kari Nordmann', isEnabled: true, hasPassword: false };
    expect(await json('operator', 'list')).toContainEqual(expect.objectContaining({ ...listed, role: 'recruiting' }));
    expect((await json('operator', 'link', 'kari nordmann')).link).not.toBe(link);
    expect(await json('operator', 'role', 'Kari Nordmann', 'readOnly')).toMatchObject({ role: 'readOnly' });
    const { code, err } = await cli('operator', 'role', 'Kari Nordmann', 'owner');
    expect({ code, err }).toEqual({ code: exitCodes.refused, err: expect.stringContaining('400 memberInvalid') });
  });

  test('the audit log is exported, as lines of JSON and as logs of OpenTelemetry', async () => {
    const exported = async (...words: string[]) => {
      const { out, code } = await cli('audit', 'export', ...words);
      expect(code).toBe(exitCodes.ok);
      return out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
    };
    const entries = await exported();
    const times = entries.map(({ time }) => time);
    expect(times.length).toBeGreaterThan(20);
    expect(times).toEqual(times.toSorted());
    const until = times.at(-1);
    const listed = await json('audit', 'list', '--top', '1000', '--until', until);
    const numbered = (rows: typeof entries) => rows.map(({ run: of, number }) => `${of} ${number}`);
    expect(numbered(entries.filter(({ time }) => time < until)).slice(-1000)).toEqual(numbered(listed).toReversed());

    const keys = await exported('--kind', 'keys');
    const [{ resourceLogs }] = await exported('--kind', 'keys', '--format', 'otel');
    const [{ resource, scopeLogs }] = resourceLogs;
    expect(resource.attributes).toContainEqual({ key: 'service.instance.id', value: { stringValue: keys[0].run } });
    const [{ logRecords }] = scopeLogs;
    expect(logRecords).toHaveLength(keys.length);
    expect(logRecords[0]).toMatchObject({
      timeUnixNano: `${Date.parse(keys[0].time)}000000`,
      ...{ severityNumber: 9, severityText: 'INFO', eventName: 'portvakt.audit.keys' },
      attributes: expect.arrayContaining([
        { key: 'portvakt.requestId', value: { stringValue: keys[0].requestId } },
        { key: 'portvakt.number', value: { intValue: String(keys[0].number) } },
      ]),
    });
    expect(await cli('audit', 'export', '--format', 'csv')).toMatchObject({
      code: exitCodes.usage,
      err: expect.stringContaining('there is no format csv'),
    });
  });

  test('the audit log is sealed, and is whole', async () => {
    const { hash, number } = await json('audit', 'seal');
    expect(await json('audit', 'seal', '--newest')).toMatchObject({ number: expect.any(Number) });
    expect(await json('audit', 'verify', '--seal', hash)).toMatchObject({ isWhole: true, findings: [], unchained: 0 });
    expect((await cli('audit', 'verify')).out).toMatch(
      /^the audit log is whole: \d+ entries in \d+ segments under \d+ seals\n$/,
    );
    const lost = await cli('audit', 'verify', '--seal', '0'.repeat(64));
    expect(lost).toMatchObject({ code: exitCodes.different, out: expect.stringContaining('no seal has the hash 000') });
    const words = ['audit', 'prune', '--before', '2000-01-01T00:00:00Z'];
    expect((await cli(...words)).out).toBe('0 entries in 0 segments would be removed: add --yes\n');
    expect(await json(...words, '--yes')).toMatchObject({ entries: 0, isDry: false });
    expect(await cli('audit', 'prune', '--before', '2999-01-01T00:00:00Z', '--yes')).toMatchObject({
      code: exitCodes.refused,
      err: expect.stringContaining("'before' is not a moment in the past"),
    });
    expect(number).toBeGreaterThan(1);
    expect(await cli('audit', 'verify', '--seal', 'x')).toMatchObject({
      code: exitCodes.refused,
      err: expect.stringContaining("'seal' is not a hash of a seal"),
    });
  });

  test.each([
    {
      name: 'an unknown role, with the nearest one',
      words: ['role', 'show', 'System Administrater'],
      code: 2,
      err: 'there is no security role System Administrater\n  fix: did you mean System Administrator?',
    },
    {
      name: 'an unknown application',
      words: ['app', 'show', 'zzzzzz'],
      code: 2,
      err: 'there is no application zzzzzz\n',
    },
    { name: 'something else than a client id', words: ['user', 'add', 'Ansettelse'], code: 4, err: 'refused: 400' },
    {
      name: 'a client id that no user has',
      words: ['user', 'disable', '00000000-0000-4000-8000-000000000001'],
      code: 2,
      err: 'no application user has the client id',
    },
    { name: 'an unknown command, with the nearest one', words: ['app', 'lisst'], code: 2, err: 'Did you mean list?' },
    {
      name: 'an unknown option, with the nearest one',
      words: ['token', '--claim'],
      code: 2,
      err: 'Did you mean --claims?',
    },
    { name: 'a missing argument', words: ['link', 'add'], code: 2, err: "missing required argument 'client-id'" },
    {
      name: 'a depth that is none',
      words: ['role', 'allow', 'x', 'y', '--depth', 'Deepest'],
      code: 2,
      err: '--depth Deepest is not one of Basic, Local, Deep, Global',
    },
    {
      name: 'days that are none',
      words: ['app', 'add-secret', 'Demo ATS', '--days', '-1'],
      code: 2,
      err: '--days -1 is not a number of days',
    },
    {
      name: 'a file without a certificate',
      words: ['app', 'add-certificate', 'Demo ATS', 'package.json'],
      code: 2,
      err: 'package.json holds no certificate',
    },
    {
      name: 'a file that is not there',
      words: ['call', '/x', '@missing.json'],
      code: 2,
      err: 'missing.json cannot be read',
    },
    { name: 'a path without its slash', words: ['call', 'api'], code: 2, err: 'api is not a path' },
    {
      name: 'a header that is none',
      words: ['call', '/x', '--header', 'Prefer'],
      code: 2,
      err: '--header Prefer is not a header',
    },
    {
      name: 'a surface that is none',
      words: ['token', '--for', 'web'],
      code: 2,
      err: '--for web is neither environment, data, graph nor a scope',
    },
    {
      name: 'credentials that are not there',
      words: ['token', '--as', 'nobody'],
      code: 2,
      err: 'has no NOBODY_CLIENT_ID',
    },
    {
      name: 'an operator that there is not',
      words: ['operator', 'link', 'Mallory'],
      code: 2,
      err: "no operator 'Mallory'",
    },
    { name: 'a caller without the right', words: ['tenant', 'list', '--as', 'reader'], code: 4, err: 'refused: 403' },
    {
      name: 'a refused token',
      words: ['token', '--for', 'https://example.com/.default'],
      code: 4,
      err: 'no token: AADSTS500011',
    },
  ])('refuses $name', async ({ words, code, err }) => {
    const ran = await cli(...words);
    expect({ code: ran.code, err: ran.err }).toEqual({ code, err: expect.stringContaining(err) });
    expect(ran.out).toBe('');
  });

  test('a server whose certificate is not trusted is named with the fix', async () => {
    const { NODE_EXTRA_CA_CERTS: _, ...untrusting } = server.env;
    expect(await run(['token'], untrusting)).toMatchObject({
      code: exitCodes.unreachable,
      err: expect.stringMatching(
        /cannot be reached: its certificate is not trusted\n {2}fix: name the CA in NODE_EXTRA_CA_CERTS/,
      ),
    });
  });
});

const nowhere = {
  API_URL: 'https://127.0.0.1:1',
  AUTHORITY_URL: 'https://127.0.0.1:1/t',
  CLIENT_ID: 'a',
  CLIENT_SECRET: 'b',
};

test.each([
  {
    name: 'no server',
    environment: nowhere,
    code: 3,
    err: 'https://127.0.0.1:1 cannot be reached: nothing listens there\n  fix: start the server',
  },
  {
    name: 'no settings',
    environment: { PORTVAKT_DATA: '/nowhere' },
    code: 2,
    err: 'no server is named, and there is no /nowhere/demo.env',
  },
  {
    name: 'half of the settings',
    environment: { API_URL: nowhere.API_URL },
    code: 2,
    err: 'the environment has no AUTHORITY_URL',
  },
  {
    name: 'a URL that is none',
    environment: { ...nowhere, API_URL: 'localhost' },
    code: 2,
    err: 'API_URL is not a URL: localhost',
  },
  {
    name: 'a CA file that is not there',
    environment: { ...nowhere, NODE_EXTRA_CA_CERTS: '/nowhere.pem' },
    code: 2,
    err: '/nowhere.pem cannot be read',
  },
])('$name: one line and a fix', async ({ environment, code, err }) => {
  const ran = await run(['token'], environment);
  expect({ code: ran.code, err: ran.err }).toEqual({ code, err: expect.stringContaining(err) });
});

test('init makes a data folder that a later start finds, and says so the second time', {
  timeout: patience * 60_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'portvakt-init-'));
  const environment = { PORTVAKT_DATA: folder, PORTVAKT_PORT: '0', PORTVAKT_SEED: 'empty' };
  expect(await run(['init'], environment)).toMatchObject({
    code: 0,
    out: expect.stringContaining('An empty organisation'),
  });
  expect(readdirSync(folder)).toEqual(expect.arrayContaining(['admin.env', 'tls']));
  expect(JSON.parse((await run(['init', '--json'], environment)).out)).toMatchObject({ isNew: false });
  expect(await run(['init'], { ...environment, PORTVAKT_SEED: 'full' })).toEqual({
    ...{ code: exitCodes.usage, out: '' },
    err: 'portvakt: PORTVAKT_SEED="full" is not allowed: one of demo, empty\n',
  });
  rmSync(folder, { recursive: true });
});

describe('help', () => {
  test('every command has an example that begins with its own words', () => {
    const wrong = commands.flatMap((each) => {
      const specs =
        'commands' in each ? each.commands.map((spec) => [`${each.name} `, spec] as const) : [['', each] as const];
      return specs.filter(([group, spec]) => {
        const start = `portvakt ${group}${spec.usage.split(' ', 1)[0]}`;
        return !spec.examples.some((example) => example.includes(start));
      });
    });
    expect(wrong).toEqual([]);
  });

  test('help and version are no mistakes', async () => {
    expect(await run(['--help'])).toMatchObject({ code: 0, out: expect.stringContaining('Exit codes: 0 done') });
    expect(await run(['app', 'create', '--help'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('Examples:'),
    });
    expect(await run(['--version'])).toMatchObject({ code: 0, out: '1.2.3\n' });
  });
});

describe('completion', () => {
  const complete = async (...words: string[]): Promise<string[]> => {
    const { out } = await run(['completion', 'bash']);
    const line = `COMP_WORDS=(portvakt ${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length}`;
    const script = `${out}\n${line}; _portvakt; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return execFileSync('bash', ['-c', script], { encoding: 'utf8' }).trim().split('\n');
  };

  test.each([
    { words: ['a'], found: ['app', 'apply', 'advise', 'audit'] },
    { words: ['app', 'add-'], found: ['add-secret', 'add-certificate', 'add-federated'] },
    { words: ['app', 'add-secret', '--d'], found: ['--days'] },
    { words: ['app', 'add-secret', 'Name', '--d'], found: ['--days'] },
    { words: ['token', '--c'], found: ['--claims'] },
  ])('bash completes $words', async ({ words, found }) => {
    expect(await complete(...words)).toEqual(found);
  });

  test.each(['zsh', 'fish'])('%s gets every command', async (shell) => {
    const { out } = await run(['completion', shell]);
    for (const each of commands) expect(out).toContain('commands' in each ? each.name : each.usage.split(' ', 1)[0]);
  });

  test('another shell is refused', async () => {
    expect(await run(['completion', 'ksh'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('one of bash, zsh, fish'),
    });
  });
});

test.each([
  ['ATS integratoin', 'ATS integration'],
  ['x', undefined],
  ['Basic Usr', 'Basic User'],
])('the name nearest to %s is %s', (word, found) => {
  expect(nearest(word, ['ATS integration', 'Basic User', 'System Administrator'])).toBe(found);
});

test('the program itself answers, and a word that is no command does not start a server', () => {
  const program = (...words: string[]) =>
    execFileSync(process.execPath, ['--import', 'tsx', join(root, 'src', 'portvakt.ts'), ...words], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  expect(program('--help')).toContain('portvakt');
  expect(() => program('strat')).toThrow(/unknown command 'strat'/);
});
