import { everybody, type ScreenEntry } from '../screen.ts';

export const homeScreens: readonly ScreenEntry[] = [
  { path: '/', area: 'home', nav: 'home.title', roles: everybody, load: () => import('./home.tsx') },
];
