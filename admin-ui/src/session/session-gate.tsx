import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect } from 'react';
import type { Session, SignInRefusal } from '../../../src/admin/contract.ts';
import { sessionPath } from '../api/api-client.ts';
import { useApi } from '../api/api-context.tsx';
import { ApiError } from '../api/api-error.ts';
import { ErrorState } from '../components/error-state.tsx';
import { Loading } from '../components/loading.tsx';
import { useLocale } from '../i18n/locale-context.tsx';
import { SignIn } from './sign-in.tsx';
import { SessionContext, sessionKey } from './use-session.ts';

/** Who is signed in, or the page to sign in. Everything below may ask `useSession`. */
export function SessionGate({ children }: { readonly children: ReactNode }) {
  const api = useApi();
  const session = useQuery({
    queryKey: sessionKey,
    queryFn: () => api.get<Session>(sessionPath),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (session.isPending) return <Loading />;
  if (session.data === undefined || session.isError) {
    const refusal = session.error instanceof ApiError && session.error.status === 401 ? session.error : undefined;
    if (refusal === undefined) return <ErrorState error={session.error} onRetry={() => void session.refetch()} />;
    return <SignIn refusal={refusal.body as SignInRefusal} />;
  }
  api.csrfToken = session.data.csrfToken;
  return (
    <SessionContext value={session.data}>
      <OwnLanguage session={session.data}>{children}</OwnLanguage>
    </SessionContext>
  );
}

/** The language that the operator chose the last time, on whatever machine. */
function OwnLanguage({ session, children }: { readonly session: Session; readonly children: ReactNode }) {
  const { setLanguage } = useLocale();
  const own = session.user.language;
  useEffect(() => {
    if (own !== undefined) setLanguage(own);
  }, [own, setLanguage]);
  return children;
}
