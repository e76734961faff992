import { Text } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../../api/api-context.tsx';
import { literal, query } from '../../api/odata.ts';
import { useConfirm } from '../../components/confirm.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Loading } from '../../components/loading.tsx';
import type { Command } from '../../components/page.tsx';
import { Section } from '../../components/section.tsx';
import { useChange } from '../../components/use-change.ts';
import { useLocale } from '../../i18n/locale-context.tsx';
import type { Application } from './application.ts';

interface ServicePrincipal {
  readonly id: string;
  readonly accountEnabled: boolean;
}

/** Whether the tenant has admitted the application: its service principal. */
export function ApplicationConsent({ application }: { readonly application: Application }) {
  const { t } = useLocale();
  const api = useApi();
  const found = useQuery({
    queryKey: ['servicePrincipals', application.appId],
    queryFn: ({ signal }) => {
      const $filter = `appId eq ${literal(application.appId)}`;
      return api.list<ServicePrincipal>(`/v1.0/servicePrincipals${query({ $filter })}`, { signal });
    },
  });
  const principal = found.data?.rows[0];
  const commands = useConsentCommands(application, principal);
  if (found.isPending) return <Loading />;
  if (found.isError) return <ErrorState error={found.error} onRetry={() => void found.refetch()} />;
  const state =
    principal === undefined ? 'consent.none' : principal.accountEnabled ? 'consent.enabled' : 'consent.disabled';
  return (
    <Section title={t('consent.title')} text={t(state)} commands={commands}>
      <Text size={200}>{t('consent.hint')}</Text>
    </Section>
  );
}

function useConsentCommands({ appId, displayName: name }: Application, principal?: ServicePrincipal): Command[] {
  const { t } = useLocale();
  const api = useApi();
  const confirm = useConfirm();
  const common = { stale: [['servicePrincipals', appId]], done: () => t('state.saved') };
  const path = `/v1.0/servicePrincipals/${principal?.id}`;
  const admit = useChange({ run: () => api.change('POST', '/v1.0/servicePrincipals', { body: { appId } }), ...common });
  const enable = useChange<boolean>({
    run: (accountEnabled) => api.change('PATCH', path, { body: { accountEnabled } }),
    ...common,
  });
  const withdraw = useChange({ run: () => api.change('DELETE', path), ...common });
  if (principal === undefined) return [{ label: t('consent.admit'), changes: true, onClick: () => admit.mutate() }];
  const ask = (): void => {
    const question = {
      title: t('consent.withdraw.title', { name }),
      text: t('consent.withdraw.text'),
      verb: t('consent.withdraw'),
    };
    void confirm(question).then((yes) => yes && withdraw.mutate());
  };
  return [
    {
      label: principal.accountEnabled ? t('consent.disable') : t('consent.enable'),
      changes: true,
      onClick: () => enable.mutate(!principal.accountEnabled),
    },
    { label: t('consent.withdraw'), changes: true, onClick: ask },
  ];
}
