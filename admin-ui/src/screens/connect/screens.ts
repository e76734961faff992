import { administrators, type ScreenEntry } from '../screen.ts';

export const connectScreens: readonly ScreenEntry[] = [
  {
    ...{ path: '/connect', area: 'connect', roles: administrators, nav: 'area.connect' },
    load: () => import('./connect.tsx'),
  },
];
