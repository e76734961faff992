import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { useQuery } from '@tanstack/react-query';
import { useLocation, useParams } from 'wouter';
import { useApi } from '../../api/api-context.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Facts } from '../../components/facts.tsx';
import { Loading } from '../../components/loading.tsx';
import { Page } from '../../components/page.tsx';
import { Section } from '../../components/section.tsx';
import { useDeletion } from '../../components/use-deletion.ts';
import { useLocale } from '../../i18n/locale-context.tsx';
import { useSession } from '../../session/use-session.ts';
import { ApplicationCertificates } from './app-certificates.tsx';
import { ApplicationConsent } from './app-consent.tsx';
import { ApplicationFederated } from './app-federated.tsx';
import { ApplicationSecrets } from './app-secrets.tsx';
import type { Application } from './application.ts';

/** One app registration: what a client needs, its credentials, and consent. */
export function Screen() {
  const { applicationId } = useParams<{ applicationId: string }>();
  const api = useApi();
  const application = useQuery({
    queryKey: ['applications', applicationId],
    queryFn: ({ signal }) => api.get<Application>(`/v1.0/applications/${applicationId}`, { signal }),
  });
  if (application.isPending) return <Loading />;
  if (application.data === undefined) {
    return <ErrorState error={application.error} onRetry={() => void application.refetch()} />;
  }
  return <Loaded application={application.data} />;
}

function Loaded({ application }: { readonly application: Application }) {
  const { t, dateTime } = useLocale();
  const { environment } = useSession();
  const remove = useDelete(application);
  const tokenUrl = `${location.origin}/${environment.tenantId}/oauth2/v2.0/token`;
  const isLocal = application.signInAudience === 'AzureADMyOrg';
  return (
    <Page
      title={application.displayName}
      back={{ href: '/app-registrations', label: t('appRegistrations.title') }}
      commands={[{ label: t('action.delete'), icon: <DeleteRegular />, changes: true, onClick: remove }]}
    >
      <Section title={t('appRegistration.essentials')}>
        <Facts
          facts={[
            { term: t('appRegistrations.clientId'), value: application.appId, copy: application.appId },
            { term: t('appRegistrations.tenantId'), value: environment.tenantId, copy: environment.tenantId },
            { term: t('appRegistration.environmentUrl'), value: environment.url, copy: environment.url },
            { term: t('appRegistration.tokenUrl'), value: tokenUrl, copy: tokenUrl },
            { term: t('appRegistrations.objectId'), value: application.id, copy: application.id },
            {
              term: t('appRegistrations.audience'),
              value: isLocal ? t('appRegistrations.audience.one') : t('appRegistrations.audience.many'),
            },
            { term: t('appRegistrations.created'), value: dateTime(application.createdDateTime) },
          ]}
        />
      </Section>
      <ApplicationConsent application={application} />
      <ApplicationSecrets application={application} />
      <ApplicationCertificates application={application} />
      <ApplicationFederated application={application} />
    </Page>
  );
}

function useDelete({ id, displayName: name }: Application): () => void {
  const { t } = useLocale();
  const api = useApi();
  const [, navigate] = useLocation();
  return useDeletion({
    run: async () => {
      await api.change('DELETE', `/v1.0/applications/${id}`);
      navigate('/app-registrations');
    },
    stale: [['applications']],
    gone: ['applications', id],
    nameOf: () => name,
    titleOf: (title) => t('appRegistration.delete.title', { name: title }),
    text: t('appRegistration.delete.text'),
  });
}
