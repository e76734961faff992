import { useMemo } from 'react';
import { useApi } from '../../api/api-context.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import { roleSource } from './sources.ts';
import { TickPanel } from './tick-panel.tsx';
import { assignedRolesKey, assignRole, type UserRole } from './user-role.ts';

interface AssignRolesProps {
  readonly userId: string;
  readonly held: readonly UserRole[];
  readonly onClose: () => void;
}

/** Offers the roles that the user has not. */
export function AssignRoles({ userId, held, onClose }: AssignRolesProps) {
  const { t, language } = useLocale();
  const api = useApi();
  const heldIds = new Set(held.map(({ SecurityRoleIdentifier }) => SecurityRoleIdentifier));
  return (
    <TickPanel
      title={t('hrUser.assignRolesTo')}
      source={useMemo(() => roleSource(language), [language])}
      isOffered={({ value }) => !heldIds.has(value)}
      ticked={new Set()}
      save={async (ticked) => {
        for (const role of ticked) await assignRole(api, userId, role);
      }}
      stale={[assignedRolesKey(userId)]}
      onClose={onClose}
    />
  );
}
