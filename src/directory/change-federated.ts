import { newGuid } from '../kernel/ids.ts';
import type { PlannedChange } from './change.ts';
import { getApplication } from './change-application.ts';
import { checkLines, checkText } from './check-text.ts';
import type { AppRegistration, AppRegistrationId, CredentialId, FederatedCredential } from './entities.ts';
import { directoryRefusal } from './problems.ts';
import { federatedValues } from './rows.ts';
import type { DirectorySnapshot } from './snapshot.ts';
import { directoryTable, federatedTextLength } from './tables.ts';

export interface NewFederatedCredential {
  readonly name: string;
  readonly issuer: string;
  readonly subject: string;
  /** Exactly one; default `defaultFederatedAudience`. */
  readonly audiences?: readonly string[];
  readonly description?: string | null;
}

/** Changes of a federated credential; what is absent stays. Its name cannot change. */
export type FederatedCredentialUpdate = Partial<Omit<NewFederatedCredential, 'name'>>;

/** What a token is asked for when it is to be exchanged (dataverse-web-api 1.8). */
const defaultFederatedAudience = 'api://AzureADTokenExchange';
/** Microsoft Graph's limit for one application. */
export const federatedCredentialLimit = 20;
/** Microsoft's rule for names: they can stand in a URL. */
const namePattern = /^[A-Za-z0-9][A-Za-z0-9_-]{2,119}$/;

export function planFederatedCredential(
  snapshot: DirectorySnapshot,
  id: AppRegistrationId,
  input: NewFederatedCredential,
): PlannedChange<FederatedCredential> {
  const before = getApplication(snapshot, id);
  if (!namePattern.test(input.name)) {
    throw directoryRefusal('invalidValue', 'name', '3 to 120 letters, digits, `-` and `_` are needed');
  }
  const audiences = input.audiences ?? [defaultFederatedAudience];
  const { name, issuer, subject, description = null } = input;
  const credential: FederatedCredential = { id: newGuid(), name, issuer, subject, audiences, description };
  const application = withCredential(before, credential);
  return {
    next: snapshot.withApplication(application),
    change: { kind: 'application', clientId: application.clientId },
    result: credential,
    write: (rows) => rows.insert(directoryTable.federatedCredential, federatedValues(application, credential)),
  };
}

export function planFederatedCredentialUpdate(
  snapshot: DirectorySnapshot,
  id: AppRegistrationId,
  credentialId: CredentialId,
  update: FederatedCredentialUpdate,
): PlannedChange<FederatedCredential> {
  const before = getApplication(snapshot, id);
  const credential: FederatedCredential = { ...getFederatedCredential(before, credentialId), ...update };
  const application = withCredential(before, credential);
  return {
    next: snapshot.withApplication(application),
    change: { kind: 'application', clientId: application.clientId },
    result: credential,
    write: (rows) =>
      rows.update(directoryTable.federatedCredential, credentialId, federatedValues(application, credential)),
  };
}

export function planFederatedCredentialRemoval(
  snapshot: DirectorySnapshot,
  id: AppRegistrationId,
  credentialId: CredentialId,
): PlannedChange<void> {
  const before = getApplication(snapshot, id);
  const gone = getFederatedCredential(before, credentialId);
  const federatedCredentials = before.federatedCredentials.filter((each) => each !== gone);
  return {
    next: snapshot.withApplication({ ...before, federatedCredentials }),
    change: { kind: 'application', clientId: before.clientId },
    result: undefined,
    write: (rows) => rows.delete(directoryTable.federatedCredential, credentialId),
  };
}

function getFederatedCredential(application: AppRegistration, id: CredentialId): FederatedCredential {
  const found = application.federatedCredentials.find((each) => each.id === id);
  if (found === undefined) throw directoryRefusal('noSuchFederatedCredential', id);
  return found;
}

/** The application with this credential in the place of the one that has its id. Throws a Refusal when it is wrong. */
function withCredential(before: AppRegistration, credential: FederatedCredential): AppRegistration {
  checkValues(credential);
  const others = before.federatedCredentials.filter((each) => each.id !== credential.id);
  if (others.length >= federatedCredentialLimit) {
    throw directoryRefusal('tooManyFederatedCredentials', federatedCredentialLimit);
  }
  const name = credential.name.toLowerCase();
  if (others.some((each) => each.name.toLowerCase() === name)) {
    throw directoryRefusal('federatedNameTaken', credential.name);
  }
  if (others.some(({ issuer, subject }) => issuer === credential.issuer && subject === credential.subject)) {
    throw directoryRefusal('federatedSubjectTaken');
  }
  return { ...before, federatedCredentials: [...others, credential] };
}

function checkValues({ issuer, subject, audiences, description }: FederatedCredential): void {
  checkText('issuer', issuer, federatedTextLength);
  checkIssuer(issuer);
  checkText('subject', subject, federatedTextLength);
  if (audiences.length !== 1) throw directoryRefusal('invalidValue', 'audiences', 'exactly one is needed');
  for (const audience of audiences) checkText('audiences', audience, federatedTextLength);
  checkLines('description', description, federatedTextLength);
}

/** OpenID Connect Discovery 1.0 section 3: an https URL without query and fragment. It is kept as it was written. */
function checkIssuer(issuer: string): void {
  const url = /[\s\\?#]/.test(issuer) || !URL.canParse(issuer) ? undefined : new URL(issuer);
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '') {
    throw directoryRefusal('invalidValue', 'issuer', 'an https URL without query and fragment is needed');
  }
}
