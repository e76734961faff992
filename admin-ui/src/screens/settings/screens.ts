import type { ScreenEntry } from '../screen.ts';

export const settingsScreens: readonly ScreenEntry[] = [
  {
    ...{ path: '/operators', area: 'settings', roles: ['full'], nav: 'operators.title' },
    load: () => import('./operators.tsx'),
  },
];
