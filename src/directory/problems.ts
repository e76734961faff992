import { Refusal } from '../kernel/refusal.ts';

/**
 * Why the directory refuses a change. Codes are those of Microsoft Graph, the one dialect in which the directory is
 * changed; texts as far as they are known, `{0}` and `{1}` are filled in.
 */
const directoryProblems = {
  notFound: {
    status: 404,
    code: 'Request_ResourceNotFound',
    text: "Resource '{0}' does not exist or one of its queried reference-property objects are not present.",
  },
  tenantExists: { status: 409, code: 'Request_MultipleObjectsWithSameKeyValue', text: "Tenant '{0}' already exists." },
  domainTaken: {
    status: 409,
    code: 'Request_MultipleObjectsWithSameKeyValue',
    text: "The domain '{0}' is already verified by a tenant.",
  },
  tenantInUse: {
    status: 400,
    code: 'Request_BadRequest',
    text: "The tenant '{0}' has app registrations or service principals.",
  },
  clientIdTaken: {
    status: 409,
    code: 'Request_MultipleObjectsWithSameKeyValue',
    text: "Another object with the same value for property appId already exists: '{0}'.",
  },
  servicePrincipalExists: {
    status: 409,
    code: 'Request_MultipleObjectsWithSameKeyValue',
    text: 'The service principal cannot be created, updated, or restored because the service principal name {0} is already in use.',
  },
  noBackingApplication: {
    status: 400,
    code: 'NoBackingApplicationObject',
    text: "The appId '{0}' of the service principal does not reference a valid application object.",
  },
  invalidValue: { status: 400, code: 'Request_BadRequest', text: "Invalid value specified for property '{0}': {1}." },
  noSuchSecret: {
    status: 400,
    code: 'Request_BadRequest',
    text: 'No password credential found with keyId.',
  },
  noSuchCertificate: {
    status: 400,
    code: 'Request_BadRequest',
    text: "No key credential found with keyId '{0}'.",
  },
  uniqueNameTaken: {
    status: 409,
    code: 'Request_MultipleObjectsWithSameKeyValue',
    text: "Another object with the same value for property uniqueName already exists: '{0}'.",
  },
  identifierUriTaken: {
    status: 400,
    code: 'ObjectConflict',
    text: 'Another object with the same value for property identifierUris already exists.',
  },
  identifierUriUnverified: {
    status: 400,
    code: 'HostNameNotOnVerifiedDomain',
    text: "Values of identifierUris property must use a verified domain of the organization or its subdomain, or contain the tenant id or the application id: '{0}'.",
  },
  noSuchFederatedCredential: {
    status: 404,
    code: 'Request_ResourceNotFound',
    text: "Resource '{0}' does not exist or one of its queried reference-property objects are not present.",
  },
  federatedNameTaken: {
    status: 409,
    code: 'Request_MultipleObjectsWithSameKeyValue',
    text: 'FederatedIdentityCredential with name {0} already exists.',
  },
  federatedSubjectTaken: {
    status: 409,
    code: 'Request_MultipleObjectsWithSameKeyValue',
    text: 'A FederatedIdentityCredential with the same issuer and subject already exists on the application.',
  },
  tooManyFederatedCredentials: {
    status: 400,
    code: 'Request_BadRequest',
    text: 'An application has at most {0} federated identity credentials.',
  },
  certificateExists: {
    status: 400,
    code: 'KeyCredentialsInvalidDuplicate',
    text: "A certificate with thumbprint '{0}' is already registered.",
  },
  certificateValue: { status: 400, code: 'KeyCredentialsInvalidValue', text: 'Key credential value is invalid: {0}.' },
  certificateStart: {
    status: 400,
    code: 'KeyCredentialsInvalidStartDate',
    text: 'Key credential start date is invalid: {0}.',
  },
  certificateEnd: {
    status: 400,
    code: 'KeyCredentialsInvalidEndDate',
    text: 'Key credential end date is invalid: {0}.',
  },
  lastAdministrator: {
    status: 400,
    code: 'Request_BadRequest',
    text: "It is the last one that is enabled and holds '{0}': give that to another one first.",
  },
  tooManyCredentials: {
    status: 400,
    code: 'Request_BadRequest',
    text: 'An application has at most {0} credentials.',
  },
} as const;

export type DirectoryProblem = keyof typeof directoryProblems;

/** The refusal to throw. `values` fill the text's placeholders; never a secret. */
export function directoryRefusal(problem: DirectoryProblem, ...values: readonly (string | number)[]): Refusal {
  const { status, code, text } = directoryProblems[problem];
  const message = text.replace(/\{(\d)\}/g, (_, index: string) => String(values[Number(index)] ?? ''));
  return new Refusal('run', { status, code, message });
}
