import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { lockDataFolder, openDataFolder } from '../data-folder.ts';
import {
  describeAudit,
  describeDatabase,
  findAlphabet,
  insertRows,
  makeTables,
  type PortableEngine,
  readTable,
} from '../storage/portable/portable-database.ts';
import { type PortableTable, withColumns } from '../storage/portable/portable-table.ts';
import { AuditSql } from '../storage/sql/audit-sql.ts';
import { BackupError } from './backup-error.ts';
import { auditPlace, type NamedPlace, placeOf, schemaPrefix, targetOf } from './databases.ts';
import { holdsFiles, openFilesSink } from './files-sink.ts';
import type { BackupHeader, DatabaseLine, Progress, TableEnd, TableLine, Where } from './format.ts';
import { type Files, openFiles, writeFiles } from './key-files.ts';
import { readBackup, type VerifiedBackup, verifyBackup } from './read-backup.ts';
import type { RestoreSink } from './restore-sink.ts';
import { openSchemasSink } from './schemas-sink.ts';

export interface RestoreOptions extends Where {
  readonly file: string;
  /** What opens the keys in the file; `undefined`: they are left out if `withoutKeys`, else the restore is refused. */
  readonly passphrase: string | undefined;
  readonly withoutKeys: boolean;
  /** May an installation that is there already be replaced? */
  readonly replaces: boolean;
  readonly progress: Progress;
}

export interface Restored {
  readonly header: BackupHeader;
  readonly tables: number;
  readonly rows: number;
  readonly hasKeys: boolean;
}

/**
 * Makes an installation of a backup. The whole file is checked before anything is written; what was written is read again
 * and compared with the file before it takes its place.
 * @throws BackupError or StorageError, with one line for the administrator
 */
export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const verified = await verifyBackup(options.file);
  const { header, end } = verified;
  if (header.part !== undefined) {
    throw new BackupError(
      `${options.file} holds the environment ${header.environments.join()} alone, without the directory that it needs: restore a backup of the whole installation, or put it in the place of that environment with \`portvakt environment import\``,
    );
  }
  options.progress(`${options.file} is whole: ${end.tables} tables, ${end.rows} rows, made ${header.made}`);
  const files = keysOf(verified, options);
  const folder = await openDataFolder(options.dataFolder);
  if (files !== undefined && !options.replaces && existsSync(join(folder.keys, 'signing-keys.json'))) {
    throw new BackupError(
      `the data folder ${folder.path} has keys already: add --replace, or --without-keys to keep them`,
    );
  }
  const unlock = options.databaseUrl === undefined ? undefined : lockDataFolder(folder);
  try {
    const sink = await openSink(options);
    try {
      await writeDatabases(sink, { ...options, placeOf });
      if (files !== undefined) await writeFiles(folder.path, files);
      await sink.commit();
    } finally {
      await sink.close();
    }
  } finally {
    await unlock?.();
  }
  return { header, tables: end.tables, rows: end.rows, hasKeys: files !== undefined };
}

function keysOf({ keys }: VerifiedBackup, { passphrase, withoutKeys, file }: RestoreOptions): Files | undefined {
  if (keys === undefined) {
    if (passphrase === undefined) return undefined;
    throw new BackupError(`${file} holds no keys: leave out --passphrase-file`);
  }
  if (withoutKeys) return undefined;
  if (passphrase !== undefined) return openFiles(keys, passphrase);
  throw new BackupError(`${file} holds keys: add --passphrase-file <file>, or --without-keys to leave them`);
}

/** Keeps servers off the installation. */
export async function openSink({
  dataFolder,
  databaseUrl,
  replaces,
}: Pick<RestoreOptions, keyof Where | 'replaces'>): Promise<RestoreSink> {
  const occupied = (where: string): BackupError =>
    new BackupError(`${where} holds an installation already: add --replace to have the backup take its place`);
  if (databaseUrl === undefined) {
    if (!replaces && holdsFiles(dataFolder)) throw occupied(`the data folder ${dataFolder}`);
    return openFilesSink(dataFolder);
  }
  const sink = await openSchemasSink(databaseUrl);
  if (replaces || !(await sink.holdsSchemas())) return sink;
  await sink.close();
  throw occupied('the database of PORTVAKT_DATABASE_URL');
}

