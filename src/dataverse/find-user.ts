import type { ClientId, Guid } from '../kernel/ids.ts';
import { Refusal } from '../kernel/refusal.ts';
import type { ApplicationUser } from './application-user.ts';
import { businessUnitDisabled, notAMember, userDisabled } from './messages.ts';
import type { DataverseSnapshot } from './snapshot.ts';

/**
 * The application user that stands for a client id in this environment. Refuses with 403: `0x80072560` when there is
 * none, `0x80040225` when the user or their business unit is disabled (dataverse-web-api 2.5). Roles do not matter yet:
 * `WhoAmI` works without one.
 * @param boundTo object id that the user must have been made for: an outside issuer's client ids are its own affair
 */
export function findApplicationUser(snapshot: DataverseSnapshot, clientId: ClientId, boundTo?: Guid): ApplicationUser {
  const user = snapshot.usersByClientId.get(clientId);
  if (user === undefined) {
    throw new Refusal('user', notAMember, `no application user has client id ${clientId}`).because({
      condition: 'application-user',
      data: { clientId },
    });
  }
  if (boundTo !== undefined && user.objectId !== boundTo) {
    const reason = `application user ${user.name} was not made for the issuer that vouches for client id ${clientId}`;
    const data = { clientId, userId: user.id, objectId: boundTo };
    throw new Refusal('user', notAMember, reason).because({ condition: 'application-user', data });
  }
  requireEnabled(snapshot, user);
  return user;
}

/** Refuses (403 `0x80040225`) a user who is disabled, or whose business unit is. */
export function requireEnabled(snapshot: DataverseSnapshot, user: ApplicationUser): void {
  if (user.isDisabled) {
    throw new Refusal('user', userDisabled(user.id), `application user ${user.name} is disabled`).because({
      condition: 'user-enabled',
      data: { userId: user.id },
    });
  }
  const unit = snapshot.businessUnits.get(user.businessUnitId);
  if (unit === undefined || unit.isDisabled) {
    const reason = `business unit ${unit?.name ?? user.businessUnitId} of ${user.name} is ${unit ? 'disabled' : 'missing'}`;
    const data = { userId: user.id, businessUnitId: user.businessUnitId };
    throw new Refusal('user', businessUnitDisabled(user.id), reason).because({ condition: 'user-enabled', data });
  }
}
