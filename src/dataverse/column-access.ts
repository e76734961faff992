import type { Column } from '../metadata/table.ts';
import type { ApplicationUser } from './application-user.ts';
import { type ColumnRight, nameOfColumn } from './column-profile.ts';
import type { DataverseSnapshot } from './snapshot.ts';

/**
 * May a user do this with a column? Always where it is not secured; else by a profile that they or one of their teams are
 * in, or as a System Administrator (dataverse-web-api 3.7). Who acts in another's name may what both may.
 */
export function mayUseColumn(
  snapshot: DataverseSnapshot,
  user: ApplicationUser,
  column: Column,
  right: ColumnRight,
): boolean {
  if (column.secured !== true) return true;
  if (user.impersonation !== undefined) {
    const { actor, target } = user.impersonation;
    return mayUseColumn(snapshot, target, column, right) && mayUseColumn(snapshot, actor, column, right);
  }
  if (user.isSystemAdministrator) return true;
  const ofTeams = user.teams.flatMap((team) => snapshot.teams.get(team)?.profileIds ?? []);
  const name = nameOfColumn(column);
  return [...user.profileIds, ...ofTeams].some((id) => snapshot.profiles.get(id)?.get(name)?.has(right) === true);
}

/** Secured columns of all tables that the user may not read. */
export const hiddenColumns = (snapshot: DataverseSnapshot, user: ApplicationUser): readonly Column[] =>
  securedColumns(snapshot).filter((column) => !mayUseColumn(snapshot, user, column, 'read'));

const secured = new WeakMap<DataverseSnapshot['model'], readonly Column[]>();

/** Looked for once in a model: most have none. */
function securedColumns({ model }: DataverseSnapshot): readonly Column[] {
  const known = secured.get(model);
  if (known !== undefined) return known;
  const found = model.tables.flatMap(({ columns }) => columns.filter((column) => column.secured === true));
  secured.set(model, found);
  return found;
}
