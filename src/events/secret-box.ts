import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const fileName = 'webhook-secrets.key';
const ivBytes = 12;
const tagBytes = 16;

/**
 * Keeps secrets that must be read again: what signs webhooks cannot be a hash. AES-256-GCM with a key that lies in the data
 * folder, so that a copy of the database alone tells no secret.
 */
export class SecretBox {
  readonly #key: Buffer;

  constructor(key: Buffer) {
    this.#key = key;
  }

  /** The key of a folder, which is made when there is none. Several processes find the same one. */
  static async open(folder: string): Promise<SecretBox> {
    const file = join(folder, fileName);
    await writeFile(file, randomBytes(32).toString('base64'), { mode: 0o600, flag: 'wx' }).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    });
    await chmod(file, 0o600);
    const key = Buffer.from(await readFile(file, 'utf8'), 'base64');
    if (key.length !== 32) throw new Error(`the file ${file} is damaged: restore it from a backup`);
    return new SecretBox(key);
  }

  seal(text: string): string {
    const iv = randomBytes(ivBytes);
    const cipher = createCipheriv('aes-256-gcm', this.#key, iv);
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64');
  }

  /** @throws Error when it was sealed with another key */
  open(sealed: string): string {
    const bytes = Buffer.from(sealed, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, ivBytes));
    decipher.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
    return Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()]).toString('utf8');
  }
}
