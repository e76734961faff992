import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseSources, type SourceSettings, SourcesFileError } from './adapter/providers/sources-file.ts';
import { systemCode } from './start-error.ts';
import { parseTrustedIssuers, TrustedIssuersError } from './token/issuers/parse-trusted-issuers.ts';
import type { TrustedIssuer } from './token/issuers/trusted-issuer.ts';

/** Why a value is not allowed: what is. */
export class NotAllowed extends Error {}

/** Inline JSON, or the path of a file that holds it. @throws NotAllowed */
export function readTrustedIssuers(value: string): readonly TrustedIssuer[] {
  const isInline = value.trimStart().startsWith('[');
  const text = isInline ? value : readText(value);
  try {
    return parseTrustedIssuers(text);
  } catch (error) {
    if (!(error instanceof TrustedIssuersError)) throw error;
    throw new NotAllowed(`${isInline ? '' : 'in the file, '}${error.message}; see docs/outside-issuers.md`);
  }
}

/** Sources of rows out of the file that is named. @throws NotAllowed */
export function readSources(file: string): readonly SourceSettings[] {
  const text = readText(file);
  try {
    return parseSources(text);
  } catch (error) {
    if (!(error instanceof SourcesFileError)) throw error;
    throw new NotAllowed(`in the file, ${error.message}; see docs/providers.md`);
  }
}

/** PEM text of certificates. @throws NotAllowed */
export function readCertificates(file: string): string {
  const text = readText(file);
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0 || !blocks.every(isCertificate)) throw new NotAllowed('a file of PEM certificates');
  return text;
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new NotAllowed(`the path of a file that can be read (${systemCode(error)})`);
  }
}
