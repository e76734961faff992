import { humanResourcesChoices, platformChoices } from './choices.ts';
import { linkModel } from './model.ts';
import { ownTranslations } from './own-translations.ts';
import type { Choice, Model, TableDefinition } from './table.ts';
import { legalEntities } from './tables/administration/legal-entities.ts';
import { recruitingParameters } from './tables/administration/recruiting-parameters.ts';
import { securityDuties } from './tables/administration/security-duties.ts';
import { securityDutyPrivileges } from './tables/administration/security-duty-privileges.ts';
import { securityPolicies } from './tables/administration/security-policies.ts';
import { securityPolicyConstrainedEntities } from './tables/administration/security-policy-constrained-entities.ts';
import { securityPrivilegePermissions } from './tables/administration/security-privilege-permissions.ts';
import { securityPrivileges } from './tables/administration/security-privileges.ts';
import { securityRoleDuties } from './tables/administration/security-role-duties.ts';
import { securityRolePrivileges } from './tables/administration/security-role-privileges.ts';
import { securityRoleSubRoles } from './tables/administration/security-role-sub-roles.ts';
import { securityRoles } from './tables/administration/security-roles.ts';
import { securityUserRoleAssociations } from './tables/administration/security-user-role-associations.ts';
import { securityUserRoleOrganizations } from './tables/administration/security-user-role-organizations.ts';
import { segregationOfDutiesConflicts } from './tables/administration/segregation-of-duties-conflicts.ts';
import { segregationOfDutiesRules } from './tables/administration/segregation-of-duties-rules.ts';
import { sysAadClients } from './tables/administration/sys-aad-clients.ts';
import { systemUsers } from './tables/administration/system-users.ts';
import { cdmCompany } from './tables/cdm-company.ts';
import { dirPartyContact } from './tables/dir-party-contact.ts';
import { dirPerson } from './tables/dir-person.ts';
import { hcmCandidateToHire } from './tables/hcm-candidate-to-hire.ts';
import { hcmCertificateType } from './tables/hcm-certificate-type.ts';
import { hcmEducationDegree } from './tables/hcm-education-degree.ts';
import { hcmEducationDiscipline } from './tables/hcm-education-discipline.ts';
import { hcmEducationInstitution } from './tables/hcm-education-institution.ts';
import { hcmEducationLevel } from './tables/hcm-education-level.ts';
import { hcmEmployment } from './tables/hcm-employment.ts';
import { hcmIdentificationType } from './tables/hcm-identification-type.ts';
import { hcmIssuingAgency } from './tables/hcm-issuing-agency.ts';
import { hcmJob } from './tables/hcm-job.ts';
import { hcmJobCompensation } from './tables/hcm-job-compensation.ts';
import { hcmJobFunction } from './tables/hcm-job-function.ts';
import { hcmJobType } from './tables/hcm-job-type.ts';
import { hcmPersonAddress } from './tables/hcm-person-address.ts';
import { hcmPersonCertificate } from './tables/hcm-person-certificate.ts';
import { hcmPersonEducation } from './tables/hcm-person-education.ts';
import { hcmPersonIdentificationNumber } from './tables/hcm-person-identification-number.ts';
import { hcmPersonProfessionalExperience } from './tables/hcm-person-professional-experience.ts';
import { hcmPersonScreening } from './tables/hcm-person-screening.ts';
import { hcmPersonSkill } from './tables/hcm-person-skill.ts';
import { hcmPositionType } from './tables/hcm-position-type.ts';
import { hcmPositionV2 } from './tables/hcm-position-v2.ts';
import { hcmPositionWorkerAssignment } from './tables/hcm-position-worker-assignment.ts';
import { hcmRatingLevel } from './tables/hcm-rating-level.ts';
import { hcmRatingModel } from './tables/hcm-rating-model.ts';
import { hcmReasonCode } from './tables/hcm-reason-code.ts';
import { hcmRecruitingRequest } from './tables/hcm-recruiting-request.ts';
import { hcmRecruitingRequestEducation } from './tables/hcm-recruiting-request-education.ts';
import { hcmRecruitingRequestLocation } from './tables/hcm-recruiting-request-location.ts';
import { hcmRecruitingRequestPosition } from './tables/hcm-recruiting-request-position.ts';
import { hcmRecruitingRequestSkill } from './tables/hcm-recruiting-request-skill.ts';
import { hcmScreeningType } from './tables/hcm-screening-type.ts';
import { hcmSkill } from './tables/hcm-skill.ts';
import { hcmTitle } from './tables/hcm-title.ts';
import { hcmVeteranStatus } from './tables/hcm-veteran-status.ts';
import { hcmWorker } from './tables/hcm-worker.ts';
import { hcmWorkerBase } from './tables/hcm-worker-base.ts';
import { logisticsAddressCountryRegion } from './tables/logistics-address-country-region.ts';
import { businessUnit } from './tables/native/business-unit.ts';
import { fieldPermission } from './tables/native/field-permission.ts';
import { fieldSecurityProfile } from './tables/native/field-security-profile.ts';
import { organization } from './tables/native/organization.ts';
import { owner } from './tables/native/owner.ts';
import { principalObjectAccess } from './tables/native/principal-object-access.ts';
import { privilege } from './tables/native/privilege.ts';
import { role } from './tables/native/role.ts';
import { rolePrivileges } from './tables/native/role-privileges.ts';
import { roleTemplate } from './tables/native/role-template.ts';
import { systemUser } from './tables/native/system-user.ts';
import { systemUserProfiles } from './tables/native/system-user-profiles.ts';
import { systemUserRoles } from './tables/native/system-user-roles.ts';
import { team } from './tables/native/team.ts';
import { teamMembership } from './tables/native/team-membership.ts';
import { teamProfiles } from './tables/native/team-profiles.ts';
import { teamRoles } from './tables/native/team-roles.ts';
import { omDepartment } from './tables/om-department.ts';
import { payrollBankAccountDisbursement } from './tables/payroll-bank-account-disbursement.ts';

