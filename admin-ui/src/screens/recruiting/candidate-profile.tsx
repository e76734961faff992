import { Text } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import type { ApiClient } from '../../api/api-client.ts';
import { useApi } from '../../api/api-context.tsx';
import { webApi } from '../../api/odata.ts';
import { ErrorState } from '../../components/error-state.tsx';
import { Loading } from '../../components/loading.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import type { WireRow } from '../../model/shown-value.ts';
import { StoredRows } from './stored-rows.tsx';

/** Tables of what a person is and can, in the order of the form. */
const tables = [
  'mshr_hcmpersonprofessionalexperienceentity',
  'mshr_dirpartycontactentity',
  'mshr_hcmpersonaddressentity',
  'mshr_hcmpersoneducationentity',
  'mshr_hcmpersonskillentity',
  'mshr_hcmpersoncertificateentity',
  'mshr_hcmpersonscreeningentity',
];

/** What the ATS sent along with a candidate. */
export function CandidateProfile({ personId }: { readonly personId: string }) {
  const { t } = useLocale();
  const api = useApi();
  const profile = useQuery({
    queryKey: ['candidates', 'profile', personId],
    queryFn: ({ signal }) => readProfile(api, signal, personId),
  });
  if (profile.isPending) return <Loading />;
  if (profile.data === undefined) return <ErrorState error={profile.error} onRetry={() => void profile.refetch()} />;
  const filled = Object.entries(profile.data).filter(([, rows]) => rows.length > 0);
  if (filled.length === 0) return <Text>{t('candidates.noProfile')}</Text>;
  return <StoredRows tables={Object.fromEntries(filled)} />;
}

async function readProfile(api: ApiClient, signal: AbortSignal, personId: string) {
  const read = async (table: string): Promise<readonly [string, readonly WireRow[]]> => {
    const set = table.replace(/y$/, 'ies');
    const { rows } = await api.list<WireRow>(`${webApi}/${set}?$filter=_mshr_fk_person_id_value eq ${personId}`, {
      signal,
    });
    return [table, rows];
  };
  return Object.fromEntries(await Promise.all(tables.map(read)));
}
