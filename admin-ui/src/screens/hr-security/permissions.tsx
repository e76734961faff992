import { Button } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons/svg/add';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../../api/api-context.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Loading } from '../../components/loading.tsx';
import { useNotify } from '../../components/notify.tsx';
import { Panel } from '../../components/panel.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { RecordForm } from '../../components/record-form/record-form.tsx';
import { Section } from '../../components/section.tsx';
import { useChange } from '../../components/use-change.ts';
import { useLocale } from '../../i18n/locale-context.tsx';
import { useMayChange } from '../../session/use-session.ts';
import { type HrRow, rowsWith } from './container.ts';
import { RemoveButton } from './parts.tsx';
import {
  addPermission,
  changePermission,
  emptyPermission,
  permissionFields,
  removePermission,
  rightsThat,
} from './permission.ts';

const keyOf = (privilege: string): readonly string[] => ['hr security', 'permissions', privilege];

/** What a privilege grants and denies. */
export function Permissions({ privilege }: { readonly privilege: string }) {
  const { t } = useLocale();
  const api = useApi();
  const [opened, setOpened] = useState<HrRow>();
  const permissions = useQuery({
    queryKey: keyOf(privilege),
    queryFn: ({ signal }) =>
      rowsWith(api, 'SecurityPrivilegePermissions', 'SecurityPrivilegeIdentifier', privilege, signal),
  });
  if (permissions.isPending) return <Loading />;
  if (permissions.isError) {
    return <ErrorState error={permissions.error} onRetry={() => void permissions.refetch()} />;
  }
  return (
    <Section
      title={t('hrPermission.title')}
      text={t('hrPermission.text')}
      commands={[
        {
          ...{ label: t('hrPermission.new'), icon: <AddRegular />, changes: true },
          onClick: () => setOpened({ ...emptyPermission, SecurityPrivilegeIdentifier: privilege }),
        },
      ]}
    >
      <PermissionTable privilege={privilege} rows={permissions.data} onOpen={setOpened} />
      {opened === undefined ? null : <PermissionPanel row={opened} onClose={() => setOpened(undefined)} />}
    </Section>
  );
}

interface PermissionTableProps {
  readonly privilege: string;
  readonly rows: readonly HrRow[];
  readonly onOpen: (row: HrRow) => void;
}

function PermissionTable({ privilege, rows, onOpen }: PermissionTableProps) {
  const { t } = useLocale();
  const api = useApi();
  const mayChange = useMayChange();
  const remove = useChange<HrRow>({
    run: (row) => removePermission(api, row),
    stale: [keyOf(privilege)],
    done: () => t('state.saved'),
  });
  return (
    <PlainTable
      label={t('hrPermission.title')}
      emptyText={t('state.nothingHere')}
      titles={[
        t('hrPermission.type'),
        t('hrPermission.object'),
        t('hrPermission.grants'),
        t('hrPermission.denies'),
        ...(mayChange ? [t('hrUser.actions')] : []),
      ]}
      rows={rows.map((row) => {
        const object = [row['SecurableName'], row['SecurableField']].filter(Boolean).join('.');
        const buttons = (
          <div key="buttons">
            <Button
              size="small"
              aria-label={`${t('hrPermission.change')} ${row['SecurableType']} ${object}`}
              onClick={() => onOpen(row)}
            >
              {t('hrPermission.change')}
            </Button>{' '}
            <RemoveButton name={`${row['SecurableType']} ${object}`} onClick={() => remove.mutate(row)} />
          </div>
        );
        return {
          key: `${row['SecurableType']} ${object} ${row['IntegrationMode']}`,
          cells: [
            ...[row['SecurableType'], object, rightsThat('Grant', row) || '–', rightsThat('Deny', row) || '–'],
            ...(mayChange ? [buttons] : []),
          ],
        };
      })}
    />
  );
}

interface PermissionPanelProps {
  readonly row: HrRow;
  readonly onClose: () => void;
}

function PermissionPanel({ row, onClose }: PermissionPanelProps) {
  const locale = useLocale();
  const { t } = locale;
  const api = useApi();
  const queries = useQueryClient();
  const notify = useNotify();
  const isNew = row['@odata.etag'] === undefined;
  const fields = permissionFields(locale, isNew);
  const texts = (values: object): HrRow =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
  return (
    <Panel title={isNew ? t('hrPermission.new') : t('hrPermission.change')} onClose={onClose}>
      <RecordForm
        fields={fields}
        saved={Object.fromEntries(Object.keys(emptyPermission).map((name) => [name, row[name] ?? '']))}
        onCancel={onClose}
        save={async (changed, { values, overwrite }) => {
          const privilege = row['SecurityPrivilegeIdentifier'] ?? '';
          if (isNew) await addPermission(api, { ...texts(values), SecurityPrivilegeIdentifier: privilege });
          else await changePermission(api, row, texts(changed), overwrite);
          await queries.invalidateQueries({ queryKey: keyOf(privilege) });
          notify(t('state.saved'));
          onClose();
        }}
      />
    </Panel>
  );
}
