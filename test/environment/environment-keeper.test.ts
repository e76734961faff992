import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Directory } from '../../src/directory/directory.ts';
import type { Environment } from '../../src/environment/environment.ts';
import { EnvironmentKeeper } from '../../src/environment/environment-keeper.ts';
import type { EnvironmentRecord } from '../../src/environment/environment-record.ts';
import { Environments } from '../../src/environment/environments.ts';
import { Installation } from '../../src/environment/installation.ts';
import type { ClientId, TenantId } from '../../src/kernel/ids.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { builtInModel } from '../../src/metadata/built-in.ts';
import type { Database } from '../../src/storage/database.ts';

let folder: string;
let installation: Installation;
let environments: Environments;
let keeper: EnvironmentKeeper;
let order: { tenantId: TenantId; administratorClientId: ClientId; uniqueName: string; name: string; url: undefined };
/** What goes wrong, if anything. */
let failAt: 'open' | 'cover' | undefined;
let closed: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'portvakt-keeper-'));
  const environmentsFolder = join(folder, 'environments');
  await mkdir(environmentsFolder);
  const clock = () => new Date();
  installation = await Installation.open({ dataFolder: folder, environmentsFolder, databaseUrl: undefined }, clock);
  const directory = await Directory.open(installation.directory);
  const { id: tenantId } = await directory.createTenant({ displayName: 'Fjord', domains: ['fjord.example'] });
  const { clientId } = await directory.createApplication({ tenantId, displayName: 'Administrator' });
  await directory.createServicePrincipal({ tenantId, clientId });
  const server = { url: 'https://localhost:8443', port: 8443 };
  environments = new Environments(server);
  failAt = undefined;
  closed = 0;
  keeper = new EnvironmentKeeper({
    ...{ installation, environments, directory, server, clock, log: silentLog, model: builtInModel() },
    async open(record, database) {
      if (failAt === 'open') throw new Error('the disk is full');
      return standIn(record, database);
    },
    async cover() {
      if (failAt === 'cover') throw new Error('no certificate');
    },
  });
  order = { tenantId, administratorClientId: clientId, uniqueName: 'drift', name: 'Drift', url: undefined };
});
afterEach(async () => {
  await keeper.close();
  await installation.close();
  await rm(folder, { recursive: true });
});

/** An environment as far as the keeper knows it. */
function standIn(record: EnvironmentRecord, database: Database): Environment {
  const close = async () => {
    closed++;
    await database.close();
  };
  const url = `https://${record.uniqueName}.localhost:8443`;
  return {
    record,
    publicUrl: url,
    close,
    renamed: () => standIn(record, database),
  } as Partial<Environment> as Environment;
}

const file = () => join(folder, 'environments', 'drift.db');

test.each(['open', 'cover'] as const)(
  'a creation that fails at %s leaves nothing, and the name is free',
  async (at) => {
    failAt = at;
    await expect(keeper.create(order)).rejects.toThrow();
    expect(existsSync(file())).toBe(false);
    expect(await installation.listEnvironments()).toEqual([]);
    expect(keeper.list()).toEqual([]);
    failAt = undefined;
    await keeper.create(order);
    expect(keeper.list()).toMatchObject([{ uniqueName: 'drift' }]);
    expect(existsSync(file())).toBe(true);
  },
);

test('two of one name at the same time: one is made, one is refused', async () => {
  const results = await Promise.allSettled([keeper.create(order), keeper.create(order)]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  expect(results[1]).toMatchObject({ reason: { problem: { status: 409 } } });
});

test('a deletion while another is being made waits for its turn', async () => {
  const { id } = await keeper.create(order);
  const other = keeper.create({ ...order, uniqueName: 'trening' });
  await keeper.remove(id, 'drift');
  expect(keeper.list()).toMatchObject([{ uniqueName: 'trening' }]);
  await other;
  expect(existsSync(file())).toBe(false);
  expect(closed).toBe(1);
});
