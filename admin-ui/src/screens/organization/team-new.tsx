import { useQueryClient } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { useApi } from '../../api/api-context.tsx';
import { webApi } from '../../api/odata.ts';
import { useNotify } from '../../components/notify.tsx';
import { Page } from '../../components/page.tsx';
import { RecordForm } from '../../components/record-form/record-form.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import type { Team } from './team.ts';
import { unitSource } from './unit.ts';

/** A new team. Its type is settled here for good. */
export function Screen() {
  const { t } = useLocale();
  const api = useApi();
  const queries = useQueryClient();
  const notify = useNotify();
  const [, navigate] = useLocation();
  return (
    <Page title={t('teams.new')} back={{ href: '/teams', label: t('teams.title') }}>
      <RecordForm
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
        onCancel={() => navigate('/teams')}
        save={async (_, { values: { name, unit, teamtype } }) => {
          const made = await api.change<Team>('POST', `${webApi}/teams?$select=name`, {
            headers: { Prefer: 'return=representation' },
            body: { name, teamtype: Number(teamtype), 'businessunitid@odata.bind': `/businessunits(${unit})` },
          });
          await queries.invalidateQueries({ queryKey: ['teams'] });
          notify(t('state.created', { name: made.name }));
          navigate(`/teams/${made.teamid}`);
        }}
      />
    </Page>
  );
}
