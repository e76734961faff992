import { installationRoles, isInstallationRole } from '../directory/installation-roles.ts';
import { directoryRefusal } from '../directory/problems.ts';
import type { ServicePrincipalId } from '../kernel/ids.ts';
import { answerCreated, type EntitySet, type GraphAnswer, type GraphCall, getKey, readsOf } from './call.ts';
import { type MemberRules, parseJsonBody, required } from './json-body.ts';
import { type Assignment, assignmentsOf, assignmentsTo, assignmentType } from './principal-type.ts';
import { graphRefusal } from './problems.ts';
import { getPrincipal } from './service-principals.ts';

/** The two ends from which an assignment is seen: what a service principal was granted, and who was granted its own. */
type Side = 'appRoleAssignments' | 'appRoleAssignedTo';

const members: MemberRules = {
  allowed: ['principalId', 'resourceId', 'appRoleId'],
  readOnly: ['id', 'createdDateTime', 'principalDisplayName', 'principalType', 'resourceDisplayName'],
};

function allOf(call: GraphCall, side: Side): EntitySet<Assignment> {
  const principal = getPrincipal(call);
  const given = () => (principal.kind === 'first party' ? [] : assignmentsOf(principal));
  const received = () => assignmentsTo(call.directory.current, principal);
  const rows = side === 'appRoleAssignments' ? given : received;
  return { type: assignmentType, path: `servicePrincipals/${principal.id}/${side}`, rows };
}

function getAssignment(call: GraphCall, side: Side): Assignment {
  const { value } = getKey(call, 1);
  const found = allOf(call, side)
    .rows()
    .find(({ id }) => id === value);
  if (found === undefined) throw directoryRefusal('notFound', value);
  return found;
}

/** The operations on one side. */
export const assignmentOperations = (
  side: Side,
): Readonly<
  Record<'list' | 'count' | 'retrieve' | 'create' | 'remove', (call: GraphCall) => Promise<GraphAnswer>>
> => ({
  ...readsOf(
    (call) => allOf(call, side),
    (call) => getAssignment(call, side),
  ),
  create: (call) => createAssignment(call, side),
  async remove(call) {
    const { principal, appRole } = getAssignment(call, side);
    checkMayAssign(call, appRole);
    await call.directory.revokeAppRole(principal.id, appRole);
    return { status: 204 };
  },
});

/** Grants an application permission of the directory API to a service principal of the caller's tenant. */
async function createAssignment(call: GraphCall, side: Side): Promise<GraphAnswer> {
  const json = parseJsonBody(call.request, members);
  const principalId = required(json.guid<ServicePrincipalId>('principalId'), 'principalId');
  const resourceId = required(json.guid<ServicePrincipalId>('resourceId'), 'resourceId');
  const appRoleId = required(json.guid('appRoleId'), 'appRoleId');
  const addressed = getPrincipal(call);
  if (addressed.id !== (side === 'appRoleAssignments' ? principalId : resourceId)) {
    const name = side === 'appRoleAssignments' ? 'principalId' : 'resourceId';
    throw graphRefusal('wrongType', [name, 'the id in the path']);
  }
  const principal = getPrincipal({ ...call, keys: [{ by: 'id', value: principalId }] });
  const resource = getPrincipal({ ...call, keys: [{ by: 'id', value: resourceId }] });
  const role = resource.kind === 'first party' ? resource.appRoles.find(({ id }) => id === appRoleId) : undefined;
  if (role === undefined) throw graphRefusal('noSuchAppRole');
  checkMayAssign(call, role.value);
  if (principal.kind === 'first party') throw graphRefusal('vendorsOwn');
  if (principal.appRoles.includes(role.value)) throw graphRefusal('appRoleAssigned');
  const after = await call.directory.grantAppRole(principal.id, role.value);
  const created = assignmentsOf(after).find((each) => each.role === role);
  if (created === undefined) throw new TypeError(`the grant of ${role.value} is not there`);
  return answerCreated(call, assignmentType, `servicePrincipals/${addressed.id}/${side}`, created);
}

/** Who administers the installation is decided by those who do; to manage one tenant's grants is not enough. */
function checkMayAssign({ permissions }: GraphCall, value: string): void {
  if (!isInstallationRole(value) || permissions.includes(installationRoles.readWrite)) return;
  throw graphRefusal('notPermitted', [], `granting or taking ${value} needs ${installationRoles.readWrite}`).because({
    condition: 'directory-permission',
    data: { permission: installationRoles.readWrite },
  });
}
