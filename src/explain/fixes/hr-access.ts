import { systemAdministratorRole } from '../../hr/effective-access.ts';
import type { HrRole, HrUser } from '../../hr/hr-user.ts';
import { type HrRight, hrRights, securableField, securableName } from '../../hr/level.ts';
import type { RefusalCause } from '../../kernel/cause.ts';
import type { Fix, NearMiss } from '../condition.ts';
import type { Facts } from '../facts.ts';
import { add, type HrProposal, type HrStep, HrTrial, set } from './hr-change.ts';
import { quoted } from './operations.ts';

type Row = Readonly<Record<string, string>>;

/** The securable object that is lacked, and the right on it. */
interface Lacked {
  readonly type: 'DataEntity' | 'DataEntityField' | 'DataEntityMethod';
  readonly name: string;
  readonly field: string;
  readonly right: HrRight;
}

const isSame = (one: string | undefined, other: string): boolean => (one ?? '').toLowerCase() === other.toLowerCase();

function lackedIn({ view }: Facts, { data = {} }: RefusalCause): Lacked | undefined {
  const table = view.model.table.get(data['table'] ?? '');
  const right = hrRights.find((each) => each === data['level']);
  if (table === undefined || right === undefined) return undefined;
  const name = securableName(table);
  if (data['method'] !== undefined) return { type: 'DataEntityMethod', name, field: data['method'], right };
  const column = table.column.get(data['column'] ?? '');
  if (column === undefined) return { type: 'DataEntity', name, field: '', right };
  return { type: 'DataEntityField', name, field: securableField(column), right };
}

/** Rows of permissions on the object, whatever privilege they are of. */
const permissionsOn = ({ draft }: HrTrial, { type, name, field }: Lacked): readonly Row[] =>
  draft
    .list('SecurityPrivilegePermissions')
    .filter(
      (row) =>
        isSame(row['SecurableType'], type) &&
        isSame(row['SecurableName'], name) &&
        isSame(row['SecurableField'], field),
    );

const privilegesOf = (user: HrUser): ReadonlySet<string> =>
  new Set(user.roles.flatMap(({ role }) => role.privileges.map(({ privilege }) => privilege.toLowerCase())));

/** Users who would get more with the role. */
const holdersOf = ({ view }: Facts, role: HrRole): number =>
  [...view.hr.users.values()].filter(({ roles }) => roles.some((each) => each.role === role)).length;

/** Ways to a role or a permission, tried on a copy: whichever leads to the request being allowed. */
export async function accessFixes(facts: Facts, cause: RefusalCause): Promise<readonly Fix[]> {
  const { hrUser } = facts;
  if (hrUser === undefined) return [];
  const trial = await HrTrial.begin(facts, cause);
  const lacked = lackedIn(facts, cause);
  const proposals = [
    ...disabledAssignments(trial, hrUser),
    ...(lacked === undefined
      ? []
      : [...changedPermissions(trial, hrUser, lacked), ...addedPrivileges(trial, hrUser, lacked)]),
    ...roleAssignments(facts, hrUser),
  ];
  const alone = await trial.fixesOf(proposals);
  return alone.length > 0 || lacked === undefined ? alone : trial.fixesOf(joined(proposals));
}

/** A role alone may not do where a permission is denied too: two ways together. */
const joined = (proposals: readonly HrProposal[]): readonly HrProposal[] =>
  proposals.slice(0, 12).flatMap((one, index) =>
    proposals.slice(index + 1, 12).map((other) => ({
      title: { en: `${one.title.en}. ${other.title.en}`, nb: `${one.title.nb}. ${other.title.nb}` },
      gain: one.gain + other.gain,
      steps: [...one.steps, ...other.steps],
    })),
  );

/** Roles that are assigned but switched off. */
const disabledAssignments = ({ draft }: HrTrial, { id }: HrUser): readonly HrProposal[] =>
  draft
    .list('SecurityUserRoleAssociations')
    .filter((row) => isSame(row['UserId'], id) && !isSame(row['AssignmentStatus'], 'Enabled'))
    .map((row) => {
      const role = row['SecurityRoleIdentifier'] ?? '';
      const title = {
        en: `Enable the assignment of the role ${role} to ${id}`,
        nb: `Aktiver tildelingen av rollen ${role} til ${id}`,
      };
      const key = { UserId: id, SecurityRoleIdentifier: role };
      return {
        title,
        gain: 1,
        steps: [set('SecurityUserRoleAssociations', key, { AssignmentStatus: 'Enabled' }, title)],
      };
    });

const permissionKey = (row: Row) => ({
  SecurityPrivilegeIdentifier: row['SecurityPrivilegeIdentifier'] ?? '',
  SecurableType: row['SecurableType'] ?? '',
  SecurableName: row['SecurableName'] ?? '',
  SecurableField: row['SecurableField'] ?? '',
  IntegrationMode: row['IntegrationMode'] ?? '',
});

