import { everybody, type ScreenEntry } from '../screen.ts';

const area = 'settings';

export const settingsScreens: readonly ScreenEntry[] = [
  { path: '/account', area, roles: everybody, nav: 'account.title', load: () => import('./account.tsx') },
  { path: '/operators', area, roles: ['full'], nav: 'operators.title', load: () => import('./operators.tsx') },
  { path: '/operators/:operatorId', area, roles: ['full'], load: () => import('./operator-detail.tsx') },
];
