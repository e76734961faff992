import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { useQuery } from '@tanstack/react-query';
import { useLocation, useParams } from 'wouter';
import type { ApiClient } from '../../api/api-client.ts';
import { useApi } from '../../api/api-context.tsx';
import { formatted, query, webApi } from '../../api/odata.ts';
import { ErrorState } from '../../components/error-state.tsx';
import { Facts } from '../../components/facts.tsx';
import { Loading } from '../../components/loading.tsx';
import type { LookupSource } from '../../components/lookup.tsx';
import { Page } from '../../components/page.tsx';
import { useDeletion } from '../../components/use-deletion.ts';
import { useLocale } from '../../i18n/locale-context.tsx';
import { type Team, teamColumns } from './team.ts';
import { TeamLinks } from './team-links.tsx';

interface Named {
  readonly id: string;
  readonly name: string;
}

const pathOf = (id: string): string => `${webApi}/teams(${id})`;

/** One team: who is in it, and which roles it gives them. */
export function Screen() {
  const { teamId } = useParams<{ teamId: string }>();
  const api = useApi();
  const team = useQuery({
    queryKey: ['teams', teamId],
    queryFn: ({ signal }) => api.get<Team>(`${pathOf(teamId)}?$select=${teamColumns}`, { signal, headers: formatted }),
  });
  if (team.isPending) return <Loading />;
  if (team.data === undefined) return <ErrorState error={team.error} onRetry={() => void team.refetch()} />;
  return <Loaded team={team.data} />;
}

function Loaded({ team }: { readonly team: Team }) {
  const { t } = useLocale();
  const remove = useDelete(team);
  const unit = team._businessunitid_value;
  return (
    <Page
      title={team.name}
      back={{ href: '/teams', label: t('teams.title') }}
      commands={[
        {
          ...{ label: t('action.delete'), icon: <DeleteRegular />, changes: true, isDisabled: team.isdefault },
          onClick: remove,
        },
      ]}
    >
      <Facts
        facts={[
          {
            term: t('appUsers.unit'),
            value: team['_businessunitid_value@OData.Community.Display.V1.FormattedValue'] ?? unit,
          },
          { term: t('teams.type'), value: team.teamtype === 1 ? t('teams.type.access') : t('teams.type.owner') },
          { term: t('teams.default'), value: team.isdefault ? t('state.yes') : t('state.no') },
        ]}
      />
      <TeamLinks
        team={team}
        title={t('teams.members')}
        navigation="teammembership_association"
        source={users}
        isFixed={team.isdefault}
      />
      {team.teamtype === 1 ? null : (
        <TeamLinks
          team={team}
          title={t('appUser.roles')}
          navigation="teamroles_association"
          source={rolesOf(unit)}
          isFixed={false}
        />
      )}
    </Page>
  );
}

const users: LookupSource = {
  key: 'users',
  load: async (api, signal) => {
    const options = query({ $select: 'fullname', $filter: 'isdisabled eq false', $orderby: 'fullname' });
    const rows = await namesOf(api, `systemusers${options}`, 'systemuserid', 'fullname', signal);
    return rows.map(({ id, name }) => ({ value: id, label: name, secondary: id }));
  },
};

/** Teams are given the roles of their own unit. */
const rolesOf = (unit: string): LookupSource => ({
  key: `roles of ${unit}`,
  load: async (api, signal) => {
    const options = query({ $select: 'name', $filter: `_businessunitid_value eq ${unit}`, $orderby: 'name' });
    const rows = await namesOf(api, `roles${options}`, 'roleid', 'name', signal);
    return rows.map(({ id, name }) => ({ value: id, label: name }));
  },
});

async function namesOf(
  api: ApiClient,
  path: string,
  idColumn: string,
  nameColumn: string,
  signal: AbortSignal,
): Promise<readonly Named[]> {
  const { rows } = await api.list<Readonly<Record<string, string>>>(`${webApi}/${path}`, { signal });
  return rows.map((row) => ({ id: row[idColumn] ?? '', name: row[nameColumn] ?? '' }));
}

function useDelete({ teamid, name }: Team): () => void {
  const { t } = useLocale();
  const api = useApi();
  const [, navigate] = useLocation();
  return useDeletion({
    run: async () => {
      await api.change('DELETE', pathOf(teamid));
      navigate('/teams');
    },
    stale: [['teams']],
    gone: ['teams', teamid],
    nameOf: () => name,
    titleOf: (title) => t('appUser.delete.title', { name: title }),
    text: t('teams.delete.text'),
  });
}
