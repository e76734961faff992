import { type Guid, namedGuid } from '../../kernel/ids.ts';
import type { Column, Model } from '../../metadata/table.ts';
import { equals, type Value } from '../../odata/query.ts';
import type { Row, Transaction } from '../../odata/row-store.ts';
import { findGuid, getColumn, getTable } from '../security-rows.ts';
import { naming } from './duplicate.ts';
import { forEachRow, removeLinks } from './links.ts';

export interface RoleScope {
  readonly rows: Transaction;
  readonly model: Model;
}

/** More rows than there are units below one, or roles in one. */
const many = 1_000_000;

/** Ids of the business units right below one. */
export async function listChildUnits({ rows, model }: RoleScope, unit: Guid): Promise<readonly Guid[]> {
  const table = getTable(model, 'businessunit');
  return (await rows.list(table, equals(getColumn(table, 'parentbusinessunitid'), unit), many)).map(({ id }) => id);
}

/** Ids of a business unit and all below it, parents before their children. */
export async function listSubtree(scope: RoleScope, unit: Guid): Promise<readonly Guid[]> {
  const found = new Set([unit]);
  // A set yields what is added on the way.
  for (const each of found) for (const child of await listChildUnits(scope, each)) found.add(child);
  return [...found];
}

/** Roles of a business unit: its own and its copies. */
const rolesOf = ({ rows, model }: RoleScope, unit: Guid): Promise<readonly Row[]> => {
  const table = getTable(model, 'role');
  return rows.list(table, equals(getColumn(table, 'businessunitid'), unit), many);
};

/** A role has a copy, with the same name and the same privileges, in each unit below its own (dataverse-web-api 3.1). */
export async function copyToUnitsBelow(scope: RoleScope, role: Row): Promise<void> {
  const unit = findGuid(role, getColumn(getTable(scope.model, 'role'), 'businessunitid'));
  if (unit === undefined) return;
  for (const child of await listChildUnits(scope, unit))
    await copyToUnitsBelow(scope, await copyInto(scope, role, child));
}

async function copyInto({ rows, model }: RoleScope, role: Row, unit: Guid): Promise<Row> {
  const table = getTable(model, 'role');
  const column = (name: string): Column => getColumn(table, name);
  const root = rootOf(model, role);
  // The same id whenever the role is copied there, so that two who do it at a time do not make two.
  const id = namedGuid(`role ${root} in ${unit}`);
  const values = new Map<Column, Value>(role.values);
  values.set(table.primaryKey, id);
  values.set(column('businessunitid'), unit);
  values.set(column('parentroleid'), role.id);
  values.set(column('parentrootroleid'), root);
  values.delete(column('versionnumber'));
  // A unit below may have a role of that name.
  await naming(values, rows.insert(table, values));
  return { id, version: role.version, values };
}

/** The role that a role is a copy of; itself where it is none. */
export const rootOf = (model: Model, role: Row): Guid =>
  findGuid(role, getColumn(getTable(model, 'role'), 'parentrootroleid')) ?? role.id;

export const isCopy = (model: Model, role: Row): boolean => rootOf(model, role) !== role.id;

/**
 * Gives a business unit, and those below it, the copies of the roles of the units above, and takes away those of units
 * that are above no more, together with their assignments.
 */
export async function settleCopies(scope: RoleScope, unit: Guid, parent: Guid): Promise<void> {
  const { rows, model } = scope;
  const table = getTable(model, 'role');
  const parentRole = getColumn(table, 'parentroleid');
  const above = new Map((await rolesOf(scope, parent)).map((role) => [rootOf(model, role), role]));
  const copies = new Map(
    (await rolesOf(scope, unit)).filter((role) => isCopy(model, role)).map((role) => [rootOf(model, role), role]),
  );
  for (const [root, copy] of copies) if (!above.has(root)) await removeRole(scope, copy);
  for (const [root, role] of above) {
    const copy = copies.get(root);
    if (copy === undefined) await copyInto(scope, role, unit);
    else if (findGuid(copy, parentRole) !== role.id)
      await rows.update(table, copy.id, new Map([[parentRole, role.id]]));
  }
  for (const child of await listChildUnits(scope, unit)) await settleCopies(scope, child, unit);
}

/** What was changed of a role is changed in all its copies. */
export async function changeCopies({ rows, model }: RoleScope, role: Guid, changes: ReadonlyMap<Column, Value>) {
  const table = getTable(model, 'role');
  for (const copy of await listCopies({ rows, model }, role))
    await naming(changes, rows.update(table, copy.id, changes));
}

async function listCopies({ rows, model }: RoleScope, role: Guid): Promise<readonly Row[]> {
  const table = getTable(model, 'role');
  const all = await rows.list(table, equals(getColumn(table, 'parentrootroleid'), role), many);
  return all.filter(({ id }) => id !== role);
}

/** Deletes a role's copies, with the assignments of the role and of them, and its privileges. The row itself stays. */
export async function emptyRole(scope: RoleScope, role: Guid): Promise<void> {
  for (const copy of await listCopies(scope, role)) await removeRole(scope, copy);
  await removeAssignments(scope, role);
  await removeLinks(scope.rows, scope.model, 'roleprivileges', { roleid: role });
}

async function removeRole(scope: RoleScope, { id }: Row): Promise<void> {
  await removeAssignments(scope, id);
  await scope.rows.delete(getTable(scope.model, 'role'), id);
}

async function removeAssignments({ rows, model }: RoleScope, role: Guid): Promise<void> {
  for (const intersect of ['systemuserroles', 'teamroles']) await removeLinks(rows, model, intersect, { roleid: role });
}

/** Deletes all roles of a business unit, before it goes itself. */
export async function removeRolesOf(scope: RoleScope, unit: Guid): Promise<void> {
  const { rows, model } = scope;
  const table = getTable(model, 'role');
  await forEachRow(rows, table, equals(getColumn(table, 'businessunitid'), unit), async (role) => {
    if (!isCopy(model, role)) await emptyRole(scope, role.id);
    await removeRole(scope, role);
  });
}
