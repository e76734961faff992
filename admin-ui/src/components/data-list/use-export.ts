import { useMutation } from '@tanstack/react-query';
import { problemText } from '../../api/problem-text.ts';
import { useLocale } from '../../i18n/locale-context.tsx';
import { downloadText } from '../download.ts';
import { useNotify } from '../notify.tsx';
import type { Column } from './column.ts';
import { csvOf } from './csv.ts';

/** Hands rows over as a file of comma-separated values: all of them, which may have to be read first. */
export function useExport<T>(name: string, columns: readonly Column<T>[], read: () => Promise<readonly T[]>) {
  const locale = useLocale();
  const notify = useNotify();
  return useMutation({
    mutationFn: async () => {
      const rows = await read();
      // The button must not look stuck while thousands of rows are written.
      await new Promise((done) => setTimeout(done));
      downloadText(`${name}.csv`, 'text/csv', csvOf(columns, rows, locale));
    },
    onError: (error) => notify(problemText(error, locale.t), 'error'),
  });
}
