import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { useQuery } from '@tanstack/react-query';
import { useLocation, useParams } from 'wouter';
import { useApi } from '../../api/api-context.tsx';
import { useConfirm } from '../../components/confirm.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Facts } from '../../components/facts.tsx';
import { Loading } from '../../components/loading.tsx';
import { type Command, Page } from '../../components/page.tsx';
import type { FormValues } from '../../components/record-form/field.ts';
import { useChange } from '../../components/use-change.ts';
import { useDeletion } from '../../components/use-deletion.ts';
import { useLocale } from '../../i18n/locale-context.tsx';
import { requestStatusChoice, useChoiceLabels } from './choice-labels.ts';
import { actionPath, stepTexts, useProcess } from './process.ts';
import { type RecruitingRequest, requestColumns, requestFields, requestPath } from './request.ts';
import { RequestForm } from './request-form.tsx';
import { RequestIntegration } from './request-integration.tsx';
import { RequestParts } from './request-parts.tsx';
import { valuesOf } from './wire.ts';

/** One request: its text and pay, positions, skills and education, what was told of it, and the steps it can take. */
export function Screen() {
  const { requestId } = useParams<{ requestId: string }>();
  const api = useApi();
  const request = useQuery({
    queryKey: ['requests', requestId],
    queryFn: ({ signal }) =>
      api.get<RecruitingRequest>(`${requestPath(requestId)}?$select=${requestColumns}`, { signal }),
  });
  if (request.isPending) return <Loading />;
  if (request.data === undefined) return <ErrorState error={request.error} onRetry={() => void request.refetch()} />;
  const reload = async (): Promise<FormValues> => {
    const { data } = await request.refetch();
    return valuesOf(data ?? request.data, requestFields);
  };
  return <Loaded request={request.data} reload={reload} />;
}

interface LoadedProps {
  readonly request: RecruitingRequest;
  readonly reload: () => Promise<FormValues>;
}

function Loaded({ request, reload }: LoadedProps) {
  const { t, number } = useLocale();
  const statusOf = useChoiceLabels(requestStatusChoice);
  const commands = useRequestCommands(request, statusOf);
  const fullTime = request.mshr_defaultfulltimeequivalency;
  return (
    <Page
      title={request.mshr_description}
      text={`${request.mshr_recruitingrequestid} · ${statusOf(request.mshr_status)}`}
      back={{ href: '/recruiting/requests', label: t('requests.title') }}
      commands={commands}
    >
      <Facts
        facts={[
          { term: t('request.company'), value: request.mshr_dataareaid ?? '–' },
          { term: t('request.job'), value: request.mshr_jobid },
          { term: t('request.jobTitle'), value: request.mshr_titleid ?? '–' },
          { term: t('request.fullTime'), value: fullTime === null ? '–' : number(fullTime) },
        ]}
      />
      <RequestForm request={request} reload={reload} />
      <RequestParts request={request} />
      <RequestIntegration request={request} />
    </Page>
  );
}

/** The steps from the state that the request is in, as the server's graph has them. */
function useRequestCommands(request: RecruitingRequest, statusOf: (value: number) => string): readonly Command[] {
  const { t } = useLocale();
  const api = useApi();
  const confirm = useConfirm();
  const { stepsFrom, isFinal } = useProcess();
  const row = requestPath(request.mshr_hcmrecruitingrequestentityid);
  const remove = useDelete(request);
  const take = useChange<string>({
    run: (action) => api.change('POST', actionPath(row, action)),
    stale: [['requests'], ['events']],
    done: () => t('state.saved'),
  });
  const ask = async (action: string, label: string, text: string | undefined): Promise<void> => {
    const title = `${label}: ${request.mshr_recruitingrequestid}?`;
    if (text === undefined || (await confirm({ title, text, verb: label }))) take.mutate(action);
  };
  const steps = stepsFrom('requests', request.mshr_status, request.mshr_dataareaid).map(
    ({ action, to }, at): Command => {
      const key = stepTexts[action];
      const label = key === undefined ? action : t(key);
      const text = isFinal('requests', to) ? t('request.final', { state: statusOf(to) }) : undefined;
      return {
        ...{ label, changes: true, isPrimary: at === 0, isDisabled: take.isPending },
        onClick: () => void ask(action, label, text),
      };
    },
  );
  const details = t('request.details');
  return [
    ...steps,
    {
      ...{ label: details, changes: true, isDisabled: take.isPending },
      onClick: () => void ask('mshr_CreateDetailsFromJob', details, t('request.details.text')),
    },
    { label: t('action.delete'), icon: <DeleteRegular />, changes: true, onClick: () => remove() },
  ];
}

function useDelete(request: RecruitingRequest): () => void {
  const { t } = useLocale();
  const api = useApi();
  const [, navigate] = useLocation();
  return useDeletion({
    run: async () => {
      await api.change('DELETE', requestPath(request.mshr_hcmrecruitingrequestentityid));
      navigate('/recruiting/requests');
    },
    stale: [['requests']],
    nameOf: () => request.mshr_recruitingrequestid,
    titleOf: (name) => t('appUser.delete.title', { name }),
    text: t('request.delete.text'),
  });
}
