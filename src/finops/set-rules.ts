import type { SetRules } from './row-rules.ts';
import { legalEntityRules } from './rules/legal-entities.ts';
import { permissionRules } from './rules/permissions.ts';
import { constrainedEntityRules, policyRules } from './rules/policies.ts';
import { conflictRules, segregationRules } from './rules/segregation.ts';
import { subRoleRules } from './rules/sub-roles.ts';
import { applicationLinkRules, organizationRules, roleAssignmentRules, userRules } from './rules/users.ts';

const role = { set: 'SecurityRoles', column: 'SecurityRoleIdentifier' };
const duty = { set: 'SecurityDuties', column: 'SecurityDutyIdentifier' };
const privilege = { set: 'SecurityPrivileges', column: 'SecurityPrivilegeIdentifier' };
const byRole = { SecurityRoleIdentifier: 'SecurityRoleIdentifier' };
const byDuty = { SecurityDutyIdentifier: 'SecurityDutyIdentifier' };
const byPrivilege = { SecurityPrivilegeIdentifier: 'SecurityPrivilegeIdentifier' };

/** Rules by entity set. A set that is not here follows the model alone. */
export const setRules: Readonly<Record<string, SetRules>> = {
  SystemUsers: userRules,
  SysAADClients: applicationLinkRules,
  SecurityUserRoleAssociations: roleAssignmentRules,
  SecurityUserRoleOrganizations: organizationRules,
  LegalEntities: legalEntityRules,
  SecurityPrivilegePermissions: permissionRules,
  SecurityPolicies: policyRules,
  SecurityPolicyConstrainedEntities: constrainedEntityRules,
  SegregationOfDutiesRules: segregationRules,
  SystemSegregationOfDutiesConflicts: conflictRules,
  SecurityRoleSubRoles: subRoleRules,
  SecurityRoles: {
    heldBy: [
      { set: 'SecurityUserRoleAssociations', by: byRole },
      { set: 'SecurityRoleSubRoles', by: { SubRoleIdentifier: 'SecurityRoleIdentifier' } },
      { set: 'SecurityPolicies', by: { ContextString: 'SecurityRoleIdentifier' } },
    ],
    owns: [
      { set: 'SecurityRoleDuties', by: byRole },
      { set: 'SecurityRolePrivileges', by: byRole },
      { set: 'SecurityRoleSubRoles', by: byRole },
    ],
  },
  SecurityDuties: {
    heldBy: [
      { set: 'SecurityRoleDuties', by: byDuty },
      { set: 'SegregationOfDutiesRules', by: { FirstDutyIdentifier: 'SecurityDutyIdentifier' } },
      { set: 'SegregationOfDutiesRules', by: { SecondDutyIdentifier: 'SecurityDutyIdentifier' } },
    ],
    owns: [{ set: 'SecurityDutyPrivileges', by: byDuty }],
  },
  SecurityPrivileges: {
    heldBy: [
      { set: 'SecurityDutyPrivileges', by: byPrivilege },
      { set: 'SecurityRolePrivileges', by: byPrivilege },
    ],
    owns: [{ set: 'SecurityPrivilegePermissions', by: byPrivilege }],
  },
  SecurityRoleDuties: { references: { SecurityRoleIdentifier: role, SecurityDutyIdentifier: duty } },
  SecurityRolePrivileges: { references: { SecurityRoleIdentifier: role, SecurityPrivilegeIdentifier: privilege } },
  SecurityDutyPrivileges: { references: { SecurityDutyIdentifier: duty, SecurityPrivilegeIdentifier: privilege } },
};
