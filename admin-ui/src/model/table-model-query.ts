import { queryOptions } from '@tanstack/react-query';
import type { ApiClient } from '../api/api-client.ts';
import { readTableModel } from './table-model.ts';

/** The question for a table's definition, for `useQuery` and `useQueries`. Definitions seldom change. */
export const tableModelQuery = (api: ApiClient, name: string) =>
  queryOptions({
    queryKey: ['tables', 'model', name],
    queryFn: ({ signal }) => readTableModel(api, name, signal),
    staleTime: 5 * 60_000,
  });
