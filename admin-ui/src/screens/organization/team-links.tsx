import { Button, Field, makeStyles, tokens } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../../api/api-context.tsx';
import { webApi } from '../../api/odata.ts';
import { ErrorState } from '../../components/error-state.tsx';
import { Loading } from '../../components/loading.tsx';
import { Lookup, type LookupSource } from '../../components/lookup.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { Section } from '../../components/section.tsx';
import { useChange } from '../../components/use-change.ts';
import { useLocale } from '../../i18n/locale-context.tsx';
import { useMayChange } from '../../session/use-session.ts';
import type { Team } from './team.ts';

const useStyles = makeStyles({
  bar: { display: 'flex', flexWrap: 'wrap', alignItems: 'flex-end', gap: tokens.spacingHorizontalS },
});

interface Linked {
  readonly systemuserid?: string;
  readonly roleid?: string;
  readonly fullname?: string;
  readonly name?: string;
}

const kinds = {
  teammembership_association: { set: 'systemusers', column: 'fullname' },
  teamroles_association: { set: 'roles', column: 'name' },
} as const;

interface TeamLinksProps {
  readonly team: Team;
  readonly title: string;
  readonly navigation: keyof typeof kinds;
  /** What can be added. */
  readonly source: LookupSource;
  /** Kept by the system: the members of a unit's default team. */
  readonly isFixed: boolean;
}

/** What a team is linked to: its members, or its roles. */
export function TeamLinks({ team, title, navigation, source, isFixed }: TeamLinksProps) {
  const { t } = useLocale();
  const api = useApi();
  const mayChange = useMayChange() && !isFixed;
  const path = `${webApi}/teams(${team.teamid})/${navigation}`;
  const key = ['teams', team.teamid, navigation];
  const linked = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => api.list<Linked>(`${path}?$select=${kinds[navigation].column}`, { signal }),
  });
  const remove = useChange<string>({
    run: (id) => api.change('DELETE', `${path}(${id})/$ref`),
    stale: [key],
    done: () => t('state.saved'),
  });
  const add = useChange<string>({
    run: (id) =>
      api.change('POST', `${path}/$ref`, { body: { '@odata.id': `${webApi}/${kinds[navigation].set}(${id})` } }),
    stale: [key],
    done: () => t('state.saved'),
  });
  if (linked.isPending) return <Loading />;
  if (linked.isError) return <ErrorState error={linked.error} onRetry={() => void linked.refetch()} />;
  return (
    <Section title={title}>
      <PlainTable
        label={title}
        emptyText={t('state.nothingHere')}
        titles={[t('teams.name'), ...(mayChange ? [t('teams.remove')] : [])]}
        rows={linked.data.rows.map((row) => {
          const id = row.systemuserid ?? row.roleid ?? '';
          const name = row.fullname ?? row.name ?? id;
          const button = (
            <Button
              key="remove"
              size="small"
              onClick={() => remove.mutate(id)}
              aria-label={`${t('teams.remove')} ${name}`}
            >
              {t('teams.remove')}
            </Button>
          );
          return { key: id, cells: [name, ...(mayChange ? [button] : [])] };
        })}
      />
      {mayChange ? <AddLink title={title} source={source} onAdd={add.mutate} /> : null}
    </Section>
  );
}

interface AddLinkProps {
  readonly title: string;
  readonly source: LookupSource;
  readonly onAdd: (id: string) => void;
}

function AddLink({ title, source, onAdd }: AddLinkProps) {
  const { t } = useLocale();
  const styles = useStyles();
  const [id, setId] = useState('');
  return (
    <div className={styles.bar}>
      <Field label={`${title}: ${t('action.add').toLowerCase()}`}>
        <Lookup source={source} value={id} onChange={setId} />
      </Field>
      <Button
        disabled={id === ''}
        onClick={() => {
          onAdd(id);
          setId('');
        }}
      >
        {t('action.add')}
      </Button>
    </div>
  );
}
