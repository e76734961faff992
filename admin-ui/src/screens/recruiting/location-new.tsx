import { NewRecordPage } from '../../components/new-record-page.tsx';
import type { Field } from '../../components/record-form/field.ts';
import { useLocale } from '../../i18n/locale-context.tsx';
import { locationForm, locationSet, type RecruitingLocation } from './location.ts';
import { companySource } from './sources.ts';
import { bodyOf } from './wire.ts';

/** A new place. Its id and legal entity are settled here for good. */
export function Screen() {
  const { t } = useLocale();
  const fields: readonly Field[] = [
    { name: 'mshr_recruitingrequestlocationid', kind: 'text', label: t('locations.id'), isRequired: true },
    { name: 'mshr_dataareaid', kind: 'lookup', source: companySource, label: t('request.company'), isRequired: true },
    ...locationForm(t),
  ];
  return (
    <NewRecordPage
      title={t('locations.new')}
      list={{ href: '/recruiting/locations', label: t('locations.title') }}
      fields={fields}
      saved={Object.fromEntries(fields.map(({ name }) => [name, '']))}
      stale={[['locations'], ['lookup']]}
      create={async (api, values) => {
        const made = await api.change<RecruitingLocation>('POST', locationSet, {
          headers: { Prefer: 'return=representation' },
          body: bodyOf(values),
        });
        return {
          name: made.mshr_recruitingrequestlocationid,
          href: `/recruiting/locations/${made.mshr_hcmrecruitingrequestlocationentityid}`,
        };
      }}
    />
  );
}
