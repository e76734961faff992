import { administrators, type ScreenEntry } from '../screen.ts';

const area = 'humanResources';
const roles = administrators;

export const humanResourcesScreens: readonly ScreenEntry[] = [
  { path: '/hr-users', area, roles, nav: 'hrUsers.title', load: () => import('./users.tsx') },
  { path: '/hr-users/new', area, roles, load: () => import('./user-new.tsx') },
  { path: '/hr-users/:hrUserId', area, roles, load: () => import('./user-detail.tsx') },
  { path: '/hr-applications', area, roles, nav: 'hrLinks.title', load: () => import('./links.tsx') },
  { path: '/hr-applications/new', area, roles, load: () => import('./link-new.tsx') },
  { path: '/hr-applications/:clientId', area, roles, load: () => import('./link-detail.tsx') },
];
