import { useQueries } from '@tanstack/react-query';
import { useApi } from '../../api/api-context.tsx';
import { Facts } from '../../components/facts.tsx';
import { Loading } from '../../components/loading.tsx';
import { Section } from '../../components/section.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import { shownValue, type WireRow } from '../../model/shown-value.ts';
import type { TableModel } from '../../model/table-model.ts';
import { tableModelQuery } from '../../model/table-model-query.ts';
import { labelIn } from '../tables/label.ts';

/** Rows of several tables as they are stored: what has a value, in the words of the tables' definitions. */
export function StoredRows({ tables }: { readonly tables: Readonly<Record<string, readonly WireRow[]>> }) {
  const api = useApi();
  const names = Object.keys(tables);
  const models = useQueries({ queries: names.map((name) => tableModelQuery(api, name)) });
  if (models.some(({ isPending }) => isPending)) return <Loading />;
  return names.map((name, at) => (
    <StoredTable key={name} name={name} model={models[at]?.data} rows={tables[name] ?? []} />
  ));
}

interface StoredTableProps {
  readonly name: string;
  /** Absent where the definition cannot be read: names as they are on the wire stand for it. */
  readonly model: TableModel | undefined;
  readonly rows: readonly WireRow[];
}

function StoredTable({ name, model, rows }: StoredTableProps) {
  const locale = useLocale();
  const title = model === undefined ? name : labelIn(model.label, locale.language);
  return (
    <Section title={`${title} (${locale.number(rows.length)})`}>
      {rows.map((row, at) => (
        <Facts key={String(row[model?.idColumn ?? ''] ?? at)} facts={factsOf(model, row, locale)} />
      ))}
    </Section>
  );
}

function factsOf(model: TableModel | undefined, row: WireRow, locale: ReturnType<typeof useLocale>) {
  if (model === undefined) {
    return Object.entries(row)
      .filter(([, value]) => value !== null)
      .map(([term, value]) => ({ term, value: String(value) }));
  }
  return model.columns.flatMap((column) => {
    // Ids of rows tell a person nothing; what they lead to is beside them.
    if (column.type === 'guid' || column.type === 'lookup') return [];
    const value = shownValue(column, row, locale);
    return value === '' ? [] : [{ term: labelIn(column.label, locale.language) || column.name, value }];
  });
}
