import { roleTemplates } from '../../../src/dataverse/application-user.ts';
import { authorizeTable } from '../../../src/dataverse/authorize-table.ts';
import { buildSnapshot } from '../../../src/dataverse/build-snapshot.ts';
import { findApplicationUser } from '../../../src/dataverse/find-user.ts';
import { impersonate } from '../../../src/dataverse/impersonate.ts';
import { depthMasks, type PrivilegeIndex } from '../../../src/dataverse/privilege-index.ts';
import { getColumn, getTable, type SecurityRows, type SecurityTable } from '../../../src/dataverse/security-rows.ts';
import type { DataverseSnapshot } from '../../../src/dataverse/snapshot.ts';
import { type ClientId, type Guid, getGuid, newGuid } from '../../../src/kernel/ids.ts';
import { Refusal } from '../../../src/kernel/refusal.ts';
import { accessRightValues } from '../../../src/metadata/privileges.ts';
import type { Model } from '../../../src/metadata/table.ts';
import type { Operation } from '../../../src/odata/operation.ts';
import type { Condition, Value } from '../../../src/odata/query.ts';
import type { Row } from '../../../src/odata/row-store.ts';
import type { Outcome, Request } from './evaluator.ts';
import type { Organisation, OwnedRow, Role } from './organisation.ts';

/** The product's own answer: its snapshot of the organisation's rows, its pure decision, and the filter of the grant. */
export function decideByProduct(snapshot: DataverseSnapshot, request: Request, operation: Operation): Outcome {
  try {
    const caller = findApplicationUser(snapshot, getGuid<ClientId>(request.client));
    const { actAs } = request;
    const user =
      actAs === undefined
        ? caller
        : impersonate(snapshot, caller, { kind: actAs.by === 'object' ? 'objectId' : 'userId', id: getGuid(actAs.id) });
    const decision = authorizeTable(snapshot, user, operation);
    if (decision.kind === 'deny') return decision.lacks === 'role' ? 'no role' : 'lacks a privilege';
    const { row } = request;
    if (row === undefined) return 'allowed';
    const filter = decision.grant.filterOf(getTable(snapshot.model, row.table), row.verb);
    return filter === undefined || holds(filter, row.facts, row.table) ? 'allowed' : 'does not reach the row';
  } catch (error) {
    const known = error instanceof Refusal ? refusals[`${error.problem.status} ${error.problem.code}`] : undefined;
    if (known === undefined) throw error;
    return known === 'not a member' && request.actAs !== undefined ? unknownOf(snapshot, request) : known;
  }
}

const refusals: Readonly<Record<string, Outcome>> = {
  '403 0x80072560': 'not a member',
  '403 0x80040225': 'user disabled',
  '403 0x8004a110': 'may not act for others',
  '404 0x80040217': 'unknown user',
};

/** An unknown object id is refused as somebody who is no member: the caller, or the one whom they name? */
const unknownOf = (snapshot: DataverseSnapshot, { client }: Request): Outcome =>
  snapshot.usersByClientId.has(getGuid<ClientId>(client)) ? 'unknown user' : 'not a member';

/** Does the condition of a grant hold for a row? Only what such conditions are made of is known. */
function holds(condition: Condition, row: OwnedRow, table: string): boolean {
  switch (condition.kind) {
    case 'always':
      return true;
    case 'never':
      return false;
    case 'and':
      return condition.of.every((each) => holds(each, row, table));
    case 'or':
      return condition.of.some((each) => holds(each, row, table));
    case 'in':
      return condition.values.includes(valueIn(row, condition.column.name));
    case 'linked':
      return row.shares.some(({ principal, verbs }) => {
        const mask = verbs.reduce((sum, verb) => sum | accessRightValues[verb], 0);
        return holdsForShare(condition.where, {
          principalid: principal,
          objecttypecode: table,
          accessrightsmask: mask,
        });
      });
    default:
      throw new TypeError(`a grant has no condition of kind ${condition.kind}`);
  }
}

function valueIn(row: OwnedRow, column: string): Value {
  if (column === 'ownerid') return row.owner;
  if (column === 'owningbusinessunit' || column === 'businessunitid') return row.unit;
  throw new TypeError(`rows here have no column ${column}`);
}

