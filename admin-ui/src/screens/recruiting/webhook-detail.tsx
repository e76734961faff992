import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation, useParams } from 'wouter';
import { useApi } from '../../api/api-context.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Facts } from '../../components/facts.tsx';
import { Loading } from '../../components/loading.tsx';
import { OneTimeSecret } from '../../components/one-time-secret.tsx';
import { type Command, Page } from '../../components/page.tsx';
import { useChange } from '../../components/use-change.ts';
import { useDeletion } from '../../components/use-deletion.ts';
import { useLocale } from '../../i18n/locale-context.tsx';
import { useMayAdminister } from '../../session/use-session.ts';
import { type Webhook, webhooksPath } from './events.ts';
import { Replay } from './replay.tsx';
import { WebhookDeliveries } from './webhook-deliveries.tsx';

/** One webhook: where it leads, what was sent there and what became of it. */
export function Screen() {
  const { webhookId } = useParams<{ webhookId: string }>();
  const api = useApi();
  const webhook = useQuery({
    queryKey: ['webhooks', webhookId],
    queryFn: ({ signal }) => api.get<Webhook>(`${webhooksPath}/${webhookId}`, { signal }),
  });
  if (webhook.isPending) return <Loading />;
  if (webhook.data === undefined) return <ErrorState error={webhook.error} onRetry={() => void webhook.refetch()} />;
  return <Loaded webhook={webhook.data} />;
}

function Loaded({ webhook }: { readonly webhook: Webhook }) {
  const { t, dateTime } = useLocale();
  const [isReplaying, setReplaying] = useState(false);
  const { commands, secret, onSecretKept } = useSetUp(webhook);
  const old = webhook.oldSecretUntil;
  return (
    <Page
      title={webhook.name}
      back={{ href: '/recruiting/webhooks', label: t('webhooks.title') }}
      commands={[
        { label: t('webhooks.replay'), changes: true, isPrimary: true, onClick: () => setReplaying(true) },
        ...commands,
      ]}
    >
      <Facts
        facts={[
          { term: t('webhooks.url'), value: webhook.url, copy: webhook.url },
          { term: t('webhooks.types'), value: webhook.types.join(', ') || t('webhooks.all') },
          { term: t('webhooks.enabled'), value: webhook.isEnabled ? t('state.yes') : t('state.no') },
          { term: t('webhooks.created'), value: dateTime(webhook.createdAt) },
          ...(old === null ? [] : [{ term: t('webhooks.oldSecret'), value: dateTime(old) }]),
        ]}
      />
      <WebhookDeliveries webhook={webhook} />
      {isReplaying ? <Replay webhook={webhook} onClose={() => setReplaying(false)} /> : null}
      {secret === undefined ? null : (
        <OneTimeSecret value={secret} fileName={`${webhook.name}.txt`} onClose={onSecretKept} />
      )}
    </Page>
  );
}

/** What administrators do with a webhook: turning it on and off, another secret, deleting it. */
function useSetUp(webhook: Webhook) {
  const { t } = useLocale();
  const api = useApi();
  const mayAdminister = useMayAdminister();
  const [, navigate] = useLocation();
  const [secret, setSecret] = useState<string>();
  const path = `${webhooksPath}/${webhook.id}`;
  const stale = [['webhooks']];
  const turn = useChange<boolean>({
    run: (isEnabled) => api.change('PATCH', path, { body: { isEnabled } }),
    ...{ stale, done: () => t('state.saved') },
  });
  const rotate = useChange({
    run: async () =>
      setSecret((await api.change<{ readonly secret: string }>('POST', `${path}/rotateSecret`, { body: {} })).secret),
    stale,
  });
  const remove = useDeletion({
    run: async () => {
      await api.change('DELETE', path);
      navigate('/recruiting/webhooks');
    },
    stale,
    nameOf: () => webhook.name,
    titleOf: (name) => t('appUser.delete.title', { name }),
    text: t('webhooks.delete.text'),
  });
  const { isEnabled } = webhook;
  const commands: readonly Command[] = [
    {
      ...{ label: isEnabled ? t('webhooks.turnOff') : t('webhooks.turnOn'), changes: true },
      onClick: () => turn.mutate(!isEnabled),
    },
    { label: t('webhooks.rotate'), changes: true, onClick: () => rotate.mutate() },
    { label: t('action.delete'), changes: true, onClick: () => remove() },
  ];
  return { commands: mayAdminister ? commands : [], secret, onSecretKept: () => setSecret(undefined) };
}
