import { administrators, type ScreenEntry } from '../screen.ts';

const area = 'humanResources';
const roles = administrators;

const load = (name: keyof typeof import('./containers.tsx')) => async () => ({
  Screen: (await import('./containers.tsx'))[name],
});

export const hrSecurityScreens: readonly ScreenEntry[] = [
  { path: '/hr-roles', area, roles, nav: 'hrRoles.title', load: load('Roles') },
  { path: '/hr-roles/new', area, roles, load: load('NewRole') },
  { path: '/hr-roles/:hrRoleId', area, roles, load: load('Role') },
  { path: '/hr-duties', area, roles, nav: 'hrDuties.title', load: load('Duties') },
  { path: '/hr-duties/new', area, roles, load: load('NewDuty') },
  { path: '/hr-duties/:hrDutyId', area, roles, load: load('Duty') },
  { path: '/hr-privileges', area, roles, nav: 'hrPrivileges.title', load: load('Privileges') },
  { path: '/hr-privileges/new', area, roles, load: load('NewPrivilege') },
  { path: '/hr-privileges/:hrPrivilegeId', area, roles, load: load('Privilege') },
  { path: '/hr-policies', area, roles, nav: 'hrPolicies.title', load: () => import('./policies.tsx') },
  { path: '/hr-policies/new', area, roles, load: () => import('./policy-new.tsx') },
  { path: '/hr-policies/:hrPolicyId', area, roles, load: () => import('./policy-detail.tsx') },
];
