import { everybody, type ScreenEntry } from '../screen.ts';

const area = 'recruiting';
const roles = everybody;

export const recruitingScreens: readonly ScreenEntry[] = [
  { path: '/recruiting/requests', area, roles, nav: 'requests.title', load: () => import('./requests.tsx') },
  { path: '/recruiting/requests/new', area, roles, load: () => import('./request-new.tsx') },
  { path: '/recruiting/requests/:requestId', area, roles, load: () => import('./request-detail.tsx') },
  { path: '/recruiting/locations', area, roles, nav: 'locations.title', load: () => import('./locations.tsx') },
  { path: '/recruiting/locations/new', area, roles, load: () => import('./location-new.tsx') },
  { path: '/recruiting/locations/:locationId', area, roles, load: () => import('./location-detail.tsx') },
];
