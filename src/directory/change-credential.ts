import { newGuid } from '../kernel/ids.ts';
import type { PlannedChange } from './change.ts';
import { checkCredentials, getApplication, planApplicationUpdate } from './change-application.ts';
import { checkDisplayName } from './check-text.ts';
import type { AppRegistration, AppRegistrationId, ClientSecret, CredentialId } from './entities.ts';
import { directoryRefusal } from './problems.ts';
import { secretValues, wholeSeconds } from './rows.ts';
import { digestNext, generateSecret, type SecretText } from './secret.ts';
import type { DirectorySnapshot } from './snapshot.ts';
import { directoryTable } from './tables.ts';

export interface NewSecret {
  readonly displayName?: string | null;
  /** Default: now. */
  readonly start?: Date;
  /** Default: two years after the start, as in Microsoft Graph. */
  readonly end?: Date;
  /** A text made by `generateSecret`; absent: one without reserved characters. */
  readonly text?: SecretText;
}

export interface AddedSecret {
  readonly secret: ClientSecret;
  /** Shown this once; only a digest is kept. */
  readonly text: SecretText;
}

export function planSecret(
  snapshot: DirectorySnapshot,
  id: AppRegistrationId,
  input: NewSecret,
  now: Date,
): PlannedChange<AddedSecret> {
  const before = getApplication(snapshot, id);
  const text = input.text ?? generateSecret();
  const start = wholeSeconds(input.start ?? now);
  const secret: ClientSecret = {
    keyId: newGuid<CredentialId>(),
    displayName: input.displayName == null ? null : checkDisplayName(input.displayName),
    hint: text.slice(0, 3),
    start,
    end: wholeSeconds(input.end ?? twoYearsAfter(start)),
    ...digestNext(before.secrets, text),
  };
  if (secret.end <= secret.start) throw directoryRefusal('invalidValue', 'endDateTime', 'it must be after the start');
  const application: AppRegistration = { ...before, secrets: [...before.secrets, secret] };
  checkCredentials(application);
  return {
    next: snapshot.withApplication(application),
    change: { kind: 'application', clientId: application.clientId },
    result: { secret, text },
    write: (rows) => rows.insert(directoryTable.clientSecret, secretValues(application, secret)),
  };
}

export function planSecretRemoval(
  snapshot: DirectorySnapshot,
  id: AppRegistrationId,
  keyId: CredentialId,
): PlannedChange<void> {
  const before = getApplication(snapshot, id);
  const secrets = before.secrets.filter((secret) => secret.keyId !== keyId);
  if (secrets.length === before.secrets.length) throw directoryRefusal('noSuchSecret');
  const application: AppRegistration = { ...before, secrets };
  return {
    next: snapshot.withApplication(application),
    change: { kind: 'application', clientId: application.clientId },
    result: undefined,
    write: (rows) => rows.delete(directoryTable.clientSecret, keyId),
  };
}

export function planCertificateRemoval(
  snapshot: DirectorySnapshot,
  id: AppRegistrationId,
  keyId: CredentialId,
): PlannedChange<void> {
  const before = getApplication(snapshot, id);
  const certificates = before.certificates.filter((certificate) => certificate.keyId !== keyId);
  if (certificates.length === before.certificates.length) throw directoryRefusal('noSuchCertificate', keyId);
  return { ...planApplicationUpdate(snapshot, id, { certificates }), result: undefined };
}

function twoYearsAfter(start: Date): Date {
  const end = new Date(start);
  end.setUTCFullYear(end.getUTCFullYear() + 2);
  return end;
}
