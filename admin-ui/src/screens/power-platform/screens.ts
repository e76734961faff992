import { administrators, type ScreenEntry } from '../screen.ts';

const area = 'powerPlatform';
const roles = administrators;

export const powerPlatformScreens: readonly ScreenEntry[] = [
  {
    ...{ path: '/app-registrations', area, roles, nav: 'appRegistrations.title' },
    load: () => import('./app-registrations.tsx'),
  },
  { path: '/app-registrations/new', area, roles, load: () => import('./app-registration-new.tsx') },
  { path: '/app-registrations/:applicationId', area, roles, load: () => import('./app-registration.tsx') },
  { path: '/app-users', area, roles, nav: 'appUsers.title', load: () => import('./app-users.tsx') },
  { path: '/app-users/new', area, roles, load: () => import('./app-user-new.tsx') },
  { path: '/app-users/:userId', area, roles, load: () => import('./app-user-detail.tsx') },
];
