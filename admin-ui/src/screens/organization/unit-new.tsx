import { useQueryClient } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { useApi } from '../../api/api-context.tsx';
import { webApi } from '../../api/odata.ts';
import { useNotify } from '../../components/notify.tsx';
import { Page } from '../../components/page.tsx';
import { RecordForm } from '../../components/record-form/record-form.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import { type Unit, unitSource } from './unit.ts';

/** A new business unit below another one. */
export function Screen() {
  const { t } = useLocale();
  const api = useApi();
  const queries = useQueryClient();
  const notify = useNotify();
  const [, navigate] = useLocation();
  return (
    <Page title={t('units.new')} back={{ href: '/business-units', label: t('units.title') }}>
      <RecordForm
        fields={[
          { name: 'name', kind: 'text', label: t('units.name'), isRequired: true, maxLength: 160 },
          { name: 'parent', kind: 'lookup', source: unitSource, label: t('units.parent'), isRequired: true },
        ]}
        saved={{ name: '', parent: '' }}
        onCancel={() => navigate('/business-units')}
        save={async (_, { values: { name, parent } }) => {
          const made = await api.change<Unit>('POST', `${webApi}/businessunits?$select=name`, {
            headers: { Prefer: 'return=representation' },
            body: { name, 'parentbusinessunitid@odata.bind': `/businessunits(${parent})` },
          });
          await Promise.all([
            queries.invalidateQueries({ queryKey: ['units'] }),
            queries.invalidateQueries({ queryKey: ['lookup', 'units'] }),
          ]);
          notify(t('state.created', { name: made.name }));
          navigate(`/business-units/${made.businessunitid}`);
        }}
      />
    </Page>
  );
}
