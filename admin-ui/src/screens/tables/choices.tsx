import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useApi } from '../../api/api-context.tsx';
import { webApi } from '../../api/odata.ts';
import type { Column } from '../../components/data-list/column.ts';
import { DataList } from '../../components/data-list/data-list.tsx';
import { Page } from '../../components/page.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import type { ChoiceDefinition } from './choice-definition.ts';
import { labelIn } from './label.ts';

/** The choices that tables share. */
export function Screen() {
  const { t, language } = useLocale();
  const api = useApi();
  const choices = useQuery({
    queryKey: ['choices'],
    queryFn: ({ signal }) => api.list<ChoiceDefinition>(`${webApi}/GlobalOptionSetDefinitions`, { signal }),
  });
  const columns = useMemo<readonly Column<ChoiceDefinition>[]>(
    () => [
      { id: 'name', title: t('choices.name'), value: (row) => row.Name, weight: 2 },
      { id: 'label', title: t('tables.label'), value: (row) => labelIn(row.DisplayName, language), weight: 2 },
      { id: 'options', title: t('choices.options'), value: (row) => row.Options?.length ?? 0, kind: 'number' },
      { id: 'managed', title: t('roles.managed'), value: (row) => row.IsManaged },
    ],
    [t, language],
  );
  return (
    <Page title={t('choices.title')} text={t('choices.text')}>
      <DataList
        name="choices"
        label={t('choices.title')}
        query={choices}
        columns={columns}
        keyOf={({ MetadataId }) => MetadataId}
        hrefOf={({ Name }) => `/choices/${Name}`}
      />
    </Page>
  );
}
