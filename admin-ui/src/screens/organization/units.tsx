import { AddRegular } from '@fluentui/react-icons/svg/add';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useApi } from '../../api/api-context.tsx';
import { formatted, webApi } from '../../api/odata.ts';
import type { Column } from '../../components/data-list/column.ts';
import { DataList } from '../../components/data-list/data-list.tsx';
import { Page } from '../../components/page.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import { type Unit, unitColumns } from './unit.ts';

/** The business units: one tree. */
export function Screen() {
  const { t } = useLocale();
  const api = useApi();
  const units = useQuery({
    queryKey: ['units'],
    queryFn: ({ signal }) =>
      api.list<Unit>(`${webApi}/businessunits?$select=${unitColumns}&$orderby=name`, { signal, headers: formatted }),
  });
  const columns = useMemo<readonly Column<Unit>[]>(
    () => [
      { id: 'name', title: t('units.name'), value: (row) => row.name },
      {
        id: 'parent',
        title: t('units.parent'),
        value: (row) => row['_parentbusinessunitid_value@OData.Community.Display.V1.FormattedValue'],
      },
      {
        id: 'state',
        title: t('appUsers.state'),
        value: (row) => (row.isdisabled ? t('appUsers.inactive') : t('appUsers.active')),
      },
    ],
    [t],
  );
  return (
    <Page
      title={t('units.title')}
      text={t('units.text')}
      commands={[
        { label: t('units.new'), icon: <AddRegular />, href: '/business-units/new', isPrimary: true, changes: true },
      ]}
    >
      <DataList
        name="business-units"
        label={t('units.title')}
        query={units}
        columns={columns}
        keyOf={({ businessunitid }) => businessunitid}
        hrefOf={({ businessunitid }) => `/business-units/${businessunitid}`}
      />
    </Page>
  );
}