/** Permissions in the user's own roles that deny, or say nothing, where they could grant. */
function changedPermissions(trial: HrTrial, user: HrUser, lacked: Lacked): readonly HrProposal[] {
  const held = privilegesOf(user);
  const rows = permissionsOn(trial, lacked).filter((row) =>
    held.has((row['SecurityPrivilegeIdentifier'] ?? '').toLowerCase()),
  );
  const steps = (row: Row, values: Readonly<Record<string, string>>): HrStep[] => {
    const key = permissionKey(row);
    const said = Object.entries(values).map(([right, state]) => `${right}: ${state}`);
    const where = `${key.SecurityPrivilegeIdentifier}, ${lacked.name}${lacked.field === '' ? '' : `.${lacked.field}`}`;
    return [set('SecurityPrivilegePermissions', key, values, { en: `${where}: ${said}`, nb: `${where}: ${said}` })];
  };
  const denying = rows.filter((row) => hrRights.some((right) => isSame(row[right], 'Deny')));
  const undenied = denying.flatMap((row) =>
    steps(
      row,
      Object.fromEntries(hrRights.filter((right) => isSame(row[right], 'Deny')).map((right) => [right, 'Unset'])),
    ),
  );
  const granted = rows.map((row) => steps(row, { [lacked.right]: 'Grant' }));
  const what = `${lacked.right} on ${lacked.name}${lacked.field === '' ? '' : `.${lacked.field}`}`;
  return [
    ...(undenied.length === 0
      ? []
      : [{ title: { en: `Do not deny ${what} any more`, nb: `Ikke nekt ${what} lenger` }, gain: 1, steps: undenied }]),
    ...granted.map((each) => ({
      title: { en: `Grant ${what} in a privilege that is held`, nb: `Gi ${what} i en rettighet som brukeren har` },
      gain: 2,
      steps: [...undenied.filter(({ change }) => !each.some((other) => isSameRow(other.change, change))), ...each],
    })),
  ];
}

const isSameRow = (one: HrStep['change'], other: HrStep['change']): boolean =>
  'key' in one && 'key' in other && JSON.stringify(one.key) === JSON.stringify(other.key);

/** Privileges that are there and grant it, put into a role of the user's; or one made for it. */
function addedPrivileges(trial: HrTrial, user: HrUser, lacked: Lacked): readonly HrProposal[] {
  const held = privilegesOf(user);
  const what = `${lacked.right} on ${lacked.name}${lacked.field === '' ? '' : `.${lacked.field}`}`;
  const granting = permissionsOn(trial, lacked).filter(
    (row) =>
      hrRights.some((right) => isSame(row[right], 'Grant')) &&
      !held.has((row['SecurityPrivilegeIdentifier'] ?? '').toLowerCase()),
  );
  const roles = [...new Set(user.roles.map(({ role }) => role))].filter(
    ({ identifier }) => identifier.toUpperCase() !== systemAdministratorRole,
  );
  return granting.flatMap((row) => {
    const privilege = row['SecurityPrivilegeIdentifier'] ?? '';
    const rights = hrRights.filter((right) => isSame(row[right], 'Grant')).length;
    return roles.map((role) => ({
      title: {
        en: `Put the privilege ${privilege} into the role ${role.identifier} (${what})`,
        nb: `Legg rettigheten ${privilege} i rollen ${role.identifier} (${what})`,
      },
      gain: rights * 2 * Math.max(1, holdersOf(trial.facts, role)),
      steps: [
        add(
          'SecurityRolePrivileges',
          { SecurityRoleIdentifier: role.identifier, SecurityPrivilegeIdentifier: privilege },
          { en: `${role.identifier} has ${privilege}`, nb: `${role.identifier} har ${privilege}` },
        ),
      ],
    }));
  });
}

/** Roles that the user does not have. */
function roleAssignments({ view }: Facts, user: HrUser): readonly HrProposal[] {
  const held = new Set(user.roles.map(({ role }) => role.identifier.toLowerCase()));
  return [...view.hr.roles.values()]
    .filter(({ identifier }) => !held.has(identifier.toLowerCase()))
    .map(({ identifier, name, privileges }) => {
      const title = { en: `Assign the role ${identifier} to ${user.id}`, nb: `Tildel ${user.id} rollen ${identifier}` };
      const values = { UserId: user.id, SecurityRoleIdentifier: identifier, SecurityRoleName: name };
      const isFullPower = identifier.toUpperCase() === systemAdministratorRole;
      return {
        title,
        gain: isFullPower ? 1_000_000 : 10 + privileges.length * 4,
        steps: [
          add(
            'SecurityUserRoleAssociations',
            values,
            title,
            `portvakt hr-user grant ${quoted(user.id)} ${quoted(identifier)}`,
          ),
        ],
      };
    });
}

/** Roles that would do and are not assigned, or are and switched off. */
export async function unassignedHrRoles(facts: Facts, cause: RefusalCause): Promise<readonly NearMiss[]> {
  const { hrUser } = facts;
  if (hrUser === undefined) return [];
  const trial = await HrTrial.begin(facts, cause);
  const misses = async (kind: string, proposals: readonly HrProposal[], en: string, nb: string) =>
    (await trial.tryEach(proposals))
      .filter(({ unmet }) => unmet?.condition !== cause.condition)
      .map(({ proposal: { steps } }): NearMiss => {
        const change = steps[0]?.change;
        const named = change?.kind === 'add' ? change.values : change?.kind === 'set' ? change.key : {};
        const role = String(named['SecurityRoleIdentifier'] ?? '');
        return { kind, text: { en: `${role}: ${en}`, nb: `${role}: ${nb}` }, evidence: { role } };
      });
  const assignable = roleAssignments(facts, hrUser).filter(({ gain }) => gain < 1_000_000);
  return [
    ...(await misses(
      'assignment-disabled',
      disabledAssignments(trial, hrUser),
      'the role would do; its assignment is disabled',
      'rollen ville vært nok; tildelingen er deaktivert',
    )),
    ...(await misses(
      'role-not-assigned',
      assignable,
      'the role would do, but is not assigned to the user',
      'rollen ville vært nok, men er ikke tildelt brukeren',
    )),
  ];
}
