import { administrators, type ScreenEntry } from '../screen.ts';

const area = 'powerPlatform';
const roles = administrators;

export const tableScreens: readonly ScreenEntry[] = [
  { path: '/tables', area, roles, nav: 'tables.title', load: () => import('./tables.tsx') },
  { path: '/tables/:tableName', area, roles, load: () => import('./table.tsx') },
  { path: '/choices', area, roles, nav: 'choices.title', load: () => import('./choices.tsx') },
  { path: '/choices/:choiceName', area, roles, load: () => import('./choice.tsx') },
];
