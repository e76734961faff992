import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useLocation, useParams } from 'wouter';
import { useApi } from '../../api/api-context.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Facts } from '../../components/facts.tsx';
import { Loading } from '../../components/loading.tsx';
import { useNotify } from '../../components/notify.tsx';
import { Page } from '../../components/page.tsx';
import type { FormValues } from '../../components/record-form/field.ts';
import { RecordForm } from '../../components/record-form/record-form.tsx';
import { useDeletion } from '../../components/use-deletion.ts';
import { useLocale } from '../../i18n/locale-context.tsx';
import { type Link, linkPath, userSource } from './sources.ts';

/** One application with the user that it acts as. */
export function Screen() {
  const { clientId } = useParams<{ clientId: string }>();
  const api = useApi();
  const link = useQuery({
    queryKey: ['hrLinks', clientId],
    queryFn: ({ signal }) => api.get<Link>(linkPath(clientId), { signal }),
  });
  if (link.isPending) return <Loading />;
  if (link.data === undefined) return <ErrorState error={link.error} onRetry={() => void link.refetch()} />;
  return <Loaded link={link.data} reload={async () => valuesOf((await link.refetch()).data ?? link.data)} />;
}

const valuesOf = ({ Name, UserId }: Link): FormValues => ({ Name, UserId });

function Loaded({ link, reload }: { readonly link: Link; readonly reload: () => Promise<FormValues> }) {
  const { t } = useLocale();
  const api = useApi();
  const queries = useQueryClient();
  const notify = useNotify();
  const [, navigate] = useLocation();
  const path = linkPath(link.AADClientId);
  const remove = useDeletion({
    run: async () => {
      await api.change('DELETE', path);
      navigate('/hr-applications');
    },
    stale: [['hrLinks']],
    gone: ['hrLinks', link.AADClientId],
    nameOf: () => link.Name,
    titleOf: (name) => t('appUser.delete.title', { name }),
    text: t('hrLink.delete.text'),
  });
  return (
    <Page
      title={link.Name}
      back={{ href: '/hr-applications', label: t('hrLinks.title') }}
      commands={[{ label: t('action.delete'), icon: <DeleteRegular />, changes: true, onClick: () => remove() }]}
    >
      <Facts facts={[{ term: t('hrLinks.clientId'), value: link.AADClientId, copy: link.AADClientId }]} />
      <RecordForm
        fields={[
          { name: 'Name', kind: 'text', label: t('hrLinks.name'), isRequired: true },
          { name: 'UserId', kind: 'lookup', source: userSource, label: t('hrUsers.userId'), isRequired: true },
        ]}
        saved={valuesOf(link)}
        reload={reload}
        save={async (body, { overwrite }) => {
          const headers = { 'If-Match': overwrite ? '*' : link['@odata.etag'] };
          await api.change('PATCH', path, { body, headers });
          await queries.invalidateQueries({ queryKey: ['hrLinks'] });
          notify(t('state.saved'));
        }}
      />
    </Page>
  );
}
