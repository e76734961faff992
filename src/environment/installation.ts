import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type BaseIds, createBaseRows, syncBaseRows } from '../dataverse/base-rows.ts';
import { createFirstAdministrator } from '../dataverse/first-administrator.ts';
import type { DirectoryApplication } from '../dataverse/native/native-deps.ts';
import { syncOwners } from '../dataverse/native/owner-rows.ts';
import { directoryModel } from '../directory/tables.ts';
import { linkFirstAdministrator, writeBaseHrRows } from '../hr/base-rows.ts';
import type { Clock } from '../kernel/clock.ts';
import { type EnvironmentId, newGuid } from '../kernel/ids.ts';
import { noPeers, type Peers } from '../kernel/peers.ts';
import type { Probe } from '../kernel/probe.ts';
import type { Column, Model, Table } from '../metadata/table.ts';
import type { Value } from '../odata/query.ts';
import type { Transaction } from '../odata/row-store.ts';
import { allSignInTables } from '../sign-in/tables.ts';
import { StartError } from '../start-error.ts';
import type { Alphabet } from '../storage/alphabet.ts';
import type { Database, DatabaseLocation } from '../storage/database.ts';
import { deleteDatabase } from '../storage/delete.ts';
import { databaseExists } from '../storage/exists.ts';
import { type HoldWatcher, holdPostgres, type ServerHold } from '../storage/hold-server.ts';
import { openDatabase } from '../storage/open.ts';
import type { ChangeFeed } from '../storage/sql/postgres/change-feed.ts';
import { StorageError } from '../storage/storage-error.ts';
import { findLimitedRole } from '../storage/who-may-shape.ts';
import { auditNames, directoryNames, environmentNames } from './database-names.ts';
import { type EnvironmentRecord, environmentTable, placeValues, toEnvironmentRecord } from './environment-record.ts';
import { modelOf } from './live-model.ts';

/** Where the databases of one installation are: files in the data folder, or schemas of one PostgreSQL database. */
export interface InstallationPlace {
  readonly dataFolder: string;
  readonly environmentsFolder: string;
  readonly databaseUrl: string | undefined;
  /** How PostgreSQL is used. */
  readonly database?: Pick<PostgresLocation, 'connections' | 'statementTimeoutMs' | 'pooler' | 'replica'>;
  /** Where several processes share the databases. */
  readonly shared?: SharedPlace;
  /** Told of every statement of requests. */
  readonly probe?: Probe;
  /** Told what becomes of the lock on a PostgreSQL database. */
  readonly holdWatcher?: HoldWatcher;
}

type PostgresLocation = Extract<DatabaseLocation, { kind: 'postgres' }>;

/** This process as one of several. */
export interface SharedPlace {
  readonly peers: Peers;
  readonly feed: ChangeFeed;
  /** Others are at work already. */
  readonly isJoined: boolean;
  /** Does the primary hold the databases for all of them? */
  readonly isHeld: () => boolean;
}

/** Text sorts by the Norwegian alphabet unless an environment says otherwise. */
const defaultAlphabet: Alphabet = 'nb';

/** The databases of one installation: the directory's, and one for each environment. */
export class Installation {
  readonly #place: InstallationPlace;
  readonly #clock: Clock;
  readonly #hold: ServerHold;
  readonly #peers: Peers;
  #directory: Database;

  private constructor(place: InstallationPlace, clock: Clock, hold: ServerHold, directory: Database) {
    this.#place = place;
    this.#clock = clock;
    this.#hold = hold;
    this.#peers = place.shared?.peers ?? noPeers();
    this.#directory = directory;
  }

