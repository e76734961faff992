import { type Guid, namedGuid, newGuid, type SystemUserId } from '../kernel/ids.ts';
import type { OperatorRole } from '../kernel/operator.ts';
import type { Model } from '../metadata/table.ts';
import { equals } from '../odata/query.ts';
import type { Row, Transaction } from '../odata/row-store.ts';
import { roleTemplates } from './application-user.ts';
import { insertRow } from './insert-row.ts';
import { joinDefaultTeam, valuesOf } from './native/default-team.ts';
import { addDefaults } from './native/defaults.ts';
import { fillFromDirectory } from './native/fill-from-directory.ts';
import { addLink } from './native/links.ts';
import type { DirectoryApplication } from './native/native-deps.ts';
import { followOwner } from './native/owner-rows.ts';
import { copyToUnitsBelow, isCopy } from './native/role-copies.ts';
import { givePrivilege } from './predefined-roles.ts';
import { allPrivileges, type Privilege } from './privilege-index.ts';
import { findGuid, getColumn, getTable, isTrue } from './security-rows.ts';

export interface WebAppUser {
  readonly role: OperatorRole;
  readonly application: DirectoryApplication;
  /** `YYYY-MM-DDThh:mm:ssZ`. */
  readonly moment: string;
}

interface OwnRole {
  readonly name: string;
  readonly gives: (privilege: Privilege) => boolean;
}

const definitionRead = /^prvRead(Entity|Attribute|Relationship|OptionSet)$/;
const recruitingRights: readonly unknown[] = ['create', 'read', 'write', 'delete', 'append', 'appendTo'];

/** Roles beside System Administrator. What they give follows the model, custom tables included. */
const ownRoles: Readonly<Record<Exclude<OperatorRole, 'full'>, OwnRole>> = {
  readOnly: {
    name: 'Portvakt web app, read only',
    gives: ({ name, accessRight }) => accessRight === 'read' || definitionRead.test(name),
  },
  recruiting: {
    name: 'Portvakt web app, recruiting',
    gives: ({ name, table, accessRight }) =>
      (table?.sourceDocumentOrder !== undefined && recruitingRights.includes(accessRight)) || definitionRead.test(name),
  },
};

/**
 * FULL POWER WITHOUT A CALLER, for the web app's own applications and no others: sees to it that the application user of
 * one is there, enabled, and has its role. A person who may do that has signed in, or holds the link from the console.
 */
export async function admitWebAppUser(rows: Transaction, model: Model, user: WebAppUser): Promise<void> {
  const unit = await getRootUnit(rows, model);
  const id = await seeToUser(rows, model, unit, user);
  const role =
    user.role === 'full' ? await getAdministratorRole(rows, model) : await seeToRole(rows, model, unit, user);
  await addLink(rows, model, 'systemuserroles', { systemuserid: id, roleid: role });
}

async function getRootUnit(
  rows: Transaction,
  model: Model,
): Promise<{ readonly id: Guid; readonly organizationId: Guid }> {
  const table = getTable(model, 'businessunit');
  const [row] = await rows.list(table, equals(getColumn(table, 'parentbusinessunitid'), null), 1);
  const organizationId = row && findGuid(row, getColumn(table, 'organizationid'));
  if (row === undefined || organizationId === undefined) throw new TypeError('there is no root business unit');
  return { id: row.id, organizationId };
}

type Unit = Awaited<ReturnType<typeof getRootUnit>>;

async function seeToUser(rows: Transaction, model: Model, unit: Unit, user: WebAppUser): Promise<Guid> {
  const table = getTable(model, 'systemuser');
  const column = (name: string) => getColumn(table, name);
  const [known] = await rows.list(table, equals(column('applicationid'), user.application.clientId), 1);
  if (known !== undefined) {
    if (isTrue(known, column('isdisabled'))) {
      await rows.update(table, known.id, new Map([[column('isdisabled'), false]]));
    }
    return known.id;
  }
  const id = newGuid<SystemUserId>();
  const draft = valuesOf(table.column, {
    systemuserid: id,
    applicationid: user.application.clientId,
    businessunitid: unit.id,
    organizationid: unit.organizationId,
    createdon: user.moment,
    modifiedon: user.moment,
  });
  fillFromDirectory(table, draft, user.application);
  addDefaults(table, draft);
  await rows.insert(table, draft);
  await followOwner(rows, model, table, id);
  await joinDefaultTeam({ rows, model }, id, unit.id as never);
  return id;
}

async function getAdministratorRole(rows: Transaction, model: Model): Promise<Guid> {
  const table = getTable(model, 'role');
  const where = equals(getColumn(table, 'roletemplateid'), roleTemplates.systemAdministrator.id);
  const role = (await rows.list(table, where, everything)).find((row: Row) => !isCopy(model, row));
  if (role === undefined) throw new TypeError('there is no System Administrator');
  return role.id;
}

async function seeToRole(
  rows: Transaction,
  model: Model,
  unit: Unit,
  { role, moment }: WebAppUser & { readonly role: OperatorRole },
): Promise<Guid> {
  if (role === 'full') throw new TypeError('full power has a role of its own');
  const { name, gives } = ownRoles[role];
  const id = namedGuid(`${unit.organizationId}:web app role:${role}`);
  const table = getTable(model, 'role');
  if ((await rows.get(table, id)) === undefined) {
    const times = { createdon: moment, modifiedon: moment };
    const managed = { ismanaged: true, iscustomizable: false, canbedeleted: false };
    const place = { businessunitid: unit.id, parentrootroleid: id, organizationid: unit.organizationId };
    await insertRow(rows, model, 'role', { roleid: id, name, ...place, ...managed, ...times });
    const row = await rows.get(table, id);
    if (row !== undefined) await copyToUnitsBelow({ rows, model }, row);
  }
  const given = getTable(model, 'roleprivileges');
  const links = await rows.list(given, equals(getColumn(given, 'roleid'), id), everything);
  const known = new Set<unknown>(links.map((link) => findGuid(link, getColumn(given, 'privilegeid'))));
  for (const privilege of allPrivileges(model)) {
    if (gives(privilege) && !known.has(privilege.privilegeId)) await givePrivilege(rows, model, id, privilege);
  }
  return id;
}

/** More rows than there are. */
const everything = 100_000;
