import type { Guid, SystemUserId } from '../kernel/ids.ts';
import { Refusal } from '../kernel/refusal.ts';
import type { ApplicationUser } from './application-user.ts';
import { requireEnabled } from './find-user.ts';
import { cannotActOnBehalf, notAMember, unknownImpersonated } from './messages.ts';
import type { DataverseSnapshot } from './snapshot.ts';

/** Whom a request is to be answered as: by the object id in the directory, or by the id of the user. */
export type ImpersonatedUser =
  | { readonly kind: 'objectId'; readonly id: Guid }
  | { readonly kind: 'userId'; readonly id: Guid };

const actOnBehalf = 'prvActOnBehalfOfAnotherUser';

/**
 * The user that a request in another's name is decided for: the identity is the target's, rights and rows are those that
 * both have (dataverse-web-api 3.8). Refuses with 403 `0x8004a110` without the privilege for it, asked first so that ids
 * cannot be tried out; with 403 or 404 for a user who is not here, 403 `0x80040225` for one who is disabled. Who names
 * themselves asks as themselves.
 */
export function impersonate(
  snapshot: DataverseSnapshot,
  actor: ApplicationUser,
  asked: ImpersonatedUser,
): ApplicationUser {
  if (asked.id === (asked.kind === 'userId' ? actor.id : actor.objectId)) return actor;
  const slot = snapshot.index.findByName(actOnBehalf);
  if (slot === undefined || (snapshot.depthsOf(actor)[slot] ?? 0) === 0) {
    throw new Refusal('user', cannotActOnBehalf, `${actor.name} lacks ${actOnBehalf}`).because({
      condition: 'impersonation',
      data: { userId: actor.id, privilege: actOnBehalf },
    });
  }
  const target = findTarget(snapshot, asked);
  requireEnabled(snapshot, target);
  return snapshot.actingAs(actor, target);
}

function findTarget(snapshot: DataverseSnapshot, { kind, id }: ImpersonatedUser): ApplicationUser {
  const found = kind === 'objectId' ? snapshot.usersByObjectId.get(id) : snapshot.users.get(parseUserId(id));
  if (found !== undefined) return found;
  const problem = kind === 'objectId' ? notAMember : unknownImpersonated(id);
  const reason = `nobody here has the ${kind === 'objectId' ? 'object id' : 'user id'} ${id}`;
  throw new Refusal('user', problem, reason).because({ condition: 'impersonation', data: { [kind]: id } });
}

/** An id that may be one of a user. */
const parseUserId = (id: Guid): SystemUserId => id as SystemUserId;
