import { Badge, Button } from '@fluentui/react-components';
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
import { type AppUser, appUserQuery, unitOf } from './app-user.ts';

/** The application users of the environment. */
export function Screen() {
  const { t } = useLocale();
  const api = useApi();
  const users = useQuery({
    queryKey: ['appUsers'],
    queryFn: ({ signal }) => {
      const options = query({ ...appUserQuery, $filter: 'applicationid ne null', $orderby: 'fullname' });
      return api.list<AppUser>(`${webApi}/systemusers${options}`, { signal, headers: formatted });
    },
  });
  const columns = useColumnsOfUsers();
  return (
    <Page
      title={t('appUsers.title')}
      commands={[
        { label: t('appUsers.new'), icon: <AddRegular />, href: '/app-users/new', isPrimary: true, changes: true },
        { label: t('action.refresh'), icon: <ArrowClockwiseRegular />, onClick: () => void users.refetch() },
      ]}
    >
      <DataList
        name="app-users"
        label={t('appUsers.title')}
        query={users}
        columns={columns}
        keyOf={({ systemuserid }) => systemuserid}
        hrefOf={({ systemuserid }) => `/app-users/${systemuserid}`}
        emptyText={t('appUsers.empty')}
        empty={
          <Link href="/app-users/new" asChild>
            <Button as="a">{t('appUsers.new')}</Button>
          </Link>
        }
      />
    </Page>
  );
}

function useColumnsOfUsers(): readonly Column<AppUser>[] {
  const { t } = useLocale();
  return useMemo(
    () => [
      { id: 'name', title: t('appUsers.name'), value: (row) => row.fullname, weight: 2 },
      { id: 'appId', title: t('appUsers.appId'), value: (row) => row.applicationid, weight: 2 },
      {
        id: 'state',
        title: t('appUsers.state'),
        value: (row) => (row.isdisabled ? t('appUsers.inactive') : t('appUsers.active')),
      },
      { id: 'unit', title: t('appUsers.unit'), value: unitOf },
      {
        id: 'roles',
        title: t('appUsers.roles'),
        value: (row) => row.systemuserroles_association.map(({ name }) => name).join(', '),
        render: (row) =>
          row.systemuserroles_association.length === 0 ? (
            <Badge appearance="tint" color="warning" style={{ height: 'auto' }}>
              {t('appUsers.noRole')}
            </Badge>
          ) : (
            row.systemuserroles_association.map(({ name }) => name).join(', ')
          ),
        weight: 2,
      },
      {
        id: 'email',
        title: t('appUsers.email'),
        value: (row) => row.internalemailaddress,
        weight: 2,
        isOptional: true,
      },
    ],
    [t],
  );
}
