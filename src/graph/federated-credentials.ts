import type { AppRegistration, CredentialId, FederatedCredential } from '../directory/entities.ts';
import { directoryRefusal } from '../directory/problems.ts';
import { parseGuid } from '../kernel/ids.ts';
import { federatedType } from './application-type.ts';
import { getApplication } from './applications.ts';
import {
  answerCreated,
  type EntitySet,
  type GraphAnswer,
  type GraphCall,
  getKey,
  readsOf,
  wantsCreation,
} from './call.ts';
import { type JsonMembers, type MemberRules, parseJsonBody, required } from './json-body.ts';
import { checkMayGiveCredentials } from './permissions.ts';
import { graphRefusal } from './problems.ts';

const newMembers: MemberRules = {
  allowed: ['name', 'issuer', 'subject', 'audiences', 'description'],
  readOnly: ['id'],
  later: ['claimsMatchingExpression'],
};
const changedMembers: MemberRules = { ...newMembers, allowed: ['issuer', 'subject', 'audiences', 'description'] };

const pathOf = ({ id }: AppRegistration): string => `applications/${id}/federatedIdentityCredentials`;

function allOf(call: GraphCall): EntitySet<FederatedCredential> {
  const application = getApplication(call);
  return { type: federatedType, path: pathOf(application), rows: () => application.federatedCredentials };
}

export const federatedReads = readsOf(allOf, (call) => getFederated(call, getApplication(call)));

export async function createFederated(call: GraphCall): Promise<GraphAnswer> {
  const json = parseJsonBody(call.request, newMembers);
  return create(call, getApplication(call), json, required(json.text('name'), 'name'));
}

async function create(
  call: GraphCall,
  application: AppRegistration,
  json: JsonMembers,
  name: string,
): Promise<GraphAnswer> {
  checkMayGiveCredentials(call, application);
  const values = parseValues(json);
  const created = await call.directory.addFederatedCredential(application.id, {
    ...values,
    name,
    issuer: required(values.issuer, 'issuer'),
    subject: required(values.subject, 'subject'),
    audiences: required(values.audiences, 'audiences'),
  });
  return answerCreated(call, federatedType, pathOf(application), created);
}

/** With `(name='…')` and `Prefer: create-if-missing` it is made if there is none. */
export async function updateFederated(call: GraphCall): Promise<GraphAnswer> {
  const application = getApplication(call);
  const found = findFederated(call, application);
  const { by, value } = getKey(call, 1);
  const named = parseJsonBody(call.request, by === 'name' ? newMembers : changedMembers);
  const name = named.text('name');
  if (name !== undefined && name !== value) throw graphRefusal('readOnlyProperty', ['name']);
  if (found === undefined && by === 'name' && wantsCreation(call)) return create(call, application, named, value);
  const { id } = found ?? getFederated(call, application);
  checkMayGiveCredentials(call, application);
  await call.directory.updateFederatedCredential(application.id, id, parseValues(named));
  return { status: 204 };
}

export async function deleteFederated(call: GraphCall): Promise<GraphAnswer> {
  const application = getApplication(call);
  const { id } = getFederated(call, application);
  await call.directory.removeFederatedCredential(application.id, id);
  return { status: 204 };
}

function parseValues(json: JsonMembers) {
  const issuer = json.text('issuer');
  const subject = json.text('subject');
  const audiences = json.texts('audiences');
  return {
    ...(issuer === undefined ? {} : { issuer }),
    ...(subject === undefined ? {} : { subject }),
    ...(audiences === undefined ? {} : { audiences }),
    ...(json.has('description') ? { description: json.text('description') ?? null } : {}),
  };
}

function getFederated(call: GraphCall, application: AppRegistration): FederatedCredential {
  const found = findFederated(call, application);
  if (found === undefined) throw directoryRefusal('noSuchFederatedCredential', getKey(call, 1).value);
  return found;
}

/** By id, by `(name='…')`, or by the bare name, which Microsoft Graph takes too. */
function findFederated(call: GraphCall, { federatedCredentials }: AppRegistration): FederatedCredential | undefined {
  const { by, value } = getKey(call, 1);
  const id = by === 'id' ? parseGuid<CredentialId>(value) : undefined;
  if (id !== undefined) return federatedCredentials.find((each) => each.id === id);
  if (by !== 'id' && by !== 'name') throw graphRefusal('invalidKey', [value]);
  return federatedCredentials.find(({ name }) => name.toLowerCase() === value.toLowerCase());
}
