import { Field, makeStyles } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'wouter';
import type { Advice } from '../../../../src/admin/contract.ts';
import { useApi } from '../../api/api-context.tsx';
import { query } from '../../api/odata.ts';
import { ErrorState } from '../../components/error-state.tsx';
import { Loading } from '../../components/loading.tsx';
import { Lookup } from '../../components/lookup.tsx';
import { Page } from '../../components/page.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import { registeredSource } from '../power-platform/app-user.ts';
import { AdviceParts } from './advice-parts.tsx';

const useStyles = makeStyles({ choice: { maxWidth: '40rem' } });

/** The smallest roles with which an application could do all that it has done. */
export function Screen() {
  const { t } = useLocale();
  const styles = useStyles();
  const [parameters, setParameters] = useSearchParams();
  const clientId = parameters.get('clientId') ?? '';
  return (
    <Page title={t('advice.title')} text={t('advice.text')}>
      <Field label={t('appUsers.app')} className={styles.choice}>
        <Lookup
          source={registeredSource}
          value={clientId}
          onChange={(next) => setParameters(next === '' ? {} : { clientId: next })}
        />
      </Field>
      {clientId === '' ? null : <Answer clientId={clientId} />}
    </Page>
  );
}

function Answer({ clientId }: { readonly clientId: string }) {
  const api = useApi();
  const advice = useQuery({
    queryKey: ['explain', 'advice', clientId],
    queryFn: ({ signal }) => api.get<Advice>(`/portvakt/v1/advise${query({ clientId })}`, { signal }),
  });
  if (advice.isPending) return <Loading />;
  if (advice.data === undefined) return <ErrorState error={advice.error} onRetry={() => void advice.refetch()} />;
  return <AdviceParts advice={advice.data} />;
}
