import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { useQuery } from '@tanstack/react-query';
import { useLocation, useParams } from 'wouter';
import { useApi } from '../../api/api-context.tsx';
import { formatted, query, webApi } from '../../api/odata.ts';
import { useConfirm } from '../../components/confirm.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Facts } from '../../components/facts.tsx';
import { Loading } from '../../components/loading.tsx';
import { useNotify } from '../../components/notify.tsx';
import { type Command, Page } from '../../components/page.tsx';
import { useChange } from '../../components/use-change.ts';
import { useDeletion } from '../../components/use-deletion.ts';
import { useUnlessChanged } from '../../components/use-unless-changed.ts';
import { useLocale } from '../../i18n/locale-context.tsx';
import { type AppUser, appUserQuery, unitOf } from './app-user.ts';
import { AppUserRoles } from './app-user-roles.tsx';

/** One application user: state and roles. */
export function Screen() {
  const { userId } = useParams<{ userId: string }>();
  const api = useApi();
  const user = useQuery({
    queryKey: ['appUsers', userId],
    queryFn: ({ signal }) =>
      api.get<AppUser>(`${webApi}/systemusers(${userId})${query(appUserQuery)}`, { signal, headers: formatted }),
  });
  if (user.isPending) return <Loading />;
  if (user.data === undefined) return <ErrorState error={user.error} onRetry={() => void user.refetch()} />;
  return <Loaded user={user.data} />;
}

function Loaded({ user }: { readonly user: AppUser }) {
  const { t } = useLocale();
  const commands = useUserCommands(user);
  return (
    <Page title={user.fullname} back={{ href: '/app-users', label: t('appUsers.title') }} commands={commands}>
      <Facts
        facts={[
          { term: t('appUsers.appId'), value: user.applicationid, copy: user.applicationid },
          { term: t('appUsers.state'), value: user.isdisabled ? t('appUsers.inactive') : t('appUsers.active') },
          { term: t('appUsers.unit'), value: unitOf(user) },
          { term: t('appUsers.email'), value: user.internalemailaddress },
        ]}
      />
      <AppUserRoles user={user} />
    </Page>
  );
}

function useUserCommands({ systemuserid, fullname: name, isdisabled, ...user }: AppUser): Command[] {
  const { t } = useLocale();
  const api = useApi();
  const confirm = useConfirm();
  const notify = useNotify();
  const unlessChanged = useUnlessChanged();
  const [, navigate] = useLocation();
  const path = `${webApi}/systemusers(${systemuserid})`;
  const stale = [['appUsers']];
  const turn = useChange<boolean>({
    run: async (isdisabled) => {
      const isDone = await unlessChanged({
        etag: user['@odata.etag'],
        send: (match) => api.change('PATCH', path, { body: { isdisabled }, headers: { 'If-Match': match } }),
        verb: t(isdisabled ? 'appUser.deactivate' : 'appUser.activate'),
      });
      if (isDone) notify(t('state.saved'));
    },
    stale,
  });
  const remove = useDeletion({
    run: async () => {
      await api.change('DELETE', path);
      navigate('/app-users');
    },
    stale,
    gone: ['appUsers', systemuserid],
    nameOf: () => name,
    titleOf: (title) => t('appUser.delete.title', { name: title }),
    text: t('appUser.delete.text'),
  });
  const askToDeactivate = (): void => {
    const question = {
      title: t('appUser.deactivate.title', { name }),
      text: t('appUser.deactivate.text'),
      verb: t('appUser.deactivate'),
    };
    void confirm(question).then((yes) => yes && turn.mutate(true));
  };
  return [
    isdisabled
      ? { id: 'turn', label: t('appUser.activate'), changes: true, onClick: () => turn.mutate(false) }
      : { id: 'turn', label: t('appUser.deactivate'), changes: true, onClick: askToDeactivate },
    {
      label: t('action.delete'),
      icon: <DeleteRegular />,
      changes: true,
      isDisabled: !isdisabled,
      onClick: () => remove(),
    },
  ];
}
