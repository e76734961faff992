import type { SetRules } from './row-rules.ts';
import { legalEntityRules } from './rules/legal-entities.ts';
import { permissionRules } from './rules/permissions.ts';
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
  SecurityRoles: {
    heldBy: [{ set: 'SecurityUserRoleAssociations', by: byRole }],
    owns: [
      { set: 'SecurityRoleDuties', by: byRole },
      { set: 'SecurityRolePrivileges', by: byRole },
    ],
  },
  SecurityDuties: {
    heldBy: [{ set: 'SecurityRoleDuties', by: byDuty }],
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
