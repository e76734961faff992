import { CopyRegular } from '@fluentui/react-icons/svg/copy';
import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { useApi } from '../../api/api-context.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Facts } from '../../components/facts.tsx';
import { Loading } from '../../components/loading.tsx';
import { useNotify } from '../../components/notify.tsx';
import { Page } from '../../components/page.tsx';
import type { Field, FormValues } from '../../components/record-form/field.ts';
import { RecordForm } from '../../components/record-form/record-form.tsx';
import { useDeletion } from '../../components/use-deletion.ts';
import { useLocale } from '../../i18n/locale-context.tsx';
import { type Container, containerPath, type HrRow, listKey } from './container.ts';
import { Holders } from './holders.tsx';
import { Parts } from './parts.tsx';
import { Permissions } from './permissions.tsx';
import { useName } from './use-name.ts';

interface ContainerDetailProps {
  readonly kind: Container;
  readonly id: string;
}

/** One role, duty or privilege: its name, what it has, and who has it. */
export function ContainerDetail({ kind, id }: ContainerDetailProps) {
  const api = useApi();
  const row = useQuery({
    queryKey: [...listKey(kind), id],
    queryFn: ({ signal }) => api.get<HrRow>(containerPath(kind, id), { signal }),
  });
  if (row.isPending) return <Loading />;
  if (row.data === undefined) return <ErrorState error={row.error} onRetry={() => void row.refetch()} />;
  const reload = async (): Promise<FormValues> => valuesOf(kind, (await row.refetch()).data ?? row.data);
  return <Loaded kind={kind} row={row.data} reload={reload} />;
}

const isRole = ({ set }: Container): boolean => set === 'SecurityRoles';

const valuesOf = (kind: Container, row: HrRow): FormValues => ({
  [kind.name]: row[kind.name] ?? '',
  ...(isRole(kind) && { ContextString: row['ContextString'] ?? '' }),
});

interface LoadedProps {
  readonly kind: Container;
  readonly row: HrRow;
  readonly reload: () => Promise<FormValues>;
}

function Loaded({ kind, row, reload }: LoadedProps) {
  const { t } = useLocale();
  const api = useApi();
  const queries = useQueryClient();
  const notify = useNotify();
  const [, navigate] = useLocation();
  const title = useName(kind)(row);
  const id = row[kind.id] ?? '';
  const path = containerPath(kind, id);
  const remove = useDeletion({
    run: async () => {
      await api.change('DELETE', path);
      navigate(kind.href);
    },
    stale: [listKey(kind), ['lookup', kind.set]],
    gone: [...listKey(kind), id],
    nameOf: () => title,
    titleOf: (name) => t('appUser.delete.title', { name }),
    text: t(kind.texts.deletion),
  });
  const context: Field = {
    ...{ name: 'ContextString', kind: 'text', label: t('hrRoles.context'), maxLength: 128 },
    hint: t('hrRoles.contextHint'),
  };
  const fields: readonly Field[] = [
    { name: kind.name, kind: 'text', label: t('hrSecurity.name'), isRequired: true, maxLength: 255 },
    ...(isRole(kind) ? [context] : []),
  ];
  return (
    <Page
      title={title}
      back={{ href: kind.href, label: t(kind.texts.title) }}
      commands={[
        {
          ...{ label: t('action.copy'), icon: <CopyRegular />, changes: true },
          href: `${kind.href}/new?copyOf=${encodeURIComponent(id)}`,
        },
        { label: t('action.delete'), icon: <DeleteRegular />, changes: true, onClick: () => remove() },
      ]}
    >
      <Facts facts={[{ term: t('hrUser.roleId'), value: id, copy: id }]} />
      <RecordForm
        fields={fields}
        saved={valuesOf(kind, row)}
        reload={reload}
        save={async (body, { overwrite }) => {
          const headers = { 'If-Match': overwrite ? '*' : (row['@odata.etag'] ?? '*') };
          await api.change('PATCH', path, { body, headers });
          await queries.invalidateQueries({ queryKey: listKey(kind) });
          notify(t('state.saved'));
        }}
      />
      {kind.parts.map((part) => (
        <Parts key={part.set} kind={kind} id={id} part={part} />
      ))}
      {kind.set === 'SecurityPrivileges' ? <Permissions privilege={id} /> : null}
      <Holders kind={kind} id={id} />
    </Page>
  );
}
