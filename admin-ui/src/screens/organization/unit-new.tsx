import { webApi } from '../../api/odata.ts';
import { NewRecordPage } from '../../components/new-record-page.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import { type Unit, unitSource } from './unit.ts';

/** A new business unit below another one. */
export function Screen() {
  const { t } = useLocale();
  return (
    <NewRecordPage
      title={t('units.new')}
      list={{ href: '/business-units', label: t('units.title') }}
      fields={[
        { name: 'name', kind: 'text', label: t('units.name'), isRequired: true, maxLength: 160 },
        { name: 'parent', kind: 'lookup', source: unitSource, label: t('units.parent'), isRequired: true },
      ]}
      saved={{ name: '', parent: '' }}
      stale={[['units'], ['lookup', 'units']]}
      create={async (api, { name, parent }) => {
        const made = await api.change<Unit>('POST', `${webApi}/businessunits?$select=name`, {
          headers: { Prefer: 'return=representation' },
          body: { name, 'parentbusinessunitid@odata.bind': `/businessunits(${parent})` },
        });
        return { name: made.name, href: `/business-units/${made.businessunitid}` };
      }}
    />
  );
}