/** Writes what a backup holds, each database where `placeOf` says, reads it again and compares. */
export async function writeDatabases(
  sink: RestoreSink,
  { file, progress, placeOf }: Pick<RestoreOptions, 'file' | 'progress'> & { readonly placeOf: PlaceOf },
): Promise<void> {
  let database: DatabaseBeingWritten | undefined;
  const finish = async (): Promise<void> => {
    if (database === undefined) return;
    progress(await database.finish());
    await sink.finish();
    database = undefined;
  };
  for await (const part of readBackup(file)) {
    if (part.kind === 'database') {
      await finish();
      database = await DatabaseBeingWritten.begin(sink, part.database, { file, placeOf });
    } else if (part.kind === 'table') database?.beginTable(part.table);
    else if (part.kind === 'rows') await database?.rows(part.rows);
    else if (part.kind === 'tableEnd') database?.endTable(part.end);
    else if (part.kind !== 'header') await finish();
  }
}

type PlaceOf = (database: string) => NamedPlace | undefined;

interface From {
  readonly file: string;
  readonly placeOf: PlaceOf;
}

class DatabaseBeingWritten {
  readonly #engine: PortableEngine;
  readonly #line: DatabaseLine;
  readonly #file: string;
  readonly #tables: ReadonlyMap<string, PortableTable>;
  readonly #written: { readonly table: PortableTable; readonly end: TableEnd }[] = [];
  #current: PortableTable | undefined;

  private constructor(engine: PortableEngine, line: DatabaseLine, file: string, tables: readonly PortableTable[]) {
    this.#engine = engine;
    this.#line = line;
    this.#file = file;
    this.#tables = new Map(tables.map((table) => [table.name, table]));
  }

  static async begin(sink: RestoreSink, line: DatabaseLine, { file, placeOf }: From): Promise<DatabaseBeingWritten> {
    const place = placeOf(line.database);
    if (place === undefined) throw unknown(file, `the database \`${line.database}\``);
    const engine = await sink.open(place);
    const tables = await makeEmpty(engine, place, { line, file, name: sink.nameOf(place) });
    return new DatabaseBeingWritten(engine, line, file, tables);
  }

  beginTable({ table: name, columns }: TableLine): void {
    const table = this.#tables.get(name);
    const some = table && withColumns(table, columns);
    if (some === undefined)
      throw unknown(this.#file, `the table \`${name}\` of ${this.#line.database}, or a column of it`);
    this.#current = some;
  }

  async rows(rows: Parameters<typeof insertRows>[2]): Promise<void> {
    const table = this.#current;
    if (table === undefined) throw unknown(this.#file, 'rows of no table');
    await insertRows(this.#engine, table, rows).catch((error: unknown) => {
      if (!(error instanceof TypeError)) throw error;
      throw new BackupError(
        `${this.#file}: \`${table.name}\` has a row that cannot be stored: ${error.message}`,
        error,
      );
    });
  }

  endTable(end: TableEnd): void {
    if (this.#current !== undefined) this.#written.push({ table: this.#current, end });
    this.#current = undefined;
  }

  /** Reads everything again and compares. Gives a line about it. */
  async finish(): Promise<string> {
    for (const [name, last] of this.#line.counters) await this.#engine.writeCounter(name, BigInt(last));
    let rows = 0;
    for (const { table, end } of this.#written) {
      const hash = createHash('sha256');
      for await (const page of readTable(this.#engine, table)) {
        for (const row of page) hash.update(`${JSON.stringify(row)}\n`);
      }
      if (hash.digest('hex') !== end.sha256) {
        throw new BackupError(
          `\`${table.name}\` of ${this.#line.database} was read again and is not what ${this.#file} holds`,
        );
      }
      rows += end.rows;
    }
    return `${this.#line.database}: ${this.#written.length} tables, ${rows} rows, written and read again`;
  }
}

interface Making {
  readonly line: DatabaseLine;
  readonly file: string;
  readonly name: string;
}

async function makeEmpty(engine: PortableEngine, place: NamedPlace, { line, file, name }: Making) {
  if (place === auditPlace) {
    const { dialect, session } = engine;
    const sql = new AuditSql(dialect.name, schemaPrefix(dialect));
    for (const statement of [sql.begin, ...sql.stepsAfter(0, name)]) await session.run(statement);
    return (await describeAudit(engine)).tables;
  }
  const alphabet = findAlphabet(line.alphabet ?? '');
  if (alphabet === undefined) throw unknown(file, `the alphabet \`${line.alphabet}\``);
  const target = targetOf(engine, place, name, alphabet);
  await makeTables(engine.session, target, new Map(line.definitions));
  return (await describeDatabase(engine, target)).tables;
}

const unknown = (file: string, what: string): BackupError =>
  new BackupError(`${file} holds ${what}, which this program does not know: restore it with the version that made it`);
