import { ArrowDownloadRegular } from '@fluentui/react-icons/svg/arrow-download';
import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { useQuery } from '@tanstack/react-query';
import { useParams } from 'wouter';
import { useApi } from '../../api/api-context.tsx';
import { useConfirm } from '../../components/confirm.tsx';
import { downloadText } from '../../components/download.ts';
import { ErrorState } from '../../components/error-state.tsx';
import { Loading } from '../../components/loading.tsx';
import { Page } from '../../components/page.tsx';
import { StatePanel } from '../../components/state-panel.tsx';
import { useChange } from '../../components/use-change.ts';
import { useLocale } from '../../i18n/locale-context.tsx';
import type { WireRow } from '../../model/shown-value.ts';
import { useMayChange } from '../../session/use-session.ts';
import { StoredRows } from './stored-rows.tsx';

interface PersonExport {
  readonly id: string;
  readonly tables: Readonly<Record<string, readonly WireRow[]>>;
}

/** All that is stored about one person: shown, given as a file, erased. */
export function Screen() {
  const { personId } = useParams<{ personId: string }>();
  const { t } = useLocale();
  const api = useApi();
  const mayChange = useMayChange();
  const path = `/portvakt/v1/people/${encodeURIComponent(personId)}`;
  const stored = useQuery({
    queryKey: ['people', personId],
    queryFn: ({ signal }) => api.get<PersonExport>(`${path}/export`, { signal }),
    enabled: mayChange,
  });
  const erase = useErase(personId, path);
  const back = { href: '/recruiting/candidates', label: t('candidates.title') };
  if (!mayChange) {
    return (
      <Page title={t('person.title')} back={back}>
        <StatePanel title={t('state.noPermission')} text={t('person.readOnly')} />
      </Page>
    );
  }
  if (stored.isPending) return <Loading />;
  if (stored.data === undefined) return <ErrorState error={stored.error} onRetry={() => void stored.refetch()} />;
  const { data } = stored;
  return (
    <Page
      title={t('person.title')}
      text={t('person.text')}
      back={back}
      commands={[
        {
          ...{ label: t('person.give'), icon: <ArrowDownloadRegular />, isPrimary: true },
          onClick: () => downloadText(`person-${personId}.json`, 'application/json', JSON.stringify(data, null, 2)),
        },
        { label: t('person.erase'), icon: <DeleteRegular />, changes: true, onClick: erase },
      ]}
    >
      <StoredRows tables={data.tables} />
    </Page>
  );
}

function useErase(personId: string, path: string): () => void {
  const { t } = useLocale();
  const api = useApi();
  const confirm = useConfirm();
  const erase = useChange({
    run: () => api.change('POST', `${path}/erase`),
    stale: [['people', personId], ['candidates'], ['lookup']],
    done: () => t('person.erased'),
  });
  return () => {
    const verb = t('person.erase');
    void confirm({ title: t('person.erase.title'), text: t('person.erase.text'), verb }).then(
      (yes) => yes && erase.mutate(),
    );
  };
}
