import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { parseConfig } from '../../src/config.ts';
import { directoryModel, directoryTable } from '../../src/directory/tables.ts';
import { parseEnvLines } from '../../src/kernel/env-file.ts';
import { type RunningServer, startServer } from '../../src/server.ts';
import { openDatabase } from '../../src/storage/open.ts';
import { ask } from '../support/client.ts';
import { requestToken } from '../support/connection.ts';
import { databaseSettings, engines, makeDatabase, type TestDatabase } from '../support/database.ts';
import { rowsOf } from '../support/odata.ts';
import { recordingLog } from '../support/recording-log.ts';

const graph = 'https://graph.microsoft.com/.default';

describe.each(engines)('one more administrator of an installation that has none on %s', (engine) => {
  let folder: string;
  let file: string;
  let database: TestDatabase | undefined;
  let server: RunningServer | undefined;
  let ca: string;
  const log = recordingLog();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'portvakt-administrator-'));
    file = join(folder, 'new.env');
    database = engine === 'postgres' ? await makeDatabase(inject('postgresUrl')) : undefined;
    await (await start()).close();
    ca = await readFile(join(folder, 'tls', 'ca.pem'), 'utf8');
    await forgetRoles();
  });
  afterAll(async () => {
    await server?.close();
    await database?.drop();
    await rm(folder, { recursive: true, force: true });
  });

  const start = (settings: Readonly<Record<string, string>> = {}): Promise<RunningServer> =>
    startServer(
      parseConfig({
        PORTVAKT_DATA: folder,
        PORTVAKT_PORT: '0',
        PORTVAKT_SEED: 'empty',
        ...databaseSettings(database?.url),
        ...settings,
      }),
      log,
    );

  /** As a version wrote them that did not know the newer application permissions. */
  async function forgetRoles(): Promise<void> {
    const rows = await openDatabase({
      tables: directoryModel.tables,
      alphabet: 'nb',
      location:
        database === undefined
          ? { kind: 'sqlite', file: join(folder, 'directory.db') }
          : { kind: 'postgres', url: database.url, schema: 'portvakt' },
    });
    const all = await rows.readAll(directoryTable.appRoleAssignment);
    await rows.maintain(async (transaction) => {
      for (const { id } of all) await transaction.delete(directoryTable.appRoleAssignment, id);
    });
    await rows.close();
  }

  async function tokenOf(envFile: string, scope: string): Promise<string> {
    const env = parseEnvLines(await readFile(envFile, 'utf8'));
    const credentials = { id: env.get('ADMIN_CLIENT_ID') ?? '', secret: env.get('ADMIN_CLIENT_SECRET') ?? '' };
    return requestToken(ca, `${server?.url}/${env.get('TENANT_ID')}`, credentials, scope);
  }
  const get = async (path: string, envFile: string, scope = `${server?.url}/.default`) =>
    ask(ca, `${server?.url}${path}`, { token: await tokenOf(envFile, scope) });

  test('the first one can do nothing, and the start says so', async () => {
    server = await start();
    const first = join(folder, 'admin.env');
    expect((await get('/portvakt/v1/tenants', first)).status).toBe(403);
    expect((await get('/v1.0/applications', first, graph)).status).toBe(403);
    const warnings = log.lines.filter(({ level }) => level === 'warn').map(({ message }) => message);
    expect(warnings).toContain(
      'nobody may administer the installation: see PORTVAKT_NEW_ADMINISTRATOR in docs/settings.md',
    );
    await server.close();
  });

  test('the new one administers installation and directory; only its owner may read its file', async () => {
    log.lines.length = 0;
    server = await start({ PORTVAKT_NEW_ADMINISTRATOR: file });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await get('/portvakt/v1/tenants', file)).status).toBe(200);
    const principals = rowsOf(
      await get(
        '/v1.0/servicePrincipals?$filter=displayName eq %27Portvakt administrator%27'.replaceAll(' ', '%20'),
        file,
        graph,
      ),
    );
    expect(principals).toHaveLength(2);
    const warnings = log.lines.filter(({ level }) => level === 'warn').map(({ message }) => message);
    expect(warnings).toEqual([
      'one more administrator was made',
      expect.stringContaining('the web app has no operator'),
    ]);
    expect(JSON.stringify(log.lines)).not.toContain(
      parseEnvLines(await readFile(file, 'utf8')).get('ADMIN_CLIENT_SECRET'),
    );
  });

  test('it is in the audit log', async () => {
    const entries = rowsOf(await get('/portvakt/v1/audit?surface=server&kind=change', file));
    const clientId = parseEnvLines(await readFile(file, 'utf8')).get('ADMIN_CLIENT_ID');
    expect(entries).toMatchObject([{ message: 'makeAdministrator', outcome: 'allowed', targetId: clientId }]);
    await server?.close();
  });

  test('a setting that is left standing stops the next start, and makes nobody', async () => {
    await expect(start({ PORTVAKT_NEW_ADMINISTRATOR: file })).rejects.toThrow(
      `PORTVAKT_NEW_ADMINISTRATOR=${file} cannot be used: it is there already; the setting is for one start`,
    );
    server = await start();
    const principals = rowsOf(await get('/v1.0/servicePrincipals', file, graph));
    expect(principals.filter(({ displayName }) => displayName === 'Portvakt administrator')).toHaveLength(2);
  });

  test('a file that cannot be written stops the start', async () => {
    await server?.close();
    server = undefined;
    const nowhere = join(folder, 'nowhere', 'new.env');
    await expect(start({ PORTVAKT_NEW_ADMINISTRATOR: nowhere })).rejects.toThrow(
      `PORTVAKT_NEW_ADMINISTRATOR=${nowhere} cannot be used: ENOENT`,
    );
  });
});
