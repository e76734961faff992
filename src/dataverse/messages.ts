import type { Problem } from '../kernel/refusal.ts';
import type { Column, Table } from '../metadata/table.ts';

/**
 * Everything the first gate and the native tables say to a caller: status, code and wording of the real product in one
 * place (dataverse-web-api 2.3, 2.5, 3.3, 4.6). Wordings that are not published are ours, and are marked so.
 */

const problem = (status: number, code: string, message: string): Problem => ({ status, code, message });

export const notAMember: Problem = problem(403, '0x80072560', 'The user is not a member of the organization.');

/** The real text names the id; the rest of the sentence is the one that operators quote. */
export const userDisabled = (userId: string): Problem =>
  problem(403, '0x80040225', `The specified user(Id = ${userId}) is disabled. Consider enabling this user.`);

export const businessUnitDisabled = (userId: string): Problem =>
  problem(
    403,
    '0x80040225',
    `The specified user(Id = ${userId}) is either disabled or is not a member of any business unit.`,
  );

/** Documented text of CannotActOnBehalfOfAnotherUser. */
export const cannotActOnBehalf: Problem = problem(
  403,
  '0x8004a110',
  'User does not have the privilege to act on behalf another user.',
);

/** `MSCRMCallerID` that names no user here. Code and status are guesses (dataverse-web-api 3.8). */
export const unknownImpersonated = (userId: string): Problem =>
  problem(404, '0x80040217', `Entity 'systemuser' With Id = ${userId} Does Not Exist`);

export const securityUnavailable: Problem = problem(
  503,
  '0x80040216',
  'The security data of this environment could not be read. Try again later.',
);

export const noRole = (userId: string, privilege: string): Problem =>
  problem(
    403,
    '0x80042f09',
    `RetrievePrivilegeForUser: The user with id ${userId} has not been assigned any roles. They need a role with the ${privilege} privilege.`,
  );

/** What the long message of a missing privilege tells about the user. */
export interface PrincipalFacts {
  readonly id: string;
  readonly roleCount: number;
  readonly privilegeCount: number;
  /** Number and label, as in `4 Non-interactive`. */
  readonly accessMode: string;
  readonly objectId: string | undefined;
  readonly allPrivilegesCount: number;
  readonly businessUnitId: string;
}

export interface MissingPrivilege {
  readonly name: string;
  readonly id: string;
  /** Absent for miscellaneous privileges. */
  readonly table: Table | undefined;
  /** In whose name the request is made. */
  readonly callerId: string;
}

const emptyGuid = '00000000-0000-0000-0000-000000000000';

/** The first part and the last part are stable between versions of the real product; clients match on those. */
export function missingPrivilege(user: PrincipalFacts, { name, id, table, callerId }: MissingPrivilege): Problem {
  const principal =
    `Principal user (Id=${user.id}, type=8, roleCount=${user.roleCount}, privilegeCount=${user.privilegeCount}, ` +
    `accessMode='${user.accessMode}', AADObjectId=${user.objectId ?? emptyGuid}, ` +
    `MetadataCachePrivilegesCount=${user.allPrivilegesCount}, businessUnitId=${user.businessUnitId})`;
  const place =
    table === undefined
      ? ''
      : ` on OTC=${table.objectTypeCode} for entity '${table.logicalName}' (LocalizedName='${table.label}')`;
  const advice = 'Consider adding missing privilege to one of the principal (user/team) roles.';
  return problem(
    403,
    '0x80040220',
    `${principal}, is missing ${name} privilege (Id=${id})${place}. context.Caller=${callerId}. ${advice}`,
  );
}

/** The table has no privilege of this kind at all (Assign and Share of a table that nobody owns). */
export const noSuchPrivilege = (table: Table, right: string): Problem =>
  problem(403, '0x80040220', `The entity '${table.logicalName}' has no privilege to ${right}.`);

export const administratorsOnly = (what: string): Problem =>
  problem(
    403,
    '0x80048306',
    `Not enough privilege to access the Microsoft Dynamics 365 object or perform the requested operation. ${what}`,
  );

/** The `create`, `update` or `delete` message of a table whose rows the system keeps. */
export const methodNotSupported = (method: string, table: Table): Problem =>
  problem(400, '0x80040800', `The '${method}' method does not support entities of type '${table.logicalName}'.`);

export const invalidArgument = (message: string): Problem => problem(400, '0x80040203', message);

