import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exitCodes } from '../../src/cli/cli-error.ts';
import { run } from '../cli/run.ts';
import {
  administratorToken,
  callEnvironment,
  callHumanResources,
  type MadeEnvironment,
  makeEnvironment,
  makeTenant,
} from '../support/administration.ts';
import { ask } from '../support/client.ts';
import { engines } from '../support/database.ts';
import { createdId, errorOf, rowsOf } from '../support/odata.ts';
import { readAuditOf } from '../support/read-audit.ts';
import { type EmptyServer, startEmptyServer } from '../support/server.ts';
import { patience } from '../support/way.ts';

const titles = 'mshr_hcmtitleentities';

describe.each(engines)('environments by command, on %s', (engine) => {
  let server: EmptyServer;
  let quiet: MadeEnvironment;
  let busy: MadeEnvironment;

  beforeAll(async () => {
    server = await startEmptyServer(engine, { PORTVAKT_ENVIRONMENT_REQUESTS: '2' });
    const tenant = await makeTenant(server, 'Fjord');
    quiet = await makeEnvironment(server, tenant, 'stille');
    busy = await makeEnvironment(server, tenant, 'travel');
  });
  afterAll(() => server.close());

  const cli = (...words: string[]) =>
    run(words, {
      PORTVAKT_DATA: server.dataFolder,
      ...(server.databaseUrl === undefined ? {} : { PORTVAKT_DATABASE_URL: server.databaseUrl }),
    });
  const done = async (...words: string[]) => {
    const ran = await cli(...words, '--json');
    expect(ran).toMatchObject({ code: exitCodes.ok });
    return JSON.parse(ran.out);
  };
  const create = (environment: MadeEnvironment, name: string) =>
    callEnvironment(server, environment, titles, { method: 'POST', body: { mshr_titleid: name } });

  test('a frozen one is read, and changed by nobody on any surface, until it is thawed', async () => {
    const path = `${titles}(${createdId(await create(quiet, 'Før'))})`;
    expect(await done('environment', 'freeze', 'stille')).toMatchObject({ uniqueName: 'stille', isFrozen: true });
    const label = { LocalizedLabels: [{ Label: 'Role', LanguageCode: 1033 }] };
    const role = (await callEnvironment(server, quiet, "EntityDefinitions(LogicalName='role')")).json() as object;
    const writes = [
      create(quiet, 'Nå'),
      callEnvironment(server, quiet, path, { method: 'PATCH', body: { mshr_titleid: 'Endret' } }),
      callEnvironment(server, quiet, path, { method: 'DELETE' }),
      callEnvironment(server, quiet, "EntityDefinitions(LogicalName='role')", {
        method: 'PUT',
        body: { ...role, DisplayName: label },
      }),
      callEnvironment(server, quiet, 'roles', { method: 'POST', body: { name: 'Ny' } }),
    ];
    for (const answer of await Promise.all(writes)) {
      expect(errorOf(answer)).toMatchObject({
        status: 403,
        code: '0x80048405',
        message: expect.stringContaining("The environment 'stille' is frozen: it can be read, and nothing"),
      });
    }
    const entity = { LegalEntityId: 'no07', Name: 'Ny' };
    expect((await callHumanResources(server, quiet, 'LegalEntities', { method: 'POST', body: entity })).status).toBe(
      403,
    );
    expect(rowsOf(await callEnvironment(server, quiet, titles)).map((row) => row['mshr_titleid'])).toEqual(['Før']);
    createdId(await create(busy, 'Andre'));
    expect((await cli('environment', 'list')).out).toMatch(/^stille .+ frozen$/m);

    expect(await done('environment', 'thaw', 'stille')).toMatchObject({ isFrozen: false });
    expect((await callEnvironment(server, quiet, path, { method: 'DELETE' })).status).toBe(204);
    const told = (await readAuditOf(server)).filter(({ message }) => message === 'changeEnvironment');
    expect(told).toHaveLength(2);
    for (const entry of told) {
      expect(entry).toMatchObject({ outcome: 'allowed', targetId: quiet.id, clientId: server.administrator.id });
    }
  });

  test('no write is answered after it was frozen', { timeout: patience * 60_000 }, async () => {
    let isFrozen = false;
    let late = 0;
    const made: boolean[] = [];
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let at = 0; at < 400; at++) {
        const began = isFrozen;
        const { status } = await create(quiet, `${writer}-${at}`);
        made.push(status === 204);
        if (began && status === 204) late++;
        if (status === 403) return;
      }
    });
    await new Promise((resolve) => setTimeout(resolve, 200));
    await done('environment', 'freeze', 'stille');
    isFrozen = true;
    const count = async () => rowsOf(await callEnvironment(server, quiet, titles)).length;
    const before = await count();
    await Promise.all(writers);
    expect([late, await count()]).toEqual([0, before]);
    expect(made.filter(Boolean).length).toBe(before);
    await done('environment', 'thaw', 'stille');
  });

  test('requests of one do not wait behind all those of another one', async () => {
    const [token, other] = await Promise.all(
      [busy, quiet].map(({ tenant, url }) => administratorToken(server, tenant, `${url}/.default`)),
    );
    const most = 80;
    let answered = 0;
    const hammering = Array.from({ length: most }, async () => {
      const { status } = await callEnvironment(server, busy, `${titles}?$count=true`, { token: token ?? '' });
      answered++;
      return status;
    });
    // The first of them are at work by now, and the others wait.
    while (answered < 4) await new Promise((resolve) => setTimeout(resolve, 1));
    const begun = answered;
    expect((await callEnvironment(server, quiet, titles, { token: other ?? '' })).status).toBe(200);
    expect(answered - begun).toBeLessThan(most / 2);
    expect(new Set(await Promise.all(hammering))).toEqual(new Set([200]));
  });

  test('one is exported while it serves; the file is whole, holds nothing else, and is no installation', async () => {
    const file = join(server.dataFolder, 'stille.backup');
    const exported = await done('environment', 'export', 'stille', '--out', file);
    expect(exported).toMatchObject({ environments: ['stille'] });
    const verified = await done('backup', 'verify', file);
    expect(new Set(verified.tables.map(({ database }: { database: string }) => database))).toEqual(
      new Set(['environment:stille']),
    );
    const restored = await cli('restore', file, '--replace');
    expect(restored).toMatchObject({
      code: exitCodes.usage,
      err: expect.stringMatching(/holds the environment stille alone/),
    });
    expect(await cli('environment', 'export', 'nowhere', '--out', `${file}2`)).toMatchObject({
      code: exitCodes.usage,
      err: expect.stringContaining('there is no environment nowhere: there are'),
    });
  });

  test('deleting asks for the name once more, and the audit log says who did it', async () => {
    expect(await cli('environment', 'delete', 'stille')).toMatchObject({
      code: exitCodes.refused,
      err: expect.stringContaining('must be confirmed'),
    });
    expect((await cli('environment', 'delete', 'nowhere', '--confirm', 'nowhere')).err).toMatch(/there are .+stille/);
    expect(await done('environment', 'delete', 'stille', '--confirm', 'stille')).toMatchObject({
      uniqueName: 'stille',
    });
    const token = await administratorToken(server, busy.tenant, `${busy.url}/.default`);
    expect((await ask(server.ca, `${quiet.url}/api/data/v9.2/WhoAmI`, { token })).status).toBe(404);
    const told = (await readAuditOf(server)).filter(({ message }) => message === 'deleteEnvironment');
    expect(told.map(({ outcome, clientId }) => [outcome, clientId])).toEqual([
      ['allowed', server.administrator.id],
      ['failed', server.administrator.id],
    ]);
  });
});
