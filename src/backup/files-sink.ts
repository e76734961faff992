import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { environmentsFolder } from '../data-folder.ts';
import { sqliteEngine } from '../storage/portable/sqlite-engine.ts';
import { fileSchema, type SqliteFile } from '../storage/sql/sqlite/binding.ts';
import { openConnection } from '../storage/sql/sqlite/connection.ts';
import { syncFolder } from '../storage/sql/sqlite/create-file.ts';
import { lockFile } from '../storage/sql/sqlite/lock.ts';
import { auditPlace, directoryPlace } from './databases.ts';
import type { RestoreSink } from './restore-sink.ts';

/** Below the data folder: what is being written, and what makes room for it. */
const unfinished = 'restoring';
const replaced = 'replaced';

/** Database files that a data folder holds, with what lies beside them. */
function databaseFiles(folder: string): readonly string[] {
  const isDatabase = (name: string): boolean => /\.db(?:-wal|-shm|-journal|-open)?$/.test(name);
  const tops = [directoryPlace.file, auditPlace.file];
  const top = readdirSync(folder).filter((name) => isDatabase(name) && tops.some((each) => name.startsWith(each)));
  const below = join(folder, environmentsFolder);
  const environments = existsSync(below) ? readdirSync(below) : [];
  // The directory goes first and comes last: without it nothing is taken for an installation.
  return [...top.sort().reverse(), ...environments.filter(isDatabase).map((name) => join(environmentsFolder, name))];
}

export const holdsFiles = (folder: string): boolean => databaseFiles(folder).length > 0;

/** Restores to SQLite files of a data folder, and keeps servers off it meanwhile. @throws StorageError when one has it */
export function openFilesSink(folder: string): RestoreSink {
  const lock = lockFile(join(folder, directoryPlace.file));
  const pathOf = (file: string): string => join(folder, unfinished, file);
  let connection: SqliteFile | undefined;
  rmSync(join(folder, unfinished), { recursive: true, force: true });
  const written: string[] = [];
  return {
    nameOf: ({ file }) => join(folder, file),
    async open({ file }) {
      mkdirSync(dirname(pathOf(file)), { recursive: true, mode: 0o700 });
      connection = openConnection(pathOf(file));
      connection.run('begin immediate');
      written.push(file);
      return sqliteEngine(connection);
    },
    async finish() {
      connection?.run('commit');
      connection?.run(`pragma analysis_limit = 1000; analyze ${fileSchema}`);
      connection?.rows(`pragma ${fileSchema}.wal_checkpoint(truncate)`);
      connection?.close();
      connection = undefined;
    },
    async commit(scope = 'all') {
      const isReplaced = (file: string): boolean => scope === 'all' || written.some((each) => file.startsWith(each));
      move(databaseFiles(folder).filter(isReplaced), folder, join(folder, replaced));
      // The directory was written first.
      move(written.reverse(), join(folder, unfinished), folder);
      rmSync(join(folder, replaced), { recursive: true, force: true });
    },
    async close() {
      connection?.close();
      rmSync(join(folder, unfinished), { recursive: true, force: true });
      lock.release();
    },
  };
}

function move(files: readonly string[], from: string, to: string): void {
  for (const file of files) {
    mkdirSync(dirname(join(to, file)), { recursive: true, mode: 0o700 });
    renameSync(join(from, file), join(to, file));
    syncFolder(dirname(join(to, file)));
    syncFolder(dirname(join(from, file)));
  }
}
