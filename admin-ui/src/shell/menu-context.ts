import { createContext, use } from 'react';
import type { MessageKey } from '../i18n/en.ts';
import type { Area } from '../screens/screen.ts';

interface MenuEntry {
  readonly path: string;
  readonly nav: MessageKey;
}

export interface MenuArea {
  readonly area: Area;
  readonly entries: readonly MenuEntry[];
}

/** The main menu of whoever is signed in: screens read it from here, for they must not import the list of screens. */
export const MenuContext = createContext<readonly MenuArea[]>([]);

export const useMenu = (): readonly MenuArea[] => use(MenuContext);
