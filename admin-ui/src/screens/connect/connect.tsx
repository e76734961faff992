import { Field, makeStyles, Text } from '@fluentui/react-components';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'wouter';
import { useApi } from '../../api/api-context.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Loading } from '../../components/loading.tsx';
import { Lookup } from '../../components/lookup.tsx';
import { Page } from '../../components/page.tsx';
import { RecordForm } from '../../components/record-form/record-form.tsx';
import { Section } from '../../components/section.tsx';
import { StatePanel } from '../../components/state-panel.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import { useMayChange } from '../../session/use-session.ts';
import { registeredSource } from '../power-platform/app-user.ts';
import type { Application } from '../power-platform/application.ts';
import { AllSteps } from './all-steps.tsx';
import { loadProgress, type Names } from './progress.ts';
import { StepList } from './step-list.tsx';
import { steps } from './steps.ts';
import { TakeAway } from './take-away.tsx';
import { TestCall } from './test-call.tsx';

const useStyles = makeStyles({ choice: { maxWidth: '40rem' } });

/** One application's way through both gates, step by step, in the order of the source document. */
export function Screen() {
  const { t } = useLocale();
  const [parameters, setParameters] = useSearchParams();
  const clientId = parameters.get('app') ?? '';
  const choose = (next: string): void => setParameters(next === '' ? {} : { app: next });
  return (
    <Page title={t('area.connect')} text={t('connect.text')}>
      <Choice clientId={clientId} onChoose={choose} />
      {clientId === '' ? null : <Guide key={clientId} clientId={clientId} />}
    </Page>
  );
}

interface ChoiceProps {
  readonly clientId: string;
  readonly onChoose: (clientId: string) => void;
}

/** A new application, or one that somebody has begun with. */
function Choice({ clientId, onChoose }: ChoiceProps) {
  const { t } = useLocale();
  const styles = useStyles();
  const api = useApi();
  const mayChange = useMayChange();
  return (
    <>
      {clientId === '' && mayChange ? (
        <Section title={t('connect.register')} text={t('connect.register.text')}>
          <RecordForm
            fields={[
              {
                name: 'displayName',
                kind: 'text',
                label: t('appRegistrations.name'),
                isRequired: true,
                maxLength: 120,
              },
            ]}
            saved={{ displayName: '' }}
            submitLabel={t('appRegistrations.register')}
            save={async (_, { values: { displayName } }) => {
              const body = { displayName, signInAudience: 'AzureADMyOrg' };
              const { appId } = await api.change<Application>('POST', '/v1.0/applications', { body });
              await api.change('POST', '/v1.0/servicePrincipals', { body: { appId } });
              onChoose(appId);
            }}
          />
        </Section>
      ) : null}
      <Field className={styles.choice} label={clientId === '' ? t('connect.continue') : t('appUsers.app')}>
        <Lookup source={registeredSource} value={clientId} onChange={onChoose} />
      </Field>
    </>
  );
}

function Guide({ clientId }: { readonly clientId: string }) {
  const { t } = useLocale();
  const api = useApi();
  const [names, setNames] = useState<Partial<Names>>({});
  const [secret, setSecret] = useState<string>();
  const progress = useQuery({
    queryKey: ['connect', clientId, names],
    queryFn: async ({ signal }) => (await loadProgress(api, clientId, names, signal)) ?? null,
    placeholderData: keepPreviousData,
  });
  if (progress.isPending) return <Loading />;
  if (progress.isError) return <ErrorState error={progress.error} onRetry={() => void progress.refetch()} />;
  if (progress.data === null) return <StatePanel title={t('connect.unknown')} text={t('connect.unknown.text')} />;
  const { data } = progress;
  const left = steps.filter(({ lack }) => lack(data) !== undefined).length;
  return (
    <>
      <Text role="status">{left === 0 ? t('connect.done') : t('connect.left', { n: left, all: steps.length })}</Text>
      {left > 1 ? <AllSteps progress={data} onSecret={setSecret} /> : null}
      <StepList progress={data} secret={secret} onNames={setNames} onSecret={setSecret} />
      {left > 0 ? null : (
        <>
          <TestCall progress={data} secret={secret} onSecret={setSecret} />
          <TakeAway progress={data} secret={secret} />
        </>
      )}
    </>
  );
}
