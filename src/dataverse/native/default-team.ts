import { type BusinessUnitId, type Guid, newGuid } from '../../kernel/ids.ts';
import type { Column, Model } from '../../metadata/table.ts';
import { and, equals, type Value } from '../../odata/query.ts';
import type { Row, Transaction } from '../../odata/row-store.ts';
import { getColumn, getTable } from '../security-rows.ts';
import { naming } from './duplicate.ts';
import { addLink, removeLinks } from './links.ts';
import { followOwner } from './owner-rows.ts';

interface Scope {
  readonly rows: Transaction;
  readonly model: Model;
}

/**
 * Each business unit has one team that all its users belong to, kept by the system (dataverse-web-api 3.1).
 */
export async function createDefaultTeam(
  rows: Transaction,
  model: Model,
  unit: { readonly id: Guid; readonly name: string; readonly organizationId: Guid; readonly moment: string },
  id: Guid = newGuid(),
): Promise<void> {
  const table = getTable(model, 'team');
  const values: Readonly<Record<string, Value>> = {
    teamid: id,
    name: unit.name,
    businessunitid: unit.id,
    organizationid: unit.organizationId,
    teamtype: 0,
    membershiptype: 0,
    isdefault: true,
    systemmanaged: true,
    createdon: unit.moment,
    modifiedon: unit.moment,
  };
  await rows.insert(table, valuesOf(table.column, values));
  await followOwner(rows, model, table, id);
}

/** Values by name as values by column. Names that the table lacks are a broken build. */
export function valuesOf(
  columns: ReadonlyMap<string, Column>,
  values: Readonly<Record<string, Value>>,
): Map<Column, Value> {
  return new Map(
    Object.entries(values).map(([name, value]) => {
      const column = columns.get(name);
      if (column === undefined) throw new TypeError(`there is no column ${name}`);
      return [column, value];
    }),
  );
}

export async function joinDefaultTeam(scope: Scope, user: Guid, unit: BusinessUnitId): Promise<void> {
  const team = await findDefaultTeam(scope, unit);
  if (team === undefined) return;
  await addLink(scope.rows, scope.model, 'teammembership', { teamid: team.id, systemuserid: user });
}

export async function leaveDefaultTeam(scope: Scope, user: Guid, unit: BusinessUnitId): Promise<void> {
  const team = await findDefaultTeam(scope, unit);
  if (team === undefined) return;
  await removeLinks(scope.rows, scope.model, 'teammembership', { teamid: team.id, systemuserid: user });
}

/** The name of a default team is the unit's; nobody else changes it. */
export async function renameDefaultTeam(scope: Scope, unit: Guid, name: string): Promise<void> {
  const team = await findDefaultTeam(scope, unit);
  const table = getTable(scope.model, 'team');
  if (team === undefined) return;
  const changes = new Map([[getColumn(table, 'name'), name]]);
  await naming(changes, scope.rows.update(table, team.id, changes));
  await followOwner(scope.rows, scope.model, table, team.id);
}

/** The default team goes with its unit. */
export async function removeDefaultTeam(scope: Scope, unit: Guid): Promise<void> {
  const team = await findDefaultTeam(scope, unit);
  if (team === undefined) return;
  await removeTeamLinks(scope, team.id);
  const table = getTable(scope.model, 'team');
  await scope.rows.delete(table, team.id);
  await followOwner(scope.rows, scope.model, table, team.id);
}

/** Takes away a team's roles and memberships, before it goes itself. */
export async function removeTeamLinks({ rows, model }: Scope, id: Guid): Promise<void> {
  await removeLinks(rows, model, 'teamroles', { teamid: id });
  await removeLinks(rows, model, 'teammembership', { teamid: id });
}

async function findDefaultTeam({ rows, model }: Scope, unit: Guid): Promise<Row | undefined> {
  const table = getTable(model, 'team');
  const ofUnit = equals(getColumn(table, 'businessunitid'), unit);
  const where = and(ofUnit, equals(getColumn(table, 'isdefault'), true)) ?? ofUnit;
  return (await rows.list(table, where, 1))[0];
}
