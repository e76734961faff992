import { parseCertificate } from '../directory/certificate.ts';
import {
  type AppRegistration,
  type AppRegistrationId,
  type ClientCertificate,
  type CredentialId,
  type SignInAudience,
  signInAudiences,
} from '../directory/entities.ts';
import { directoryRefusal } from '../directory/problems.ts';
import type { ClientId } from '../kernel/ids.ts';
import { type GraphAnswer, type GraphCall, parseKey, select } from './call.ts';
import { type JsonMembers, parseJsonBody, required } from './json-body.ts';
import { takePage } from './list-query.ts';
import { graphRefusal } from './problems.ts';
import { application, type GraphObject, passwordCredential } from './resources.ts';

const entity = 'applications/$entity';
const members = ['displayName', 'signInAudience', 'keyCredentials'];
const keyMembers = 'customKeyIdentifier displayName endDateTime key keyId startDateTime type usage'.split(' ');
const secretMembers = ['displayName', 'startDateTime', 'endDateTime'];

export async function listApplications(call: GraphCall): Promise<GraphAnswer> {
  const { page, next } = takePage(call.directory.listApplications(call.caller.tenantId), call.query);
  const body: GraphObject = {
    ...(next === undefined ? {} : { '@odata.nextLink': `${call.root}/applications?${next}` }),
    value: page.map((each) => select(call, application(call.directory.current, each))),
  };
  return { status: 200, context: 'applications', body };
}

export async function retrieveApplication(call: GraphCall): Promise<GraphAnswer> {
  const body = select(call, application(call.directory.current, getCalled(call)));
  return { status: 200, context: entity, body };
}

export async function createApplication(call: GraphCall): Promise<GraphAnswer> {
  const json = parseJsonBody(call.request, members);
  const created = await call.directory.createApplication({
    tenantId: call.caller.tenantId,
    displayName: required(json.text('displayName'), 'displayName'),
    signInAudience: parseAudience(json) ?? 'AzureADMyOrg',
    certificates: parseKeyCredentials(json, []) ?? [],
  });
  const body = application(call.directory.current, created);
  return { status: 201, context: entity, body, created: `applications/${created.id}` };
}

/** What is in the body changes, the rest stays; `keyCredentials` is the whole new list. */
export async function updateApplication(call: GraphCall): Promise<GraphAnswer> {
  const json = parseJsonBody(call.request, members);
  const before = getCalled(call);
  const signInAudience = parseAudience(json);
  const certificates = parseKeyCredentials(json, before.certificates);
  await call.directory.updateApplication(before.id, {
    ...(json.has('displayName') ? { displayName: required(json.text('displayName'), 'displayName') } : {}),
    ...(signInAudience === undefined ? {} : { signInAudience }),
    ...(certificates === undefined ? {} : { certificates }),
  });
  return { status: 204 };
}

export async function deleteApplication(call: GraphCall): Promise<GraphAnswer> {
  await call.directory.deleteApplication(getCalled(call).id);
  return { status: 204 };
}

/** The only answer that holds a secret's text. */
export async function addPassword(call: GraphCall): Promise<GraphAnswer> {
  const json = parseJsonBody(call.request, ['passwordCredential']).object('passwordCredential', secretMembers);
  const start = json?.moment('startDateTime');
  const end = json?.moment('endDateTime');
  const { secret, text } = await call.directory.addPassword(getCalled(call).id, {
    displayName: json?.text('displayName') ?? null,
    ...(start === undefined ? {} : { start }),
    ...(end === undefined ? {} : { end }),
    text: call.generateSecret(),
  });
  return { status: 200, context: 'microsoft.graph.passwordCredential', body: passwordCredential(secret, text) };
}

export async function removePassword(call: GraphCall): Promise<GraphAnswer> {
  const keyId = required(parseJsonBody(call.request, ['keyId']).guid<CredentialId>('keyId'), 'keyId');
  await call.directory.removePassword(getCalled(call).id, keyId);
  return { status: 204 };
}

/** The app registration that the path names, in the caller's own tenant: those of others do not exist for it. */
function getCalled({ key, caller, directory }: GraphCall): AppRegistration {
  const { id, appId = '' } = key;
  const found =
    id === undefined
      ? directory.current.findApplication(parseKey<ClientId>(appId))
      : directory.current.findApplicationById(parseKey<AppRegistrationId>(id));
  if (found?.tenantId !== caller.tenantId) throw directoryRefusal('notFound', id ?? appId);
  return found;
}

function parseAudience(json: JsonMembers): SignInAudience | undefined {
  const text = json.text('signInAudience');
  const audience = signInAudiences.find((each) => each === text);
  if (text !== undefined && audience === undefined) {
    throw graphRefusal('wrongType', ['signInAudience', `one of ${signInAudiences.join(', ')}`]);
  }
  return audience;
}

/** New certificates come with their bytes in `key`, registered ones are kept by naming their `keyId`. */
function parseKeyCredentials(
  json: JsonMembers,
  registered: readonly ClientCertificate[],
): readonly ClientCertificate[] | undefined {
  return json.list('keyCredentials', keyMembers)?.map((entry) => {
    const key = entry.bytes('key');
    const keyId = entry.guid<CredentialId>('keyId');
    if (key === undefined) return getRegistered(registered, required(keyId, 'key'));
    if ((entry.text('type') ?? 'AsymmetricX509Cert') !== 'AsymmetricX509Cert') {
      throw graphRefusal('wrongType', ['type', 'AsymmetricX509Cert']);
    }
    if ((entry.text('usage') ?? 'Verify') !== 'Verify') throw graphRefusal('wrongType', ['usage', 'Verify']);
    return parseCertificate(key, entry.text('displayName') ?? null);
  });
}

function getRegistered(registered: readonly ClientCertificate[], keyId: CredentialId): ClientCertificate {
  const found = registered.find((certificate) => certificate.keyId === keyId);
  if (found === undefined) throw directoryRefusal('noSuchCertificate', keyId);
  return found;
}
