import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { AuditStore } from '../../src/audit/audit-store.ts';
import { readAudit, type StoredEntry } from '../../src/audit/read-audit.ts';
import { verifyLog } from '../../src/audit/verify/verify-log.ts';
import type { DatabaseLocation } from '../../src/storage/database.ts';
import { openAudit } from '../../src/storage/open-audit.ts';
import { connect, credentialsOf, requestToken } from '../support/connection.ts';
import { databaseSettings, engines, makeDatabase, type TestDatabase } from '../support/database.ts';
import { killServers, type Ready, startServerProcess } from '../support/process.ts';
import { patience } from '../support/way.ts';

describe.each(engines)('a server that is killed right after it has answered, on %s', (engine) => {
  let dataFolder: string;
  let database: TestDatabase | undefined;
  let server: Ready;

  const start = async (): Promise<void> => {
    server = await startServerProcess({
      settings: {
        PORTVAKT_DATA: dataFolder,
        PORTVAKT_PORT: '0',
        PORTVAKT_LOG_LEVEL: 'info',
        ...databaseSettings(database?.url),
      },
    });
  };
  beforeAll(async () => {
    dataFolder = await mkdtemp(join(tmpdir(), 'portvakt-audit-'));
    database = engine === 'postgres' ? await makeDatabase(inject('postgresUrl')) : undefined;
    await start();
  });
  afterAll(async () => {
    killServers();
    await database?.drop();
    await rm(dataFolder, { recursive: true });
  });

  const location = (): DatabaseLocation =>
    database === undefined
      ? { kind: 'sqlite', file: join(dataFolder, 'audit.db') }
      : { kind: 'postgres', url: database.url, schema: 'portvakt' };

  /** The log as it is on disk, without the server. */
  async function read(id?: string): Promise<readonly StoredEntry[]> {
    const store: AuditStore = await openAudit(location());
    try {
      return (await readAudit(store, { limit: 10, ...(id === undefined ? {} : { id }) })).entries;
    } finally {
      await store.close();
    }
  }

  const title = 'has every token and every refusal in its log, and says at the next start that it was not stopped';
  // Six processes start, one after the other.
  test(title, { timeout: patience * 90_000 }, async () => {
    const { ca, env, url } = await connect(server.url, server.dataFolder);
    const scope = `${url}/.default`;
    await requestToken(ca, env.AUTHORITY_URL, credentialsOf(env, 'ats'), scope);
    await server.kill('SIGKILL');
    const [token] = await read();
    expect(token).toMatchObject({
      kind: 'token',
      outcome: 'allowed',
      clientId: env.CLIENT_ID,
      resource: url,
      remoteAddress: expect.stringMatching(/127\.0\.0\.1$|^::1$/),
    });

    await start();
    const [begin] = await read();
    expect(begin).toMatchObject({ kind: 'server', message: 'start', number: 1 });
    expect(begin?.reason).toContain(`run ${token?.run} was not stopped, its last entry is ${token?.number}`);
    const id = { id: env.CLIENT_ID, secret: 'wrong' };
    await expect(requestToken(ca, env.AUTHORITY_URL.replace(url, server.url), id, scope)).rejects.toThrow('7000215');
    await server.kill('SIGKILL');
    const [refused] = await read();
    expect(refused).toMatchObject({ kind: 'token', outcome: 'denied', code: '7000215', number: 2 });
    expect(await read(refused?.requestId)).toEqual([refused]);

    await start();
    const again = await connect(server.url, server.dataFolder);
    await Promise.all([again.token('ats'), again.token('roleless')]);
    const body = { mshr_dataareaid: 'usmf', mshr_firstname: 'Kari', mshr_lastname: 'Ås' };
    const [created, denied] = await Promise.all([
      again.api('mshr_hcmcandidatetohireentities', { method: 'POST', body }),
      again.api('mshr_hcmcandidatetohireentities', { as: 'roleless' }),
    ]);
    expect([created.status, denied.status]).toEqual([204, 403]);
    await server.kill('SIGKILL');
    expect(await read(created.headers['req_id'])).toMatchObject([{ kind: 'change', outcome: 'allowed' }]);
    expect(await read(denied.headers['req_id'])).toMatchObject([{ outcome: 'denied', stage: 'table' }]);

    await start();
    await server.kill('SIGTERM');
    expect((await read()).slice(0, 2)).toMatchObject([{ message: 'stop' }, { message: 'start' }]);
    await start();
    expect((await read())[0]?.reason).toMatch(/^run \S+ was stopped$/);
    await server.kill('SIGTERM');

    const store = await openAudit(location());
    try {
      const ends = await store.chain.readSeals({ kinds: ['close', 'orphan'], limit: 10 });
      expect(ends.map(({ kind }) => kind)).toEqual(['orphan', 'orphan', 'orphan', 'close', 'close']);
      const checked = await verifyLog(store.chain, { head: () => undefined, longestMs: 60_000 });
      expect(checked).toMatchObject({ findings: [], unchained: 0 });
      expect(checked.entries).toBeGreaterThan(20);
    } finally {
      await store.close();
    }
  });
});