/** The real product maps InvalidOperation to 405 (dataverse-web-api 4.5). */
export const invalidOperation = (message: string): Problem => problem(405, '0x8004023b', message);

/** Companies: a wording of ours, since nothing is published. */
export const keptByHumanResources: Problem = invalidOperation(
  'Companies are legal entities of Human Resources: create, change and delete them there.',
);

/** A status that does not belong to the state of the row. */
export const invalidStatus = (status: string, state: string, table: Table): Problem =>
  problem(400, '0x80048408', `${status} is not a valid status code for state code ${state} on ${table.logicalName}.`);

/** A row that rows of a table with `CascadeConfiguration/Delete` `Restrict` point to. */
export const deleteRestricted = (table: Table, by: Table): Problem =>
  problem(
    405,
    '0x80040227',
    `The object you tried to delete is associated with another object and cannot be deleted: rows of ${by.logicalName} refer to this row of ${table.logicalName}.`,
  );

export const unknownTable = (name: string): Problem =>
  problem(
    404,
    '0x80041102',
    `The entity with a name = '${name.slice(0, 100)}' with namemapping = 'Logical' was not found in the MetadataCache.`,
  );

export const applicationExists = (clientId: string): Problem =>
  problem(400, '0x8004f511', `You are attempting to create an Application ID = ${clientId} that already exists.`);

export const applicationUnknown = (clientId: string): Problem =>
  problem(
    400,
    '0x80072559',
    `The application with id ${clientId} was not found in the directory of this organization.`,
  );

export const applicationUserFixed = (column: string): Problem =>
  problem(400, '0x80041d48', `The column \`${column}\` of an application user cannot be updated.`);

export const accessModeNeedsAdministrator: Problem = problem(
  403,
  '0x80048d2f',
  'Only a System Administrator can change the access mode of a user.',
);

export const roleNameTaken = (name: string): Problem =>
  problem(400, '0x80041403', `A role with the name ${name} already exists in the business unit.`);

export const invalidDepth = (privilege: string, depth: string): Problem =>
  problem(400, '0x8004140b', `The depth ${depth} is not valid for the privilege ${privilege}.`);

export const unknownPrivilege = (id: string): Problem =>
  problem(400, '0x80040203', `There is no privilege with id ${id}.`);

export const unknownMessage = (name: string): Problem =>
  problem(404, '0x8006088a', `Resource not found for the segment '${name}'.`);

export const notImplemented = (what: string): Problem =>
  problem(501, '0x80040315', `${what} is not implemented in this version of Portvakt`);

/** A query that begins on a native table and goes on to a virtual one. */
export const crossesGates: Problem = problem(
  400,
  '0x80044822',
  'The query specified is not supported for virtual entity.',
);

export const actOnBehalfFixed: Problem = problem(
  400,
  '0x8004ed43',
  'Act on Behalf of Another User privilege cannot be added or removed.',
);

/** The privilege is held, but not at a depth that reaches this row. */
export const outOfReach = (userId: string, right: string, table: Table, id: string): Problem =>
  problem(
    403,
    '0x80048306',
    `Principal with id ${userId} does not have ${right.charAt(0).toUpperCase()}${right.slice(1)}Access right(s) for record with id ${id} of entity ${table.logicalName}`,
  );

/** The new owner of a row, or whom it is shared with, could not read it. Only the code is published. */
export const principalLacks = (id: string, isTeam: boolean, privilege: string, privilegeId: string): Problem =>
  problem(
    403,
    '0x80040231',
    `Principal ${isTeam ? 'team' : 'user'} (Id=${id}, type=${isTeam ? 9 : 8}) is missing ${privilege} privilege (Id=${privilegeId}).`,
  );

export const teamWithoutRoles = (teamId: string, privilege: string): Problem =>
  problem(
    403,
    '0x80042f0a',
    `The team with id ${teamId} has not been assigned any roles. They need a role with the ${privilege} privilege.`,
  );

/** Codes are published (dataverse-web-api 2.5, 3.7), the words are ours. */
export const securedColumn = (right: 'create' | 'update', { name, table }: Column, userId: string): Problem =>
  problem(
    403,
    right === 'create' ? '0x8004f502' : '0x8004f507',
    `The user with id ${userId} does not have ${right} permission to the secured column '${name}' of entity ${table.logicalName}.`,
  );

export const columnSecurityNotSupported = (table: Table): Problem =>
  problem(400, '0x80044817', `Column security is not supported for virtual entities: '${table.logicalName}' is one.`);
