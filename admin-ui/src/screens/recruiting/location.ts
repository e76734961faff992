import { webApi } from '../../api/odata.ts';
import type { Field } from '../../components/record-form/field.ts';
import type { Translate } from '../../i18n/translate.ts';

export const locationSet = `${webApi}/mshr_hcmrecruitingrequestlocationentities`;

/** A place where somebody who is hired will work. */
export interface RecruitingLocation {
  readonly '@odata.etag': string;
  readonly mshr_hcmrecruitingrequestlocationentityid: string;
  readonly mshr_recruitingrequestlocationid: string;
  readonly mshr_description: string;
  readonly mshr_telephone: string | null;
  readonly mshr_email: string | null;
  readonly mshr_internetaddress: string | null;
  readonly mshr_dataareaid: string | null;
}

export const locationFields = ['mshr_description', 'mshr_telephone', 'mshr_email', 'mshr_internetaddress'] as const;

export const locationColumns = ['mshr_recruitingrequestlocationid', 'mshr_dataareaid', ...locationFields].join();

/** What is written in one. The address belongs to the register of addresses. */
export const locationForm = (t: Translate): readonly Field[] => [
  { name: 'mshr_description', kind: 'text', label: t('request.description'), isRequired: true },
  { name: 'mshr_telephone', kind: 'text', label: t('locations.phone') },
  { name: 'mshr_email', kind: 'text', label: t('locations.email') },
  { name: 'mshr_internetaddress', kind: 'text', label: t('locations.web') },
];
