import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { useApi } from '../../api/api-context.tsx';
import { applicationSource } from '../power-platform/app-user.ts';

/** What applications are called, by client id; the id itself where that is not known. */
export function useApplicationNames(): (clientId: string | undefined) => string {
  const api = useApi();
  const { data } = useQuery({
    queryKey: ['lookup', applicationSource.key],
    queryFn: ({ signal }) => applicationSource.load(api, signal),
  });
  return useCallback(
    (clientId = '') => data?.find(({ value }) => value === clientId)?.label ?? (clientId === '' ? '–' : clientId),
    [data],
  );
}
