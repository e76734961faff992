import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { useApi } from '../../api/api-context.tsx';
import { OneTimeSecret } from '../../components/one-time-secret.tsx';
import { Page } from '../../components/page.tsx';
import type { Field, FormValues } from '../../components/record-form/field.ts';
import { RecordForm } from '../../components/record-form/record-form.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import { eventTexts } from './event-texts.ts';
import { type Webhook, webhooksPath } from './events.ts';

type NewWebhook = Webhook & { readonly secret: string };

/** Somebody new who is told of events. The secret that they are signed with is shown once. */
export function Screen() {
  const { t } = useLocale();
  const api = useApi();
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  const [made, setMade] = useState<NewWebhook>();
  const types = Object.entries(eventTexts);
  const fields: readonly Field[] = [
    { name: 'name', kind: 'text', label: t('webhooks.name'), isRequired: true, maxLength: 100 },
    { name: 'url', kind: 'text', label: t('webhooks.url'), hint: t('webhooks.url.hint'), isRequired: true },
    ...types.map(
      ([name, key], at): Field => ({
        ...{ name, kind: 'tick', label: t(key) },
        // No types at all would mean all of them.
        check: (_, values) =>
          at === types.length - 1 && !types.some(([type]) => values[type] === true)
            ? t('webhooks.types.none')
            : undefined,
      }),
    ),
  ];
  const create = async ({ name, url, ...ticks }: FormValues): Promise<void> => {
    const chosen = Object.keys(ticks).filter((type) => ticks[type] === true);
    const body = { name, url, types: chosen.length === types.length ? [] : chosen };
    setMade(await api.change<NewWebhook>('POST', webhooksPath, { body }));
    await queries.invalidateQueries({ queryKey: ['webhooks'] });
  };
  return (
    <Page title={t('webhooks.new')} back={{ href: '/recruiting/webhooks', label: t('webhooks.title') }}>
      <RecordForm
        fields={fields}
        saved={{ name: '', url: '', ...Object.fromEntries(types.map(([type]) => [type, true])) }}
        onCancel={() => navigate('/recruiting/webhooks')}
        save={(_, { values }) => create(values)}
      />
      {made === undefined ? null : (
        <OneTimeSecret
          value={made.secret}
          fileName={`${made.name}.txt`}
          onClose={() => navigate(`/recruiting/webhooks/${made.id}`)}
        />
      )}
    </Page>
  );
}
