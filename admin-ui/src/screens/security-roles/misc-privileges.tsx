import { PlainTable } from '../../components/plain-table.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import { DepthPicker } from './depth-picker.tsx';
import type { Grants, Privilege } from './role-model.ts';
import type { RoleEdits } from './use-role-edits.ts';

interface MiscPrivilegesProps {
  readonly privileges: readonly Privilege[];
  readonly edits: RoleEdits;
  readonly template: Grants | undefined;
}

/** Privileges that belong to no table. */
export function MiscPrivileges({ privileges, edits, template }: MiscPrivilegesProps) {
  const { t } = useLocale();
  return (
    <PlainTable
      label={t('role.tab.misc')}
      titles={[t('role.privilege'), t('role.level')]}
      emptyText={t('state.nothingFound')}
      rows={privileges.map((privilege) => {
        const depth = edits.depthOf(privilege.id);
        const wanted = template?.get(privilege.id);
        return {
          key: privilege.id,
          cells: [
            privilege.name,
            <DepthPicker
              key="level"
              privilege={privilege}
              label={privilege.name}
              depth={depth}
              isChanged={edits.changes.has(privilege.id)}
              template={template === undefined || wanted === depth ? undefined : (wanted ?? 'None')}
              onChange={(next) => edits.set(privilege, next)}
            />,
          ],
        };
      })}
    />
  );
}
