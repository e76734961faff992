import { everybody, type ScreenEntry } from '../screen.ts';

const area = 'recruiting';
const roles = everybody;

export const recruitingScreens: readonly ScreenEntry[] = [
  { path: '/recruiting/requests', area, roles, nav: 'requests.title', load: () => import('./requests.tsx') },
  { path: '/recruiting/requests/new', area, roles, load: () => import('./request-new.tsx') },
  { path: '/recruiting/requests/:requestId', area, roles, load: () => import('./request-detail.tsx') },
  { path: '/recruiting/candidates', area, roles, nav: 'candidates.title', load: () => import('./candidates.tsx') },
  { path: '/recruiting/candidates/:candidateId', area, roles, load: () => import('./candidate-detail.tsx') },
  { path: '/recruiting/people/:personId', area, roles, load: () => import('./person.tsx') },
  { path: '/recruiting/events', area, roles, nav: 'events.title', load: () => import('./event-list.tsx') },
  { path: '/recruiting/webhooks', area, roles, nav: 'webhooks.title', load: () => import('./webhooks.tsx') },
  { path: '/recruiting/webhooks/new', area, roles: ['full'], load: () => import('./webhook-new.tsx') },
  { path: '/recruiting/webhooks/:webhookId', area, roles, load: () => import('./webhook-detail.tsx') },
  { path: '/recruiting/locations', area, roles, nav: 'locations.title', load: () => import('./locations.tsx') },
  { path: '/recruiting/locations/new', area, roles, load: () => import('./location-new.tsx') },
  { path: '/recruiting/locations/:locationId', area, roles, load: () => import('./location-detail.tsx') },
];
