import { AddRegular } from '@fluentui/react-icons/svg/add';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useApi } from '../../api/api-context.tsx';
import type { Column } from '../../components/data-list/column.ts';
import { DataList } from '../../components/data-list/data-list.tsx';
import { Page } from '../../components/page.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import { type Container, type HrRow, listKey } from './container.ts';
import { useName } from './use-name.ts';

/** All roles, duties or privileges. */
export function ContainerList({ kind }: { readonly kind: Container }) {
  const { t } = useLocale();
  const api = useApi();
  const nameOf = useName(kind);
  const rows = useQuery({
    queryKey: listKey(kind),
    queryFn: ({ signal }) => api.list<HrRow>(`/data/${kind.set}`, { signal }),
  });
  const columns = useMemo<readonly Column<HrRow>[]>(
    () => [
      { id: 'name', title: t('hrSecurity.name'), value: nameOf },
      { id: 'id', title: t('hrUser.roleId'), value: (row) => row[kind.id] },
    ],
    [t, kind, nameOf],
  );
  const title = t(kind.texts.title);
  return (
    <Page
      title={title}
      text={t(kind.texts.text)}
      commands={[
        {
          ...{ label: t(kind.texts.new), icon: <AddRegular />, isPrimary: true, changes: true },
          href: `${kind.href}/new`,
        },
      ]}
    >
      <DataList
        name={kind.href.slice(1)}
        label={title}
        query={rows}
        columns={columns}
        keyOf={(row) => row[kind.id] ?? ''}
        hrefOf={(row) => `${kind.href}/${encodeURIComponent(row[kind.id] ?? '')}`}
      />
    </Page>
  );
}
