import { FluentProvider, webDarkTheme, webLightTheme } from '@fluentui/react-components';
import { createContext, type ReactNode, use, useMemo, useState, useSyncExternalStore } from 'react';

export type Appearance = 'light' | 'dark' | 'system';

interface ThemeState {
  readonly appearance: Appearance;
  readonly setAppearance: (appearance: Appearance) => void;
}

const ThemeContext = createContext<ThemeState | undefined>(undefined);
const storageKey = 'portvakt.appearance';

function firstAppearance(): Appearance {
  const kept = localStorage.getItem(storageKey);
  return kept === 'light' || kept === 'dark' ? kept : 'system';
}

const darkSystem = matchMedia('(prefers-color-scheme: dark)');

function subscribe(changed: () => void): () => void {
  darkSystem.addEventListener('change', changed);
  return () => darkSystem.removeEventListener('change', changed);
}

export function ThemeProvider({ children }: { readonly children: ReactNode }) {
  const [appearance, setState] = useState(firstAppearance);
  const isSystemDark = useSyncExternalStore(subscribe, () => darkSystem.matches);
  const isDark = appearance === 'dark' || (appearance === 'system' && isSystemDark);
  const state = useMemo(
    () => ({
      appearance,
      setAppearance: (next: Appearance): void => {
        localStorage.setItem(storageKey, next);
        setState(next);
      },
    }),
    [appearance],
  );
  document.documentElement.style.colorScheme = isDark ? 'dark' : 'light';
  return (
    <FluentProvider theme={isDark ? webDarkTheme : webLightTheme}>
      <ThemeContext value={state}>{children}</ThemeContext>
    </FluentProvider>
  );
}

export function useTheme(): ThemeState {
  const theme = use(ThemeContext);
  if (theme === undefined) throw new Error('useTheme outside ThemeProvider');
  return theme;
}
