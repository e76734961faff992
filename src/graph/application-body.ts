import { type AppRegistration, type SignInAudience, signInAudiences } from '../directory/entities.ts';
import { type JsonMembers, type MemberRules, required } from './json-body.ts';
import { parseKeyCredentials, type RegisteredKeys } from './key-credentials.ts';
import { graphRefusal } from './problems.ts';

/** Members of an application that a change may hold. Those of Microsoft Graph's that are not built: only if empty. */
export const changedMembers: MemberRules = {
  allowed: ['displayName', 'signInAudience', 'identifierUris', 'keyCredentials', 'web', 'api', 'notes', 'tags'],
  readOnly: [
    'id',
    'appId',
    'createdDateTime',
    'deletedDateTime',
    'publisherDomain',
    'uniqueName',
    'passwordCredentials',
  ],
  later: [
    'addIns',
    'appRoles',
    'applicationTemplateId',
    'authenticationBehaviors',
    'certification',
    'defaultRedirectUri',
    'description',
    'disabledByMicrosoftStatus',
    'groupMembershipClaims',
    'info',
    'isDeviceOnlyAuthSupported',
    'isFallbackPublicClient',
    'logo',
    'nativeAuthenticationApisEnabled',
    'oauth2RequirePostResponse',
    'optionalClaims',
    'parentalControlSettings',
    'publicClient',
    'requestSignatureVerification',
    'requiredResourceAccess',
    'samlMetadataUrl',
    'serviceManagementReference',
    'servicePrincipalLockConfiguration',
    'spa',
    'tokenEncryptionKeyId',
    'verifiedPublisher',
  ],
};
/** A new one has no secrets yet, so that the empty list of them says nothing wrong. */
export const newMembers: MemberRules = {
  allowed: changedMembers.allowed,
  readOnly: changedMembers.readOnly?.filter((name) => name !== 'passwordCredentials') ?? [],
  later: [...(changedMembers.later ?? []), 'passwordCredentials'],
};
const webMembers: MemberRules = {
  allowed: ['redirectUris'],
  later: ['homePageUrl', 'implicitGrantSettings', 'logoutUrl', 'redirectUriSettings'],
};
const apiMembers: MemberRules = {
  allowed: ['requestedAccessTokenVersion'],
  later: ['acceptMappedClaims', 'knownClientApplications', 'oauth2PermissionScopes', 'preAuthorizedApplications'],
};

/** What is in a body of an application; what is not there is absent. */
export type ApplicationBody = Partial<
  Pick<
    AppRegistration,
    | 'displayName'
    | 'signInAudience'
    | 'identifierUris'
    | 'redirectUris'
    | 'notes'
    | 'tags'
    | 'requestedAccessTokenVersion'
    | 'certificates'
  >
>;

/** `keys`: what the entries of `keyCredentials` may refer to. */
export function parseApplicationBody(json: JsonMembers, keys: RegisteredKeys): ApplicationBody {
  const signInAudience = parseAudience(json);
  const identifierUris = json.texts('identifierUris');
  const tags = json.texts('tags');
  const web = json.object('web', webMembers);
  const redirectUris = web?.texts('redirectUris');
  const api = json.object('api', apiMembers);
  const certificates = parseKeyCredentials(json, keys);
  return {
    ...(json.has('displayName') ? { displayName: required(json.text('displayName'), 'displayName') } : {}),
    ...(signInAudience === undefined ? {} : { signInAudience }),
    ...(identifierUris === undefined ? {} : { identifierUris }),
    ...(tags === undefined ? {} : { tags }),
    ...(redirectUris === undefined ? {} : { redirectUris }),
    ...(json.has('notes') ? { notes: json.text('notes') ?? null } : {}),
    ...(api?.has('requestedAccessTokenVersion') ? { requestedAccessTokenVersion: parseVersion(api) } : {}),
    ...(certificates === undefined ? {} : { certificates }),
  };
}

function parseAudience(json: JsonMembers): SignInAudience | undefined {
  const text = json.text('signInAudience');
  const audience = signInAudiences.find((each) => each === text);
  if (text !== undefined && audience === undefined) {
    throw graphRefusal('wrongType', ['signInAudience', `one of ${signInAudiences.join(', ')}`]);
  }
  return audience;
}

function parseVersion(api: JsonMembers): 1 | 2 | null {
  const version = api.number('requestedAccessTokenVersion') ?? null;
  if (version !== null && version !== 1 && version !== 2) {
    throw graphRefusal('wrongType', ['requestedAccessTokenVersion', '1, 2 or null']);
  }
  return version;
}
