import type { Problem } from '../kernel/refusal.ts';
import type { Table } from '../metadata/table.ts';
import type { HrLevel } from './level.ts';

/**
 * How every refusal of the second gate travels: the adapter is a plug-in, and what a plug-in throws is 400 with this
 * code (human-resources-security 7, open point U1). To answer 403 instead, change it here and nowhere else.
 */
const secondGateRefusal = { status: 400, code: '0x80040265' } as const;

/** A problem of the second gate, or of the business logic behind it, with the product's message. */
export const hrProblem = (message: string): Problem => ({ ...secondGateRefusal, message });

/** The administration tables could not be read after a change. Not a refusal of the gate: it cannot be asked. */
export const securityUnavailable: Problem = {
  status: 503,
  code: '0x80040216',
  message: 'The security data of this environment could not be read. Try again later.',
};

/** V1: the call from Dataverse to Human Resources was itself rejected. The odd grammar is the product's. */
export const platformRejected = hrProblem(
  'A token was obtained to call Finance and Operations, but the call was rejected by Finance and Operations as not authorized. Verify that the Microsoft Entra application value is specified in the Microsoft Entra application for in Finance and Operations, and that the associated user account has privileges to call the CDSVirtualEntity web service.',
);

/** V2: the caller's identity leads to no Human Resources user. */
export const userNotFound = (name: string): Problem =>
  hrProblem(`User ${name} was not found in Finance and Operations. Please ensure this user exists.`);

/** D3 (our wording, human-resources-security 7 step 14). */
export const userDisabled = (userId: string): Problem => hrProblem(`user ${userId} is disabled in Human Resources`);

/** Verb of a level in the product's message, and what the last sentence says the user may not do to the data. */
const wording: Readonly<Record<HrLevel, { readonly verb: string; readonly data: string }>> = {
  Read: { verb: 'select', data: 'view data in database' },
  Update: { verb: 'update', data: 'modify data in database' },
  Create: { verb: 'insert', data: 'modify data in database' },
  Correct: { verb: 'correct', data: 'modify data in database' },
  Delete: { verb: 'delete', data: 'modify data in database' },
};

/** Name of the data entity behind a virtual table, as the product's messages print it. */
const entityNameOf = (table: Table): string => table.entityName ?? table.logicalName;

/** D4: the user's roles do not reach the data entity at this level (6.2, first row). */
export function notAuthorized(userName: string, level: HrLevel, table: Table): Problem {
  const { verb, data } = wording[level];
  return hrProblem(
    `User ${userName} is not authorized to ${verb} a record in table ${entityNameOf(table)}. Request denied. Access Denied: You do not have sufficient authorization to ${data}.`,
  );
}

/** D5: the user's roles reach the data entity, but not in the legal entity that the write names (our wording). */
export function outsideLegalEntity(userName: string, level: HrLevel, table: Table, where: OutsideLegalEntity): Problem {
  const roles = where.roles.length === 0 ? 'no role' : where.roles.join(', ');
  const companies = where.companies.length === 0 ? 'no legal entity' : where.companies.join(', ');
  return hrProblem(
    `User ${userName} is not authorized to ${wording[level].verb} a record in table ${entityNameOf(table)} in legal entity '${where.named}'. Request denied. The user's roles (${roles}) allow it in: ${companies}.`,
  );
}

export interface OutsideLegalEntity {
  readonly named: string;
  readonly companies: readonly string[];
  readonly roles: readonly string[];
}

/** V9: a link whose lookup the product does not let callers write. */
export const nestedPipeline = hrProblem(
  'Custom plugin execution is not allowed in nested pipeline for Virtual Entity.',
);

/** Not a refusal of the gate: something that virtual tables do not offer. */
export const notSupported: Problem = {
  status: 501,
  code: '0x80044822',
  message: 'The operation is not supported for virtual entity.',
};
