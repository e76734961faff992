import { Toast, Toaster, ToastTitle, useId, useToastController } from '@fluentui/react-components';
import { createContext, type ReactNode, use, useCallback, useState } from 'react';
import { useLocale } from '../i18n/locale-context.tsx';

type Notify = (text: string, intent?: 'success' | 'error' | 'info') => void;
const NotifyContext = createContext<Notify | undefined>(undefined);

export function NotifyProvider({ children }: { readonly children: ReactNode }) {
  const toasterId = useId('toaster');
  const { dispatchToast } = useToastController(toasterId);
  const { t } = useLocale();
  const [place, setPlace] = useState<HTMLElement | null>(null);
  const notify = useCallback<Notify>(
    (text, intent = 'success') =>
      dispatchToast(
        <Toast>
          <ToastTitle>{text}</ToastTitle>
        </Toast>,
        { intent },
      ),
    [dispatchToast],
  );
  return (
    <NotifyContext value={notify}>
      {children}
      {/* What stands outside of every landmark is not found by who goes from one to the next. */}
      <section aria-label={t('app.messages')} ref={setPlace} />
      <Toaster toasterId={toasterId} position="bottom-end" mountNode={place} />
    </NotifyContext>
  );
}

/** Says shortly that something was done. */
export function useNotify(): Notify {
  const notify = use(NotifyContext);
  if (notify === undefined) throw new Error('useNotify outside NotifyProvider');
  return notify;
}
