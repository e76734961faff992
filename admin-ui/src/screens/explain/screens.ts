import { administrators, type ScreenEntry } from '../screen.ts';

const area = 'explain';
const roles = administrators;

export const explainScreens: readonly ScreenEntry[] = [
  { path: '/explain', area, roles, nav: 'explain.title', load: () => import('./explain.tsx') },
  { path: '/can-i', area, roles, nav: 'canI.title', load: () => import('./can-i.tsx') },
  { path: '/who-can', area, roles, nav: 'whoCan.title', load: () => import('./who-can.tsx') },
  { path: '/advice', area, roles, nav: 'advice.title', load: () => import('./advice.tsx') },
  { path: '/simulate', area, roles, nav: 'simulate.title', load: () => import('./simulate.tsx') },
];