function holdsForShare(condition: Condition, share: Readonly<Record<string, string | number>>): boolean {
  switch (condition.kind) {
    case 'and':
      return condition.of.every((each) => holdsForShare(each, share));
    case 'in':
      return condition.values.includes(share[condition.column.name] ?? null);
    case 'compare':
      return condition.op === 'eq' && share[condition.column.name] === condition.value;
    case 'bits':
      return (Number(share[condition.column.name]) & condition.mask) === condition.mask;
    default:
      throw new TypeError(`shares are not looked for by ${condition.kind}`);
  }
}

/** The organisation as rows, as the tables hold it. */
export const snapshotOf = (model: Model, index: PrivilegeIndex, organisation: Organisation): DataverseSnapshot =>
  buildSnapshot(model, index, securityRowsOf(model, index, organisation));

export function securityRowsOf(model: Model, index: PrivilegeIndex, organisation: Organisation): SecurityRows {
  const row = (table: SecurityTable, id: string, values: Readonly<Record<string, Value | undefined>>): Row => {
    const columns = getTable(model, table);
    const all = Object.entries(values).map(([name, value]) => [getColumn(columns, name), value ?? null] as const);
    return { id: getGuid(id), version: 1n, values: new Map([[columns.primaryKey, id], ...all]) };
  };
  const link = (table: SecurityTable, values: Readonly<Record<string, Value>>): Row => row(table, newGuid(), values);
  const { units, roles, teams, users } = organisation;
  return {
    // Column security has nothing to do with rows.
    ...{ fieldsecurityprofile: [], fieldpermission: [], systemuserprofiles: [], teamprofiles: [] },
    businessunit: units.map(({ id, parent, disabled }) =>
      row('businessunit', id, { name: id, parentbusinessunitid: parent, isdisabled: disabled }),
    ),
    role: roles.map(({ id, root, unit, administrator, teamOnly }) =>
      row('role', id, {
        name: id,
        businessunitid: unit,
        parentrootroleid: root,
        isinherited: teamOnly ? 0 : 1,
        roletemplateid: administrator ? roleTemplates.systemAdministrator.id : undefined,
      }),
    ),
    roleprivileges: roles.filter(({ id, root }) => id === root).flatMap((role) => privilegeRows(index, role, link)),
    team: teams.map(({ id, unit, access }) =>
      row('team', id, { name: id, businessunitid: unit, teamtype: access ? 1 : 0 }),
    ),
    teamroles: teams.flatMap((team) => team.roles.map((roleid) => link('teamroles', { teamid: team.id, roleid }))),
    systemuser: users.map(({ id, client, object, unit, disabled }) =>
      row('systemuser', id, {
        fullname: id,
        applicationid: client,
        azureactivedirectoryobjectid: object,
        businessunitid: unit,
        isdisabled: disabled,
        accessmode: 4,
      }),
    ),
    systemuserroles: users.flatMap((user) =>
      user.roles.map((roleid) => link('systemuserroles', { systemuserid: user.id, roleid })),
    ),
    teammembership: users.flatMap((user) =>
      user.teams.map((teamid) => link('teammembership', { systemuserid: user.id, teamid })),
    ),
  };
}

function privilegeRows(
  index: PrivilegeIndex,
  { id, grants, actsForOthers }: Role,
  link: (table: SecurityTable, values: Readonly<Record<string, Value>>) => Row,
): readonly Row[] {
  const given = [...grants].map(([need, level]) => ({ privilegeid: idOf(index, need), mask: depthMasks[level] }));
  const acting = index.findByName('prvActOnBehalfOfAnotherUser');
  if (actsForOthers && acting !== undefined) {
    given.push({ privilegeid: index.at(acting).privilegeId, mask: depthMasks.global });
  }
  return given.map(({ privilegeid, mask }) =>
    link('roleprivileges', { roleid: id, privilegeid, privilegedepthmask: mask }),
  );
}

/** Of a privilege such as `read new_account`. */
function idOf({ privileges }: PrivilegeIndex, need: string): Guid {
  const found = privileges.find(({ table, accessRight }) => `${accessRight} ${table?.logicalName}` === need);
  if (found === undefined) throw new TypeError(`there is no privilege to ${need}`);
  return found.privilegeId;
}
