import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useState } from 'react';
import type { OperatorLanguage } from '../../../src/admin/contract.ts';
import { createLocale, type Locale, type Messages } from './translate.ts';

interface LocaleState extends Locale {
  readonly setLanguage: (language: OperatorLanguage) => void;
}

const LocaleContext = createContext<LocaleState | undefined>(undefined);
const storageKey = 'portvakt.language';

/** Each language is a file of its own, fetched when it is chosen. */
const load: Readonly<Record<OperatorLanguage, () => Promise<Messages>>> = {
  en: async () => (await import('./en.ts')).english,
  nb: async () => (await import('./nb.ts')).norwegian,
};

const isLanguage = (value: unknown): value is OperatorLanguage => value === 'en' || value === 'nb';

/** What was chosen last on this machine, else the browser's first language that there is. */
function firstLanguage(): OperatorLanguage {
  const kept = localStorage.getItem(storageKey);
  if (isLanguage(kept)) return kept;
  return navigator.languages.some((each) => /^(nb|no|nn)\b/.test(each)) ? 'nb' : 'en';
}

export function LocaleProvider({ children }: { readonly children: ReactNode }) {
  const [language, choose] = useState(firstLanguage);
  const [locale, setLocale] = useState<Locale>();
  useEffect(() => {
    let isCurrent = true;
    void load[language]().then((messages) => {
      if (!isCurrent) return;
      document.documentElement.lang = language;
      setLocale(createLocale(language, messages));
    });
    return () => {
      isCurrent = false;
    };
  }, [language]);
  const setLanguage = useCallback((next: OperatorLanguage) => {
    localStorage.setItem(storageKey, next);
    choose(next);
  }, []);
  const state = useMemo(() => (locale === undefined ? undefined : { ...locale, setLanguage }), [locale, setLanguage]);
  // Nothing can be said before there is a language; it is one small file of our own.
  return state === undefined ? null : <LocaleContext value={state}>{children}</LocaleContext>;
}

export function useLocale(): LocaleState {
  const locale = use(LocaleContext);
  if (locale === undefined) throw new Error('useLocale outside LocaleProvider');
  return locale;
}
