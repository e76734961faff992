import { createPrivateKey, randomUUID, X509Certificate } from 'node:crypto';
import { open, readFile, rename } from 'node:fs/promises';
import type { KeyAndCertificate } from './issue.ts';

/** Files of one certificate and its key; both may be the same file, which is then always replaced as a whole. */
export interface CertificateFiles {
  readonly certificateFile: string;
  readonly keyFile: string;
}

/** What was found in the files: texts, and the certificate read. */
export interface FoundCertificate extends KeyAndCertificate {
  readonly parsed: X509Certificate;
}

/** A certificate or key file is there but unusable. The message is one line for the administrator. */
export class DamagedCertificateFile extends Error {
  constructor(file: string, problem: string, files: readonly string[]) {
    super(`${file} ${problem}: restore it from a backup, or remove ${files.join(' and ')} to have it made anew`);
    this.name = 'DamagedCertificateFile';
  }
}

/**
 * Certificate and key, checked against each other; `undefined` when the certificate is not there (a key alone is what
 * an interrupted first start leaves, and nobody trusts it yet). Throws `DamagedCertificateFile`.
 */
export async function readCertificate(files: CertificateFiles): Promise<FoundCertificate | undefined> {
  const certificate = await readIfThere(files.certificateFile);
  if (certificate === undefined) return undefined;
  const key = await readIfThere(files.keyFile);
  if (key === undefined) throw damaged(files, files.keyFile, 'is missing');
  const parsed = parseOr(() => new X509Certificate(certificate), damaged(files, files.certificateFile, 'is damaged'));
  const privateKey = parseOr(() => createPrivateKey(key), damaged(files, files.keyFile, 'is damaged'));
  if (!parsed.checkPrivateKey(privateKey)) {
    throw damaged(files, files.keyFile, 'does not belong to the certificate beside it');
  }
  return { certificate, key, parsed };
}

/** Writes both, the key readable by the owner alone, each file whole or not at all, the certificate last. */
export async function writeCertificate(
  files: CertificateFiles,
  { certificate, key }: KeyAndCertificate,
): Promise<void> {
  if (files.keyFile === files.certificateFile) {
    await writeWhole(files.certificateFile, certificate + key, 0o600);
    return;
  }
  await writeWhole(files.keyFile, key, 0o600);
  await writeWhole(files.certificateFile, certificate, 0o644);
}

async function writeWhole(file: string, text: string, mode: number): Promise<void> {
  const draft = `${file}.${randomUUID()}.tmp`;
  const handle = await open(draft, 'wx', mode);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function parseOr<T>(parse: () => T, problem: DamagedCertificateFile): T {
  try {
    return parse();
  } catch {
    throw problem;
  }
}

const damaged = (files: CertificateFiles, file: string, problem: string): DamagedCertificateFile =>
  new DamagedCertificateFile(file, problem, [...new Set([files.certificateFile, files.keyFile])]);
