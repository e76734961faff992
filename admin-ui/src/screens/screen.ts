import type { ComponentType } from 'react';
import type { OperatorRole } from '../../../src/admin/contract.ts';
import type { MessageKey } from '../i18n/en.ts';

/** Groups of the main menu, in its order. */
export const areas = [
  'home',
  'powerPlatform',
  'humanResources',
  'connect',
  'explain',
  'traffic',
  'recruiting',
  'data',
  'settings',
] as const;

export type Area = (typeof areas)[number];

/** One screen. The list of an area is the only place that knows its files. */
export interface ScreenEntry {
  /** Below `/app`; `:name` is a parameter that the screen reads with `useParams`. */
  readonly path: string;
  readonly area: Area;
  /** In the main menu under this text; screens without are reached from others. */
  readonly nav?: MessageKey;
  /** Who may open it. */
  readonly roles: readonly OperatorRole[];
  /** Fetched when it is first opened. */
  readonly load: () => Promise<{ readonly Screen: ComponentType }>;
}

export const everybody: readonly OperatorRole[] = ['full', 'readOnly', 'recruiting'];
export const administrators: readonly OperatorRole[] = ['full', 'readOnly'];
