import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useSearchParams } from 'wouter';
import type { Somebody, WhoCanAnswer } from '../../../../src/admin/contract.ts';
import { useApi } from '../../api/api-context.tsx';
import { query } from '../../api/odata.ts';
import type { Column } from '../../components/data-list/column.ts';
import { DataList } from '../../components/data-list/data-list.tsx';
import { Page } from '../../components/page.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import { hrefOfCanI, type Question, questionOf } from './question.ts';
import { QuestionForm } from './question-form.tsx';

/** Which applications may do something, by which roles, and what the others lack. */
export function Screen() {
  const { t } = useLocale();
  const [parameters, setParameters] = useSearchParams();
  const question = questionOf(parameters);
  return (
    <Page title={t('whoCan.title')} text={t('whoCan.text')}>
      <QuestionForm
        key={parameters.toString()}
        question={question}
        isOfOne={false}
        onAsk={(next) => setParameters({ ...next })}
      />
      {question.table === undefined ? null : <Answer question={question} />}
    </Page>
  );
}

function Answer({ question }: { readonly question: Question }) {
  const { t } = useLocale();
  const api = useApi();
  const answer = useQuery({
    queryKey: ['explain', 'who-can', question],
    queryFn: async ({ signal }) => {
      const { can, cannot } = await api.get<WhoCanAnswer>(`/portvakt/v1/who-can${query(question)}`, { signal });
      return { rows: [...can, ...cannot], isPartial: false };
    },
  });
  return (
    <DataList
      name="who-can"
      label={t('whoCan.title')}
      query={answer}
      columns={useColumns()}
      keyOf={({ clientId }) => clientId}
      hrefOf={({ clientId }) => hrefOfCanI({ ...question, clientId })}
    />
  );
}

function useColumns(): readonly Column<Somebody>[] {
  const { t, language } = useLocale();
  return useMemo(
    () => [
      { id: 'name', title: t('appUsers.app'), value: ({ name }) => name, weight: 2 },
      {
        id: 'may',
        title: t('whoCan.may'),
        value: ({ outcome }) => (outcome === 'allowed' ? `✓ ${t('state.yes')}` : `✕ ${t('state.no')}`),
      },
      {
        id: 'lacks',
        title: t('whoCan.lacks'),
        value: ({ conditionTitle }) => conditionTitle?.[language] ?? '',
        weight: 2,
      },
      { id: 'roles', title: t('appUsers.roles'), value: ({ securityRoles }) => securityRoles.join(', '), weight: 2 },
      { id: 'hrUser', title: t('whoCan.hrUser'), value: ({ hrUser }) => hrUser ?? '', weight: 2 },
      { id: 'hrRoles', title: t('whoCan.hrRoles'), value: ({ hrRoles }) => hrRoles.join(', '), weight: 2 },
    ],
    [t, language],
  );
}
