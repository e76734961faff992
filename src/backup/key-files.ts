import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writePrivateFile } from '../data-folder.ts';
import { systemCode } from '../start-error.ts';
import { BackupError } from './backup-error.ts';
import type { KeysLine } from './format.ts';

/** Files of the data folder that are no database: private keys, and credentials as they were first issued. */
const folders = ['keys', 'tls'] as const;
const singles = ['demo.env', 'admin.env', 'demo-client.pem'] as const;
const allowedName = /^(?:(?:keys|tls)\/[\w.-]+|demo\.env|admin\.env|demo-client\.pem)$/;

const shortestPassphrase = 12;
const scrypt = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 } as const;

/** The first line of a file. @throws BackupError when it cannot be read, or says too little */
export async function readPassphrase(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new BackupError(`the file of the passphrase ${file} cannot be read (${systemCode(error)})`);
  });
  const [line = ''] = text.split(/\r?\n/, 1);
  if (line.length >= shortestPassphrase) return line;
  throw new BackupError(`the first line of ${file} is the passphrase, of ${shortestPassphrase} characters or more`);
}

/** The files of a data folder, encrypted with AES-256-GCM under a key that scrypt makes of the passphrase. */
export async function sealFiles(dataFolder: string, passphrase: string): Promise<KeysLine> {
  const files: Record<string, string> = {};
  for (const name of [...(await listed(dataFolder)), ...singles]) {
    const content = await readFile(join(dataFolder, name)).catch(() => undefined);
    if (content !== undefined) files[name] = content.toString('base64');
  }
  const [salt, iv] = [randomBytes(16), randomBytes(12)];
  const cipher = createCipheriv('aes-256-gcm', scryptSync(passphrase, salt, 32, scrypt), iv);
  const data = Buffer.concat([cipher.update(JSON.stringify(files), 'utf8'), cipher.final()]);
  const text = (bytes: Buffer): string => bytes.toString('base64');
  return { keys: { salt: text(salt), iv: text(iv), tag: text(cipher.getAuthTag()), data: text(data) } };
}

async function listed(dataFolder: string): Promise<readonly string[]> {
  const names = await Promise.all(
    folders.map(async (folder) => {
      const found = await readdir(join(dataFolder, folder)).catch(() => []);
      return found.filter((name) => !name.endsWith('.tmp')).map((name) => `${folder}/${name}`);
    }),
  );
  return names.flat().sort();
}

export type Files = ReadonlyMap<string, Buffer>;

/** @throws BackupError when it is another passphrase, or the text was changed */
export function openFiles({ salt, iv, tag, data }: KeysLine['keys'], passphrase: string): Files {
  const bytes = (text: string): Buffer => Buffer.from(text, 'base64');
  try {
    const decipher = createDecipheriv('aes-256-gcm', scryptSync(passphrase, bytes(salt), 32, scrypt), bytes(iv));
    decipher.setAuthTag(bytes(tag));
    const text = Buffer.concat([decipher.update(bytes(data)), decipher.final()]).toString('utf8');
    const entries = Object.entries(JSON.parse(text) as Record<string, string>);
    if (!entries.every(([name]) => allowedName.test(name))) throw new Error('a name leads out of the data folder');
    return new Map(entries.map(([name, content]) => [name, bytes(content)]));
  } catch {
    throw new BackupError('the keys in the backup cannot be opened: it is another passphrase');
  }
}

export async function writeFiles(dataFolder: string, files: Files): Promise<void> {
  for (const [name, content] of files) {
    const path = join(dataFolder, name);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writePrivateFile(path, content);
  }
}
