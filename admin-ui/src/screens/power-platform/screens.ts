import { administrators, type ScreenEntry } from '../screen.ts';

const area = 'powerPlatform';
const roles = administrators;

export const powerPlatformScreens: readonly ScreenEntry[] = [
  {
    path: '/app-registrations',
    area,
    roles,
    nav: 'appRegistrations.title',
    load: () => import('./app-registrations.tsx'),
  },
];
