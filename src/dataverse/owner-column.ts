import type { Guid, SystemUserId } from '../kernel/ids.ts';
import type { Column, Table } from '../metadata/table.ts';
import type { ApplicationUser, Team } from './application-user.ts';
import type { DataverseSnapshot } from './snapshot.ts';

/** The lookup that says who owns a row; `undefined` where nobody does. */
export const ownerColumnOf = (table: Table): Column | undefined =>
  table.ownership === 'user' ? table.column.get('ownerid') : undefined;

/** A user or team by id. */
export const findPrincipal = (snapshot: DataverseSnapshot, id: Guid): ApplicationUser | Team | undefined =>
  snapshot.users.get(parseUserId(id)) ?? snapshot.teams.get(id);

export const isTeam = (principal: ApplicationUser | Team): principal is Team => 'isAccessTeam' in principal;

/** Logical name of the table that an owner is a row of, by the id in a row. */
export function findOwnerTable(snapshot: DataverseSnapshot, id: string): 'systemuser' | 'team' | undefined {
  const principal = findPrincipal(snapshot, parseStoredId(id));
  if (principal === undefined) return undefined;
  return isTeam(principal) ? 'team' : 'systemuser';
}

/** Stored ids are canonical. */
const parseStoredId = (id: string): Guid => id as Guid;
const parseUserId = (id: Guid): SystemUserId => id as SystemUserId;
