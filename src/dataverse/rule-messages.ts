import type { Problem } from '../kernel/refusal.ts';
import type { Table } from '../metadata/table.ts';
import { invalidOperation } from './messages.ts';

/**
 * What the rules of users, teams, roles and business units say (dataverse-web-api 2.3 and 3.1). Codes and texts are those
 * of the published list of errors, except that texts with `0x8004023b` are ours.
 */

const problem = (status: number, code: string, message: string): Problem => ({ status, code, message });

export const lastAdministratorDisabled: Problem = problem(
  400,
  '0x80041d2f',
  'A user cannot be disabled if they are the only user that has the System Administrator Role.',
);

export const lastAdministratorRemoved: Problem = problem(
  400,
  '0x80041d30',
  'A user cannot be removed from the System Administrator Role if they are the only user that has the role.',
);

export const cannotModifySystemAdministrator: Problem = problem(
  400,
  '0x80041d31',
  'The System Administrator Role cannot be modified.',
);

export const cannotDeleteSystemAdministrator: Problem = problem(
  400,
  '0x80041d2e',
  'The System Administrator Role cannot be deleted.',
);

export const cannotDeleteSystemCustomizer: Problem = problem(
  400,
  '0x80041d4a',
  'The System Customizer Role cannot be deleted.',
);

const managedProperty = 'Managed Property Name: iscustomizable; Component Name: role; Attribute Name: iscustomizable;';

export const managedRoleFixed = (roleId: string, operation: string): Problem =>
  problem(
    400,
    '0x8004f026',
    `The evaluation of the current component(name=Role, id=${roleId}) in the current operation (${operation}) failed during managed property evaluation of condition: ${managedProperty}`,
  );

export const cannotDeleteManagedRole = (roleId: string): Problem =>
  problem(
    400,
    '0x8004f032',
    `The 'Delete' operation on the current component(name='Role', id='${roleId}') failed during managed property evaluation of condition: '${managedProperty}'`,
  );

export const managedRoleName: Problem = invalidOperation('The name of a managed role cannot be changed.');

export const inheritedRole = (what: 'changed' | 'deleted'): Problem =>
  invalidOperation(`An inherited role cannot be ${what} here: it is a copy of a role of a business unit above.`);

/** UserInWrongBusiness: the code is documented, the text is ours. */
export const roleOfAnotherUnit = (who: 'user' | 'team'): Problem =>
  problem(400, '0x80041409', `The role belongs to another business unit than the ${who}.`);

export const accessTeamWithoutRoles = (teamId: string): Problem =>
  problem(400, '0x80048331', `Cannot assign roles or profiles to an access team (TeamId = ${teamId}).`);

/** What the system keeps of a default team (`0x80048307` to `0x8004830c`). */
export const defaultTeam = {
  deleted: (id: string): Problem =>
    problem(400, '0x80048307', `The default business unit team can't be deleted (TeamId = ${id}).`),
  moved: (id: string): Problem =>
    problem(400, '0x80048308', `The default business unit team parent can't be set (TeamId = ${id}).`),
  renamed: (id: string): Problem =>
    problem(400, '0x8004830a', `The default business unit team name can't be updated (TeamId = ${id}).`),
  joined: (id: string): Problem =>
    problem(400, '0x8004830b', `Can't add members to the default business unit team (TeamId = ${id}).`),
  left: (id: string): Problem =>
    problem(400, '0x8004830c', `Can't remove members from the default business unit team (TeamId = ${id}).`),
};

export const teamOwnsRows = (id: string): Problem =>
  problem(
    400,
    '0x8004830e',
    `Can't delete a team which owns records. Reassign the records and try again (TeamId = ${id}).`,
  );

export const rootUnitDisabled: Problem = problem(400, '0x80041d63', 'Root Business unit cannot be disabled.');

export const rootUnitCannotMove: Problem = invalidOperation('The root business unit has no parent.');

export const loopOfUnits: Problem = problem(
  400,
  '0x80041d21',
  'Creating this parental association would create a loop in business hierarchy.',
);

export const parentUnitDisabled = (name: string): Problem =>
  problem(400, '0x8004032c', `The specified business unit : '${name}' is disabled.`);

export const intoDisabledUnit: Problem = problem(
  400,
  '0x8004032d',
  'The specified business unit cannot be assigned to because it is disabled.',
);

export const businessUnitNeedsAdministrator: Problem = problem(
  400,
  '0x80041d59',
  'Business unit cannot be disabled: no active user with system admin role exists outside of business unit subtree.',
);

export const businessUnitNotDisabled: Problem = problem(
  400,
  '0x80041d60',
  'Not disabled business unit cannot be deleted.',
);

export const businessUnitHasChild: Problem = problem(
  400,
  '0x80041d61',
  'Business unit has a child business unit and cannot be deleted.',
);

export const businessUnitOwnsRows = (id: string): Problem =>
  problem(
    400,
    '0x80041d62',
    `Business unit default team owns records. Business unit (Id = ${id}) cannot be deleted. Reassign the records owned by default team and try again.`,
  );

const associated = 'The object you tried to delete is associated with another object and cannot be deleted';

export const unitHasPrincipals: Problem = problem(
  405,
  '0x80040227',
  `${associated}: users or teams are in the business unit.`,
);

export const userOwnsRows = (table: Table): Problem =>
  problem(405, '0x80040227', `${associated}: the user owns rows of ${table.logicalName}.`);
