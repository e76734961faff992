import { Toast, Toaster, ToastTitle, useId, useToastController } from '@fluentui/react-components';
import { createContext, type ReactNode, use, useCallback } from 'react';

type Notify = (text: string, intent?: 'success' | 'error' | 'info') => void;
const NotifyContext = createContext<Notify | undefined>(undefined);

export function NotifyProvider({ children }: { readonly children: ReactNode }) {
  const toasterId = useId('toaster');
  const { dispatchToast } = useToastController(toasterId);
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
      <Toaster toasterId={toasterId} position="bottom-end" />
    </NotifyContext>
  );
}

/** Says shortly that something was done. */
export function useNotify(): Notify {
  const notify = use(NotifyContext);
  if (notify === undefined) throw new Error('useNotify outside NotifyProvider');
  return notify;
}
