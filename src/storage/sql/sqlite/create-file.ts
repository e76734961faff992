import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { SqliteFile } from './binding.ts';
import { openConnection } from './connection.ts';

/** A kill at any moment leaves either no database or a complete one: it gets its name last, when `fill` is done. */
export async function createFile(file: string, fill: (connection: SqliteFile) => Promise<void>): Promise<void> {
  const unfinished = `${file}-new`;
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(unfinished + suffix, { force: true });
  const connection = openConnection(unfinished);
  try {
    await fill(connection);
    // The log keeps its old name, so nothing may be left in it.
    connection.rows('pragma wal_checkpoint(truncate)');
  } finally {
    connection.close();
  }
  renameSync(unfinished, file);
  syncFolder(dirname(file));
}

/** New names in a folder are on disk after this (not on Windows, where folders cannot be opened). */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}
