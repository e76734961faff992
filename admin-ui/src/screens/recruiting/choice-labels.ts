import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { useApi } from '../../api/api-context.tsx';
import { literal, webApi } from '../../api/odata.ts';
import { useLocale } from '../../i18n/locale-context.tsx';
import type { ChoiceDefinition } from '../tables/choice-definition.ts';
import { labelIn } from '../tables/label.ts';

/** Words of a choice's values in the reader's language, as the environment has them; the number while they are not there. */
export function useChoiceLabels(name: string): (value: number | null | undefined) => string {
  const api = useApi();
  const { language } = useLocale();
  const { data } = useQuery({
    queryKey: ['choices', name],
    queryFn: ({ signal }) =>
      api.get<ChoiceDefinition>(`${webApi}/GlobalOptionSetDefinitions(Name=${encodeURIComponent(literal(name))})`, {
        signal,
      }),
    staleTime: 5 * 60_000,
  });
  return useCallback(
    (value) => {
      if (value === null || value === undefined) return '';
      const option = data?.Options.find((each) => each.Value === value);
      return option === undefined ? String(value) : labelIn(option.Label, language);
    },
    [data, language],
  );
}

export const requestStatusChoice = 'mshr_hcmrecruitingrequeststatus';
export const positionStatusChoice = 'mshr_hcmrecruitingrequestpositionstatus';
export const resultChoice = 'mshr_hcmapplicantintegrationresult';
