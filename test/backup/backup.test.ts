import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { exitCodes } from '../../src/cli/cli-error.ts';
import { parseConfig } from '../../src/config.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { startServer } from '../../src/server.ts';
import { fileSchema } from '../../src/storage/sql/sqlite/binding.ts';
import { openConnection } from '../../src/storage/sql/sqlite/connection.ts';
import { type Ran, run } from '../cli/run.ts';
import { Authenticator } from '../support/authenticator.ts';
import { connect } from '../support/connection.ts';
import { makeDatabase, type TestDatabase } from '../support/database.ts';
import { bodyOf } from '../support/odata.ts';
import { addPasskey, signInByPasskey } from '../support/passkeys.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { verifyAudit } from '../support/verify-audit.ts';
import { Browser } from '../support/web-app-browser.ts';

/** Rows of a backup by their table, as the file spells them. */
const tablesOf = async (file: string): Promise<Record<string, string>> => {
  const lines = gunzipSync(await readFile(file))
    .toString('utf8')
    .trimEnd()
    .split('\n');
  const tables: Record<string, string> = {};
  let database = '';
  let table = '';
  for (const line of lines) {
    const value = JSON.parse(line);
    if (Array.isArray(value)) tables[table] += `${line}\n`;
    else if (value.database !== undefined) {
      database = value.database;
      tables[`${database} counters`] = JSON.stringify(value.counters);
      tables[`${database} definitions`] = JSON.stringify(value.definitions);
    } else if (value.columns !== undefined) {
      table = `${database} ${value.table}`;
      tables[table] = `${value.columns}\n`;
    }
  }
  return tables;
};

const countOf = (tables: Record<string, string>, name: string): number => (tables[name]?.split('\n').length ?? 0) - 2;

/** An operator who was invited, and has a passkey beside the password. */
async function operatorWithPasskey(server: TestServer): Promise<Authenticator> {
  const password = 'blåbær på fjellet 1928';
  const body = { name: 'Kari', role: 'readOnly' };
  const made = bodyOf(await server.ask('/portvakt/v1/operators', { as: 'admin', method: 'POST', body }), 201);
  const { link } = made['invitation'] as unknown as { readonly link: string };
  const browser = new Browser(server);
  bodyOf(await browser.setUp(link, undefined, password));
  const key = new Authenticator(server.url);
  bodyOf(await addPasskey(browser, key, { current: password, name: 'Telefon' }));
  return key;
}

