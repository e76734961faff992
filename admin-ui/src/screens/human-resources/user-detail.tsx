import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useLocation, useParams } from 'wouter';
import { useApi } from '../../api/api-context.tsx';
import { literal } from '../../api/odata.ts';
import { ErrorState } from '../../components/error-state.tsx';
import { Loading } from '../../components/loading.tsx';
import { useNotify } from '../../components/notify.tsx';
import { Page } from '../../components/page.tsx';
import type { FormValues } from '../../components/record-form/field.ts';
import { RecordForm } from '../../components/record-form/record-form.tsx';
import { useDeletion } from '../../components/use-deletion.ts';
import { useLocale } from '../../i18n/locale-context.tsx';
import { companySource, type HrUser } from './sources.ts';
import { UserRoles } from './user-roles.tsx';

const pathOf = (id: string): string => `/data/SystemUsers(${encodeURIComponent(literal(id))})`;

/** One user of Human Resources: the form, and the roles below it. */
export function Screen() {
  const { hrUserId } = useParams<{ hrUserId: string }>();
  const api = useApi();
  const user = useQuery({
    queryKey: ['hrUsers', hrUserId],
    queryFn: ({ signal }) => api.get<HrUser>(pathOf(hrUserId), { signal }),
  });
  if (user.isPending) return <Loading />;
  if (user.data === undefined) return <ErrorState error={user.error} onRetry={() => void user.refetch()} />;
  return <Loaded user={user.data} reload={async () => valuesOf((await user.refetch()).data ?? user.data)} />;
}

const valuesOf = ({ UserName, Email, NetworkDomain, Company, Enabled }: HrUser): FormValues => ({
  ...{ UserName, Email, NetworkDomain, Company, Enabled },
});

function Loaded({ user, reload }: { readonly user: HrUser; readonly reload: () => Promise<FormValues> }) {
  const { t } = useLocale();
  const api = useApi();
  const queries = useQueryClient();
  const notify = useNotify();
  const [, navigate] = useLocation();
  const id = user.UserID;
  const remove = useDeletion({
    run: async () => {
      await api.change('DELETE', pathOf(id));
      navigate('/hr-users');
    },
    stale: [['hrUsers'], ['lookup', 'hr users']],
    gone: ['hrUsers', id],
    nameOf: () => id,
    titleOf: (name) => t('appUser.delete.title', { name }),
    text: t('hrUser.delete.text'),
  });
  return (
    <Page
      title={id}
      back={{ href: '/hr-users', label: t('hrUsers.title') }}
      commands={[{ label: t('action.delete'), icon: <DeleteRegular />, changes: true, onClick: () => remove() }]}
    >
      <RecordForm
        fields={[
          { name: 'UserName', kind: 'text', label: t('hrUsers.userName'), isRequired: true },
          { name: 'Email', kind: 'text', label: t('hrUsers.email'), hint: t('hrUsers.serviceHint'), isRequired: true },
          { name: 'NetworkDomain', kind: 'text', label: t('hrUsers.provider'), isRequired: true },
          { name: 'Company', kind: 'lookup', source: companySource, label: t('hrUsers.company') },
          { name: 'Enabled', kind: 'tick', label: t('hrUsers.enabled') },
        ]}
        saved={valuesOf(user)}
        reload={reload}
        save={async (body, { overwrite }) => {
          const headers = { 'If-Match': overwrite ? '*' : user['@odata.etag'] };
          await api.change('PATCH', pathOf(id), { body, headers });
          await queries.invalidateQueries({ queryKey: ['hrUsers'] });
          notify(t('state.saved'));
        }}
      />
      <UserRoles userId={id} />
    </Page>
  );
}
