import { Button } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons/svg/add';
import { ArrowClockwiseRegular } from '@fluentui/react-icons/svg/arrow-clockwise';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { Link } from 'wouter';
import { useApi } from '../../api/api-context.tsx';
import type { Column } from '../../components/data-list/column.ts';
import { DataList } from '../../components/data-list/data-list.tsx';
import { Page } from '../../components/page.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import type { Application } from './application.ts';
import { CredentialExpiry } from './credential-expiry.tsx';

/** When the first of its credentials ends. */
const nextExpiry = ({ passwordCredentials, keyCredentials }: Application): string | undefined =>
  [...passwordCredentials, ...keyCredentials].map(({ endDateTime }) => endDateTime).sort()[0];

/** The app registrations of the tenant. */
export function Screen() {
  const { t } = useLocale();
  const api = useApi();
  const applications = useQuery({
    queryKey: ['applications'],
    queryFn: ({ signal }) => api.list<Application>('/v1.0/applications?$top=999', { signal }),
  });
  const columns = useMemo<readonly Column<Application>[]>(
    () => [
      { id: 'name', title: t('appRegistrations.name'), value: (row) => row.displayName, weight: 2 },
      { id: 'clientId', title: t('appRegistrations.clientId'), value: (row) => row.appId, weight: 2 },
      { id: 'created', title: t('appRegistrations.created'), value: (row) => row.createdDateTime, kind: 'date' },
      {
        id: 'credentials',
        title: t('appRegistrations.credentials'),
        value: (row) => row.passwordCredentials.length + row.keyCredentials.length,
        kind: 'number',
      },
      {
        id: 'audience',
        title: t('appRegistrations.audience'),
        isOptional: true,
        value: ({ signInAudience }) =>
          signInAudience === 'AzureADMyOrg' ? t('appRegistrations.audience.one') : t('appRegistrations.audience.many'),
      },
      {
        id: 'expiry',
        title: t('appRegistrations.nextExpiry'),
        value: nextExpiry,
        kind: 'date',
        render: (row) => {
          const next = nextExpiry(row);
          return next === undefined ? null : <CredentialExpiry endDateTime={next} />;
        },
      },
      { id: 'objectId', title: t('appRegistrations.objectId'), value: (row) => row.id, weight: 2, isOptional: true },
    ],
    [t],
  );
  return (
    <Page
      title={t('appRegistrations.title')}
      commands={[
        {
          label: t('appRegistrations.new'),
          icon: <AddRegular />,
          href: '/app-registrations/new',
          isPrimary: true,
          changes: true,
        },
        { label: t('action.refresh'), icon: <ArrowClockwiseRegular />, onClick: () => void applications.refetch() },
      ]}
    >
      <DataList
        name="app-registrations"
        label={t('appRegistrations.title')}
        query={applications}
        columns={columns}
        keyOf={({ id }) => id}
        hrefOf={({ id }) => `/app-registrations/${id}`}
        emptyText={t('appRegistrations.empty')}
        empty={
          <Link href="/app-registrations/new" asChild>
            <Button as="a">{t('appRegistrations.new')}</Button>
          </Link>
        }
      />
    </Page>
  );
}
