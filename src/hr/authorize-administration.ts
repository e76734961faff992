import type { ClientId } from '../kernel/ids.ts';
import type { AuthorizedPlan, WriteOperation, WriteScope } from '../odata/authorized-plan.ts';
import { mintAdministrationRead, mintAdministrationWrite } from '../odata/plan-mint.ts';
import type { Query } from '../odata/query.ts';
import { systemAdministratorRole } from './effective-access.ts';
import type { DenialData, HrCheck } from './hr-session.ts';
import type { HrSnapshot } from './hr-snapshot.ts';
import type { HrUser } from './hr-user.ts';

/** A caller of `/data/` that holds full power in Human Resources. Makes the plans that storage accepts. */
export interface HrAdministrator {
  readonly kind: 'administrator';
  readonly user: HrUser;
  read(query: Query): AuthorizedPlan<Query>;
  write(operation: WriteOperation): AuthorizedPlan<WriteScope>;
}

/**
 * - `unlinked`: the caller is nobody here, which `/data/` answers with 401 (human-resources-security 4).
 * - `forbidden`: a user, but not one that may see or change security data: 403.
 */
export interface AdministrationDenial {
  readonly kind: 'unlinked' | 'forbidden';
  readonly reason: string;
  readonly check: Extract<HrCheck, 'application link' | 'linked user' | 'user enabled' | 'role'>;
  readonly data: DenialData;
}

/** Who may administer: an enabled user with the role System administrator, through an application link. */
export function openAdministration(snapshot: HrSnapshot, clientId: ClientId): HrAdministrator | AdministrationDenial {
  const link = snapshot.links.get(clientId);
  const user = link?.userId === undefined ? undefined : snapshot.findUser(link.userId);
  if (user === undefined) {
    const check = link === undefined ? 'application link' : 'linked user';
    const reason = `client id ${clientId} is not linked to a user`;
    return { kind: 'unlinked', reason, check, data: { clientId, hrUser: link?.userId ?? '' } };
  }
  const data = { hrUser: user.id, role: systemAdministratorRole };
  if (!user.enabled) {
    return { kind: 'forbidden', reason: `user ${user.id} is disabled`, check: 'user enabled', data };
  }
  if (snapshot.accessOf(user).kind !== 'systemAdministrator') {
    const reason = `user ${user.id} does not hold the role System administrator`;
    return { kind: 'forbidden', reason, check: 'role', data };
  }
  return {
    kind: 'administrator',
    user,
    read: (query) => mintAdministrationRead(query),
    write: (operation) => mintAdministrationWrite({ operation, rowFilter: undefined }),
  };
}
