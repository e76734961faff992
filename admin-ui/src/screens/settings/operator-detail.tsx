import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation, useParams } from 'wouter';
import type { Invitation, Operator } from '../../../../src/admin/contract.ts';
import { useApi } from '../../api/api-context.tsx';
import { useConfirm } from '../../components/confirm.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Facts } from '../../components/facts.tsx';
import { Loading } from '../../components/loading.tsx';
import { useNotify } from '../../components/notify.tsx';
import { OneTimeSecret } from '../../components/one-time-secret.tsx';
import { type Command, Page } from '../../components/page.tsx';
import { RecordForm } from '../../components/record-form/record-form.tsx';
import { useChange } from '../../components/use-change.ts';
import { useDeletion } from '../../components/use-deletion.ts';
import { useLocale } from '../../i18n/locale-context.tsx';
import { sessionKey, useSession } from '../../session/use-session.ts';
import { operatorFields, operatorsKey, operatorsPath } from './operator.ts';

/** One operator: another name or role, another link, no access, no more. */
export function Screen() {
  const { operatorId } = useParams<{ operatorId: string }>();
  const api = useApi();
  const operator = useQuery({
    queryKey: [...operatorsKey, operatorId],
    queryFn: ({ signal }) => api.get<Operator>(`${operatorsPath}/${operatorId}`, { signal }),
  });
  if (operator.isPending) return <Loading />;
  if (operator.data === undefined) return <ErrorState error={operator.error} onRetry={() => void operator.refetch()} />;
  return <Loaded operator={operator.data} />;
}

function Loaded({ operator }: { readonly operator: Operator }) {
  const { t, dateTime } = useLocale();
  const api = useApi();
  const queries = useQueryClient();
  const notify = useNotify();
  const { user } = useSession();
  const [link, setLink] = useState<string>();
  const { name, role } = operator;
  return (
    <Page
      title={name}
      back={{ href: '/operators', label: t('operators.title') }}
      commands={useCommands(operator, setLink)}
    >
      <RecordForm
        fields={operatorFields(t)}
        saved={{ name, role }}
        save={async (body) => {
          await api.change('PATCH', `${operatorsPath}/${operator.id}`, { body });
          await queries.invalidateQueries({ queryKey: operatorsKey });
          // Who has changed themselves is shown under the new name, or has to sign in again.
          if (operator.id === user.id) await queries.invalidateQueries({ queryKey: sessionKey });
          notify(t('state.saved'));
        }}
      />
      <Facts
        facts={[
          { term: t('operators.enabled'), value: operator.isEnabled ? t('state.yes') : t('state.no') },
          { term: t('operators.password'), value: operator.hasPassword ? t('state.yes') : t('state.no') },
          { term: t('passkeys.title'), value: operator.passkeys },
          { term: t('operators.last'), value: operator.lastSignInAt ? dateTime(operator.lastSignInAt) : '–' },
        ]}
      />
      {link === undefined ? null : (
        <OneTimeSecret value={link} fileName="portvakt-link.txt" onClose={() => setLink(undefined)} />
      )}
    </Page>
  );
}

function useCommands({ id, name, isEnabled }: Operator, onLink: (link: string) => void): readonly Command[] {
  const { t } = useLocale();
  const api = useApi();
  const confirm = useConfirm();
  const [, navigate] = useLocation();
  const path = `${operatorsPath}/${id}`;
  const invite = useChange({
    run: async () => onLink((await api.change<Invitation>('POST', `${path}/invite`)).link),
    stale: [],
  });
  const turn = useChange({
    run: () => api.change('PATCH', path, { body: { isEnabled: !isEnabled } }),
    stale: [operatorsKey],
    done: () => t('state.saved'),
  });
  const remove = useDeletion({
    run: async () => {
      await api.change('DELETE', path);
      navigate('/operators');
    },
    stale: [operatorsKey],
    gone: [...operatorsKey, id],
    nameOf: () => name,
    titleOf: (title) => t('appUser.delete.title', { name: title }),
    text: t('operators.delete.text'),
  });
  const disable = (): void => {
    const question = { title: t('operators.disable.title', { name }), text: t('operators.disable.text') };
    void confirm({ ...question, verb: t('operators.disable') }).then((yes) => yes && turn.mutate());
  };
  return [
    { label: t('operators.link'), changes: true, onClick: () => invite.mutate() },
    isEnabled
      ? { id: 'turn', label: t('operators.disable'), changes: true, onClick: disable }
      : { id: 'turn', label: t('operators.enable'), changes: true, onClick: () => turn.mutate() },
    { label: t('action.delete'), icon: <DeleteRegular />, changes: true, onClick: () => remove() },
  ];
}
