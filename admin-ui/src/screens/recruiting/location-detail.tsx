import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useLocation, useParams } from 'wouter';
import { useApi } from '../../api/api-context.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Facts } from '../../components/facts.tsx';
import { Loading } from '../../components/loading.tsx';
import { useNotify } from '../../components/notify.tsx';
import { Page } from '../../components/page.tsx';
import type { FormValues } from '../../components/record-form/field.ts';
import { RecordForm } from '../../components/record-form/record-form.tsx';
import { useDeletion } from '../../components/use-deletion.ts';
import { useLocale } from '../../i18n/locale-context.tsx';
import { locationColumns, locationFields, locationForm, locationSet, type RecruitingLocation } from './location.ts';
import { bodyOf, valuesOf } from './wire.ts';

/** One place that requests recruit for. */
export function Screen() {
  const { locationId } = useParams<{ locationId: string }>();
  const api = useApi();
  const location = useQuery({
    queryKey: ['locations', locationId],
    queryFn: ({ signal }) =>
      api.get<RecruitingLocation>(`${locationSet}(${locationId})?$select=${locationColumns}`, { signal }),
  });
  if (location.isPending) return <Loading />;
  if (location.data === undefined) {
    return <ErrorState error={location.error} onRetry={() => void location.refetch()} />;
  }
  const reload = async (): Promise<FormValues> =>
    valuesOf((await location.refetch()).data ?? location.data, locationFields);
  return <Loaded location={location.data} reload={reload} />;
}

interface LoadedProps {
  readonly location: RecruitingLocation;
  readonly reload: () => Promise<FormValues>;
}

function Loaded({ location, reload }: LoadedProps) {
  const { t } = useLocale();
  const api = useApi();
  const queries = useQueryClient();
  const notify = useNotify();
  const [, navigate] = useLocation();
  const name = location.mshr_recruitingrequestlocationid;
  const path = `${locationSet}(${location.mshr_hcmrecruitingrequestlocationentityid})`;
  const remove = useDeletion({
    run: async () => {
      await api.change('DELETE', path);
      navigate('/recruiting/locations');
    },
    stale: [['locations'], ['lookup']],
    nameOf: () => name,
    titleOf: (title) => t('appUser.delete.title', { name: title }),
    text: t('locations.delete.text'),
  });
  return (
    <Page
      title={name}
      back={{ href: '/recruiting/locations', label: t('locations.title') }}
      commands={[{ label: t('action.delete'), icon: <DeleteRegular />, changes: true, onClick: () => remove() }]}
    >
      <Facts facts={[{ term: t('request.company'), value: location.mshr_dataareaid ?? '–' }]} />
      <RecordForm
        fields={locationForm(t)}
        saved={valuesOf(location, locationFields)}
        reload={reload}
        save={async (changed, { overwrite }) => {
          const headers = { 'If-Match': overwrite ? '*' : location['@odata.etag'] };
          await api.change('PATCH', path, { body: bodyOf(changed), headers });
          await queries.invalidateQueries({ queryKey: ['locations'] });
          notify(t('state.saved'));
        }}
      />
    </Page>
  );
}
