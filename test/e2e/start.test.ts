import { cp, mkdtemp, readFile, rm, stat, truncate, unlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { parseConfig } from '../../src/config.ts';
import { ConfigError } from '../../src/config-values.ts';
import { databaseSettings, makeDatabase, type TestDatabase } from '../support/database.ts';
import { type Ended, killServers, spawnServer, startServerProcess } from '../support/process.ts';

let folder: string;
/** An installation that was set up and stopped; each test takes a copy of it. */
let template: string;
let holder: Server;
let takenPort: number;
let folders = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'portvakt-start-'));
  template = newFolder();
  const server = await startServerProcess({ settings: settingsFor(template) });
  await server.kill('SIGTERM');
  holder = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => holder.once('listening', resolve));
  const address = holder.address();
  takenPort = typeof address === 'object' && address !== null ? address.port : 0;
});

afterEach(killServers);
afterAll(async () => {
  holder.close();
  await rm(folder, { recursive: true, force: true });
});

const newFolder = (): string => join(folder, String(folders++));

const settingsFor = (dataFolder: string): Record<string, string> => ({
  PORTVAKT_DATA: dataFolder,
  PORTVAKT_PORT: '0',
  PORTVAKT_SEED: 'empty',
});

async function copyOfTemplate(): Promise<string> {
  const copy = newFolder();
  await cp(template, copy, { recursive: true });
  return copy;
}

const start = (settings: Record<string, string>, flags: readonly string[] = []): Promise<Ended> =>
  spawnServer({ settings, flags }).ended;

/** Exit code 1, and on standard error one line that begins with the program's name. */
function expectOneLine({ code, stdout, stderr }: Ended): string {
  expect(stderr).toMatch(/^portvakt: [^\n]+\n$/);
  expect(stderr).not.toMatch(/\bat .+:\d+:\d+/);
  expect(stdout).not.toContain('"msg":"ready"');
  expect(code).toBe(1);
  return stderr;
}

