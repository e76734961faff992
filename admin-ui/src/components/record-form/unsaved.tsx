import { createContext, type ReactNode, use, useEffect, useMemo, useRef } from 'react';
import { type AroundNavHandler, Router } from 'wouter';
import { useLocale } from '../../i18n/locale-context.tsx';
import { useConfirm } from '../confirm.tsx';

interface Unsaved {
  readonly add: (form: object) => void;
  readonly remove: (form: object) => void;
}

const UnsavedContext = createContext<Unsaved | undefined>(undefined);

/** The app's router: asks before a page with unsaved changes is left. */
export function GuardedRouter({ children }: { readonly children: ReactNode }) {
  const forms = useRef(new Set<object>());
  const confirm = useConfirm();
  const { t } = useLocale();
  const unsaved = useMemo<Unsaved>(
    () => ({ add: (form) => forms.current.add(form), remove: (form) => forms.current.delete(form) }),
    [],
  );
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent): void => {
      if (forms.current.size > 0) event.preventDefault();
    };
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, []);
  const aroundNav: AroundNavHandler = (navigate, to, options) => {
    if (forms.current.size === 0) return navigate(to, options);
    void confirm({
      title: t('form.leave'),
      text: t('form.unsaved'),
      verb: t('form.leave.yes'),
      cancel: t('form.leave.no'),
    }).then((leaves) => {
      if (leaves) navigate(to, options);
    });
  };
  return (
    <Router base="/app" aroundNav={aroundNav}>
      <UnsavedContext value={unsaved}>{children}</UnsavedContext>
    </Router>
  );
}

/**
 * Marks a form as changed, as long as it is on the page. `release` before leaving with what is being saved; `hold` when it
 * was refused, and is on the page still.
 */
export function useUnsaved(isChanged: boolean): { readonly release: () => void; readonly hold: () => void } {
  const unsaved = use(UnsavedContext);
  const form = useRef({});
  const isOnPage = useRef(false);
  useEffect(() => {
    isOnPage.current = true;
    return () => {
      isOnPage.current = false;
    };
  }, []);
  useEffect(() => {
    const self = form.current;
    if (isChanged) unsaved?.add(self);
    return () => unsaved?.remove(self);
  }, [isChanged, unsaved]);
  return {
    release: () => unsaved?.remove(form.current),
    hold: () => {
      // An answer may come after the person has left: nothing would ever release the form again.
      if (isOnPage.current) unsaved?.add(form.current);
    },
  };
}
