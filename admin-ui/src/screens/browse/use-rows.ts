import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { withoutOrigin } from '../../api/api-client.ts';
import { useApi } from '../../api/api-context.tsx';
import { formatted } from '../../api/odata.ts';
import type { WireRow } from '../../model/shown-value.ts';
import type { TableModel } from '../../model/table-model.ts';
import { type View, viewPath } from './view.ts';

const pageSize = 100;

interface WirePage {
  readonly value: readonly WireRow[];
  readonly '@odata.count'?: number;
  readonly '@odata.nextLink'?: string;
}

/** Rows of a view, one page at a time, and how many there are. */
export function useRows(model: TableModel, view: View) {
  const api = useApi();
  const first = `${viewPath(model, view)}&$count=true`;
  // Addresses of the pages after the first one, as the server has given them; they belong to this view only.
  const [{ of, links }, setWalked] = useState<{ readonly of: string; readonly links: readonly string[] }>({
    ...{ of: first, links: [] },
  });
  const walked = of === first ? links : [];
  const path = walked.at(-1) ?? first;
  const page = useQuery({
    queryKey: ['rows', model.logicalName, path],
    queryFn: ({ signal }) =>
      api.get<WirePage>(path, { signal, headers: { Prefer: `odata.maxpagesize=${pageSize},${formatted.Prefer}` } }),
    placeholderData: keepPreviousData,
  });
  const next = page.data?.['@odata.nextLink'];
  return {
    page,
    rows: page.data?.value ?? [],
    count: page.data?.['@odata.count'],
    /** Of the first row of this page, from 1. */
    from: walked.length * pageSize + 1,
    toNext:
      next === undefined || page.isPlaceholderData
        ? undefined
        : () => setWalked({ of: first, links: [...walked, withoutOrigin(next)] }),
    toPrevious: walked.length === 0 ? undefined : () => setWalked({ of: first, links: walked.slice(0, -1) }),
  };
}
