import { AddRegular } from '@fluentui/react-icons/svg/add';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useApi } from '../../api/api-context.tsx';
import type { Column } from '../../components/data-list/column.ts';
import { DataList } from '../../components/data-list/data-list.tsx';
import { Page } from '../../components/page.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import type { HrUser } from './sources.ts';

/** The users of Human Resources. */
export function Screen() {
  const { t } = useLocale();
  const api = useApi();
  const users = useQuery({
    queryKey: ['hrUsers'],
    queryFn: ({ signal }) => api.list<HrUser>('/data/SystemUsers', { signal }),
  });
  const columns = useMemo<readonly Column<HrUser>[]>(
    () => [
      { id: 'id', title: t('hrUsers.userId'), value: (row) => row.UserID },
      { id: 'name', title: t('hrUsers.userName'), value: (row) => row.UserName },
      { id: 'email', title: t('hrUsers.email'), value: (row) => row.Email },
      { id: 'provider', title: t('hrUsers.provider'), value: (row) => row.NetworkDomain, isOptional: true },
      { id: 'company', title: t('hrUsers.company'), value: (row) => row.Company },
      { id: 'enabled', title: t('hrUsers.enabled'), value: (row) => row.Enabled },
    ],
    [t],
  );
  return (
    <Page
      title={t('hrUsers.title')}
      commands={[
        { label: t('action.new'), icon: <AddRegular />, href: '/hr-users/new', isPrimary: true, changes: true },
      ]}
    >
      <DataList
        name="hr-users"
        label={t('hrUsers.title')}
        query={users}
        columns={columns}
        keyOf={({ UserID }) => UserID}
        hrefOf={({ UserID }) => `/hr-users/${encodeURIComponent(UserID)}`}
      />
    </Page>
  );
}
