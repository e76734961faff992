import { lockDataFolder, openDataFolder } from '../data-folder.ts';
import { BackupError } from './backup-error.ts';
import { environmentPlace } from './databases.ts';
import { environmentDatabase, type Progress, type Where } from './format.ts';
import { verifyBackup } from './read-backup.ts';
import { openSink, writeDatabases } from './restore-backup.ts';
import { openSnapshot } from './snapshot.ts';

export interface ImportOptions extends Where {
  readonly file: string;
  /** Of the environment whose data the file takes the place of. */
  readonly environment: string;
  readonly progress: Progress;
}

export interface Imported {
  /** Unique name of the environment that was exported. */
  readonly from: string;
  readonly tables: number;
  readonly rows: number;
}

/**
 * Puts an exported environment in the place of the data of one that the installation has: all of it, or nothing. The whole
 * file is checked before anything is written; what was written is read again and compared with it, row by row. Other
 * environments, the directory and the audit log stay as they are.
 * @throws BackupError or StorageError, with one line for the administrator
 */
export async function importEnvironment(options: ImportOptions): Promise<Imported> {
  const { file, environment, progress } = options;
  const { header, end } = await verifyBackup(file);
  const [from] = header.environments;
  if (header.part !== 'environment' || from === undefined) {
    throw new BackupError(
      `${file} is a backup of a whole installation: name a file that \`portvakt environment export\` made, or restore it with \`portvakt restore\``,
    );
  }
  progress(`${file} is whole: ${from}, ${end.tables} tables, ${end.rows} rows, made ${header.made}`);
  await requireEnvironment(options);
  const folder = await openDataFolder(options.dataFolder);
  const unlock = options.databaseUrl === undefined ? undefined : lockDataFolder(folder);
  try {
    const sink = await openSink({ ...options, replaces: true });
    try {
      const place = environmentPlace(environment);
      const only = environmentDatabase(from);
      await writeDatabases(sink, { file, progress, placeOf: (name) => (name === only ? place : undefined) });
      await sink.commit('same');
    } finally {
      await sink.close();
    }
  } finally {
    await unlock?.();
  }
  return { from, tables: end.tables, rows: end.rows };
}

/** The directory says who may have tokens for it; a file brings none. */
async function requireEnvironment(options: ImportOptions): Promise<void> {
  const snapshot = await openSnapshot(options);
  await snapshot.close();
  if (snapshot.environments.includes(options.environment)) return;
  const known = snapshot.environments.join(', ');
  throw new BackupError(
    `this installation has no environment \`${options.environment}\` (it has ${known}): make one first, with \`portvakt environment create ${options.environment}\``,
  );
}