describe('an installation is carried from SQLite to PostgreSQL and back', () => {
  let folder: string;
  let server: TestServer;
  let database: TestDatabase;
  let first: string;
  /** A seal of before the backup. */
  let sealed: string;
  /** The passkey of an operator, made before the backup. */
  let passkey: Authenticator;
  const file = (name: string): string => join(folder, name);
  const cli = (words: readonly string[]): Promise<Ran> => run(words);
  const done = async (...words: readonly string[]): Promise<string> => {
    const { code, out, err } = await run(words);
    if (code !== exitCodes.ok) throw new Error(err);
    return out;
  };
  const passphrase = (): readonly string[] => ['--passphrase-file', file('passphrase')];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'portvakt-backup-'));
    await writeFile(file('passphrase'), 'a long enough passphrase\n');
    [server, database] = await Promise.all([startTestServer('sqlite'), makeDatabase(inject('postgresUrl'))]);
    const table = await server.api('EntityDefinitions', {
      method: 'POST',
      as: 'admin',
      body: customTable,
    });
    const project = { new_name: 'Ærlig ÅPEN 😀 "sitat"\n' };
    const row = await server.api('new_projects', { method: 'POST', as: 'admin', body: project });
    expect([table.status, row.status]).toEqual([204, 204]);
    const seal = await server.ask('/portvakt/v1/audit/seal', { method: 'POST', as: 'admin' });
    sealed = String(bodyOf(seal)['hash']);
    passkey = await operatorWithPasskey(server);
    first = file('first.backup');
    const made = await cli(['backup', '--out', first, '--data', server.dataFolder, ...passphrase()]);
    expect(made).toMatchObject({
      code: exitCodes.ok,
      out: expect.stringMatching(/1 environments, \d+ tables, \d+ rows\n$/),
    });
  });
  afterAll(async () => {
    await server.close();
    await database.drop();
    await rm(folder, { recursive: true });
  });

  test('while the server runs, of the owner alone, and whole', { timeout: 60_000 }, async () => {
    expect((await stat(first)).mode & 0o777).toBe(0o600);
    const ran = await cli(['backup', 'verify', first, '--json']);
    expect(ran.code).toBe(exitCodes.ok);
    const verified = JSON.parse(ran.out);
    expect(verified).toMatchObject({ from: 'sqlite', environments: ['nordlys'], hasKeys: true });
    const tables = await tablesOf(first);
    expect(countOf(tables, 'environment:nordlys mshr_hcmworkerbaseentity')).toBeGreaterThanOrEqual(300);
    expect(countOf(tables, 'environment:nordlys new_project')).toBe(1);
    expect(countOf(tables, 'audit portvakt_audit')).toBeGreaterThan(0);
    const text = gunzipSync(await readFile(first)).toString('utf8');
    expect(text).not.toContain('PRIVATE KEY');
    expect(text).not.toContain(server.env.CLIENT_SECRET);
  });

  test('equal row by row on each, and each serves', { timeout: 120_000 }, async () => {
    const [onPostgres, again] = [file('on-postgres'), file('again')];
    const second = file('second.backup');
    const third = file('third.backup');
    const there = ['--data', onPostgres, '--database-url', database.url];
    expect(await done('restore', first, ...there, ...passphrase())).toContain('each read again and equal');
    await done('backup', '--out', second, ...there, ...passphrase());
    await done('restore', second, '--data', again, ...passphrase());
    await done('backup', '--out', third, '--data', again, ...passphrase());
    const [one, two, three] = await Promise.all([first, second, third].map(tablesOf));
    expect(Object.keys(one ?? {}).length).toBeGreaterThan(100);
    expect(two).toEqual(one);
    expect(three).toEqual(one);

    await serves({ PORTVAKT_DATA: onPostgres, PORTVAKT_DATABASE_URL: database.url });
    await serves({ PORTVAKT_DATA: again });
    // The same as a folder that an older version has left, whose tables are brought up to date.
    for (const path of ['directory.db', join('environments', 'nordlys.db')]) {
      const database = openConnection(join(again, path));
      database.run(`update ${fileSchema}.portvakt_setting set value = 'older' where name = 'schema hash'`);
      database.close();
    }
    await serves({ PORTVAKT_DATA: again });
  });

  /** Credentials, rights and numbers go on where they were. */
  async function serves(settings: Readonly<Record<string, string>>): Promise<void> {
    const running = await startServer(parseConfig({ PORTVAKT_PORT: '0', ...settings }), silentLog);
    try {
      expect(running.welcome).toBeUndefined();
      const at = await connect(running.url, settings['PORTVAKT_DATA'] ?? '');
      const read = await at.api('mshr_hcmrecruitingrequestentities?$top=1');
      const sent = await at.api('mshr_hcmcandidatetohireentities', {
        method: 'POST',
        body: {
          mshr_firstname: 'Solveig',
          mshr_lastname: 'Flyttet',
          mshr_recruitingrequestid: 'USMF-000001',
          mshr_dataareaid: 'usmf',
        },
      });
      const named = await at.api("new_projects?$filter=startswith(new_name,'ærlig')", { as: 'admin' });
      expect([read.status, sent.status, named.status, sent.text]).toEqual([200, 204, 200, '']);
      expect(named.json()).toMatchObject({ value: [{ new_name: expect.stringContaining('ÅPEN') }] });
      // The run that was under way when the backup was made ends where the backup does.
      const checked = await verifyAudit((path) => at.ask(path, { as: 'admin' }), sealed);
      expect(checked).toEqual({ findings: [], unchained: 0 });
      // Passkeys are bound to the host's name; the browser says at which port it was.
      const signedIn = await signInByPasskey(new Browser(at), passkey, { origin: at.url });
      expect(bodyOf(signedIn)).toMatchObject({ user: { name: 'Kari', hasPasskey: true } });
    } finally {
      await running.close();
    }
  }

  test('an installation that is there is replaced only when asked', { timeout: 60_000 }, async () => {
    const other = file('other');
    const into = ['--data', other, '--without-keys'];
    await done('restore', first, ...into);
    expect(await cli(['restore', first, ...into])).toMatchObject({
      code: exitCodes.usage,
      err: expect.stringContaining(`the data folder ${other} holds an installation already: add --replace`),
    });
    await done('restore', first, ...into, '--replace');
    expect(await cli(['restore', first, '--data', server.dataFolder, '--without-keys', '--replace'])).toMatchObject({
      code: exitCodes.usage,
      err: expect.stringContaining('is in use by another process'),
    });
  });

  describe('is refused in one line, and nothing is written:', () => {
    const changed = async (change: (text: string) => string): Promise<Buffer> =>
      gzipSync(change(gunzipSync(await readFile(first)).toString('utf8')));
    const cases: readonly (readonly [string, () => Promise<Buffer>, RegExp])[] = [
      ['another file', async () => Buffer.from('hello'), /is no backup of Portvakt: name a file/],
      ['another compressed file', async () => gzipSync('hello\n'), /is no backup of Portvakt: name a file/],
      ['a file that ends too early', async () => (await readFile(first)).subarray(0, 50_000), /is cut off/],
      [
        'a file without its last line',
        () => changed((text) => text.slice(0, text.lastIndexOf('{"end"'))),
        /is cut off: it lacks its end/,
      ],
      [
        'a changed row',
        () => changed((text) => text.replace('Prosjektleder', 'Prosjektledar')),
        /rows of `\w+` are not as written/,
      ],
      [
        'a row less',
        () => changed((text) => text.replace(/(\{"table":"mshr_hcmworkerbaseentity".*\n)\[.*\n/, '$1')),
        /`mshr_hcmworkerbaseentity` had \d+ rows when it was written, and has \d+/,
      ],
      [
        'a changed counter',
        () => changed((text) => text.replace('"row version","', '"row version","9')),
        /its digest is another one/,
      ],
      [
        'a newer format',
        () => changed((text) => text.replace('"formatVersion":1', '"formatVersion":2')),
        /has the format 2, this program knows up to 1/,
      ],
    ];
    test.each(cases)('%s', { timeout: 30_000 }, async (_name, make, message) => {
      const [bad, into] = [file('bad.backup'), file('never')];
      await writeFile(bad, await make());
      for (const words of [
        ['backup', 'verify', bad],
        ['restore', bad, '--data', into, '--without-keys'],
      ]) {
        const ran = await cli(words);
        expect(ran).toMatchObject({ code: exitCodes.usage, out: '', err: expect.stringMatching(message) });
        expect(ran.err.trimEnd().split('\n')).toHaveLength(1);
      }
      await expect(stat(into)).rejects.toThrow('ENOENT');
    });

    test.each([
      ['no passphrase', [], /holds keys: add --passphrase-file <file>, or --without-keys/],
      ['another passphrase', ['--passphrase-file', 'wrong'], /it is another passphrase/],
    ] as const)('%s', async (_name, flags, message) => {
      await writeFile(file('wrong'), 'not what it was made with\n');
      const words = flags.map((each) => (each === 'wrong' ? file('wrong') : each));
      const ran = await cli(['restore', first, '--data', file('never'), ...words]);
      expect(ran).toMatchObject({ code: exitCodes.usage, err: expect.stringMatching(message) });
    });

    test('a backup of nothing, over a file that is there, or without a name', async () => {
      const nothing = ['--data', file('nothing')];
      expect((await cli(['backup', '--out', file('x'), ...nothing])).err).toMatch(/there is no installation/);
      const ran = await cli(['backup', '--out', first, '--data', server.dataFolder]);
      expect(ran.err).toMatch(/first\.backup is there already/);
      expect((await cli(['backup'])).err).toMatch(/say which file to make/);
      await chmod(first, 0o600);
    });
  });
});

const label = (text: string) => ({
  '@odata.type': 'Microsoft.Dynamics.CRM.Label',
  LocalizedLabels: [{ '@odata.type': 'Microsoft.Dynamics.CRM.LocalizedLabel', Label: text, LanguageCode: 1033 }],
});

const customTable = {
  '@odata.type': 'Microsoft.Dynamics.CRM.EntityMetadata',
  SchemaName: 'new_Project',
  DisplayName: label('Project'),
  DisplayCollectionName: label('Projects'),
  OwnershipType: 'UserOwned',
  HasActivities: false,
  HasNotes: false,
  IsActivity: false,
  Attributes: [
    {
      '@odata.type': 'Microsoft.Dynamics.CRM.StringAttributeMetadata',
      AttributeType: 'String',
      AttributeTypeName: { Value: 'StringType' },
      SchemaName: 'new_Name',
      DisplayName: label('Name'),
      IsPrimaryName: true,
      MaxLength: 100,
      FormatName: { Value: 'Text' },
      RequiredLevel: { Value: 'None' },
    },
  ],
};
