import { Button, makeStyles, Text, tokens } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../../api/api-context.tsx';
import { webApi } from '../../api/odata.ts';
import { ErrorState } from '../../components/error-state.tsx';
import { Loading } from '../../components/loading.tsx';
import { Panel } from '../../components/panel.tsx';
import { Section } from '../../components/section.tsx';
import { TickList } from '../../components/tick-list.tsx';
import { useChange } from '../../components/use-change.ts';
import { useLocale } from '../../i18n/locale-context.tsx';
import { type AppUser, giveRole, type NamedRole, rolesOfUnit, takeRole } from './app-user.ts';

const useStyles = makeStyles({
  list: { display: 'flex', flexDirection: 'column', margin: 0, paddingLeft: tokens.spacingHorizontalL },
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

interface EditRolesProps {
  readonly user: AppUser;
  readonly onClose: () => void;
}

/** Says what will be given and what taken away before it is done. */
function EditRoles({ user, onClose }: EditRolesProps) {
  const { t } = useLocale();
  const api = useApi();
  const styles = useStyles();
  const roles = useQuery({
    queryKey: ['rolesOfUnit', user._businessunitid_value],
    queryFn: ({ signal }) => rolesOfUnit(api, user._businessunitid_value, signal),
  });
  const edit = useEdit(user, roles.data ?? []);
  const namesOf = (of: readonly NamedRole[]): string => of.map(({ name }) => name).join(', ');
  const save = useChange({
    run: async () => {
      for (const { roleid } of edit.added) await giveRole(api, user.systemuserid, roleid);
      for (const { roleid } of edit.removed) await takeRole(api, user.systemuserid, roleid);
      onClose();
    },
    stale: [['appUsers']],
    done: () => t('state.saved'),
  });
  return (
    <Panel title={t('appUser.editRoles')} onClose={onClose}>
      <div className={styles.panel}>
        {roles.isPending ? <Loading /> : null}
        {roles.isError ? <ErrorState error={roles.error} onRetry={() => void roles.refetch()} /> : null}
        <TickList
          options={(roles.data ?? []).map(({ roleid, name }) => ({ value: roleid, label: name }))}
          ticked={edit.ticked}
          onChange={edit.tick}
        />
        {edit.added.length === 0 ? null : <Text>{t('appUser.rolesAdded', { names: namesOf(edit.added) })}</Text>}
        {edit.removed.length === 0 ? null : <Text>{t('appUser.rolesRemoved', { names: namesOf(edit.removed) })}</Text>}
        <div className={styles.bar}>
          <Button
            appearance="primary"
            disabled={save.isPending || edit.added.length + edit.removed.length === 0}
            onClick={() => save.mutate()}
          >
            {t('action.save')}
          </Button>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
        </div>
      </div>
    </Panel>
  );
}

/** What the person ticked or unticked, and nothing else: roles that others gave meanwhile stay as they are. */
function useEdit(user: AppUser, roles: readonly NamedRole[]) {
  const [edits, setEdits] = useState<ReadonlyMap<string, boolean>>(new Map());
  const held = new Set(user.systemuserroles_association.map(({ roleid }) => roleid));
  const isTicked = (roleid: string): boolean => edits.get(roleid) ?? held.has(roleid);
  return {
    ticked: new Set(roles.map(({ roleid }) => roleid).filter(isTicked)),
    added: roles.filter(({ roleid }) => isTicked(roleid) && !held.has(roleid)),
    removed: roles.filter(({ roleid }) => !isTicked(roleid) && held.has(roleid)),
    tick: (ticked: ReadonlySet<string>): void => {
      const changed = roles.filter(({ roleid }) => ticked.has(roleid) !== isTicked(roleid));
      setEdits(new Map([...edits, ...changed.map(({ roleid }) => [roleid, ticked.has(roleid)] as const)]));
    },
  };
}
