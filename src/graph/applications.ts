import type { AppRegistration, AppRegistrationId } from '../directory/entities.ts';
import { directoryRefusal } from '../directory/problems.ts';
import type { ClientId } from '../kernel/ids.ts';
import { changedMembers, newMembers, parseApplicationBody } from './application-body.ts';
import { applicationType } from './application-type.ts';
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
import { type JsonMembers, parseJsonBody, required } from './json-body.ts';
import { checkMayGiveCredentials } from './permissions.ts';
import { graphRefusal } from './problems.ts';

const path = 'applications';

const allOf = (call: GraphCall): EntitySet<AppRegistration> => ({
  type: applicationType,
  path,
  rows: () => call.directory.listApplications(call.caller.tenantId),
});

export const applicationReads = readsOf(allOf, getApplication);

export const createApplication = async (call: GraphCall): Promise<GraphAnswer> =>
  create(call, parseJsonBody(call.request, newMembers));

async function create(call: GraphCall, json: JsonMembers, uniqueName?: string): Promise<GraphAnswer> {
  const { directory, caller, now } = call;
  const body = parseApplicationBody(json, { directory: directory.current, certificates: [], now });
  const created = await directory.createApplication({
    ...body,
    tenantId: caller.tenantId,
    displayName: required(body.displayName, 'displayName'),
    ...(uniqueName === undefined ? {} : { uniqueName }),
  });
  return answerCreated(call, applicationType, path, created);
}

/**
 * What is in the body changes, the rest stays; a list is the whole new one. With `(uniqueName='…')` and
 * `Prefer: create-if-missing` it is made if there is none.
 */
export async function updateApplication(call: GraphCall): Promise<GraphAnswer> {
  const json = parseJsonBody(call.request, changedMembers);
  const { by, value } = getKey(call, 0);
  const found = findApplication(call);
  if (found === undefined) {
    if (by === 'uniquename' && wantsCreation(call)) return create(call, json, value);
    throw directoryRefusal('notFound', value);
  }
  if (json.has('keyCredentials')) checkMayGiveCredentials(call, found);
  const { directory, now } = call;
  await directory.updateApplication(found.id, ({ certificates }) =>
    parseApplicationBody(json, { directory: directory.current, certificates, now }),
  );
  return { status: 204 };
}

export async function deleteApplication(call: GraphCall): Promise<GraphAnswer> {
  await call.directory.deleteApplication(getApplication(call).id);
  return { status: 204 };
}

/** The app registration that the path names. Throws a Refusal (404) when the caller's tenant has none. */
export function getApplication(call: GraphCall): AppRegistration {
  const found = findApplication(call);
  if (found === undefined) throw directoryRefusal('notFound', getKey(call, 0).value);
  return found;
}

/** In the caller's own tenant: those of others do not exist for it. */
function findApplication(call: GraphCall): AppRegistration | undefined {
  const { caller, directory } = call;
  const found = findAnywhere(call, directory.current);
  return found?.tenantId === caller.tenantId ? found : undefined;
}

function findAnywhere(call: GraphCall, snapshot: GraphCall['directory']['current']): AppRegistration | undefined {
  const { by, value } = getKey(call, 0);
  switch (by) {
    case 'id':
      return snapshot.findApplicationById(parseKey<AppRegistrationId>(value));
    case 'appid':
      return snapshot.findApplication(parseKey<ClientId>(value));
    case 'uniquename':
      return snapshot.findApplicationByUniqueName(call.caller.tenantId, value);
    case 'name':
      throw graphRefusal('invalidKey', [`name='${value}'`]);
  }
}
