import { administrators, type ScreenEntry } from '../screen.ts';

export const explainScreens: readonly ScreenEntry[] = [
  {
    ...{ path: '/explain', area: 'explain', roles: administrators, nav: 'explain.title' },
    load: () => import('./explain.tsx'),
  },
];
