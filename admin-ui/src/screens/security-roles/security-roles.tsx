import { Button } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons/svg/add';
import { ArrowClockwiseRegular } from '@fluentui/react-icons/svg/arrow-clockwise';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { Link } from 'wouter';
import { useApi } from '../../api/api-context.tsx';
import { formatted, query, webApi } from '../../api/odata.ts';
import type { Column } from '../../components/data-list/column.ts';
import { DataList } from '../../components/data-list/data-list.tsx';
import { Page } from '../../components/page.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import { roleColumns, type SecurityRole } from './role-model.ts';

/** The security roles of the environment; copies in lower units are not listed. */
export function Screen() {
  const { t } = useLocale();
  const api = useApi();
  const roles = useQuery({
    queryKey: ['roles'],
    queryFn: ({ signal }) => {
      const options = query({ $select: roleColumns, $filter: '_parentroleid_value eq null', $orderby: 'name' });
      return api.list<SecurityRole>(`${webApi}/roles${options}`, { signal, headers: formatted });
    },
  });
  const columns = useMemo<readonly Column<SecurityRole>[]>(
    () => [
      { id: 'name', title: t('roles.name'), value: (row) => row.name, weight: 2 },
      {
        id: 'unit',
        title: t('roles.unit'),
        value: (row) => row['_businessunitid_value@OData.Community.Display.V1.FormattedValue'],
      },
      { id: 'managed', title: t('roles.managed'), value: (row) => row.ismanaged },
      { id: 'changed', title: t('roles.changed'), value: (row) => row.modifiedon, kind: 'dateTime' },
    ],
    [t],
  );
  return (
    <Page
      title={t('roles.title')}
      commands={[
        { label: t('roles.new'), icon: <AddRegular />, href: '/security-roles/new', isPrimary: true, changes: true },
        { label: t('action.refresh'), icon: <ArrowClockwiseRegular />, onClick: () => void roles.refetch() },
      ]}
    >
      <DataList
        name="security-roles"
        label={t('roles.title')}
        query={roles}
        columns={columns}
        keyOf={({ roleid }) => roleid}
        hrefOf={({ roleid }) => `/security-roles/${roleid}`}
        emptyText={t('roles.empty')}
        empty={
          <Link href="/security-roles/new" asChild>
            <Button as="a">{t('roles.new')}</Button>
          </Link>
        }
      />
    </Page>
  );
}
