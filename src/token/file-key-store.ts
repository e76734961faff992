import { generateKeyPair, randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type KeyStore, modulusLength, parseSigningKey, type SigningKey } from './signing-key.ts';

/** A key file is there but holds no key. The message is one line for the administrator. */
export class DamagedKeyFile extends Error {
  constructor(file: string, cause: unknown) {
    super(
      `the signing key file ${file} is damaged: restore it from a backup, or remove it to have a new key made (tokens issued so far will then be refused)`,
      { cause },
    );
    this.name = 'DamagedKeyFile';
  }
}

/** Signing keys as PEM files `current.pem` and `next.pem` in `folder`, readable by the owner alone. */
export function fileKeyStore(folder: string): KeyStore {
  return {
    async load() {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const [current, next] = await Promise.all([
        loadKey(join(folder, 'current.pem')),
        loadKey(join(folder, 'next.pem')),
      ]);
      return { current, next };
    },
  };
}

async function loadKey(file: string): Promise<SigningKey> {
  const found = await readIfThere(file);
  if (found === undefined) return parseSigningKey(await makeKey(file));
  try {
    return parseSigningKey(found);
  } catch (error) {
    throw new DamagedKeyFile(file, error);
  }
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Writes a new key whole or not at all: a stop half-way leaves no file that looks like a key. */
async function makeKey(file: string): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const draft = `${file}.${randomUUID()}.tmp`;
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(privateKey);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
  return privateKey;
}
