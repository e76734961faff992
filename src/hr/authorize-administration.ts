import type { ClientId } from '../kernel/ids.ts';
import type { AuthorizedPlan, WriteOperation, WriteScope } from '../odata/authorized-plan.ts';
import { mintAdministrationRead, mintAdministrationWrite } from '../odata/plan-mint.ts';
import type { Query } from '../odata/query.ts';
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
}

/** Who may administer: an enabled user with the role System administrator, through an application link. */
export function openAdministration(snapshot: HrSnapshot, clientId: ClientId): HrAdministrator | AdministrationDenial {
  const userId = snapshot.links.get(clientId)?.userId;
  const user = userId === undefined ? undefined : snapshot.findUser(userId);
  if (user === undefined) return { kind: 'unlinked', reason: `client id ${clientId} is not linked to a user` };
  if (!user.enabled) return { kind: 'forbidden', reason: `user ${user.id} is disabled` };
  if (snapshot.accessOf(user).kind !== 'systemAdministrator') {
    return { kind: 'forbidden', reason: `user ${user.id} does not hold the role System administrator` };
  }
  return {
    kind: 'administrator',
    user,
    read: (query) => mintAdministrationRead(query),
    write: (operation) => mintAdministrationWrite({ operation, rowFilter: undefined }),
  };
}
