import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { Installation, type InstallationPlace } from '../../src/environment/installation.ts';
import { newGuid, type TenantId } from '../../src/kernel/ids.ts';
import { builtInModel } from '../../src/metadata/built-in.ts';
import { databaseExists } from '../../src/storage/exists.ts';
import { engines, makeDatabase, type TestDatabase } from '../support/database.ts';

const model = builtInModel();

describe.each(engines)('what was interrupted is undone when the installation is opened, on %s', (engine) => {
  let folder: string;
  let database: TestDatabase | undefined;
  let place: InstallationPlace;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'portvakt-installation-'));
    database = engine === 'postgres' ? await makeDatabase(inject('postgresUrl')) : undefined;
    const environmentsFolder = join(folder, 'environments');
    await mkdir(environmentsFolder);
    place = { dataFolder: folder, environmentsFolder, databaseUrl: database?.url };
  });
  afterEach(async () => {
    await database?.drop();
    await rm(folder, { recursive: true });
  });

  const open = () => Installation.open(place, () => new Date());
  const tenantId = newGuid<TenantId>();

  async function add(installation: Installation, uniqueName: string, isFirst = false) {
    const kind = isFirst ? ('server' as const) : ('localName' as const);
    const record = await installation.addEnvironment({ tenantId, uniqueName, name: uniqueName, place: { kind } });
    const rows = await installation.openDatabase(record, model);
    await rows.close();
    return record;
  }

  const exists = (uniqueName: string): Promise<boolean> =>
    database === undefined
      ? Promise.resolve(existsSync(join(folder, 'environments', `${uniqueName}.db`)))
      : databaseExists({ kind: 'postgres', url: database.url, schema: `env_${uniqueName}` });

  const namesIn = async (installation: Installation) =>
    (await installation.listEnvironments()).map(({ uniqueName }) => uniqueName).sort();

  test('an environment that was not ready goes, with its data; the others stay', async () => {
    const installation = await open();
    await installation.markReady((await add(installation, 'nordlys', true)).id);
    await installation.markReady((await add(installation, 'ferdig')).id);
    await add(installation, 'halv-ny');
    expect(await exists('halv-ny')).toBe(true);
    await installation.close();

    const again = await open();
    expect(await namesIn(again)).toEqual(['ferdig', 'nordlys']);
    expect([await exists('halv-ny'), await exists('ferdig')]).toEqual([false, true]);
    await add(again, 'halv-ny');
    await again.close();
  });

  test('so does one that was in the list, and had no data yet', async () => {
    const installation = await open();
    await installation.markReady((await add(installation, 'nordlys', true)).id);
    await installation.addEnvironment({ tenantId, uniqueName: 'tom', name: 'Tom', place: { kind: 'localName' } });
    await installation.close();
    const again = await open();
    expect(await namesIn(again)).toEqual(['nordlys']);
    await again.close();
  });

  test('a deletion that was interrupted is finished', async () => {
    const installation = await open();
    await installation.markReady((await add(installation, 'nordlys', true)).id);
    const going = await add(installation, 'borte');
    await installation.markReady(going.id);
    await installation.markUnready(going.id);
    await installation.close();
    const again = await open();
    expect(await namesIn(again)).toEqual(['nordlys']);
    expect(await exists('borte')).toBe(false);
    await again.close();
  });

  test('name and place are kept', async () => {
    const installation = await open();
    await installation.markReady((await add(installation, 'nordlys', true)).id);
    const record = await add(installation, 'kai');
    await installation.markReady(record.id);
    const place = { kind: 'url', url: 'https://kai.example' } as const;
    await installation.updateEnvironment({ ...record, name: 'Kaien', place });
    await installation.close();
    const again = await open();
    const records = await again.listEnvironments();
    expect(records.find(({ id }) => id === record.id)).toMatchObject({ name: 'Kaien', place, isReady: true });
    expect(records.find(({ uniqueName }) => uniqueName === 'nordlys')?.place).toEqual({ kind: 'server' });
    await again.close();
  });
});
