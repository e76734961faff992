import { useMutation } from '@tanstack/react-query';
import { useApi } from '../../api/api-context.tsx';
import { problemText } from '../../api/problem-text.ts';
import type { Column } from '../../components/data-list/column.ts';
import { csvOf } from '../../components/data-list/csv.ts';
import { downloadText } from '../../components/download.ts';
import { useNotify } from '../../components/notify.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import type { WireRow } from '../../model/shown-value.ts';
import type { TableModel } from '../../model/table-model.ts';
import { type View, viewPath } from './view.ts';

const headers = {
  Prefer: 'odata.maxpagesize=5000,odata.include-annotations="OData.Community.Display.V1.FormattedValue"',
};

/** All rows of a view, those of other pages too, as a file. */
export function useExport(model: TableModel, view: View, columns: readonly Column<WireRow>[]) {
  const api = useApi();
  const locale = useLocale();
  const notify = useNotify();
  return useMutation({
    mutationFn: async () => {
      const rows = await api.all<WireRow>(viewPath(model, view), { headers });
      downloadText(`${model.entitySet}.csv`, 'text/csv', csvOf(columns, rows, locale));
    },
    onError: (error) => notify(problemText(error, locale.t), 'error'),
  });
}