/** The forty tables that an ATS integration needs, in the order of the source document's list. */
export const recruitingTables: readonly TableDefinition[] = [
  hcmWorkerBase,
  hcmCandidateToHire,
  hcmPersonCertificate,
  hcmCertificateType,
  cdmCompany,
  hcmJobFunction,
  hcmJobType,
  logisticsAddressCountryRegion,
  omDepartment,
  hcmPersonEducation,
  hcmEducationDegree,
  hcmEducationDiscipline,
  hcmRecruitingRequestEducation,
  hcmPersonIdentificationNumber,
  hcmIdentificationType,
  hcmEducationInstitution,
  hcmIssuingAgency,
  hcmJobCompensation,
  hcmJob,
  hcmEducationLevel,
  dirPartyContact,
  dirPerson,
  hcmPersonAddress,
  hcmPersonScreening,
  hcmPositionType,
  hcmPositionV2,
  hcmPersonProfessionalExperience,
  hcmRatingLevel,
  hcmRatingModel,
  hcmReasonCode,
  hcmRecruitingRequest,
  hcmRecruitingRequestLocation,
  hcmRecruitingRequestPosition,
  hcmRecruitingRequestSkill,
  hcmScreeningType,
  hcmPersonSkill,
  hcmSkill,
  hcmTitle,
  hcmVeteranStatus,
  hcmWorker,
];

/** Native tables of Dataverse's security model (dataverse-web-api 3.1). */
const nativeTables: readonly TableDefinition[] = [
  organization,
  businessUnit,
  systemUser,
  role,
  roleTemplate,
  privilege,
  team,
  owner,
  principalObjectAccess,
  fieldSecurityProfile,
  fieldPermission,
  systemUserProfiles,
  teamProfiles,
  systemUserRoles,
  rolePrivileges,
  teamRoles,
  teamMembership,
];

/** Human Resources' own administration, reached under `/data/` (human-resources-security 3.4). */
const administrationTables: readonly TableDefinition[] = [
  systemUsers,
  sysAadClients,
  securityRoles,
  securityDuties,
  securityPrivileges,
  securityRoleDuties,
  securityDutyPrivileges,
  securityRolePrivileges,
  securityPrivilegePermissions,
  securityUserRoleAssociations,
  securityUserRoleOrganizations,
  legalEntities,
  securityRoleSubRoles,
  securityPolicies,
  securityPolicyConstrainedEntities,
  segregationOfDutiesRules,
  segregationOfDutiesConflicts,
  recruitingParameters,
];

/** All tables that every environment has. A table added later is a file in `tables/` and a line here. */
export const builtInTables: readonly TableDefinition[] = [
  ...recruitingTables,
  hcmEmployment,
  hcmPositionWorkerAssignment,
  payrollBankAccountDisbursement,
  ...nativeTables,
  ...administrationTables,
].map(translate);

/** Columns without a published Norwegian label get ours. */
function translate(table: TableDefinition): TableDefinition {
  const columns = table.columns.map((column) => {
    const labelNb = column.labelNb ?? ownTranslations[column.label];
    return labelNb === undefined ? column : { ...column, labelNb };
  });
  return { ...table, columns };
}

export const builtInChoices: readonly Choice[] = [...humanResourcesChoices, ...platformChoices];

/** The model of an environment to which nothing was added. */
export const builtInModel = (): Model => linkModel(builtInTables, builtInChoices);
