import { makeStyles, tokens } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useParams } from 'wouter';
import { useApi } from '../../api/api-context.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { type Fact, Facts } from '../../components/facts.tsx';
import { Loading } from '../../components/loading.tsx';
import { type Command, Page } from '../../components/page.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import { type Candidate, candidateColumns, candidateName, candidatePath } from './candidate.ts';
import { CandidateProfile } from './candidate-profile.tsx';
import { CandidateStep } from './candidate-step.tsx';
import { resultChoice, useChoiceLabels } from './choice-labels.ts';
import { stepTexts, useProcess } from './process.ts';

const useStyles = makeStyles({ link: { color: tokens.colorBrandForegroundLink } });

/** One candidate: what the ATS sent, and what becomes of it. */
export function Screen() {
  const { candidateId } = useParams<{ candidateId: string }>();
  const api = useApi();
  const candidate = useQuery({
    queryKey: ['candidates', candidateId],
    queryFn: ({ signal }) =>
      api.get<Candidate>(`${candidatePath(candidateId)}?$select=${candidateColumns}`, { signal }),
  });
  if (candidate.isPending) return <Loading />;
  if (candidate.data === undefined) {
    return <ErrorState error={candidate.error} onRetry={() => void candidate.refetch()} />;
  }
  return <Loaded candidate={candidate.data} />;
}

function Loaded({ candidate }: { readonly candidate: Candidate }) {
  const { t } = useLocale();
  const resultOf = useChoiceLabels(resultChoice);
  const { stepsFrom } = useProcess();
  const [step, setStep] = useState<string>();
  const person = candidate._mshr_fk_person_id_value;
  const commands = stepsFrom('candidates', candidate.mshr_applicantintegrationresult).map(({ action }, at): Command => {
    const key = stepTexts[action];
    const label = key === undefined ? action : t(key);
    return { label, changes: true, isPrimary: at === 0, onClick: () => setStep(action) };
  });
  return (
    <Page
      title={candidateName(candidate)}
      text={`${candidate.mshr_candidateid} · ${resultOf(candidate.mshr_applicantintegrationresult)}`}
      back={{ href: '/recruiting/candidates', label: t('candidates.title') }}
      commands={[
        ...commands,
        ...(person === null ? [] : [{ label: t('person.open'), href: `/recruiting/people/${person}` }]),
      ]}
    >
      <Facts facts={useFacts(candidate)} />
      {person === null ? null : <CandidateProfile personId={person} />}
      {step === undefined ? null : (
        <CandidateStep candidate={candidate} action={step} onClose={() => setStep(undefined)} />
      )}
    </Page>
  );
}

function useFacts(candidate: Candidate): readonly Fact[] {
  const { t, date } = useLocale();
  const styles = useStyles();
  const request = candidate._mshr_fk_recruitingrequest_id_value;
  const available = candidate.mshr_availabilitydate;
  return [
    {
      term: t('request.id'),
      value:
        request === null ? (
          '–'
        ) : (
          <Link href={`/recruiting/requests/${request}`} className={styles.link}>
            {candidate.mshr_recruitingrequestid}
          </Link>
        ),
    },
    { term: t('positions.position'), value: candidate.mshr_positionid ?? '–' },
    { term: t('request.company'), value: candidate.mshr_dataareaid ?? '–' },
    { term: t('candidates.available'), value: available === null ? '–' : date(available) },
    { term: t('candidates.reason'), value: candidate.mshr_donothirereasoncodeid ?? '–' },
    { term: t('request.comments'), value: candidate.mshr_comments ?? '–' },
  ];
}
