import { administrationRow } from '../../hr/administration-row.ts';
import { baseRoles, systemUserRole } from '../../hr/base-roles.ts';
import { administrationTable, columnOf } from '../../hr/hr-rows.ts';
import { parseGuid, parseHrUserId, parseLegalEntityId } from '../../kernel/ids.ts';
import type { SetRules } from '../row-rules.ts';
import { findRows, getValue, isFilled, setValue, textOf } from '../row-work.ts';
import { reportConflicts } from './segregation.ts';

/** Accounts of the product itself, never to be deleted (human-resources-security 3.5). Lower case. */
const preconfiguredAccounts: ReadonlySet<string> = new Set([
  'axrunner',
  'datasyncframeworkapp',
  'dataversesearchapp',
  'dynamicsmaintappuser',
  'frserviceuser',
  'monitoringappuser',
  'powerplatformapp',
  'retailserviceaccount',
  'scaleunitmanagement',
  'scaleunitpipeline',
  'syshealthserviceuser',
  'axping',
]);

const user = { set: 'SystemUsers', column: 'UserID' };
const role = { set: 'SecurityRoles', column: 'SecurityRoleIdentifier' };
const legalEntity = { set: 'LegalEntities', column: 'LegalEntityId' };

/** Users (3.1 and 3.2). A new one is given the role System user. */
export const userRules: SetRules = {
  references: { Company: legalEntity },
  heldBy: [{ set: 'SysAADClients', by: { UserId: 'UserID' } }],
  owns: [
    { set: 'SecurityUserRoleOrganizations', by: { UserId: 'UserID' } },
    { set: 'SecurityUserRoleAssociations', by: { UserId: 'UserID' } },
    { set: 'SystemSegregationOfDutiesConflicts', by: { UserId: 'UserID' } },
  ],

  async prepare(work) {
    const given = textOf(work, 'UserID');
    const id = parseHrUserId(given);
    if (id !== undefined) setValue(work, 'UserID', id);
    const company = parseLegalEntityId(textOf(work, 'Company'));
    if (company !== undefined) setValue(work, 'Company', company);
  },

  async afterCreate(work) {
    const assignments = administrationTable(work.model, 'SecurityUserRoleAssociations');
    const named = {
      UserId: getValue(work, 'UserID'),
      SecurityRoleIdentifier: systemUserRole,
      SecurityRoleName: baseRoles.find(({ identifier }) => identifier === systemUserRole)?.name ?? systemUserRole,
    };
    await work.rows.insert(assignments, administrationRow(assignments, named));
  },

  async beforeDelete(work) {
    const id = textOf(work, 'UserID');
    if (preconfiguredAccounts.has(id.toLowerCase())) {
      work.errors.push(`User '${id}' is a preconfigured system account and cannot be deleted.`);
    }
  },
};

/** Application links (4). One row per client id; it may name no user, and then lets nobody in. */
export const applicationLinkRules: SetRules = {
  references: { UserId: user },

  async prepare(work) {
    const given = textOf(work, 'AADClientId');
    const clientId = parseGuid(given.trim());
    if (clientId !== undefined) setValue(work, 'AADClientId', clientId);
    else if (given !== '') work.errors.push(`Field 'Client ID' must be a GUID, not '${given}'.`);
  },
};

/** Role assignments (3.4). The product wants the role's name beside its identifier; here it may be left out. */
export const roleAssignmentRules: SetRules = {
  words: { AssignmentStatus: ['Enabled', 'Disabled'], AssignmentMode: ['Manual', 'Automatic'] },
  references: { UserId: user },
  owns: [
    {
      set: 'SecurityUserRoleOrganizations',
      by: { UserId: 'UserId', SecurityRoleIdentifier: 'SecurityRoleIdentifier' },
    },
    ...['ExistingRoleIdentifier', 'NewRoleIdentifier'].map((role) => ({
      set: 'SystemSegregationOfDutiesConflicts',
      by: { UserId: 'UserId', [role]: 'SecurityRoleIdentifier' },
    })),
  ],

  afterCreate: reportConflicts,
  afterUpdate: reportConflicts,

  async prepare(work) {
    const identifier = textOf(work, 'SecurityRoleIdentifier');
    if (identifier === '') return;
    const [found] = await findRows(work, 'SecurityRoles', { SecurityRoleIdentifier: identifier });
    if (found === undefined) {
      const name = textOf(work, 'SecurityRoleName');
      work.errors.push(`Security role '${name}' with identifier value '${identifier}' is not valid`);
      return;
    }
    const roles = administrationTable(work.model, 'SecurityRoles');
    setValue(work, 'SecurityRoleIdentifier', found.values.get(columnOf(roles, 'SecurityRoleIdentifier')) ?? identifier);
    setValue(work, 'SecurityRoleName', found.values.get(columnOf(roles, 'SecurityRoleName')) ?? identifier);
  },
};

/** Legal entities that an assignment is restricted to (2.4). */
export const organizationRules: SetRules = {
  words: { OrganizationType: ['LegalEntity'] },
  references: { UserId: user, SecurityRoleIdentifier: role, OrganizationId: legalEntity },

  async prepare(work) {
    const company = parseLegalEntityId(textOf(work, 'OrganizationId'));
    if (company !== undefined) setValue(work, 'OrganizationId', company);
    const assignment = {
      UserId: getValue(work, 'UserId'),
      SecurityRoleIdentifier: getValue(work, 'SecurityRoleIdentifier'),
    };
    if (!Object.values(assignment).every(isFilled)) return;
    if ((await findRows(work, 'SecurityUserRoleAssociations', assignment)).length === 0) {
      work.errors.push(
        `User '${textOf(work, 'UserId')}' does not have the role '${textOf(work, 'SecurityRoleIdentifier')}'.`,
      );
    }
  },
};