describe('a setting that is not allowed stops the start with one line that names it', () => {
  interface Row {
    readonly name: string;
    readonly settings?: Record<string, string>;
    readonly flags?: readonly string[];
    readonly says: readonly string[];
  }
  const served: readonly Row[] = [
    {
      name: 'a host that nobody knows',
      settings: { PORTVAKT_HOST: 'no.such.host.invalid' },
      says: ['no.such.host.invalid', 'PORTVAKT_HOST'],
    },
    {
      name: "another machine's address",
      settings: { PORTVAKT_HOST: '192.0.2.1' },
      says: ['192.0.2.1', 'EADDRNOTAVAIL', 'PORTVAKT_HOST'],
    },
    { name: 'a port that no program can have', settings: { PORTVAKT_PORT: '70000' }, says: ['PORTVAKT_PORT="70000"'] },
    { name: 'a flag with such a port', flags: ['--port', '70000'], says: ['PORTVAKT_PORT="70000"', '65535'] },
  ];

  test.each(served)('$name', async ({ settings, flags, says }) => {
    const line = expectOneLine(await start({ ...settingsFor(newFolder()), ...settings }, flags));
    for (const part of says) expect(line).toContain(part);
  });

  /** Found before anything is opened, so without a process: the program prints the message of what is thrown. */
  const rows: readonly Row[] = [
    { name: 'a port above 65535', settings: { PORTVAKT_PORT: '70000' }, says: ['PORTVAKT_PORT="70000"', '65535'] },
    { name: 'a port that is no number', settings: { PORTVAKT_PORT: '84x' }, says: ['PORTVAKT_PORT="84x"', '65535'] },
    {
      name: 'a public URL with a path',
      settings: { PORTVAKT_PUBLIC_URL: 'https://hr.example/x' },
      says: ['PORTVAKT_PUBLIC_URL="https://hr.example/x"', 'without a path'],
    },
    {
      name: 'a public URL that is none',
      settings: { PORTVAKT_PUBLIC_URL: 'hr.example' },
      says: ['PORTVAKT_PUBLIC_URL="hr.example"', 'origin'],
    },
    {
      name: 'limits that are no number',
      settings: { PORTVAKT_LIMITS: 'many' },
      says: ['PORTVAKT_LIMITS="many"', 'off, on', '0.001 to 1000'],
    },
    {
      name: 'limits that let nothing through',
      settings: { PORTVAKT_LIMITS: '0' },
      says: ['PORTVAKT_LIMITS="0"', '0.001 to 1000'],
    },
    {
      name: 'a fidelity that there is not',
      settings: { PORTVAKT_FIDELITY: 'loose' },
      says: ['PORTVAKT_FIDELITY="loose"', 'extended, strict'],
    },
    {
      name: "another product's database, without its password",
      settings: { PORTVAKT_DATABASE_URL: 'mysql://u:hush@h/d' },
      says: ['PORTVAKT_DATABASE_URL="mysql://u:***@h/d"', 'postgres://'],
    },
    {
      name: 'a proxy by name',
      settings: { PORTVAKT_TRUSTED_PROXIES: '10.0.0.5,proxy' },
      says: ['PORTVAKT_TRUSTED_PROXIES="10.0.0.5,proxy"', '192.168.0.0/16'],
    },
    {
      name: 'replays neither accepted nor refused',
      settings: { PORTVAKT_ASSERTION_REPLAY: 'maybe' },
      says: ['PORTVAKT_ASSERTION_REPLAY="maybe"', 'accept, refuse'],
    },
    {
      name: 'trusted issuers in a file that is not there',
      settings: { PORTVAKT_TRUSTED_ISSUERS: '/nowhere/issuers.json' },
      says: ['PORTVAKT_TRUSTED_ISSUERS="/nowhere/issuers.json"', 'a file that can be read (ENOENT)'],
    },
    {
      name: 'a trusted issuer without applications',
      settings: { PORTVAKT_TRUSTED_ISSUERS: '[{"name":"A","issuer":"https://a.example","tenant":"t"}]' },
      says: ['PORTVAKT_TRUSTED_ISSUERS="[{', "[0].applications: a list of client ids, or 'any'", 'outside-issuers.md'],
    },
    {
      name: 'no authority of our own and no other one',
      settings: { PORTVAKT_AUTHORITY: 'off' },
      says: ['PORTVAKT_AUTHORITY="off"', 'PORTVAKT_TRUSTED_ISSUERS must name another one'],
    },
    {
      name: 'no authority of our own and nothing to tell clients of the other one',
      settings: {
        PORTVAKT_AUTHORITY: 'off',
        PORTVAKT_TRUSTED_ISSUERS: '[{"name":"A","issuer":"https://a.example","tenant":"t","applications":"any"}]',
      },
      says: ['PORTVAKT_AUTHORITY="off"', "an issuer of the tenant 't' must have an authorizationUri"],
    },
    {
      name: 'an authority neither on nor off',
      settings: { PORTVAKT_AUTHORITY: 'maybe' },
      says: ['PORTVAKT_AUTHORITY="maybe"', 'on, off'],
    },
    {
      name: 'a network of issuers that is none',
      settings: { PORTVAKT_ISSUER_NETWORKS: 'sso.example' },
      says: ['PORTVAKT_ISSUER_NETWORKS="sso.example"', '192.168.0.0/16'],
    },
    {
      name: 'a CA of issuers that is no certificate',
      settings: { PORTVAKT_ISSUER_CA: 'package.json' },
      says: ['PORTVAKT_ISSUER_CA="package.json"', 'a file of PEM certificates'],
    },
    {
      name: 'two workers on the embedded database',
      settings: { PORTVAKT_WORKERS: '2' },
      says: ['PORTVAKT_WORKERS="2"', 'more than 1 needs PostgreSQL: set PORTVAKT_DATABASE_URL'],
    },
    { name: 'no workers', settings: { PORTVAKT_WORKERS: '0' }, says: ['PORTVAKT_WORKERS="0"', 'from 1 to 64'] },
    { name: 'TLS neither on nor off', settings: { PORTVAKT_TLS: 'yes' }, says: ['PORTVAKT_TLS="yes"', 'on, off'] },
    {
      name: 'a certificate without a key',
      settings: { PORTVAKT_TLS_CERT: '/nowhere/cert.pem' },
      says: ['PORTVAKT_TLS_KEY', 'together'],
    },
    {
      name: 'a key without a certificate',
      settings: { PORTVAKT_TLS_KEY: '/nowhere/key.pem' },
      says: ['PORTVAKT_TLS_CERT', 'together'],
    },
    {
      name: 'a seed that there is not',
      settings: { PORTVAKT_SEED: 'full' },
      says: ['PORTVAKT_SEED="full"', 'demo, empty'],
    },
    {
      name: 'a log level that there is not',
      settings: { PORTVAKT_LOG_LEVEL: 'chatty' },
      says: ['PORTVAKT_LOG_LEVEL="chatty"', 'info, error, warn, debug'],
    },
    {
      name: 'a misspelt variable',
      settings: { PORTVAKT_PROT: '8443' },
      says: ['PORTVAKT_PROT', 'no such setting', 'PORTVAKT_PORT'],
    },
    { name: 'a wrong flag value', flags: ['--port', '70000'], says: ['PORTVAKT_PORT="70000"', '65535'] },
    { name: 'a flag without a value', flags: ['--port'], says: ['--port', 'a value must follow'] },
    { name: 'a value without a flag', flags: ['9443'], says: ['9443', '--port 9443'] },
    { name: 'a misspelt flag', flags: ['--prot', '9443'], says: ['PORTVAKT_PROT', 'no such setting'] },
  ];

  test.each(rows)('$name', ({ settings, flags, says }) => {
    const { message } = errorOf(() => parseConfig({ ...settingsFor(newFolder()), ...settings }, flags));
    expect(message).not.toContain('\n');
    for (const part of says) expect(message).toContain(part);
    expect(message).not.toContain('hush');
  });
});

