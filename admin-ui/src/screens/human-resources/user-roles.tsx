import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons/svg/add';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../../api/api-context.tsx';
import { useConfirm } from '../../components/confirm.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Loading } from '../../components/loading.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { Section } from '../../components/section.tsx';
import { useChange } from '../../components/use-change.ts';
import { useLocale } from '../../i18n/locale-context.tsx';
import { useMayChange } from '../../session/use-session.ts';
import { AssignOrganizations } from './assign-organizations.tsx';
import { AssignRoles } from './assign-roles.tsx';
import { roleName } from './role-name.ts';
import { type AssignedRole, assignedRolesKey, listAssignedRoles, removeRole, setStatus } from './user-role.ts';

const useStyles = makeStyles({
  bar: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
});

/** The roles of a user, and where each of them counts. */
export function UserRoles({ userId }: { readonly userId: string }) {
  const { t } = useLocale();
  const api = useApi();
  const [isAssigning, setAssigning] = useState(false);
  const [narrowed, setNarrowed] = useState<AssignedRole>();
  const roles = useQuery({
    queryKey: assignedRolesKey(userId),
    queryFn: ({ signal }) => listAssignedRoles(api, userId, signal),
  });
  return (
    <Section
      title={t('hrUser.roles')}
      commands={[
        { label: t('hrUser.assignRoles'), icon: <AddRegular />, changes: true, onClick: () => setAssigning(true) },
      ]}
    >
      {roles.isPending ? <Loading /> : null}
      {roles.isError ? <ErrorState error={roles.error} onRetry={() => void roles.refetch()} /> : null}
      {roles.data === undefined ? null : <RoleTable roles={roles.data} onNarrow={setNarrowed} />}
      {isAssigning && roles.data !== undefined ? (
        <AssignRoles userId={userId} held={roles.data} onClose={() => setAssigning(false)} />
      ) : null}
      {narrowed === undefined ? null : <AssignOrganizations role={narrowed} onClose={() => setNarrowed(undefined)} />}
    </Section>
  );
}

interface RoleTableProps {
  readonly roles: readonly AssignedRole[];
  readonly onNarrow: (role: AssignedRole) => void;
}

function RoleTable({ roles, onNarrow }: RoleTableProps) {
  const { t, language } = useLocale();
  const mayChange = useMayChange();
  return (
    <PlainTable
      label={t('hrUser.roles')}
      emptyText={t('hrUser.noRoles')}
      titles={[
        t('hrUsers.role'),
        t('hrUser.roleId'),
        t('hrUser.organizations'),
        t('hrUser.assignment'),
        ...(mayChange ? [t('hrUser.actions')] : []),
      ]}
      rows={roles.map((role) => ({
        key: role.SecurityRoleIdentifier,
        cells: [
          roleName(language, role.SecurityRoleIdentifier, role.SecurityRoleName),
          role.SecurityRoleIdentifier,
          role.companies.length === 0 ? t('hrUser.allOrganizations') : role.companies.join(', '),
          role.AssignmentStatus === 'Disabled' ? t('hrUser.off') : t('hrUser.on'),
          ...(mayChange ? [<RoleButtons key="buttons" role={role} onNarrow={onNarrow} />] : []),
        ],
      }))}
    />
  );
}

interface RoleButtonsProps {
  readonly role: AssignedRole;
  readonly onNarrow: (role: AssignedRole) => void;
}

function RoleButtons({ role, onNarrow }: RoleButtonsProps) {
  const { t, language } = useLocale();
  const confirm = useConfirm();
  const api = useApi();
  const styles = useStyles();
  const change = {
    stale: [assignedRolesKey(role.UserId)],
    done: () => t('state.saved'),
  };
  const isOff = role.AssignmentStatus === 'Disabled';
  const turn = useChange({ ...change, run: () => setStatus(api, role, isOff ? 'Enabled' : 'Disabled') });
  const remove = useChange({ ...change, run: () => removeRole(api, role) });
  const isBusy = turn.isPending || remove.isPending;
  const ask = (): void => {
    const name = roleName(language, role.SecurityRoleIdentifier, role.SecurityRoleName);
    const question = {
      title: t('hrUser.removeRole.title', { role: name, user: role.UserId }),
      text: t('hrUser.removeRole.text'),
      verb: t('hrUser.removeRole'),
    };
    void confirm(question).then((yes) => yes && remove.mutate());
  };
  return (
    <div className={styles.bar}>
      <Button size="small" onClick={() => onNarrow(role)}>
        {t('hrUser.assignOrganizations')}
      </Button>
      <Button size="small" disabled={isBusy} onClick={() => turn.mutate()}>
        {isOff ? t('hrUser.turnOn') : t('hrUser.turnOff')}
      </Button>
      <Button size="small" disabled={isBusy} onClick={ask}>
        {t('hrUser.removeRole')}
      </Button>
    </div>
  );
}
