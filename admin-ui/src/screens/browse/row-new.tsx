import { useQuery } from '@tanstack/react-query';
import { useParams } from 'wouter';
import { useApi } from '../../api/api-context.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Loading } from '../../components/loading.tsx';
import { NewRecordPage } from '../../components/new-record-page.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import type { WireRow } from '../../model/shown-value.ts';
import type { TableModel } from '../../model/table-model.ts';
import { tableModelQuery } from '../../model/table-model-query.ts';
import { labelIn } from '../tables/label.ts';
import { fieldsOf, wireBodyOf } from './row-fields.ts';
import { setPath } from './view.ts';

/** A new row of a table. */
export function Screen() {
  const { tableName } = useParams<{ tableName: string }>();
  const model = useQuery(tableModelQuery(useApi(), tableName));
  if (model.isPending) return <Loading />;
  if (model.data === undefined) return <ErrorState error={model.error} onRetry={() => void model.refetch()} />;
  return <Loaded model={model.data} />;
}

function Loaded({ model }: { readonly model: TableModel }) {
  const locale = useLocale();
  const { t, language } = locale;
  const columns = model.columns.filter(({ onCreate }) => onCreate);
  const list = `/browse/${model.logicalName}`;
  return (
    <NewRecordPage
      title={t('data.newIn', { table: labelIn(model.label, language) || model.logicalName })}
      list={{ href: list, label: labelIn(model.label, language) || model.logicalName }}
      // What must be filled in comes first; the server says which of the others it needs after all.
      fields={fieldsOf(
        [...columns].sort((a, b) => Number(b.isRequired) - Number(a.isRequired)),
        locale,
      )}
      saved={Object.fromEntries(columns.map(({ name }) => [name, '']))}
      stale={[['rows', model.logicalName], ['lookup']]}
      create={async (api, values) => {
        const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
        const made = await api.change<WireRow>('POST', setPath(model), {
          headers: { Prefer: 'return=representation' },
          body: await wireBodyOf(api, model, given),
        });
        const id = String(made[model.idColumn]);
        return { name: String(made[model.nameColumn ?? model.idColumn] ?? id), href: `${list}/${id}` };
      }}
    />
  );
}
