import { useLocation } from 'wouter';
import { useApi } from '../../api/api-context.tsx';
import { useConfirm } from '../../components/confirm.tsx';
import { useChange } from '../../components/use-change.ts';
import { useUnlessChanged } from '../../components/use-unless-changed.ts';
import { useLocale } from '../../i18n/locale-context.tsx';
import type { WireRow } from '../../model/shown-value.ts';
import type { TableModel } from '../../model/table-model.ts';
import { rowPath } from './view.ts';

/** Deletes a row after a question, and after another one where somebody has changed it meanwhile. */
export function useRowDeletion(model: TableModel, row: WireRow, name: string): () => void {
  const { t } = useLocale();
  const api = useApi();
  const confirm = useConfirm();
  const unlessChanged = useUnlessChanged();
  const [, navigate] = useLocation();
  const path = rowPath(model, String(row[model.idColumn]));
  const remove = useChange({
    run: async () => {
      const isGone = await unlessChanged({
        etag: String(row['@odata.etag']),
        send: (match) => api.change('DELETE', path, { headers: { 'If-Match': match } }),
        ...{ title: t('data.delete.changed'), text: t('data.delete.text'), verb: t('action.delete') },
      });
      if (!isGone) return;
      navigate(`/browse/${model.logicalName}`);
    },
    stale: [['rows', model.logicalName], ['lookup']],
  });
  return () => {
    const question = {
      title: t('appUser.delete.title', { name }),
      text: t('data.delete.text'),
      verb: t('action.delete'),
    };
    void confirm(question).then((yes) => yes && remove.mutate());
  };
}
