import { systemClock } from '../../../kernel/clock.ts';
import { silentProbe } from '../../../kernel/probe.ts';
import type { Database, DatabaseLocation, DatabaseOptions } from '../../database.ts';
import { StorageError } from '../../storage-error.ts';
import { makeCodec } from '../codec.ts';
import { findCurrent, type Migrated, migrate } from '../migrations/migrate.ts';
import type { Target } from '../migrations/schema-session.ts';
import { quoteName } from '../names.ts';
import { schemasOf } from '../schema.ts';
import { Watchers } from '../watchers.ts';
import { type Connection, type ConnectionSettings, connect, executeOnce } from './binding.ts';
import { postgresDialect } from './dialect.ts';
import { placeOf, postgresFailure } from './failure.ts';
import { IndexKeeper } from './index-keeper.ts';
import { KeptConnection } from './kept-connection.ts';
import { Lanes } from './lanes.ts';
import { lockSchema } from './lock.ts';
import { findIndexWork } from './online-indexes.ts';
import { PointReader } from './point-reader.ts';
import { Pool } from './pool.ts';
import { checkPooler } from './pooler.ts';
import { checkReplica, Replica } from './replica.ts';
import { readRights, relationExists, requireRowRights, shapeRefused } from './rights.ts';
import { postgresSchemaSession } from './schema-session.ts';
import { Sequences } from './sequences.ts';
import type { Shared } from './session.ts';
import { Statements } from './statements.ts';
import { PostgresDatabase } from './store.ts';

export type PostgresLocation = Extract<DatabaseLocation, { kind: 'postgres' }>;

const oldestVersion = 15;
const defaultTimeoutMs = 60_000;
const defaultConnections = 8;

/** Opens a schema of a server, making it when it is not there. Throws `StorageError` with one line for the administrator. */
export async function openPostgres(options: DatabaseOptions, location: PostgresLocation): Promise<Database> {
  const { url, schema } = location;
  const target = makeTarget(options, location);
  const { isNew, opened, hasIndexWork } = await prepareSchema(target, location);
  const timeoutMs = location.statementTimeoutMs ?? defaultTimeoutMs;
  const { pooler } = location;
  const direct = { url, statementTimeoutMs: timeoutMs };
  if (pooler !== undefined) await checkPooler(pooler.url, { url, timeoutMs, place: target.place });
  const settings = pooler === undefined ? direct : ({ url: pooler.url, statementTimeoutMs: 'pooled' } as const);
  const shared: Shared = {
    codec: makeCodec(target.dialect, options.alphabet),
    statements: new Statements(pooler?.namesStatements),
    sequences: new Sequences(direct, schema),
    lanes: new Lanes(),
    watchers: new Watchers(),
    probe: options.probe ?? silentProbe,
    schema,
    feed: location.feed,
    place: target.place,
  };
  const pool = new Pool(settings, location.connections ?? defaultConnections);
  const points = new PointReader(shared, settings);
  const replica = await openReplica(shared, settings, location);
  const indexes = new IndexKeeper({ url, schema, target });
  if (hasIndexWork) indexes.begin();
  const checks = new KeptConnection(settings, async () => undefined);
  return new PostgresDatabase({ isNew, opened, target, schema, shared, pool, points, replica, checks, indexes });
}

/** A pooler is no way to it: whether a connection is to a standby that follows is known of the connection. */
async function openReplica(
  shared: Shared,
  primary: ConnectionSettings,
  { url, replica, connections = defaultConnections, statementTimeoutMs = defaultTimeoutMs }: PostgresLocation,
): Promise<Replica | undefined> {
  if (replica === undefined) return undefined;
  await checkReplica(replica.url, url, shared.place);
  return new Replica(shared, primary, { settings: replica, timeoutMs: statementTimeoutMs, connections });
}

