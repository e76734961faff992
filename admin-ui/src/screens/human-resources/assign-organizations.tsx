import { Text } from '@fluentui/react-components';
import { useApi } from '../../api/api-context.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import { roleName } from './role-name.ts';
import { companySource } from './sources.ts';
import { TickPanel } from './tick-panel.tsx';
import { type AssignedRole, assignedRolesKey, setCompanies } from './user-role.ts';

interface AssignOrganizationsProps {
  readonly role: AssignedRole;
  readonly onClose: () => void;
}

/** Keeps a role of a user to some legal entities. */
export function AssignOrganizations({ role, onClose }: AssignOrganizationsProps) {
  const { t, language } = useLocale();
  const api = useApi();
  return (
    <TickPanel
      title={t('hrUser.assignOrganizations')}
      source={companySource}
      ticked={new Set(role.companies)}
      save={(ticked) => setCompanies(api, role, ticked)}
      stale={[assignedRolesKey(role.UserId)]}
      onClose={onClose}
    >
      <Text>
        {t('hrUser.organizationsText', {
          role: roleName(language, role.SecurityRoleIdentifier, role.SecurityRoleName),
        })}
      </Text>
    </TickPanel>
  );
}
