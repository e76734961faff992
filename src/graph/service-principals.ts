import type { ServicePrincipalUpdate } from '../directory/change-service-principal.ts';
import type { ServicePrincipal } from '../directory/entities.ts';
import { directoryRefusal } from '../directory/problems.ts';
import type { ClientId, ServicePrincipalId } from '../kernel/ids.ts';
import {
  answerCreated,
  type EntitySet,
  type GraphAnswer,
  type GraphCall,
  getKey,
  parseKey,
  readsOf,
  wantsCreation,
} from './call.ts';
import { firstPartyPrincipals, isFirstParty } from './first-party.ts';
import { type JsonMembers, type MemberRules, parseJsonBody, required } from './json-body.ts';
import { applicationPrincipal, listPrincipals, type Principal, principalType } from './principal-type.ts';
import { graphRefusal } from './problems.ts';

const path = 'servicePrincipals';

const later = [
  'addIns',
  'alternativeNames',
  'appRoleAssignmentRequired',
  'customSecurityAttributes',
  'description',
  'homepage',
  'info',
  'keyCredentials',
  'loginUrl',
  'logoutUrl',
  'notes',
  'notificationEmailAddresses',
  'passwordCredentials',
  'preferredSingleSignOnMode',
  'preferredTokenSigningKeyThumbprint',
  'replyUrls',
  'samlSingleSignOnSettings',
  'servicePrincipalLockConfiguration',
  'tokenEncryptionKeyId',
];
const readOnly = [
  'id',
  'appDisplayName',
  'appOwnerOrganizationId',
  'appRoles',
  'createdDateTime',
  'deletedDateTime',
  'oauth2PermissionScopes',
  'servicePrincipalNames',
  'servicePrincipalType',
  'signInAudience',
];
const newMembers: MemberRules = { allowed: ['appId', 'accountEnabled', 'displayName', 'tags'], readOnly, later };
const changedMembers: MemberRules = {
  allowed: ['accountEnabled', 'displayName', 'tags'],
  readOnly: ['appId', ...readOnly],
  later,
};

const allOf = (call: GraphCall): EntitySet<Principal> => ({
  type: principalType,
  path,
  rows: () => listPrincipals(call.directory, call.caller.tenantId),
});

export const servicePrincipalReads = readsOf(allOf, getPrincipal);

/**
 * `appId` must be an application of this tenant, or a multi-tenant one of another: then this is the consent of the
 * tenant's administrator.
 */
export async function createServicePrincipal(call: GraphCall): Promise<GraphAnswer> {
  const json = parseJsonBody(call.request, newMembers);
  return create(call, json, required(json.guid<ClientId>('appId'), 'appId'));
}

async function create(call: GraphCall, json: JsonMembers, clientId: ClientId): Promise<GraphAnswer> {
  if (isFirstParty(clientId)) throw directoryRefusal('servicePrincipalExists', clientId);
  const created = await call.directory.createServicePrincipal({
    tenantId: call.caller.tenantId,
    clientId,
    ...parseValues(json),
  });
  return answerCreated(call, principalType, path, applicationPrincipal(created));
}

/** Enables, disables or renames it. With `(appId='…')` and `Prefer: create-if-missing` it is made if there is none. */
export async function updateServicePrincipal(call: GraphCall): Promise<GraphAnswer> {
  const { by, value } = getKey(call, 0);
  const json = parseJsonBody(call.request, changedMembers);
  const found = findPrincipal(call);
  if (found === undefined && by === 'appid' && wantsCreation(call)) {
    return create(call, json, parseKey<ClientId>(value));
  }
  const { id } = getChangeable(call);
  await call.directory.updateServicePrincipal(id, parseValues(json));
  return { status: 204 };
}

function parseValues(json: JsonMembers): ServicePrincipalUpdate {
  const accountEnabled = json.flag('accountEnabled');
  const displayName = json.text('displayName');
  const tags = json.texts('tags');
  return {
    ...(accountEnabled === undefined ? {} : { accountEnabled }),
    ...(displayName === undefined ? {} : { displayName }),
    ...(tags === undefined ? {} : { tags }),
  };
}

/** Takes the application out of the tenant: consent is withdrawn, and its tokens end. */
export async function deleteServicePrincipal(call: GraphCall): Promise<GraphAnswer> {
  await call.directory.deleteServicePrincipal(getChangeable(call).id);
  return { status: 204 };
}

/** The service principal of an application, not one of the vendor's. */
function getChangeable(call: GraphCall): ServicePrincipal {
  const principal = getPrincipal(call);
  if (principal.kind === 'first party') throw graphRefusal('vendorsOwn');
  return principal;
}

/** The service principal that the path names. Throws a Refusal (404) when the caller's tenant has none. */
export function getPrincipal(call: GraphCall): Principal {
  const found = findPrincipal(call);
  if (found === undefined) throw directoryRefusal('notFound', getKey(call, 0).value);
  return found;
}

function findPrincipal({ keys, caller: { tenantId }, directory }: GraphCall): Principal | undefined {
  const [key] = keys;
  if (key?.by !== 'id' && key?.by !== 'appid') throw graphRefusal('invalidKey', [key?.value ?? '']);
  const byAppId = key.by === 'appid';
  const id = parseKey(key.value);
  const resource = firstPartyPrincipals(tenantId).find((each) => (byAppId ? each.clientId : each.id) === id);
  if (resource !== undefined) return { ...resource, kind: 'first party' };
  const found = byAppId
    ? directory.current.findServicePrincipal(tenantId, parseKey<ClientId>(key.value))
    : directory.current.findServicePrincipalById(parseKey<ServicePrincipalId>(key.value));
  return found?.tenantId === tenantId ? applicationPrincipal(found) : undefined;
}