function makeTarget({ tables, alphabet, clock }: DatabaseOptions, { url, schema, isJoined }: PostgresLocation): Target {
  const dialect = postgresDialect(schema);
  const place = placeOf(url, schema);
  const schemas = schemasOf(tables, dialect);
  return { dialect, schemasOf: schemas, alphabet, place, clock: clock ?? systemClock, keepsRetired: isJoined === true };
}

interface Prepared extends Migrated {
  /** Are there indexes to be built, that we may build? */
  readonly hasIndexWork: boolean;
}

async function prepareSchema(target: Target, { url, schema, isDistributed }: PostgresLocation): Promise<Prepared> {
  // Indexes on much data take their time.
  const opened = await connect({ url, statementTimeoutMs: 0 }).catch((error: unknown) => {
    const failure = postgresFailure(error, target.place);
    throw failure instanceof StorageError ? failure : new StorageError(`${target.place}: ${String(error)}`, error);
  });
  try {
    const { connection } = opened;
    await checkServer(connection, target);
    const rights = await readRights(connection, schema);
    requireRowRights(rights, schema, target.place);
    const withIndexWork = async (migrated: Migrated, mayBuild: boolean): Promise<Prepared> => {
      if (!mayBuild) return { ...migrated, hasIndexWork: false };
      const schemas = target.schemasOf(migrated.opened.definitions);
      const { missing, unwanted } = await findIndexWork(postgresSchemaSession(connection, schema), schema, schemas);
      return { ...migrated, hasIndexWork: missing.length + unwanted.length > 0 };
    };
    const prepared = await findPrepared(connection, target, schema);
    if (prepared !== undefined) return await withIndexWork(prepared, rights.owns);
    if (!(rights.exists ? rights.owns : rights.makesSchemas)) throw shapeRefused(rights, target.place);
    return await withIndexWork(
      await migrateSchema(connection, target, { schema, isThere: rights.exists, isDistributed }),
      true,
    );
  } catch (error) {
    throw postgresFailure(error, target.place);
  } finally {
    await opened.close();
  }
}

async function checkServer(connection: Connection, { place }: Target): Promise<void> {
  const sql = "select current_setting('server_version_num'), current_setting('server_encoding')";
  const [row] = await executeOnce(connection, sql);
  const version = Math.floor(Number(row?.[0]) / 10_000);
  if (version < oldestVersion) {
    throw new StorageError(`${place}: the server is PostgreSQL ${version}, ${oldestVersion} or later is needed`);
  }
  if (row?.[1] !== 'UTF8') throw new StorageError(`${place}: the database's encoding is ${row?.[1]}, UTF8 is needed`);
}

async function findPrepared(connection: Connection, target: Target, schema: string): Promise<Migrated | undefined> {
  const isThere = await relationExists(connection, target.dialect.table('portvakt_migration'));
  return isThere ? findCurrent(postgresSchemaSession(connection, schema), target) : undefined;
}

interface NewSchema {
  readonly schema: string;
  readonly isThere: boolean;
  readonly isDistributed?: boolean | undefined;
}

/** Where the server has Citus, the schema and all tables that are made in it go to one of its workers. */
async function distribute(connection: Connection, schema: string): Promise<void> {
  const find = "select to_regprocedure('citus_schema_distribute(regnamespace)')::oid::regprocedure::text";
  const [row] = await executeOnce(connection, find);
  if (row?.[0] == null) return;
  await executeOnce(connection, 'select citus_schema_distribute($1::regnamespace)', [quoteName(schema)]);
}

async function migrateSchema(
  connection: Connection,
  target: Target,
  { schema, isThere, isDistributed = false }: NewSchema,
): Promise<Migrated> {
  await executeOnce(connection, 'begin');
  try {
    await lockSchema(connection, schema);
    if (!isThere) await executeOnce(connection, `create schema if not exists ${quoteName(schema)}`);
    if (!isThere && isDistributed) await distribute(connection, schema);
    const migrated = await migrate(postgresSchemaSession(connection, schema), target);
    await executeOnce(connection, 'commit');
    return migrated;
  } catch (error) {
    await executeOnce(connection, 'rollback').catch(() => undefined);
    throw error;
  }
}
