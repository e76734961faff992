import { Text } from '@fluentui/react-components';
import { useQueryClient } from '@tanstack/react-query';
import { useApi } from '../../api/api-context.tsx';
import { useNotify } from '../../components/notify.tsx';
import { Panel } from '../../components/panel.tsx';
import { parseNumber } from '../../components/record-form/check-fields.ts';
import { RecordForm } from '../../components/record-form/record-form.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import { type Webhook, webhooksPath } from './events.ts';

interface ReplayProps {
  readonly webhook: Webhook;
  readonly onClose: () => void;
}

/** Has events sent again from a position on. */
export function Replay({ webhook, onClose }: ReplayProps) {
  const { t } = useLocale();
  const api = useApi();
  const queries = useQueryClient();
  const notify = useNotify();
  return (
    <Panel title={t('webhooks.replay')} onClose={onClose}>
      <Text>{t('webhooks.replay.text')}</Text>
      <RecordForm
        fields={[
          {
            ...{ name: 'after', kind: 'number', label: t('webhooks.after'), isRequired: true },
            hint: t('webhooks.after.hint'),
          },
        ]}
        saved={{ after: '0' }}
        submitLabel={t('webhooks.replay')}
        onCancel={onClose}
        save={async (_, { values }) => {
          const { events } = await api.change<{ readonly events: number }>(
            'POST',
            `${webhooksPath}/${webhook.id}/replay`,
            { body: { after: parseNumber(String(values['after'])) } },
          );
          await queries.invalidateQueries({ queryKey: ['events'] });
          notify(t('webhooks.replayed', { n: events }));
          onClose();
        }}
      />
    </Panel>
  );
}
