import { administrators, type ScreenEntry } from '../screen.ts';

const area = 'explain';
const roles = administrators;

export const auditScreens: readonly ScreenEntry[] = [
  { path: '/audit', area, roles, nav: 'audit.title', load: () => import('./audit.tsx') },
  { path: '/audit/chain', area, roles, load: () => import('./chain-state.tsx') },
];
