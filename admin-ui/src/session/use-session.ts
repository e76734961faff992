import { useQueryClient } from '@tanstack/react-query';
import { createContext, use } from 'react';
import type { Session } from '../../../src/admin/contract.ts';
import { useApi } from '../api/api-context.tsx';

export const SessionContext = createContext<Session | undefined>(undefined);
export const sessionKey = ['session'] as const;

/** Queries of everything else: what they have read goes with a session, or becomes old by a change. */
export const isOfNoSession = ({ queryKey }: { readonly queryKey: readonly unknown[] }): boolean =>
  queryKey[0] !== sessionKey[0];

export function useSession(): Session {
  const session = use(SessionContext);
  if (session === undefined) throw new Error('useSession outside SessionGate');
  return session;
}

/** May the operator change what is on the screens that the role leads to? */
export const useMayChange = (): boolean => useSession().user.role !== 'readOnly';
/** May the operator look at set-up: what administrators see besides data? */
export const useMayAdminister = (): boolean => useSession().user.role !== 'recruiting';

/** Takes over a session that was just made. Data of whoever was here before is dropped. */
export function useBeginSession(): (session: Session) => void {
  const api = useApi();
  const queries = useQueryClient();
  return (session) => {
    api.csrfToken = session.csrfToken;
    // The session's own query stays: the gate looks at it, and would not notice another one in its place.
    queries.removeQueries({ predicate: isOfNoSession });
    queries.setQueryData(sessionKey, session);
  };
}

/** The session as it is after the operator changed their own things. */
export function useUpdateSession(): (session: Session) => void {
  const queries = useQueryClient();
  return (session) => queries.setQueryData(sessionKey, session);
}
