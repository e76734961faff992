import { useQueryClient } from '@tanstack/react-query';
import { useApi } from '../../api/api-context.tsx';
import { literal } from '../../api/odata.ts';
import { useNotify } from '../../components/notify.tsx';
import type { Field, FormValues } from '../../components/record-form/field.ts';
import { RecordForm } from '../../components/record-form/record-form.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import { type RecruitingRequest, requestFields, requestPath } from './request.ts';
import { levelSource, locationSource, managerSource, recruiterSource } from './sources.ts';
import { bodyOf, valuesOf } from './wire.ts';

const amounts: ReadonlySet<string> = new Set([
  'mshr_compensationlowthreshold',
  'mshr_compensationcontrolpoint',
  'mshr_compensationhighthreshold',
]);

interface RequestFormProps {
  readonly request: RecruitingRequest;
  readonly reload: () => Promise<FormValues>;
}

/** What a person writes in a request. */
export function RequestForm({ request, reload }: RequestFormProps) {
  const { t } = useLocale();
  const api = useApi();
  const queries = useQueryClient();
  const notify = useNotify();
  return (
    <RecordForm
      fields={useFields(request)}
      saved={valuesOf(request, requestFields)}
      reload={reload}
      save={async (changed, { overwrite }) => {
        await api.change('PATCH', requestPath(request.mshr_hcmrecruitingrequestentityid), {
          body: bodyOf(changed, amounts),
          headers: { 'If-Match': overwrite ? '*' : request['@odata.etag'] },
        });
        await queries.invalidateQueries({ queryKey: ['requests'] });
        notify(t('state.saved'));
      }}
    />
  );
}

function useFields({ mshr_jobid: job }: RecruitingRequest): readonly Field[] {
  const { t } = useLocale();
  return [
    { name: 'mshr_description', kind: 'text', label: t('request.description'), isRequired: true },
    { name: 'mshr_estimatedstartdate', kind: 'date', label: t('request.start'), isRequired: true },
    {
      ...{ name: 'mshr_hiringmanagerpersonnelnumber', kind: 'lookup', source: managerSource },
      label: t('request.manager'),
    },
    { name: 'mshr_recruiterpartynumber', kind: 'lookup', source: recruiterSource, label: t('request.recruiter') },
    {
      ...{ name: 'mshr_recruitingrequestlocationid', kind: 'lookup', source: locationSource },
      label: t('request.location'),
    },
    { name: 'mshr_externaldescription', kind: 'multiline', label: t('request.external') },
    { name: 'mshr_comments', kind: 'multiline', label: t('request.comments') },
    {
      ...{ name: 'mshr_compensationlevelid', kind: 'lookup', label: t('request.level') },
      source: levelSource(`mshr_jobid eq ${literal(job)}`),
    },
    { name: 'mshr_compensationlowthreshold', kind: 'number', label: t('request.low') },
    { name: 'mshr_compensationcontrolpoint', kind: 'number', label: t('request.point') },
    { name: 'mshr_compensationhighthreshold', kind: 'number', label: t('request.high') },
  ];
}
