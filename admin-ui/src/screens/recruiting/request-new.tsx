import { webApi } from '../../api/odata.ts';
import { NewRecordPage } from '../../components/new-record-page.tsx';
import type { Field } from '../../components/record-form/field.ts';
import { useLocale } from '../../i18n/locale-context.tsx';
import { actionPath } from './process.ts';
import { companySource, jobSource, locationSource, managerSource, recruiterSource } from './sources.ts';

interface Made {
  readonly RecruitingRequestEntityId: string;
  readonly RecruitingRequestId: string;
}

/** A new request, made from a job with the job's text, pay, skills and education. */
export function Screen() {
  const { t } = useLocale();
  const fields: readonly Field[] = [
    { name: 'Description', kind: 'text', label: t('request.description'), isRequired: true },
    {
      ...{ name: 'job', kind: 'lookup', source: jobSource, label: t('request.job'), isRequired: true },
      hint: t('request.jobHint'),
    },
    { name: 'EstimatedStartDate', kind: 'date', label: t('request.start'), isRequired: true },
    { name: 'DataAreaId', kind: 'lookup', source: companySource, label: t('request.company'), isRequired: true },
    { name: 'HiringManagerPersonnelNumber', kind: 'lookup', source: managerSource, label: t('request.manager') },
    { name: 'RecruiterPartyNumber', kind: 'lookup', source: recruiterSource, label: t('request.recruiter') },
    { name: 'RecruitingRequestLocationId', kind: 'lookup', source: locationSource, label: t('request.location') },
  ];
  return (
    <NewRecordPage
      title={t('requests.new')}
      list={{ href: '/recruiting/requests', label: t('requests.title') }}
      fields={fields}
      saved={Object.fromEntries(fields.map(({ name }) => [name, '']))}
      stale={[['requests']]}
      create={async (api, { job, ...values }) => {
        const body = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
        const path = actionPath(`${webApi}/mshr_hcmjobentities(${job})`, 'mshr_CreateRecruitingRequest');
        const made = await api.change<Made>('POST', path, { body });
        return { name: made.RecruitingRequestId, href: `/recruiting/requests/${made.RecruitingRequestEntityId}` };
      }}
    />
  );
}
