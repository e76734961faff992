import type { CredentialId } from '../directory/entities.ts';
import { directoryRefusal } from '../directory/problems.ts';
import { keyCredential, passwordCredential } from './application-type.ts';
import { getApplication } from './applications.ts';
import type { GraphAnswer, GraphCall } from './call.ts';
import { type MemberRules, parseJsonBody, required } from './json-body.ts';
import { keyMembers, parseNewCertificate } from './key-credentials.ts';
import { checkMayGiveCredentials } from './permissions.ts';
import { graphRefusal } from './problems.ts';
import { checkProof } from './proof.ts';

const passwordBody: MemberRules = { allowed: ['passwordCredential'] };
const secretMembers: MemberRules = {
  allowed: ['displayName', 'startDateTime', 'endDateTime'],
  readOnly: ['secretText', 'keyId', 'hint'],
  later: ['customKeyIdentifier'],
};

/** The only answer that holds a secret's text. */
export async function addPassword(call: GraphCall): Promise<GraphAnswer> {
  const json = parseJsonBody(call.request, passwordBody).object('passwordCredential', secretMembers);
  const application = getApplication(call);
  checkMayGiveCredentials(call, application);
  const start = json?.moment('startDateTime');
  const end = json?.moment('endDateTime');
  if (end !== undefined && end <= call.now) throw directoryRefusal('invalidValue', 'endDateTime', 'it has passed');
  const { secret, text } = await call.directory.addPassword(application.id, {
    displayName: json?.text('displayName') ?? null,
    ...(start === undefined ? {} : { start }),
    ...(end === undefined ? {} : { end }),
    text: call.generateSecret(),
  });
  return { status: 200, context: 'microsoft.graph.passwordCredential', body: passwordCredential(secret, text) };
}

export async function removePassword(call: GraphCall): Promise<GraphAnswer> {
  const keyId = required(parseJsonBody(call.request, { allowed: ['keyId'] }).guid<CredentialId>('keyId'), 'keyId');
  await call.directory.removePassword(getApplication(call).id, keyId);
  return { status: 204 };
}

/** Adds a certificate; the proof shows that the sender holds the key of one that is registered. */
export async function addKey(call: GraphCall): Promise<GraphAnswer> {
  const json = parseJsonBody(call.request, { allowed: ['keyCredential', 'passwordCredential', 'proof'] });
  const entry = required(json.object('keyCredential', keyMembers), 'keyCredential');
  if (json.isSet('passwordCredential')) throw graphRefusal('notImplemented', ['a key with a password']);
  const application = getApplication(call);
  checkMayGiveCredentials(call, application);
  await checkProof(application, required(json.text('proof'), 'proof'), call.now);
  const certificate = parseNewCertificate(entry, call.now);
  await call.directory.updateApplication(application.id, ({ certificates }) => ({
    certificates: [...certificates, certificate],
  }));
  return { status: 200, context: 'microsoft.graph.keyCredential', body: keyCredential(certificate, false) };
}

export async function removeKey(call: GraphCall): Promise<GraphAnswer> {
  const json = parseJsonBody(call.request, { allowed: ['keyId', 'proof'] });
  const keyId = required(json.guid<CredentialId>('keyId'), 'keyId');
  const application = getApplication(call);
  await checkProof(application, required(json.text('proof'), 'proof'), call.now);
  await call.directory.removeCertificate(application.id, keyId);
  return { status: 204 };
}
