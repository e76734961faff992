import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useApi } from '../../api/api-context.tsx';
import type { Column } from '../../components/data-list/column.ts';
import { DataList } from '../../components/data-list/data-list.tsx';
import { dayOf } from '../../components/day.ts';
import { Page } from '../../components/page.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import { type Candidate, candidateColumns, candidateName, candidateSet } from './candidate.ts';
import { resultChoice, useChoiceLabels } from './choice-labels.ts';

/** Candidates that an ATS has sent, newest first. */
export function Screen() {
  const { t } = useLocale();
  const api = useApi();
  const resultOf = useChoiceLabels(resultChoice);
  const candidates = useQuery({
    queryKey: ['candidates'],
    queryFn: ({ signal }) =>
      api.list<Candidate>(`${candidateSet}?$select=${candidateColumns}&$orderby=mshr_candidateid desc`, { signal }),
  });
  const columns = useMemo<readonly Column<Candidate>[]>(
    () => [
      { id: 'name', title: t('candidates.name'), value: candidateName, weight: 2 },
      { id: 'id', title: t('candidates.id'), value: (row) => row.mshr_candidateid },
      {
        ...{ id: 'result', title: t('candidates.result') },
        value: (row) => resultOf(row.mshr_applicantintegrationresult),
      },
      { id: 'request', title: t('request.id'), value: (row) => row.mshr_recruitingrequestid },
      { id: 'position', title: t('positions.position'), value: (row) => row.mshr_positionid },
      { id: 'company', title: t('request.company'), value: (row) => row.mshr_dataareaid },
      {
        ...{ id: 'available', title: t('candidates.available'), kind: 'date', isOptional: true },
        value: (row) => dayOf(row.mshr_availabilitydate),
      },
    ],
    [t, resultOf],
  );
  return (
    <Page title={t('candidates.title')} text={t('candidates.text')}>
      <DataList
        name="candidates"
        label={t('candidates.title')}
        query={candidates}
        columns={columns}
        keyOf={(row) => row.mshr_hcmcandidatetohireentityid}
        hrefOf={(row) => `/recruiting/candidates/${row.mshr_hcmcandidatetohireentityid}`}
        emptyText={t('candidates.none')}
      />
    </Page>
  );
}
