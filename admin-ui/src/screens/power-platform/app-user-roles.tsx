import { Button, Checkbox, makeStyles, Text, tokens } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../../api/api-context.tsx';
import { webApi } from '../../api/odata.ts';
import { ErrorState } from '../../components/error-state.tsx';
import { Loading } from '../../components/loading.tsx';
import { Panel } from '../../components/panel.tsx';
import { Section } from '../../components/section.tsx';
import { useChange } from '../../components/use-change.ts';
import { useLocale } from '../../i18n/locale-context.tsx';
import { type AppUser, giveRole, type NamedRole, rolesOfUnit, takeRole } from './app-user.ts';

const useStyles = makeStyles({
  list: { display: 'flex', flexDirection: 'column', margin: 0, paddingLeft: tokens.spacingHorizontalL },
  ticks: { display: 'flex', flexDirection: 'column', maxHeight: '50vh', overflowY: 'auto' },
  panel: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
  bar: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
});

interface TeamWithRoles {
  readonly name: string;
  readonly teamroles_association: readonly NamedRole[];
}

/** The roles of a user: those given, and those that come by teams. */
export function AppUserRoles({ user }: { readonly user: AppUser }) {
  const { t } = useLocale();
  const api = useApi();
  const styles = useStyles();
  const [isEditing, setEditing] = useState(false);
  const teams = useQuery({
    queryKey: ['appUsers', user.systemuserid, 'teams'],
    queryFn: ({ signal }) =>
      api.list<TeamWithRoles>(
        `${webApi}/systemusers(${user.systemuserid})/teammembership_association?$select=name&$expand=teamroles_association($select=name)`,
        { signal },
      ),
  });
  const byTeams = (teams.data?.rows ?? []).flatMap(({ name, teamroles_association: roles }) =>
    roles.map((role) => ({ ...role, team: name })),
  );
  return (
    <Section
      title={t('appUser.roles')}
      commands={[{ label: t('appUser.editRoles'), changes: true, onClick: () => setEditing(true) }]}
    >
      {user.systemuserroles_association.length === 0 ? <Text>{t('appUsers.noRole')}</Text> : null}
      <ul className={styles.list}>
        {user.systemuserroles_association.map(({ roleid, name }) => (
          <li key={roleid}>{name}</li>
        ))}
      </ul>
      {byTeams.length === 0 ? null : (
        <>
          <Text weight="semibold">{t('appUser.teamRoles')}</Text>
          <ul className={styles.list}>
            {byTeams.map(({ roleid, name, team }) => (
              <li key={`${team} ${roleid}`}>
                {name} ({team})
              </li>
            ))}
          </ul>
        </>
      )}
      {isEditing ? <EditRoles user={user} onClose={() => setEditing(false)} /> : null}
    </Section>
  );
}

function EditRoles({ user, onClose }: { readonly user: AppUser; readonly onClose: () => void }) {
  const { t } = useLocale();
  const api = useApi();
  const roles = useQuery({
    queryKey: ['rolesOfUnit', user._businessunitid_value],
    queryFn: ({ signal }) => rolesOfUnit(api, user._businessunitid_value, signal),
  });
  return (
    <Panel title={t('appUser.editRoles')} onClose={onClose}>
      {roles.isPending ? <Loading /> : null}
      {roles.isError ? <ErrorState error={roles.error} onRetry={() => void roles.refetch()} /> : null}
      {roles.data === undefined ? null : <RoleTicks user={user} roles={roles.data} onClose={onClose} />}
    </Panel>
  );
}

interface RoleTicksProps {
  readonly user: AppUser;
  readonly roles: readonly NamedRole[];
  readonly onClose: () => void;
}

/** Says what will be given and what taken away before it is done. */
function RoleTicks({ user, roles, onClose }: RoleTicksProps) {
  const { t } = useLocale();
  const api = useApi();
  const styles = useStyles();
  const held = new Set(user.systemuserroles_association.map(({ roleid }) => roleid));
  const [ticked, setTicked] = useState<ReadonlySet<string>>(held);
  const added = roles.filter(({ roleid }) => ticked.has(roleid) && !held.has(roleid));
  const removed = roles.filter(({ roleid }) => !ticked.has(roleid) && held.has(roleid));
  const namesOf = (of: readonly NamedRole[]): string => of.map(({ name }) => name).join(', ');
  const save = useChange({
    run: async () => {
      for (const { roleid } of added) await giveRole(api, user.systemuserid, roleid);
      for (const { roleid } of removed) await takeRole(api, user.systemuserid, roleid);
      onClose();
    },
    stale: [['appUsers']],
    done: () => t('state.saved'),
  });
  const tick = (id: string, isTicked: boolean): void => {
    const next = new Set(ticked);
    if (isTicked) next.add(id);
    else next.delete(id);
    setTicked(next);
  };
  return (
    <div className={styles.panel}>
      <div className={styles.ticks}>
        {roles.map(({ roleid, name }) => (
          <Checkbox
            key={roleid}
            label={name}
            checked={ticked.has(roleid)}
            onChange={(_, { checked }) => tick(roleid, checked === true)}
          />
        ))}
      </div>
      {added.length === 0 ? null : <Text>{t('appUser.rolesAdded', { names: namesOf(added) })}</Text>}
      {removed.length === 0 ? null : <Text>{t('appUser.rolesRemoved', { names: namesOf(removed) })}</Text>}
      <div className={styles.bar}>
        <Button
          appearance="primary"
          disabled={save.isPending || added.length + removed.length === 0}
          onClick={() => save.mutate()}
        >
          {t('action.save')}
        </Button>
        <Button onClick={onClose}>{t('action.cancel')}</Button>
      </div>
    </div>
  );
}
