import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from 'wouter';
import { useApi } from '../../api/api-context.tsx';
import { formatted } from '../../api/odata.ts';
import { ErrorState } from '../../components/error-state.tsx';
import { Facts } from '../../components/facts.tsx';
import { Loading } from '../../components/loading.tsx';
import { useNotify } from '../../components/notify.tsx';
import { Page } from '../../components/page.tsx';
import type { FormValues } from '../../components/record-form/field.ts';
import { RecordForm } from '../../components/record-form/record-form.tsx';
import { Section } from '../../components/section.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import { shownValue, type WireRow } from '../../model/shown-value.ts';
import type { ModelColumn, TableModel } from '../../model/table-model.ts';
import { tableModelQuery } from '../../model/table-model-query.ts';
import { useMayChange } from '../../session/use-session.ts';
import { labelIn } from '../tables/label.ts';
import { fieldsOf, formValuesOf, wireBodyOf } from './row-fields.ts';
import { useRowDeletion } from './use-row-deletion.ts';
import { rowPath } from './view.ts';

/** One row of a table: what may be changed as a form, everything else below it. */
export function Screen() {
  const { tableName, rowId } = useParams<{ tableName: string; rowId: string }>();
  const api = useApi();
  const model = useQuery(tableModelQuery(api, tableName));
  const row = useQuery({
    queryKey: ['rows', tableName, 'row', rowId],
    queryFn: ({ signal }) => api.get<WireRow>(rowPath(model.data as TableModel, rowId), { signal, headers: formatted }),
    enabled: model.data !== undefined,
  });
  if (model.isError) return <ErrorState error={model.error} onRetry={() => void model.refetch()} />;
  if (row.isError) return <ErrorState error={row.error} onRetry={() => void row.refetch()} />;
  if (model.data === undefined || row.data === undefined) return <Loading />;
  const reload = async (): Promise<WireRow> => (await row.refetch()).data ?? row.data;
  return <Loaded model={model.data} row={row.data} reload={reload} />;
}

interface LoadedProps {
  readonly model: TableModel;
  readonly row: WireRow;
  readonly reload: () => Promise<WireRow>;
}

function Loaded({ model, row, reload }: LoadedProps) {
  const { t, language } = useLocale();
  const mayChange = useMayChange() && model.may.write;
  const id = String(row[model.idColumn]);
  const name = String(row[model.nameColumn ?? ''] ?? '') || id;
  const remove = useRowDeletion(model, row, name);
  const isOfForm = ({ onUpdate, name: column }: ModelColumn): boolean =>
    mayChange && onUpdate && column !== model.idColumn;
  const changed = model.columns.filter(isOfForm);
  return (
    <Page
      title={name}
      text={`${labelIn(model.label, language) || model.logicalName} · ${id}`}
      back={{ href: `/browse/${model.logicalName}`, label: labelIn(model.label, language) || model.logicalName }}
      commands={
        model.may.delete ? [{ label: t('action.delete'), icon: <DeleteRegular />, changes: true, onClick: remove }] : []
      }
    >
      {changed.length === 0 ? null : <RowForm model={model} row={row} columns={changed} reload={reload} />}
      <FixedValues row={row} columns={model.columns.filter((column) => !isOfForm(column))} />
    </Page>
  );
}

function RowForm({ model, row, columns, reload }: LoadedProps & { readonly columns: readonly ModelColumn[] }) {
  const locale = useLocale();
  const api = useApi();
  const queries = useQueryClient();
  const notify = useNotify();
  const save = async (changed: FormValues, isForced: boolean): Promise<void> => {
    await api.change('PATCH', rowPath(model, String(row[model.idColumn])), {
      body: await wireBodyOf(api, model, changed),
      headers: { 'If-Match': isForced ? '*' : String(row['@odata.etag']) },
    });
    await queries.invalidateQueries({ queryKey: ['rows', model.logicalName] });
    notify(locale.t('state.saved'));
  };
  return (
    <RecordForm
      // A row may lack what is called required: who changes something else need not fill it in.
      fields={fieldsOf(columns, locale).map((field) => ({ ...field, isRequired: false }))}
      saved={formValuesOf(columns, row)}
      reload={async () => formValuesOf(columns, await reload())}
      save={(changed, { overwrite }) => save(changed, overwrite)}
    />
  );
}

/** What nobody changes here: ids, what the system writes, what was settled when the row was made. */
function FixedValues({ row, columns }: { readonly row: WireRow; readonly columns: readonly ModelColumn[] }) {
  const locale = useLocale();
  return (
    <Section title={locale.t('data.fixed')}>
      <Facts
        facts={columns.map((column) => ({
          term: `${labelIn(column.label, locale.language) || column.name} (${column.name})`,
          value: shownValue(column, row, locale) || '–',
        }))}
      />
    </Section>
  );
}
