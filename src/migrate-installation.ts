import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  auditPlace,
  directoryPlace,
  environmentPlace,
  type NamedPlace,
  schemaPrefix,
  targetOf,
} from './backup/databases.ts';
import type { Where } from './backup/format.ts';
import { readyEnvironments } from './backup/snapshot.ts';
import { StartError } from './start-error.ts';
import { holdPostgres } from './storage/hold-server.ts';
import { describeDatabase, type PortableEngine } from './storage/portable/portable-database.ts';
import { postgresEngine } from './storage/portable/postgres-engine.ts';
import { sqliteEngine } from './storage/portable/sqlite-engine.ts';
import { AuditSql } from './storage/sql/audit-sql.ts';
import { migrate } from './storage/sql/migrations/migrate.ts';
import { connect, executeOnce } from './storage/sql/postgres/binding.ts';
import { placeOf, postgresFailure } from './storage/sql/postgres/failure.ts';
import { lockSchema } from './storage/sql/postgres/lock.ts';
import { findIndexWork, statementsOf } from './storage/sql/postgres/online-indexes.ts';
import { preparePeers } from './storage/sql/postgres/peers-schema.ts';
import { openConnection } from './storage/sql/sqlite/connection.ts';
import { sqliteFailure } from './storage/sql/sqlite/failure.ts';
import { lockFile } from './storage/sql/sqlite/lock.ts';

/** What changes in the shape of one database. */
export interface MigratedDatabase {
  /** `directory`, `environment:<unique name>` or `audit`. */
  readonly database: string;
  /** Statements that make, change or drop tables and indexes, in their order. */
  readonly statements: readonly string[];
  /** Statements behind them, each by itself and outside of the transaction: indexes of large tables on PostgreSQL. */
  readonly online: readonly string[];
}

/** One database at a time, in a transaction that ends with `keep`. */
type InTransaction = <T>(place: NamedPlace, job: (engine: PortableEngine, name: string) => Promise<T>) => Promise<T>;

/**
 * Brings all databases of an installation to the shape that this program needs, as a start does. With `isDry` each is done
 * and undone again: what it prints is what would be run, and what would fail fails. Keeps servers off meanwhile.
 * @throws StorageError or StartError, with one line for the administrator
 */
export async function migrateInstallation(where: Where, isDry: boolean): Promise<readonly MigratedDatabase[]> {
  const { transaction, online, prepare, close } = await (where.databaseUrl === undefined
    ? openFiles(where.dataFolder, isDry)
    : openSchemas(where.databaseUrl, isDry));
  try {
    const migrated: MigratedDatabase[] = [];
    const one = async (place: NamedPlace) => {
      const uniqueNames = await transaction(place, async (engine, name) => {
        migrated.push({ database: place.name, ...(await migrateOne(engine, place, name)) });
        if (place !== directoryPlace) return [];
        const contents = await describeDatabase(engine, targetOf(engine, place, name, 'nb'));
        return readyEnvironments({ name: place.name, engine, contents });
      });
      if (!isDry) await online(migrated.at(-1)?.online ?? []);
      return uniqueNames;
    };
    for (const uniqueName of await one(directoryPlace)) await one(environmentPlace(uniqueName));
    if (!isDry) await prepare();
    if (where.databaseUrl !== undefined || existsSync(join(where.dataFolder, auditPlace.file))) {
      await transaction(auditPlace, async (engine, name) => {
        migrated.push({ database: auditPlace.name, statements: await migrateAudit(engine, name), online: [] });
      });
    }
    return migrated;
  } finally {
    await close();
  }
}

async function migrateOne(
  engine: PortableEngine,
  place: NamedPlace,
  name: string,
): Promise<Omit<MigratedDatabase, 'database'>> {
  const { session } = engine;
  const { alphabet } = await describeDatabase(engine, targetOf(engine, place, name, 'nb'));
  const statements: string[] = [];
  const recording = {
    ...session,
    run: (sql: string, values?: Parameters<typeof session.run>[1]) => {
      if (changesShape.test(sql)) statements.push(sql);
      return session.run(sql, values);
    },
  };
  const target = targetOf(engine, place, name, alphabet);
  const { opened } = await migrate(recording, target);
  if (engine.dialect.name === 'sqlite') return { statements, online: [] };
  const work = await findIndexWork(session, place.schema, target.schemasOf(opened.definitions));
  return { statements, online: statementsOf(work, target) };
}

/** The log has steps of its own (`storage/sql/audit-schema.ts`). */
async function migrateAudit({ dialect, session }: PortableEngine, name: string): Promise<readonly string[]> {
  const sql = new AuditSql(dialect.name, schemaPrefix(dialect));
  await session.run(sql.begin);
  const [row] = await session.rows(sql.step);
  const statements = sql.stepsAfter(Number(row?.[0]), name);
  for (const statement of statements) await session.run(statement);
  return statements.filter((statement) => changesShape.test(statement)).map((text) => text.replace(/\s+/g, ' '));
}

const changesShape = /^(?:create|alter|drop) /i;

interface Opened {
  readonly transaction: InTransaction;
  /** Runs statements that no transaction may hold. */
  online(statements: readonly string[]): Promise<void>;
  /** Makes what several processes share, which a role that may change rows only cannot make later. */
  prepare(): Promise<void>;
  close(): Promise<void>;
}

async function openFiles(folder: string, isDry: boolean): Promise<Opened> {
  if (!existsSync(join(folder, directoryPlace.file))) throw nothingThere(`the data folder ${folder}`);
  const lock = lockFile(join(folder, directoryPlace.file));
  return {
    close: async () => lock.release(),
    prepare: async () => undefined,
    online: async () => undefined,
    async transaction(place, job) {
      const path = join(folder, place.file);
      if (!existsSync(path)) throw new StartError(`the data of ${place.name} is missing (${path}): restore a backup`);
      const file = openConnection(path);
      try {
        file.run('begin immediate');
        const result = await job(sqliteEngine(file), path);
        file.run(isDry ? 'rollback' : 'commit');
        return result;
      } catch (error) {
        throw sqliteFailure(error, path);
      } finally {
        file.close();
      }
    },
  };
}

async function openSchemas(url: string, isDry: boolean): Promise<Opened> {
  const hold = await holdPostgres(url, directoryPlace.schema);
  const opened = await connect({ url, statementTimeoutMs: 0 }).catch(async (error: unknown) => {
    await hold.release();
    throw postgresFailure(error, placeOf(url, directoryPlace.schema));
  });
  const run = (sql: string) => executeOnce(opened.connection, sql);
  return {
    async close() {
      await opened.close();
      await hold.release();
    },
    prepare: () => preparePeers(opened.connection),
    async online(statements) {
      for (const sql of statements) await run(sql);
    },
    async transaction(place, job) {
      const name = placeOf(url, place.schema);
      try {
        await run('begin');
        await lockSchema(opened.connection, place.schema);
        const [row] = await run(`select to_regclass('"${place.schema}".portvakt_migration') is not null`);
        if (row?.[0] !== true) throw nothingThere(name);
        const result = await job(postgresEngine(opened.connection, place.schema), name);
        await run(isDry ? 'rollback' : 'commit');
        return result;
      } catch (error) {
        await run('rollback').catch(() => undefined);
        throw postgresFailure(error, name);
      }
    },
  };
}

const nothingThere = (place: string): StartError =>
  new StartError(`${place}: there is no installation; the first start makes one in its newest shape`);
