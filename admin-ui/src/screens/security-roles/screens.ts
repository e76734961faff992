import { administrators, type ScreenEntry } from '../screen.ts';

const area = 'powerPlatform';
const roles = administrators;

export const securityRoleScreens: readonly ScreenEntry[] = [
  { path: '/security-roles', area, roles, nav: 'roles.title', load: () => import('./security-roles.tsx') },
  { path: '/security-roles/new', area, roles, load: () => import('./security-role-new.tsx') },
  { path: '/security-roles/:roleId', area, roles, load: () => import('./security-role.tsx') },
];
