import { AddRegular } from '@fluentui/react-icons/svg/add';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useApi } from '../../api/api-context.tsx';
import type { Column } from '../../components/data-list/column.ts';
import { DataList } from '../../components/data-list/data-list.tsx';
import { Page } from '../../components/page.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import type { Link } from './sources.ts';

/** Which user an application acts as in Human Resources. */
export function Screen() {
  const { t } = useLocale();
  const api = useApi();
  const links = useQuery({
    queryKey: ['hrLinks'],
    queryFn: ({ signal }) => api.list<Link>('/data/SysAADClients', { signal }),
  });
  const columns = useMemo<readonly Column<Link>[]>(
    () => [
      { id: 'client', title: t('hrLinks.clientId'), value: (row) => row.AADClientId, weight: 2 },
      { id: 'name', title: t('hrLinks.name'), value: (row) => row.Name },
      { id: 'user', title: t('hrUsers.userId'), value: (row) => row.UserId },
    ],
    [t],
  );
  return (
    <Page
      title={t('hrLinks.title')}
      commands={[
        { label: t('action.new'), icon: <AddRegular />, href: '/hr-applications/new', isPrimary: true, changes: true },
      ]}
    >
      <DataList
        name="hr-applications"
        label={t('hrLinks.title')}
        query={links}
        columns={columns}
        keyOf={({ AADClientId }) => AADClientId}
        hrefOf={({ AADClientId }) => `/hr-applications/${encodeURIComponent(AADClientId)}`}
      />
    </Page>
  );
}
