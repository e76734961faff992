import { webApi } from '../../api/odata.ts';
import { NewRecordPage } from '../../components/new-record-page.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import type { Team } from './team.ts';
import { unitSource } from './unit.ts';

/** A new team. Its type is settled here for good. */
export function Screen() {
  const { t } = useLocale();
  return (
    <NewRecordPage
      title={t('teams.new')}
      list={{ href: '/teams', label: t('teams.title') }}
      fields={[
        { name: 'name', kind: 'text', label: t('teams.name'), isRequired: true, maxLength: 160 },
        { name: 'unit', kind: 'lookup', source: unitSource, label: t('appUsers.unit'), isRequired: true },
        {
          name: 'teamtype',
          kind: 'choice',
          label: t('teams.type'),
          isRequired: true,
          options: [
            { value: '0', label: t('teams.type.owner') },
            { value: '1', label: t('teams.type.access') },
          ],
        },
      ]}
      saved={{ name: '', unit: '', teamtype: '0' }}
      stale={[['teams']]}
      create={async (api, { name, unit, teamtype }) => {
        const made = await api.change<Team>('POST', `${webApi}/teams?$select=name`, {
          headers: { Prefer: 'return=representation' },
          body: { name, teamtype: Number(teamtype), 'businessunitid@odata.bind': `/businessunits(${unit})` },
        });
        return { name: made.name, href: `/teams/${made.teamid}` };
      }}
    />
  );
}
