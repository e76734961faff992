import { cp, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inject } from 'vitest';
import { parseConfig } from '../../src/config.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { startServer } from '../../src/server.ts';
import { type Engine, makeDatabase, type TestDatabase } from './database.ts';
import { type Seed, templateDatabase } from './template-place.ts';

/** Where a server of a test keeps what it has. */
export interface Place {
  readonly dataFolder: string;
  /** `undefined`: the embedded database. */
  readonly database: TestDatabase | undefined;
}

/** A place for a server that has never been started. */
export async function newPlace(engine: Engine): Promise<Place> {
  return { dataFolder: await newDataFolder(), database: await makeDatabaseFor(engine) };
}

/**
 * A place where a server was started and stopped, so that its next start is quick. The first start is done once for all
 * test files of a run; each gets a copy, with the same ids, keys and secrets.
 */
export async function filledPlace(engine: Engine, seed: Seed): Promise<Place> {
  const template = join(inject('templates'), `${engine}-${seed}`);
  await once(template, () => makeTemplate(engine, seed, template));
  const dataFolder = await newDataFolder();
  await cp(join(template, 'data'), dataFolder, { recursive: true });
  return { dataFolder, database: await makeDatabaseFor(engine, { template: databaseOf(seed) }) };
}

const newDataFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'portvakt-test-'));

const makeDatabaseFor = async (engine: Engine, how = {}): Promise<TestDatabase | undefined> =>
  engine === 'postgres' ? makeDatabase(inject('postgresUrl'), how) : undefined;

const databaseOf = (seed: Seed): string => templateDatabase(inject('templates'), seed);

async function makeTemplate(engine: Engine, seed: Seed, folder: string): Promise<void> {
  const database = await makeDatabaseFor(engine, { name: databaseOf(seed) });
  const settings = { PORTVAKT_DATA: join(folder, 'data'), PORTVAKT_PORT: '0', PORTVAKT_SEED: seed };
  const server = await startServer(
    parseConfig(database === undefined ? settings : { ...settings, PORTVAKT_DATABASE_URL: database.url }),
    silentLog,
  );
  await server.close();
}

/** Test files run in several processes: the first that needs something makes it, the others wait. */
async function once(folder: string, make: () => Promise<void>): Promise<void> {
  const end = join(folder, 'end');
  const isMine = await mkdir(folder).then(
    () => true,
    () => false,
  );
  if (isMine) {
    const outcome = await make().then(
      () => 'made',
      (error: unknown) => `failed: ${String(error)}`,
    );
    await writeFile(end, outcome);
  }
  for (;;) {
    const outcome = await readFile(end, 'utf8').catch(() => '');
    if (outcome === 'made') return;
    if (outcome !== '') throw new Error(`the first start for ${folder} ${outcome}`);
    await sleep(50);
  }
}
