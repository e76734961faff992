import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { messageOf } from '../../../kernel/message-of.ts';
import { StorageError } from '../../storage-error.ts';

/** Makes the folder of a database file if need be. Throws `StorageError` when it cannot be written. */
export function prepareFolder(file: string): void {
  const folder = dirname(file);
  try {
    makeFolder(folder);
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    if (existsSync(file)) accessSync(file, constants.R_OK | constants.W_OK);
  } catch (error) {
    throw new StorageError(`the data folder ${folder} cannot be written (${messageOf(error)})`, error);
  }
}

/** Not `recursive`: where the system answers ENOENT below a folder that exists (`/proc`), Node would try for ever. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder);
}

const markerOf = (file: string): string => `${file}-open`;

/** Stands beside the file while it is open, and longer when it was not closed or found damaged: then it is checked again. */
export const marker = {
  set: (file: string): void => writeFileSync(markerOf(file), ''),
  clear: (file: string): void => rmSync(markerOf(file), { force: true }),
};

/** How the last process left the file. */
export type FileState = 'new' | 'closed' | 'killed';

const magic = 'SQLite format 3\0';
const headerBytes = 100;

/**
 * Looks at a file before SQLite does, which takes a file of no bytes for a new database and finds a cut-off one late.
 * Throws `StorageError` when it is damaged.
 *
 * INVARIANT: called before this process opens the file: closing it here would drop SQLite's locks (POSIX).
 */
export function checkFile(file: string): FileState {
  const logBytes = sizeOf(`${file}-wal`);
  const bytes = sizeOf(file);
  if (bytes === undefined) {
    if (logBytes === undefined) return 'new';
    throw damaged(file, 'it is missing, its log is there');
  }
  // A new database gets its name only when it is complete (`open.ts`): an empty file is not one.
  if (bytes < headerBytes) throw damaged(file, 'it ends too early');
  const header = readHeader(file);
  if (header.toString('latin1', 0, magic.length) !== magic) throw damaged(file, 'it is not an SQLite database');
  // With a log, pages may still be in there.
  if ((logBytes ?? 0) > 0 || existsSync(markerOf(file))) return 'killed';
  const pageSize = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16);
  if (bytes < pageSize * header.readUInt32BE(28)) throw damaged(file, 'it ends too early');
  return 'closed';
}

export const damaged = (file: string, why: string): StorageError =>
  new StorageError(`${file} is damaged (${why.replace(/\s+/g, ' ')}): restore a backup, or move it away to start anew`);

function sizeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.size;
}

function readHeader(file: string): Buffer {
  const header = Buffer.alloc(headerBytes);
  const descriptor = openSync(file, 'r');
  try {
    readSync(descriptor, header, 0, headerBytes, 0);
  } finally {
    closeSync(descriptor);
  }
  return header;
}
