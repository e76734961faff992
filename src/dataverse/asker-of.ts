import type { Asker } from '../odata/asking.ts';
import type { ApplicationUser } from './application-user.ts';

/** What query functions may know of the user who asks. */
export const askerOf = ({ id, businessUnitId, roles, teams }: ApplicationUser): Asker => ({
  userId: id,
  businessUnitId,
  roleBusinessUnitIds: [...new Set(roles.map(({ role }) => role.businessUnitId))],
  teamIds: teams,
});
