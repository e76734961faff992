import { administrators, type ScreenEntry } from '../screen.ts';

const area = 'data';
const roles = administrators;

export const dataScreens: readonly ScreenEntry[] = [
  { path: '/browse', area, roles, nav: 'data.title', load: () => import('./tables.tsx') },
  { path: '/browse/:tableName', area, roles, load: () => import('./rows.tsx') },
  { path: '/browse/:tableName/new', area, roles: ['full'], load: () => import('./row-new.tsx') },
  { path: '/browse/:tableName/:rowId', area, roles, load: () => import('./row.tsx') },
];