  /**
   * Opens the directory's database. What was interrupted before it was whole is undone first (docs/decisions/0004):
   * the first set-up with everything, later the making or deleting of one environment.
   */
  static async open(place: InstallationPlace, clock: Clock): Promise<Installation> {
    await refuseWithoutDirectory(place);
    const hold = await holdDatabase(place);
    try {
      const installation = new Installation(place, clock, hold, await openDirectory(place, clock));
      // Whoever makes or deletes an environment works alone: what is not ready now was left behind.
      await installation.peers.alone(environmentsTurn, () => installation.#undoUnfinished());
      return installation;
    } catch (error) {
      await hold.release();
      throw error;
    }
  }

  get peers(): Peers {
    return this.#peers;
  }

  /** Is the database known to be ours, and no other server's? */
  get isHeld(): boolean {
    return this.#hold.isHeld;
  }

  get directory(): Database {
    return this.#directory;
  }

  /** Where the audit log is: a file of its own, or tables beside the directory's. */
  get auditLocation(): DatabaseLocation {
    const { databaseUrl, dataFolder } = this.#place;
    return databaseUrl === undefined
      ? { kind: 'sqlite', file: join(dataFolder, auditNames.file) }
      : directoryLocation(this.#place);
  }

  async listEnvironments(): Promise<readonly EnvironmentRecord[]> {
    const rows = await this.#directory.readAll(environmentTable);
    return rows.map(toEnvironmentRecord);
  }

  /** Is there data under this name, of an environment or of something that the list does not know? */
  hasDataOf(uniqueName: string): Promise<boolean> {
    return databaseExists(environmentLocation(this.#place, uniqueName));
  }

  /** The database role that may not make or delete an environment of this name; `undefined` where ours may. */
  findLimitedRole(uniqueName: string): Promise<string | undefined> {
    return findLimitedRole(environmentLocation(this.#place, uniqueName));
  }

  /** Enters an environment into the list, not yet ready. Refuses to take over a database that the list did not know. */
  async addEnvironment(made: Omit<EnvironmentRecord, 'id' | 'isReady' | 'isFrozen'>): Promise<EnvironmentRecord> {
    const record: EnvironmentRecord = { ...made, id: newGuid<EnvironmentId>(), isReady: false, isFrozen: false };
    const location = environmentLocation(this.#place, record.uniqueName);
    if (await databaseExists(location)) {
      throw new StartError(
        `there is data of an environment ${record.uniqueName} already (${nameOf(location)}), which the directory does not know: restore the directory that belongs to it from a backup, or move that data away`,
      );
    }
    const values = this.#values({
      environmentid: record.id,
      tenantid: record.tenantId,
      uniquename: record.uniqueName,
      name: record.name,
      ...placeValues(record.place),
      isready: record.isReady,
    });
    await this.#directory.maintain((rows) => rows.insert(environmentTable, values));
    return record;
  }

  /** Keeps another name, place or state of an environment. */
  async updateEnvironment({ id, name, place, isFrozen }: EnvironmentRecord): Promise<void> {
    const values = this.#values({ name, ...placeValues(place), isfrozen: isFrozen });
    await this.#directory.maintain((rows) => rows.update(environmentTable, id, values));
  }

  /** From here on its data goes, if not now then at the next start. */
  async markUnready(id: EnvironmentId): Promise<void> {
    await this.#directory.maintain((rows) => rows.update(environmentTable, id, this.#values({ isready: false })));
  }

  /** Deletes the data of an environment whose database is closed, then takes it off the list. */
  async removeEnvironment({ id, uniqueName }: EnvironmentRecord): Promise<void> {
    await deleteDatabase(environmentLocation(this.#place, uniqueName));
    await this.#directory.maintain((rows) => rows.delete(environmentTable, id));
  }

  async markReady(id: EnvironmentId): Promise<void> {
    await this.#directory.maintain((rows) => rows.update(environmentTable, id, this.#values({ isready: true })));
  }

  /** Opens an environment's database; tables and privileges that came with a newer version are added. */
  async openDatabase(record: EnvironmentRecord, model: Model): Promise<Database> {
    const location = environmentLocation(this.#place, record.uniqueName);
    const database = await openDatabase({
      tables: (definitions) => modelOf(definitions, model).tables,
      alphabet: defaultAlphabet,
      location,
      clock: this.#clock,
      ...(this.#place.probe && { probe: this.#place.probe }),
    });
    // Its rows cannot be made up for: what was made just now goes again, and the administrator decides.
    if (record.isReady && database.isNew) {
      await database.close();
      await deleteDatabase(location);
      throw new StartError(
        `the data of the environment ${record.name} is missing (${nameOf(location)}): restore it from a backup, or set PORTVAKT_DATA to another folder`,
      );
    }
    if (record.isReady) await database.maintain((rows) => followModel(rows, model, this.#clock()));
    return database;
  }

  async close(): Promise<void> {
    await this.#directory.close();
    await this.#hold.release();
  }

  async #undoUnfinished(): Promise<void> {
    const records = await this.listEnvironments();
    const isFirstUnfinished = !this.#directory.isNew && !records.some((record) => record.isReady);
    if (isFirstUnfinished) await this.#begin(records);
    else for (const record of records) if (!record.isReady) await this.removeEnvironment(record);
  }

  async #begin(records: readonly EnvironmentRecord[]): Promise<void> {
    await this.#directory.close();
    for (const record of records) await deleteDatabase(environmentLocation(this.#place, record.uniqueName));
    await deleteDatabase(directoryLocation(this.#place));
    this.#directory = await openDirectory(this.#place, this.#clock);
  }

  #values(values: Readonly<Record<string, Value>>): Map<Column, Value> {
    return new Map(
      environmentTable.columns.flatMap((column) => {
        const value = values[column.name];
        return value === undefined ? [] : [[column, value]];
      }),
    );
  }
}

/** Rows that came with a newer version of the program. */
async function followModel(rows: Transaction, model: Model, now: Date): Promise<void> {
  await syncBaseRows(rows, model, `${now.toISOString().slice(0, 19)}Z`);
  await syncOwners(rows, model);
}

/** Fills a new environment with what every environment has, and its first administrator. */
export async function createEnvironmentRows(
  database: Database,
  model: Model,
  record: EnvironmentRecord,
  administrator: DirectoryApplication,
  now: Date,
): Promise<BaseIds> {
  const moment = `${now.toISOString().slice(0, 19)}Z`;
  return database.maintain(async (rows) => {
    const ids = await createBaseRows(rows, model, {
      organizationId: record.id,
      organizationName: record.uniqueName,
      rootBusinessUnitName: record.name,
      languageCode: 1033,
      moment,
    });
    await writeBaseHrRows(rows, model);
    await createFirstAdministrator(rows, model, {
      application: administrator,
      organizationId: record.id,
      baseIds: ids,
      moment,
    });
    await linkFirstAdministrator(rows, model, { clientId: administrator.clientId, name: administrator.name });
    return ids;
  });
}

/** Only one process at a time makes or deletes an environment. */
export const environmentsTurn = 'environments';

/** What keeps other servers off. SQLite files have locks of their own; of several processes the primary holds one for all. */
async function holdDatabase({ databaseUrl, shared, holdWatcher }: InstallationPlace): Promise<ServerHold> {
  if (shared !== undefined) return heldElsewhere(shared.isHeld);
  if (databaseUrl === undefined) return heldElsewhere(() => true);
  return holdPostgres(databaseUrl, directoryNames.schema, holdWatcher).catch(refuseDatabase);
}

const heldElsewhere = (isHeld: () => boolean): ServerHold => ({
  get isHeld() {
    return isHeld();
  },
  release: () => Promise.resolve(),
});

/** Tables of the directory's database. */
export const directoryTables: readonly Table[] = [...directoryModel.tables, environmentTable, ...allSignInTables];

async function openDirectory(place: InstallationPlace, clock: Clock): Promise<Database> {
  const opening = openDatabase({
    tables: directoryTables,
    alphabet: defaultAlphabet,
    location: directoryLocation(place),
    clock,
    ...(place.probe && { probe: place.probe }),
  });
  return place.databaseUrl === undefined ? opening : opening.catch(refuseDatabase);
}

/** @throws StartError in the place of a `StorageError` */
export function refuseDatabase(error: unknown): never {
  if (!(error instanceof StorageError)) throw error;
  throw new StartError(`PORTVAKT_DATABASE_URL leads to a database that cannot be used: ${error.message}`);
}

const directoryLocation = (place: InstallationPlace): DatabaseLocation =>
  place.databaseUrl === undefined
    ? { kind: 'sqlite', file: join(place.dataFolder, directoryNames.file) }
    : { ...postgresLocation(place, place.databaseUrl, directoryNames.schema), replica: undefined };

function environmentLocation(place: InstallationPlace, uniqueName: string): DatabaseLocation {
  const { file, schema } = environmentNames(uniqueName);
  return place.databaseUrl === undefined
    ? { kind: 'sqlite', file: join(place.environmentsFolder, file) }
    : { ...postgresLocation(place, place.databaseUrl, schema), isDistributed: true };
}

const postgresLocation = ({ shared, database }: InstallationPlace, url: string, schema: string): PostgresLocation => ({
  kind: 'postgres',
  url,
  schema,
  ...database,
  ...(shared === undefined ? {} : { feed: shared.feed, isJoined: shared.isJoined }),
});

const nameOf = (location: DatabaseLocation): string =>
  location.kind === 'sqlite' ? location.file : `schema ${location.schema} of PORTVAKT_DATABASE_URL`;

/** Without the directory nobody could be let in; looked at before opening it would make an empty one. */
async function refuseWithoutDirectory({ dataFolder, environmentsFolder, databaseUrl }: InstallationPlace) {
  if (databaseUrl !== undefined || existsSync(join(dataFolder, directoryNames.file))) return;
  const files = (await readdir(environmentsFolder)).filter((file) => file.endsWith('.db'));
  if (files.length === 0) return;
  throw new StartError(
    `the data folder ${dataFolder} is damaged: ${directoryNames.file} is missing, though there is ${files.join(', ')}; restore it from a backup, or set PORTVAKT_DATA to another folder`,
  );
}
