import { describe, expect, test } from 'vitest';
import type { SecurityPrincipal } from '../../src/dataverse/application-user.ts';
import { PrivilegeIndex } from '../../src/dataverse/privilege-index.ts';
import { reaches, reachOf } from '../../src/dataverse/reach.ts';
import { SecurityRoles } from '../../src/dataverse/security-roles.ts';
import { DataverseSnapshot } from '../../src/dataverse/snapshot.ts';
import { type BusinessUnitId, type Guid, namedGuid, type SecurityRoleId } from '../../src/kernel/ids.ts';
import type { AccessRight } from '../../src/metadata/privileges.ts';
import { account, apply, bank } from '../definitions/change/apply.ts';

const { model } = apply('POST EntityDefinitions', account, apply('POST EntityDefinitions', bank));
const index = new PrivilegeIndex(model);
const tableOf = (name: string) => {
  const table = model.table.get(name);
  if (table === undefined) throw new TypeError(`no table ${name}`);
  return table;
};
const owned = tableOf('new_account');

/** Root > north > northwest, and south. */
const unitOf = (name: string): BusinessUnitId => namedGuid<BusinessUnitId>(`unit ${name}`);
const parents = { root: undefined, north: 'root', northwest: 'north', south: 'root' } as const;
const snapshot = new DataverseSnapshot({
  model,
  index,
  businessUnits: new Map(
    Object.entries(parents).map(([name, parent]) => {
      const parentId = parent === undefined ? undefined : unitOf(parent);
      return [unitOf(name), { id: unitOf(name), name, parentId, isDisabled: false }];
    }),
  ),
  roles: SecurityRoles.of([]),
  teams: new Map(),
  users: new Map(),
  usersByClientId: new Map(),
});

const me = namedGuid('me');
const myTeam = namedGuid('my team');
const other = namedGuid('somebody else');

/** Somebody with roles that give Read on accounts: depth as a number, and the unit that the role is held in. */
function principal(...roles: readonly (readonly [depth: number, unit: string])[]): SecurityPrincipal {
  const assigned = roles.map(([depth, unit]) => {
    const depths = new Uint8Array(index.size);
    depths[index.slotOf(owned, 'read')] = depth;
    const role = {
      id: namedGuid<SecurityRoleId>(`${depth} ${unit}`),
      rootId: namedGuid<SecurityRoleId>(`${depth} ${unit}`),
      isTeamOnly: false,
      name: `${depth} ${unit}`,
      businessUnitId: unitOf(unit),
      templateId: undefined,
      depths,
    };
    return { role, businessUnitId: unitOf(unit) };
  });
  return { id: me, businessUnitId: unitOf('north'), teams: [myTeam], isSystemAdministrator: false, roles: assigned };
}

const row = (ownerId: Guid, unit: string, sharedWith?: Guid) => ({
  ownerId,
  owningBusinessUnitId: unitOf(unit),
  isSharedWith: (id: Guid) => id === sharedWith,
});

describe('a row of a table that users own is reached', () => {
  const none = principal();
  const basic = principal([1, 'north']);
  const local = principal([2, 'north']);
  const deep = principal([3, 'north']);
  const global = principal([4, 'north']);
  const union = principal([1, 'north'], [2, 'south']);
  const ofTeam = (isTeamOnly: boolean, teamId = myTeam): SecurityPrincipal => ({
    ...basic,
    roles: basic.roles.map(({ role, businessUnitId }) => ({ role: { ...role, isTeamOnly }, businessUnitId, teamId })),
  });
  const teamOnly = ofTeam(true);
  test.each([
    ['by nobody without the privilege, their own neither', none, row(me, 'north'), false],
    ['by nobody without the privilege, shared neither', none, row(other, 'north', me), false],
    ['at Basic by its owner', basic, row(me, 'south'), true],
    ['at Basic by a member of the team that owns it', basic, row(myTeam, 'south'), true],
    ['at Basic not by others of the unit', basic, row(other, 'north'), false],
    ['at Basic by whom it is shared with', basic, row(other, 'south', me), true],
    ['at Basic by a member of a team that it is shared with', basic, row(other, 'south', myTeam), true],
    ['by a role of their team as by their own, at Basic', ofTeam(false), row(me, 'south'), true],
    ['by a role for team privileges only not as their own', teamOnly, row(me, 'south'), false],
    ['by a role for team privileges only as a row of that team', teamOnly, row(myTeam, 'south'), true],
    ['by a role for team privileges only as shared with that team', teamOnly, row(other, 'south', myTeam), true],
    ['by a role for team privileges only of another team not', ofTeam(true, other), row(myTeam, 'south'), false],
    [
      'by such a role beside one of their own',
      { ...basic, roles: [...basic.roles, ...teamOnly.roles] },
      row(me, 'south'),
      true,
    ],
    ['at Local in the unit', local, row(other, 'north'), true],
    ['at Local not in units below', local, row(other, 'northwest'), false],
    ['at Local by its owner, wherever it is', local, row(me, 'south'), true],
    ['at Local by whom it is shared with', local, row(other, 'south', me), true],
    ['at Deep in units below', deep, row(other, 'northwest'), true],
    ['at Deep not in units beside or above', deep, row(other, 'south'), false],
    ['at Global everywhere', global, row(other, 'south'), true],
    ['by each role from the unit that it is held in', union, row(other, 'south'), true],
    ['by no role beyond that unit', union, row(other, 'north'), false],
  ] as const)('%s', (_name, who, facts, expected) => {
    expect(reaches(reachOf(snapshot, who, owned, 'read'), facts)).toBe(expected);
  });

  test.each(['create', 'write', 'delete', 'append', 'appendTo', 'assign', 'share'] as const)(
    'with %s only by who holds that right',
    (right: AccessRight) => {
      expect(reaches(reachOf(snapshot, global, owned, right), row(me, 'north'))).toBe(false);
    },
  );
});

test('a depth below Global reaches nothing of a table that the organization owns, whose rights end at six', () => {
  const table = tableOf('new_bank');
  const depths = new Uint8Array(index.size);
  depths[index.slotOf(table, 'read')] = 1;
  const [assigned] = principal([1, 'root']).roles;
  if (assigned === undefined) throw new TypeError('no role');
  const who = { ...principal(), roles: [{ ...assigned, role: { ...assigned.role, depths } }] };
  expect(reachOf(snapshot, who, table, 'read')).toEqual({ kind: 'none' });
  expect(reachOf(snapshot, who, table, 'share')).toEqual({ kind: 'none' });
});
