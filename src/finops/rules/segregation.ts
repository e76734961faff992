import { administrationRow } from '../../hr/administration-row.ts';
import { rolesInside } from '../../hr/build-roles.ts';
import { administrationTable, columnOf, groupBy, rowReader } from '../../hr/hr-rows.ts';
import type { Value } from '../../odata/query.ts';
import type { Row } from '../../odata/row-store.ts';
import { finopsRefuse } from '../finops-problems.ts';
import type { RowWork, SetRules } from '../row-rules.ts';
import { allRows, findRows, textOf } from '../row-work.ts';

const duty = { set: 'SecurityDuties', column: 'SecurityDutyIdentifier' };
const conflictSet = 'SystemSegregationOfDutiesConflicts';
const assignmentSet = 'SecurityUserRoleAssociations';

/** Duties that nobody should have both (2.5). */
export const segregationRules: SetRules = {
  words: { Severity: ['Low', 'Medium', 'High'] },
  references: { FirstDutyIdentifier: duty, SecondDutyIdentifier: duty },
  owns: [{ set: conflictSet, by: { RuleName: 'RuleName' } }],

  async prepare(work) {
    const [first, second] = ['FirstDutyIdentifier', 'SecondDutyIdentifier'].map((name) => textOf(work, name));
    if (first !== '' && first?.toLowerCase() === second?.toLowerCase()) {
      work.errors.push("Field 'SecondDutyIdentifier' must name another duty than 'FirstDutyIdentifier'.");
    }
  },
};

/** Conflicts are found, not made: an administrator allows them with a reason, or denies the assignment (2.5). */
export const conflictRules: SetRules = {
  words: { Resolution: ['Unresolved', 'Allowed', 'Denied'] },

  async prepare(work) {
    if (work.before === undefined) {
      throw finopsRefuse.writeFailed(work.table, ['Conflicts are found when a role is assigned.']);
    }
    if (resolutionOf(work) === 'allowed' && textOf(work, 'OverrideReason').trim() === '') {
      work.errors.push("Field 'OverrideReason' must be filled in.");
    }
  },

  async afterUpdate(work) {
    if (resolutionOf(work) !== 'denied') return;
    const table = administrationTable(work.model, assignmentSet);
    const named = { UserId: textOf(work, 'UserId'), SecurityRoleIdentifier: textOf(work, 'NewRoleIdentifier') };
    const disabled = new Map<ReturnType<typeof columnOf>, Value>([[columnOf(table, 'AssignmentStatus'), 'Disabled']]);
    for (const row of await findRows(work, assignmentSet, named)) await work.rows.update(table, row.id, disabled);
  },
};

const resolutionOf = (work: RowWork): string => textOf(work, 'Resolution').toLowerCase();

/**
 * Records the rules that a role assignment breaks, together with the roles that the user has, as unresolved conflicts.
 * The assignment stays: segregation is reported, it decides nothing at run time (2.5).
 */
export async function reportConflicts(work: RowWork): Promise<void> {
  if (textOf(work, 'AssignmentStatus').toLowerCase() !== 'enabled') return;
  const rules = (await allRows(work, administrationTable(work.model, 'SegregationOfDutiesRules'))).filter((rule) =>
    isInForce(rule, work.now),
  );
  if (rules.length === 0) return;
  const dutiesOf = await dutyFinder(work);
  const newRole = textOf(work, 'SecurityRoleIdentifier');
  const gained = dutiesOf(newRole);
  for (const existing of await enabledRoles(work)) {
    const held = dutiesOf(existing);
    for (const rule of rules) if (breaks(rule, gained, held)) await record(work, rule, existing, newRole);
  }
}

function isInForce(rule: Row, now: Date): boolean {
  const read = rowReader(rule);
  const moment = `${now.toISOString().slice(0, 19)}Z`;
  return read('ValidFrom') <= moment && (read('ValidTo') === '' || moment < read('ValidTo'));
}

function breaks(rule: Row, gained: ReadonlySet<string>, held: ReadonlySet<string>): boolean {
  const read = rowReader(rule);
  const [first, second] = [read('FirstDutyIdentifier').toLowerCase(), read('SecondDutyIdentifier').toLowerCase()];
  return (gained.has(first) && held.has(second)) || (gained.has(second) && held.has(first));
}

/** Duties of a role and of the roles inside it, lower case. */
async function dutyFinder(work: RowWork): Promise<(role: string) => ReadonlySet<string>> {
  const read = async (set: string, by: string) =>
    groupBy(await allRows(work, administrationTable(work.model, set)), by);
  const duties = await read('SecurityRoleDuties', 'SecurityRoleIdentifier');
  const children = await read('SecurityRoleSubRoles', 'SecurityRoleIdentifier');
  return (role) => {
    const roles = [role.toLowerCase(), ...rolesInside(role.toLowerCase(), children)];
    const rows = roles.flatMap((each) => duties.get(each) ?? []);
    return new Set(rows.map((row) => rowReader(row)('SecurityDutyIdentifier').toLowerCase()));
  };
}

/** Roles that the user has in force, the one being assigned among them. */
async function enabledRoles(work: RowWork): Promise<readonly string[]> {
  const rows = await findRows(work, assignmentSet, { UserId: textOf(work, 'UserId') }, 1000);
  const enabled = rows.filter((row) => rowReader(row)('AssignmentStatus').toLowerCase() === 'enabled');
  return enabled.map((row) => rowReader(row)('SecurityRoleIdentifier'));
}

async function record(work: RowWork, rule: Row, existing: string, newRole: string): Promise<void> {
  const table = administrationTable(work.model, conflictSet);
  const read = rowReader(rule);
  const key = {
    UserId: textOf(work, 'UserId'),
    RuleName: read('RuleName'),
    ExistingRoleIdentifier: existing,
    NewRoleIdentifier: newRole,
  };
  const [known] = await findRows(work, conflictSet, key);
  const validity = { ValidFrom: read('ValidFrom') || null, ValidTo: read('ValidTo') || null };
  const row = administrationRow(table, { ...key, ...validity });
  if (known === undefined) await work.rows.insert(table, row);
  else await work.rows.update(table, known.id, row);
}
