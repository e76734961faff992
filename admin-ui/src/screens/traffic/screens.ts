import { administrators, type ScreenEntry } from '../screen.ts';

export const trafficScreens: readonly ScreenEntry[] = [
  {
    ...{ path: '/traffic', area: 'traffic', roles: administrators, nav: 'traffic.title' },
    load: () => import('./traffic.tsx'),
  },
];
