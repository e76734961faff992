import type { OperatorLanguage } from '../../../../src/admin/contract.ts';

/** Predefined roles under the names that Norwegian documentation has for them: administrators look for those. */
const norwegian: Readonly<Record<string, { readonly is: string; readonly nb: string }>> = {
  '-SYSADMIN-': { is: 'System administrator', nb: 'Systemansvarlig' },
  SYSTEMUSER: { is: 'System user', nb: 'Systembruker' },
  HcmRecruitingIntegrator: { is: 'Recruiting application', nb: 'Rekrutteringsprogram' },
  HcmRecruiter: { is: 'Recruiter', nb: 'Rekrutterer' },
  HcmHumanResourceManager: { is: 'Human resource manager', nb: 'Personalsjef' },
  HcmManager: { is: 'Manager', nb: 'Leder' },
  HCMEmployee: { is: 'Employee', nb: 'Ansatt' },
  HcmContractor: { is: 'Contractor', nb: 'Oppdragstaker' },
};

/** What a role is called in a language. Who has given it another name is shown that one. */
export function roleName(language: OperatorLanguage, identifier: string, name: string): string {
  const known = norwegian[identifier];
  return language === 'nb' && known?.is === name ? known.nb : name;
}
