/** Which privileges a duty has, by data entity: those to maintain (full control) and those to view. */
export interface BaseDuty {
  readonly identifier: string;
  readonly name: string;
  readonly maintains?: readonly string[];
  readonly views?: readonly string[];
  /** Names of actions of Human Resources (`entity-actions.ts`) that may be called. */
  readonly invokes?: readonly string[];
}

export interface BaseRole {
  readonly identifier: string;
  readonly name: string;
  readonly duties?: readonly string[];
}

const applicantEntities = [
  'HcmCandidateToHireEntity',
  'DirPersonEntity',
  'DirPartyContactEntity',
  'HcmPersonAddressEntity',
  'HcmPersonSkillEntity',
  'HcmPersonEducationEntity',
  'HcmPersonCertificateEntity',
  'HcmPersonProfessionalExperienceEntity',
  'HcmPersonScreeningEntity',
];
const requestEntities = [
  'HcmRecruitingRequestEntity',
  'HcmRecruitingRequestPositionEntity',
  'HcmRecruitingRequestSkillEntity',
  'HcmRecruitingRequestEducationEntity',
  'HcmRecruitingRequestLocationEntity',
];
const skillEntities = ['HcmSkillEntity', 'HcmRatingModelEntity', 'HcmRatingLevelEntity', 'HcmCertificateTypeEntity'];
const jobEntities = [
  'HcmJobEntity',
  'HcmJobCompensationEntity',
  'HcmJobFunctionEntity',
  'HcmJobTypeEntity',
  'HcmTitleEntity',
  'HcmPositionV2Entity',
  'HcmPositionTypeEntity',
  'OMDepartmentEntity',
];
const requestActions = (...methods: readonly string[]): readonly string[] =>
  methods.map((method) => `mshr_${method}RecruitingRequest`);
const workerEntities = ['HcmWorkerEntity', 'HcmWorkerBaseEntity'];

/**
 * Duties of the predefined roles. The identifiers of `HcmRecruiter` and `HcmHumanResourceManager` are published for the
 * product's predecessor (human-resources-security 2.8); which data entities they open is ours, as the names suggest. A
 * duty without entities opens forms only, which are not here.
 */
export const baseDuties: readonly BaseDuty[] = [
  { identifier: 'HcmApplicantMaintain', name: 'Maintain applicants', maintains: applicantEntities },
  { identifier: 'HcmApplicantInquire', name: 'Inquire into applicants', views: applicantEntities },
  {
    identifier: 'HcmRecruitmentProcessEnable',
    name: 'Enable recruitment process',
    maintains: requestEntities,
    invokes: requestActions('Submit', 'Recall', 'Review', 'Reopen', 'Activate'),
  },
  {
    identifier: 'HcmRecruitingRequestEnable',
    name: 'Enable recruiting requests of managers',
    maintains: requestEntities.filter((entity) => entity !== 'HcmRecruitingRequestLocationEntity'),
    views: ['HcmRecruitingRequestLocationEntity', 'DirPersonEntity'],
    invokes: requestActions('Submit', 'Recall', 'Reopen', 'Activate'),
  },
  {
    identifier: 'HcmRecruitingRequestApprove',
    name: 'Approve recruiting requests',
    views: requestEntities,
    invokes: requestActions('Review', 'Approve', 'Deny', 'Cancel'),
  },
  { identifier: 'HcmJobPositionInquire', name: 'Inquire into jobs and positions', views: jobEntities },
  { identifier: 'HcmRecruitmentProcessInquire', name: 'Inquire into recruitment process', views: requestEntities },
  { identifier: 'HcmSkillMaintain', name: 'Maintain skills', maintains: skillEntities },
  { identifier: 'HcmSkillInquire', name: 'Inquire into skills', views: skillEntities },
  { identifier: 'HcmJobPositionMaintain', name: 'Maintain jobs and positions', maintains: jobEntities },
  { identifier: 'HcmWorkerMaintain', name: 'Maintain workers', maintains: workerEntities },
  { identifier: 'HcmWorkerInquire', name: 'Inquire into workers', views: workerEntities },
  { identifier: 'HcmHREnable', name: 'Enable human resources' },
  { identifier: 'HcmCompensationInquire', name: 'Inquire into compensation', views: ['HcmJobCompensationEntity'] },
  { identifier: 'HcmWorkerActionApprove', name: 'Approve worker actions', invokes: ['mshr_HireCandidate'] },
  { identifier: 'HcmWorkerUserRequestApprove', name: 'Approve worker user requests' },
];

/** Role of the integrating application's user ("Recruiting application", Rekrutteringsprogram). */
const recruitingIntegratorRole = 'HcmRecruitingIntegrator';

/** Duties that hold the privileges of the recruiting role: what may be changed, and what may be looked up. */
export const recruitingDuties = {
  maintain: { identifier: 'HcmRecruitingIntegrationMaintain', name: 'Maintain recruiting using services' },
  inquire: { identifier: 'HcmRecruitingIntegrationInquire', name: 'Inquire into recruiting using services' },
} as const;

/** Role that every new user is given. It opens no data entity. */
export const systemUserRole = 'SYSTEMUSER';

/** Predefined roles (human-resources-security 2.7). Roles without duties open no data entity. */
export const baseRoles: readonly BaseRole[] = [
  { identifier: '-SYSADMIN-', name: 'System administrator' },
  { identifier: systemUserRole, name: 'System user' },
  {
    identifier: recruitingIntegratorRole,
    name: 'Recruiting application',
    duties: [recruitingDuties.maintain.identifier, recruitingDuties.inquire.identifier],
  },
  { identifier: 'CDSVirtualEntityApplication', name: 'Dataverse Virtual entity integration app' },
  { identifier: 'CDSVirtualEntityAuthorizedPortalUser', name: 'Dataverse Virtual entity authorized portal user' },
  {
    identifier: 'HcmRecruiter',
    name: 'Recruiter',
    duties: [
      'HcmApplicantInquire',
      'HcmApplicantMaintain',
      'HcmJobPositionMaintain',
      'HcmRecruitmentProcessEnable',
      'HcmRecruitmentProcessInquire',
      'HcmSkillInquire',
      'HcmSkillMaintain',
      'HcmWorkerActionApprove',
      'HcmWorkerInquire',
      'HcmWorkerMaintain',
    ],
  },
  {
    identifier: 'HcmHumanResourceManager',
    name: 'Human resource manager',
    duties: [
      'HcmWorkerUserRequestApprove',
      'HcmHREnable',
      'HcmApplicantInquire',
      'HcmCompensationInquire',
      'HcmRecruitingRequestApprove',
    ],
  },
  {
    identifier: 'HcmManager',
    name: 'Manager',
    duties: ['HcmRecruitingRequestEnable', 'HcmJobPositionInquire', 'HcmSkillInquire', 'HcmWorkerInquire'],
  },
  { identifier: 'HCMEmployee', name: 'Employee' },
  { identifier: 'HcmContractor', name: 'Contractor' },
  { identifier: 'XDSDataAccessPolicyBypassRole', name: 'XDS data access policy bypass role' },
  { identifier: 'DataManagementApplicationAdministrator', name: 'Data management administrator' },
];
