import { query, webApi } from '../../api/odata.ts';
import type { LookupSource } from '../../components/lookup.tsx';

type Row = Readonly<Record<string, string | null>>;

interface Of {
  readonly set: string;
  readonly value: string;
  /** What is shown first; the value where absent. */
  readonly label?: string;
  readonly secondary?: string;
  readonly filter?: string;
}

/** Rows of a table by one of its columns. */
const sourceOf = ({ set, value, label = value, secondary, filter }: Of): LookupSource => ({
  key: `${set} ${value} ${filter ?? ''}`,
  load: async (api, signal) => {
    const columns = [...new Set([value, label, ...(secondary === undefined ? [] : [secondary])])];
    const own = `${set.replace(/ies$/, 'y')}id`;
    const options = query({
      $select: columns.filter((each) => each !== own).join(),
      $filter: filter,
      $orderby: label,
    });
    const { rows } = await api.list<Row>(`${webApi}/${set}${options}`, { signal });
    return rows.map((row) => ({
      value: row[value] ?? '',
      label: row[label] ?? row[value] ?? '',
      ...(secondary === undefined ? {} : { secondary: row[secondary] ?? '' }),
    }));
  },
});

const code = (set: string, value: string, secondary = 'mshr_description'): LookupSource =>
  sourceOf({ set, value, secondary });

/** Jobs by the id of their row: the action that makes a request is called on it. */
export const jobSource = sourceOf({
  ...{ set: 'mshr_hcmjobentities', value: 'mshr_hcmjobentityid', label: 'mshr_jobid', secondary: 'mshr_description' },
});
export const companySource = code('cdm_companies', 'cdm_companycode', 'cdm_name');
export const managerSource = sourceOf({
  ...{ set: 'mshr_hcmworkerbaseentities', value: 'mshr_personnelnumber', label: 'mshr_name' },
  secondary: 'mshr_personnelnumber',
});
export const recruiterSource = sourceOf({
  ...{ set: 'mshr_dirpersonentities', value: 'mshr_partynumber', label: 'mshr_name', secondary: 'mshr_partynumber' },
});
export const locationSource = code('mshr_hcmrecruitingrequestlocationentities', 'mshr_recruitingrequestlocationid');
export const positionSource = code('mshr_hcmpositionv2entities', 'mshr_positionid');
export const skillSource = code('mshr_hcmskillentities', 'mshr_skill');
export const educationLevelSource = code('mshr_hcmeducationlevelentities', 'mshr_educationlevelid');
export const disciplineSource = code('mshr_hcmeducationdisciplineentities', 'mshr_educationdiscipline');
export const reasonSource = code('mshr_hcmreasoncodeentities', 'mshr_reasoncodeid');

/** Levels with the model that they belong to, both in one value: `model|level`. */
export const ratingSource: LookupSource = {
  key: 'rating levels',
  load: async (api, signal) => {
    const options = '?$select=mshr_ratinglevelid,mshr_ratingmodelid,mshr_description&$orderby=mshr_ratingmodelid';
    const { rows } = await api.list<Row>(`${webApi}/mshr_hcmratinglevelentities${options}`, { signal });
    return rows.map(({ mshr_ratinglevelid: level, mshr_ratingmodelid: model, mshr_description: label }) => ({
      value: `${model}|${level}`,
      label: `${level} ${label ?? ''}`,
      secondary: model ?? '',
    }));
  },
};

/** Levels of pay, of the jobs that `filter` leaves. */
export const levelSource = (filter: string): LookupSource =>
  sourceOf({ set: 'mshr_hcmjobcompensationentities', value: 'mshr_compensationlevelid', filter });
