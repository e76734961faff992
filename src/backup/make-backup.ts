import { readTable } from '../storage/portable/portable-database.ts';
import { BackupError } from './backup-error.ts';
import { BackupWriter } from './backup-writer.ts';
import {
  type BackupHeader,
  environmentDatabase,
  formatName,
  formatVersion,
  type Progress,
  type Where,
} from './format.ts';
import { sealFiles } from './key-files.ts';
import { openSnapshot, type Snapshot, type SnapshotDatabase } from './snapshot.ts';

export interface BackupOptions extends Where {
  readonly file: string;
  /** Version of this program. */
  readonly program: string;
  readonly now: Date;
  /** Keys and credentials of the data folder go into the file, encrypted with it. */
  readonly passphrase: string | undefined;
  readonly progress: Progress;
  /** Unique name of the one environment to write; absent: the whole installation. */
  readonly environment?: string;
}

export interface BackupMade {
  readonly environments: readonly string[];
  readonly tables: number;
  readonly rows: number;
}

/**
 * Writes all that an installation holds to one file, as it was at one moment. A server may be at work on it.
 * @throws BackupError or StorageError, with one line for the administrator
 */
export async function makeBackup(options: BackupOptions): Promise<BackupMade> {
  const snapshot = await openSnapshot(options);
  try {
    const part = partOf(snapshot, options.environment);
    const writer = await BackupWriter.begin(options.file);
    try {
      await writeAll(writer, part, options);
      await writer.finish();
      return { environments: part.environments, ...writer.counts };
    } catch (error) {
      await writer.abandon();
      throw error;
    }
  } finally {
    await snapshot.close();
  }
}

/** @throws BackupError when there is no such environment */
function partOf({ from, environments, databases }: Snapshot, uniqueName: string | undefined): Omit<Snapshot, 'close'> {
  if (uniqueName === undefined) return { from, environments, databases };
  if (!environments.includes(uniqueName)) {
    throw new BackupError(`there is no environment ${uniqueName}: there are ${environments.join(', ')}`);
  }
  const name = environmentDatabase(uniqueName);
  return { from, environments: [uniqueName], databases: databases.filter((each) => each.name === name) };
}

async function writeAll(
  writer: BackupWriter,
  snapshot: Omit<Snapshot, 'close'>,
  options: BackupOptions,
): Promise<void> {
  const { from, environments, databases } = snapshot;
  const header: BackupHeader = {
    format: formatName,
    formatVersion,
    program: options.program,
    made: options.now.toISOString(),
    from,
    environments,
    ...(options.environment === undefined ? {} : { part: 'environment' as const }),
    hasKeys: options.passphrase !== undefined,
  };
  await writer.line(header);
  for (const database of databases) await writeDatabase(writer, database, options.progress);
  if (options.passphrase !== undefined) await writer.line(await sealFiles(options.dataFolder, options.passphrase));
}

/** Milliseconds between two lines about one long table. */
const sayEvery = 3000;

async function writeDatabase(
  writer: BackupWriter,
  { name, engine, contents }: SnapshotDatabase,
  progress: Progress,
): Promise<void> {
  const { alphabet, definitions, counters, tables } = contents;
  await writer.line({
    database: name,
    ...(alphabet === undefined ? {} : { alphabet }),
    definitions: [...definitions],
    counters: [...counters].map(([counter, last]) => [counter, last.toString()] as const),
  });
  const before = writer.counts.rows;
  let said = performance.now();
  for (const table of tables) {
    const begin = { table: table.name, columns: table.columns.map((column) => column.name) };
    await writer.table(begin, readTable(engine, table), (rows) => {
      if (performance.now() - said < sayEvery) return;
      said = performance.now();
      progress(`${name}: ${rows} rows of ${table.name} so far`);
    });
  }
  progress(`${name}: ${tables.length} tables, ${writer.counts.rows - before} rows`);
}