function errorOf(act: () => unknown): ConfigError {
  try {
    act();
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('an address or a certificate that cannot be had', () => {
  test('a port in use', async () => {
    const dataFolder = newFolder();
    const line = expectOneLine(await start({ ...settingsFor(dataFolder), PORTVAKT_PORT: String(takenPort) }));
    expect(line).toContain(`127.0.0.1:${takenPort}`);
    expect(line).toMatch(/another program uses it.+PORTVAKT_PORT/);
    // Nothing was set up: the next start is the first.
    const server = await startServerProcess({ settings: settingsFor(dataFolder) });
    expect(server.output()).toContain('setting up a new installation');
  });

  test.each([
    { name: 'a certificate that is not there', cert: 'nowhere.pem', key: 'server-key.pem', says: /TLS_CERT=.+ENOENT/ },
    { name: 'a certificate that is none', cert: '../admin.env', key: 'server-key.pem', says: /TLS_CERT=.+admin\.env/ },
    { name: 'a key that is none', cert: 'server.pem', key: '../admin.env', says: /TLS_KEY=.+admin\.env/ },
    { name: 'a key of another certificate', cert: 'server.pem', key: 'ca-key.pem', says: /TLS_KEY=.+ca-key\.pem/ },
  ])('$name', async ({ cert, key, says }) => {
    const tls = join(template, 'tls');
    const settings = { PORTVAKT_TLS_CERT: join(tls, cert), PORTVAKT_TLS_KEY: join(tls, key) };
    expect(expectOneLine(await start({ ...settingsFor(newFolder()), ...settings }))).toMatch(says);
  });
});

describe('a PostgreSQL that cannot be used', () => {
  test.each([
    { name: 'nobody listens', change: (url: URL) => url.searchParams.set('host', '/nowhere'), says: /no server/ },
    {
      name: 'nobody answers at the address',
      change: (url: URL) => {
        url.searchParams.delete('host');
        Object.assign(url, { host: '127.0.0.1:1' });
      },
      says: /127\.0\.0\.1:1.+no server answers/,
    },
    {
      name: 'the password is wrong',
      change: (url: URL) => Object.assign(url, { password: 'hush' }),
      says: /refuses the user or the password/,
    },
    {
      name: 'the database does not exist',
      change: (url: URL) => Object.assign(url, { pathname: '/no_such_database' }),
      says: /no such database/,
    },
  ])('$name', async ({ change, says }) => {
    const url = new URL(inject('postgresUrl'));
    change(url);
    const settings = { ...settingsFor(newFolder()), PORTVAKT_DATABASE_URL: url.href };
    const line = expectOneLine(await start(settings));
    expect(line).toContain('PORTVAKT_DATABASE_URL');
    expect(line).toMatch(says);
    expect(line).not.toContain('hush');
  });

  describe('that was set up', () => {
    let database: TestDatabase;
    let dataFolder: string;
    beforeAll(async () => {
      database = await makeDatabase(inject('postgresUrl'));
      dataFolder = newFolder();
      const server = await startServerProcess({ settings: settings() });
      await server.kill('SIGTERM');
    });
    afterAll(() => database.drop());
    const settings = () => ({ ...settingsFor(dataFolder), ...databaseSettings(database.url) });

    test('the data folder is held by another process', async () => {
      await startServerProcess({ settings: settings() });
      const line = expectOneLine(await start(settings()));
      expect(line).toContain(dataFolder);
      expect(line).toContain('another process');
    });

    test('another server uses the same database from a data folder of its own', async () => {
      const server = await startServerProcess({ settings: settings() });
      const line = expectOneLine(await start({ ...settings(), PORTVAKT_DATA: newFolder() }));
      await server.kill('SIGTERM');
      expect(line).toContain('PORTVAKT_DATABASE_URL');
      expect(line).toContain('in use by another Portvakt server');
    });

    test('the directory was lost: refused on every try, and the environment stays', async () => {
      await database.run('alter schema portvakt rename to lost');
      for (const _ of ['first', 'second']) {
        expect(expectOneLine(await start(settings()))).toMatch(/env_nordlys.+directory does not know.+backup/);
      }
      await database.run('drop schema portvakt cascade; alter schema lost rename to portvakt');
      await startServerProcess({ settings: settings() });
    });

    test('the environment was lost: refused on every try', async () => {
      await database.run('alter schema env_nordlys rename to lost');
      for (const _ of ['first', 'second']) {
        expect(expectOneLine(await start(settings()))).toMatch(/env_nordlys.+restore/);
      }
      await database.run('alter schema lost rename to env_nordlys');
      await startServerProcess({ settings: settings() });
    });
  });
});

describe('a data folder that cannot be used', () => {
  test('a file stands in its place', async () => {
    const file = newFolder();
    await writeFile(file, 'x');
    const line = expectOneLine(await start(settingsFor(file)));
    expect(line).toContain(file);
    expect(line).toContain('set PORTVAKT_DATA');
    expect(await readFile(file, 'utf8')).toBe('x');
  });

  // Places that even root cannot write to.
  test.runIf(process.platform === 'linux').each(['/proc/portvakt', '/dev/null/portvakt'])('%s', async (place) => {
    const line = expectOneLine(await start(settingsFor(place)));
    expect(line).toContain(`cannot write to the data folder ${place}`);
    expect(line).toContain('set PORTVAKT_DATA');
  });

  test('another process holds it', async () => {
    const dataFolder = await copyOfTemplate();
    await startServerProcess({ settings: settingsFor(dataFolder) });
    const line = expectOneLine(await start(settingsFor(dataFolder)));
    expect(line).toContain(dataFolder);
    expect(line).toContain('another process');
  });

  const damages: readonly { name: string; file: string; damage: (file: string) => Promise<void> }[] = [
    { name: 'garbage for the directory', file: 'directory.db', damage: overwrite },
    { name: 'the directory cut off', file: 'directory.db', damage: cutOff },
    { name: 'garbage for an environment', file: 'environments/nordlys.db', damage: overwrite },
    { name: 'an environment cut off', file: 'environments/nordlys.db', damage: cutOff },
    { name: 'an empty environment', file: 'environments/nordlys.db', damage: (file) => truncate(file, 0) },
    { name: 'signing keys that are none', file: 'keys/signing-keys.json', damage: overwrite },
    { name: 'signing keys cut off', file: 'keys/signing-keys.json', damage: cutOff },
    { name: 'a certificate that is none', file: 'tls/server.pem', damage: overwrite },
    { name: 'a certificate key that is none', file: 'tls/server-key.pem', damage: overwrite },
    { name: 'a CA that is none', file: 'tls/ca.pem', damage: overwrite },
  ];

  test.each(damages)('$name', async ({ file, damage }) => {
    const dataFolder = await copyOfTemplate();
    const path = join(dataFolder, file);
    await damage(path);
    const before = await readFile(path);
    const line = expectOneLine(await start(settingsFor(dataFolder)));
    expect(line).toContain(path);
    expect(line).toMatch(/damaged/);
    expect(line).toMatch(/restore|delete/);
    expect(before.equals(await readFile(path))).toBe(true);
  });

  test('the directory is missing while an environment is there: refused on every try', async () => {
    const dataFolder = await copyOfTemplate();
    const environment = await readFile(join(dataFolder, 'environments', 'nordlys.db'));
    await unlink(join(dataFolder, 'directory.db'));
    for (const _ of ['first', 'second']) {
      const line = expectOneLine(await start(settingsFor(dataFolder)));
      expect(line).toMatch(/directory\.db is missing, though there is nordlys\.db; restore/);
    }
    expect(environment.equals(await readFile(join(dataFolder, 'environments', 'nordlys.db')))).toBe(true);
  });

  test('an environment is missing while the directory knows it: refused on every try', async () => {
    const dataFolder = await copyOfTemplate();
    const file = join(dataFolder, 'environments', 'nordlys.db');
    await unlink(file);
    for (const _ of ['first', 'second']) {
      const line = expectOneLine(await start(settingsFor(dataFolder)));
      expect(line).toContain(file);
      expect(line).toMatch(/missing.+restore/);
    }
  });
});

async function overwrite(file: string): Promise<void> {
  await writeFile(file, 'this is not what it should be\n'.repeat(200));
}

async function cutOff(file: string): Promise<void> {
  await truncate(file, Math.floor((await stat(file)).size / 2));
}
