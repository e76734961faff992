import type { NumberedDefinitions } from '../../database.ts';
import { StorageError } from '../../storage-error.ts';
import { schemaHash } from '../schema.ts';
import { dropRetired, readDefinitions } from './definitions.ts';
import { followModel } from './follow-model.ts';
import { migrations, migrationTable } from './list.ts';
import { parameters, readSetting, type SchemaSession, type Target, writeSetting } from './schema-session.ts';

const latestVersion = migrations.at(-1)?.version ?? 0;

export interface Migrated {
  /** The data was made now. */
  readonly isNew: boolean;
  readonly opened: NumberedDefinitions;
}

/**
 * Brings the data to the shape that this program and its model need; doing it again changes nothing. Gives whether the
 * data was made now. Throws `StorageError` when the data is newer than the program, was made with another alphabet, or
 * cannot follow a change of the model.
 */
export async function migrate(session: SchemaSession, target: Target): Promise<Migrated> {
  const isNew = await runMigrations(session, target);
  await checkAlphabet(session, target);
  if (target.keepsRetired !== true) await dropRetired(session, target);
  const opened = await readDefinitions(session, target);
  const schemas = target.schemasOf(opened.definitions);
  const noted = await readSetting(session, target, 'schema hash');
  if (noted !== schemaHash(schemas, target.dialect)) await followModel(session, target, schemas);
  return { isNew, opened };
}

/** What `migrate` would give without doing anything, found out by small queries; `undefined` when it would do something. The migration table must exist. */
export async function findCurrent(session: SchemaSession, target: Target): Promise<Migrated | undefined> {
  if ((await currentVersion(session, target)) !== latestVersion) return undefined;
  if ((await readSetting(session, target, 'alphabet')) !== target.alphabet) return undefined;
  const [retired] = await session.rows(`select 1 from ${target.dialect.table('portvakt_retired')} limit 1`);
  if (retired !== undefined && target.keepsRetired !== true) return undefined;
  const opened = await readDefinitions(session, target);
  const hash = schemaHash(target.schemasOf(opened.definitions), target.dialect);
  return (await readSetting(session, target, 'schema hash')) === hash ? { isNew: false, opened } : undefined;
}

async function runMigrations(session: SchemaSession, target: Target): Promise<boolean> {
  const { dialect } = target;
  const isNew = !(await session.tables()).has('portvakt_migration');
  if (isNew) await session.run(inPlace(target, migrationTable[dialect.name]));
  const version = isNew ? 0 : await checkVersion(session, target);
  for (const migration of migrations.filter((each) => each.version > version)) {
    for (const sql of migration[dialect.name]) await session.run(inPlace(target, sql));
    const values = [migration.version, migration.name, target.clock().toISOString()];
    await session.run(`insert into ${dialect.table('portvakt_migration')} values (${parameters(target, 3)})`, values);
  }
  return isNew;
}

/** The step that the data is at. @throws StorageError when the program is older than the data */
export async function checkVersion(session: SchemaSession, target: Target): Promise<number> {
  const version = await currentVersion(session, target);
  if (version <= latestVersion) return version;
  throw new StorageError(
    `${target.place} was written by a newer version of Portvakt (its step ${version}, this program knows ${latestVersion}): ` +
      'start that version, or restore a backup made before the upgrade',
  );
}

const inPlace = (target: Target, sql: string): string =>
  sql.replace(/\{table:(\w+)\}/g, (_all, name: string) => target.dialect.table(name));

async function currentVersion(session: SchemaSession, { dialect }: Target): Promise<number> {
  const [row] = await session.rows(`select max(version) from ${dialect.table('portvakt_migration')}`);
  return Number(row?.[0] ?? 0);
}

async function checkAlphabet(session: SchemaSession, target: Target): Promise<void> {
  const stored = await readSetting(session, target, 'alphabet');
  if (stored === undefined) return writeSetting(session, target, 'alphabet', target.alphabet);
  if (stored !== target.alphabet) {
    throw new StorageError(
      `${target.place} was created with the alphabet \`${stored}\`, which cannot become \`${target.alphabet}\` later`,
    );
  }
}
