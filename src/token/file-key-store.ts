import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type KeySet, type KeyStore, newKeySet } from './key-set.ts';
import { formatKeySet, parseKeySet } from './key-set-text.ts';
import { makeSigningKey, parseSigningKey, type SigningKey } from './signing-key.ts';

/** A key file is there but holds no keys. The message is one line for the administrator. */
export class DamagedKeyFile extends Error {
  constructor(file: string, cause: unknown) {
    super(
      `the signing key file ${file} is damaged: restore it from a backup, or remove it to have new keys made (tokens issued so far will then be refused)`,
      { cause },
    );
    this.name = 'DamagedKeyFile';
  }
}

const fileName = 'signing-keys.json';
/** Before keys were rotated each had a file of its own. */
const earlier = { current: 'current.pem', next: 'next.pem' } as const;

/**
 * The key set in one file of `folder`, readable by the owner alone. It is replaced by renaming a complete one over it, so
 * a kill at any moment leaves the old set or the new one.
 */
export function fileKeyStore(folder: string): KeyStore {
  const file = join(folder, fileName);
  return {
    async load() {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const set = (await loadFile(file)) ?? (await adoptEarlier(folder, file));
      await removeLeftovers(folder);
      return set;
    },
    async version() {
      const { mtimeMs, ino, size } = await stat(file);
      return `${mtimeMs} ${ino} ${size}`;
    },
    save: (set) => replaceFile(folder, file, formatKeySet(set)),
  };
}

async function loadFile(file: string): Promise<KeySet | undefined> {
  const text = await readIfThere(file);
  if (text === undefined) return undefined;
  try {
    return parseKeySet(text);
  } catch (error) {
    throw new DamagedKeyFile(file, error);
  }
}

/** Keys of an earlier version go on: their files are removed once they stand in the new one. */
async function adoptEarlier(folder: string, file: string): Promise<KeySet | undefined> {
  const [current, next] = await Promise.all([
    loadPem(join(folder, earlier.current)),
    loadPem(join(folder, earlier.next)),
  ]);
  if (current === undefined) return undefined;
  const { mtime } = await stat(join(folder, earlier.current));
  // The longest life that a token of that version could have.
  const times = { lifetime: 3599, rotation: undefined, publication: 0 };
  const set = newKeySet(current, next ?? (await makeSigningKey()), mtime, times);
  const adopted = next === undefined ? { ...set, next: { ...set.next, publishedAt: new Date() } } : set;
  await replaceFile(folder, file, formatKeySet(adopted));
  return adopted;
}

async function loadPem(file: string): Promise<SigningKey | undefined> {
  const pem = await readIfThere(file);
  if (pem === undefined) return undefined;
  try {
    return parseSigningKey(pem);
  } catch (error) {
    throw new DamagedKeyFile(file, error);
  }
}

/** Private keys that nothing needs any more: files of the earlier version, and drafts that a kill left behind. */
async function removeLeftovers(folder: string): Promise<void> {
  const isLeftover = (name: string): boolean =>
    Object.values(earlier).some((each) => name === each || (name.startsWith(`${each}.`) && name.endsWith('.tmp'))) ||
    (name.startsWith(`${fileName}.`) && name.endsWith('.tmp'));
  const names = await readdir(folder);
  if (!names.includes(fileName)) return;
  for (const name of names.filter(isLeftover)) await rm(join(folder, name), { force: true });
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

async function replaceFile(folder: string, file: string, text: string): Promise<void> {
  const draft = `${file}.${randomUUID()}.tmp`;
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
  await syncFolder(folder);
}

/** The new name itself must be on disk (not on Windows, where folders cannot be opened). */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
