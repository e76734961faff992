import { parseCertificate } from '../directory/certificate.ts';
import type { AppRegistration, ClientCertificate, CredentialId } from '../directory/entities.ts';
import { directoryRefusal } from '../directory/problems.ts';
import type { DirectorySnapshot } from '../directory/snapshot.ts';
import { type JsonMembers, type MemberRules, required } from './json-body.ts';
import { graphRefusal } from './problems.ts';

/** What the entries of `keyCredentials` are read against. */
export interface RegisteredKeys {
  readonly directory: DirectorySnapshot;
  /** The certificates that the application has. */
  readonly certificates: readonly ClientCertificate[];
  readonly now: Date;
}

/** `customKeyIdentifier` follows from the certificate, whatever the client sends. */
export const keyMembers: MemberRules = {
  allowed: ['customKeyIdentifier', 'displayName', 'endDateTime', 'key', 'keyId', 'startDateTime', 'type', 'usage'],
};

/** The whole new list. New certificates come with their bytes in `key`; registered ones are kept by their `keyId`. */
export function parseKeyCredentials(json: JsonMembers, keys: RegisteredKeys): readonly ClientCertificate[] | undefined {
  return json.list('keyCredentials', keyMembers)?.map((entry) => parseKeyCredential(entry, keys));
}

function parseKeyCredential(entry: JsonMembers, keys: RegisteredKeys): ClientCertificate {
  checkKind(entry);
  const keyId = entry.guid<CredentialId>('keyId');
  const registered = keys.certificates.find((certificate) => certificate.keyId === keyId);
  if (!entry.has('key') || entry.bytes('key') === undefined) {
    if (registered === undefined) throw directoryRefusal('noSuchCertificate', required(keyId, 'key'));
    return renamed(registered, entry);
  }
  const parsed = parseNewCertificate(entry, keys.now);
  const same = keys.certificates.find(({ thumbprintSha256 }) => thumbprintSha256 === parsed.thumbprintSha256);
  // Clients that read the list with `$select=keyCredentials` send the bytes back.
  if (same !== undefined && (keyId === undefined || keyId === same.keyId)) return renamed(same, entry);
  if (keyId !== undefined && isKeyTaken(keys.directory, keyId)) {
    throw directoryRefusal('invalidValue', 'keyId', 'another credential has it');
  }
  return parsed;
}

/** A certificate that is registered now: one that has ended already is of no use. */
export function parseNewCertificate(entry: JsonMembers, now: Date): ClientCertificate {
  checkKind(entry);
  const keyId = entry.guid<CredentialId>('keyId');
  const start = entry.moment('startDateTime');
  const end = entry.moment('endDateTime');
  const certificate = parseCertificate(required(entry.bytes('key'), 'key'), {
    displayName: entry.text('displayName') ?? null,
    ...(keyId === undefined ? {} : { keyId }),
    ...(start === undefined ? {} : { start }),
    ...(end === undefined ? {} : { end }),
  });
  if (certificate.end <= now) throw directoryRefusal('certificateEnd', 'it has passed');
  return certificate;
}

function renamed(certificate: ClientCertificate, entry: JsonMembers): ClientCertificate {
  const displayName = entry.has('displayName') ? (entry.text('displayName') ?? null) : certificate.displayName;
  return displayName === certificate.displayName ? certificate : { ...certificate, displayName };
}

function checkKind(entry: JsonMembers): void {
  if ((entry.text('type') ?? 'AsymmetricX509Cert') !== 'AsymmetricX509Cert') {
    throw graphRefusal('wrongType', ['type', 'AsymmetricX509Cert']);
  }
  if ((entry.text('usage') ?? 'Verify') !== 'Verify') throw graphRefusal('wrongType', ['usage', 'Verify']);
}

/** Ids of keys are unique in the whole directory, as the rows that hold them are. */
const isKeyTaken = ({ content }: DirectorySnapshot, keyId: CredentialId): boolean =>
  content.applications.some(({ certificates }: AppRegistration) => certificates.some((each) => each.keyId === keyId));
