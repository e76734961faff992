import { administrators, type ScreenEntry } from '../screen.ts';

const area = 'powerPlatform';
const roles = administrators;

export const organizationScreens: readonly ScreenEntry[] = [
  { path: '/business-units', area, roles, nav: 'units.title', load: () => import('./units.tsx') },
  { path: '/business-units/new', area, roles, load: () => import('./unit-new.tsx') },
  { path: '/business-units/:unitId', area, roles, load: () => import('./unit-detail.tsx') },
  { path: '/teams', area, roles, nav: 'teams.title', load: () => import('./teams.tsx') },
  { path: '/teams/new', area, roles, load: () => import('./team-new.tsx') },
  { path: '/teams/:teamId', area, roles, load: () => import('./team-detail.tsx') },
];
