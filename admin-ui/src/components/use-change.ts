import { useMutation, useQueryClient } from '@tanstack/react-query';
import { problemText } from '../api/problem-text.ts';
import { useLocale } from '../i18n/locale-context.tsx';
import { useNotify } from './notify.tsx';

export interface Change<T> {
  readonly run: (input: T) => Promise<unknown>;
  /** Queries that show something else afterwards: all whose keys begin so. */
  readonly stale: readonly (readonly string[])[];
  /** Queries of what is there no more: they are not asked again. */
  readonly gone?: readonly string[];
  /** Said when it is done. */
  readonly done?: (input: T) => string;
}

/** A change by one button: says that it is done, or why it was refused. */
export function useChange<T = void>({ run, stale, gone, done }: Change<T>) {
  const queries = useQueryClient();
  const notify = useNotify();
  const { t } = useLocale();
  return useMutation({
    mutationFn: run,
    onSuccess: async (_, input) => {
      const predicate = ({ queryKey }: { readonly queryKey: readonly unknown[] }): boolean =>
        gone === undefined || gone.some((part, at) => queryKey[at] !== part);
      await Promise.all(stale.map((queryKey) => queries.invalidateQueries({ queryKey, predicate })));
      if (done !== undefined) notify(done(input));
    },
    onError: (error) => notify(problemText(error, t), 'error'),
  });
}
