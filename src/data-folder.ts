import { chmod, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StartError, systemCode } from './start-error.ts';
import { lockFile } from './storage/sql/sqlite/lock.ts';

/** Of the environments' databases, inside the data folder. */
export const environmentsFolder = 'environments';

/** Places inside the data folder. */
export interface DataFolder {
  readonly path: string;
  readonly keys: string;
  readonly tls: string;
  readonly environments: string;
  /** The development CA's certificate. */
  readonly ca: string;
  readonly demoEnv: string;
  /** Credentials of the administrator of an installation without the demo. */
  readonly adminEnv: string;
  readonly demoCertificate: string;
}

/**
 * Makes the data folder if it is not there and checks that it can be written to.
 * @throws StartError naming the folder and the system's reason
 */
export async function openDataFolder(path: string): Promise<DataFolder> {
  const folder: DataFolder = {
    path,
    keys: join(path, 'keys'),
    tls: join(path, 'tls'),
    environments: join(path, environmentsFolder),
    ca: join(path, 'tls', 'ca.pem'),
    demoEnv: join(path, 'demo.env'),
    adminEnv: join(path, 'admin.env'),
    demoCertificate: join(path, 'demo-client.pem'),
  };
  const probe = join(path, `.write-probe-${process.pid}`);
  try {
    for (const each of [path, folder.keys, folder.tls, folder.environments]) {
      await makeFolder(each);
    }
    await writeFile(probe, '');
    await rm(probe);
  } catch (error) {
    throw new StartError(
      `cannot write to the data folder ${path} (${systemCode(error)}): give this user the right to, or set PORTVAKT_DATA`,
    );
  }
  return folder;
}

/**
 * Keeps other processes off the data folder of a server whose databases are elsewhere; embedded ones lock themselves.
 * @returns how to let go of it
 * @throws StorageError when another process has it
 */
export function lockDataFolder({ path }: DataFolder): () => Promise<void> {
  const lock = lockFile(join(path, 'portvakt'));
  return async () => lock.release();
}

/** With the folders above it. Node.js 20 itself never comes back where the system has no such place, such as `/proc/x`. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    const code = systemCode(error);
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return;
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    await makeFolder(dirname(path));
    await mkdir(path, { mode: 0o700 });
  }
}

/** Writes a file that only this user may read, whatever the umask or an older file says. */
export async function writePrivateFile(path: string, content: string | Uint8Array): Promise<void> {
  await writeFile(path, content, { mode: 0o600 });
  await chmod(path, 0o600);
}
