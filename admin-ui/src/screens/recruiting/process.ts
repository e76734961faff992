import { useQuery } from '@tanstack/react-query';
import type { RecruitingProcess, RecruitingStep } from '../../../../src/admin/contract.ts';
import { useApi } from '../../api/api-context.tsx';
import type { MessageKey } from '../../i18n/en.ts';

type Kind = Exclude<keyof RecruitingProcess, 'workflows'>;

/** What the steps are called. */
export const stepTexts: Readonly<Record<string, MessageKey>> = {
  mshr_ActivateRecruitingRequest: 'request.step.activate',
  mshr_SubmitRecruitingRequest: 'request.step.submit',
  mshr_ReviewRecruitingRequest: 'request.step.review',
  mshr_ApproveRecruitingRequest: 'request.step.approve',
  mshr_DenyRecruitingRequest: 'request.step.deny',
  mshr_CancelRecruitingRequest: 'request.step.cancel',
  mshr_RecallRecruitingRequest: 'request.step.recall',
  mshr_ReopenRecruitingRequest: 'request.step.reopen',
  mshr_CloseRecruitingRequest: 'request.step.close',
  mshr_FillRecruitingRequestPosition: 'positions.fill',
  mshr_CancelRecruitingRequestPosition: 'positions.cancel',
  mshr_ReopenRecruitingRequestPosition: 'positions.reopen',
  mshr_HireCandidate: 'candidates.hire',
  mshr_DoNotHireCandidate: 'candidates.doNotHire',
  mshr_DismissCandidate: 'candidates.dismiss',
};

/** The server's own graph of states: nothing else is offered. */
export function useProcess() {
  const api = useApi();
  const { data } = useQuery({
    queryKey: ['recruiting process'],
    queryFn: ({ signal }) => api.get<RecruitingProcess>('/portvakt/v1/recruiting/process', { signal }),
    staleTime: 60_000,
  });
  return {
    /** The steps from a state; requests of a legal entity with a workflow have others than those without. */
    stepsFrom: (kind: Kind, state: number, company?: string | null): readonly RecruitingStep[] => {
      const hasWorkflow = data?.workflows.includes((company ?? '').toLowerCase()) === true;
      return (data?.[kind] ?? []).filter(
        ({ from, only }) => from === state && (only === undefined || (only === 'workflow') === hasWorkflow),
      );
    },
    /** Nothing leads out of it. */
    isFinal: (kind: Kind, state: number): boolean =>
      data !== undefined && !data[kind].some(({ from }) => from === state),
  };
}

/** Address of an action on a row. */
export const actionPath = (row: string, action: string): string => `${row}/Microsoft.Dynamics.CRM.${action}`;
