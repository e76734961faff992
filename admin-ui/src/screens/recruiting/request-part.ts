import { useMemo } from 'react';
import type { Field, FormValues } from '../../components/record-form/field.ts';
import { useLocale } from '../../i18n/locale-context.tsx';
import type { Translate } from '../../i18n/translate.ts';
import { disciplineSource, educationLevelSource, positionSource, ratingSource, skillSource } from './sources.ts';

export type PartRow = Readonly<Record<string, string | number | null>>;

/** A table whose rows belong to a request. */
export interface Part {
  readonly title: string;
  readonly set: string;
  readonly id: string;
  readonly select: string;
  readonly titles: readonly string[];
  /** A number is a state of a position. */
  readonly cells: (row: PartRow) => readonly (string | number)[];
  readonly fields: readonly Field[];
  readonly bodyOf: (values: FormValues) => object;
  /** Have its rows states of their own? */
  readonly hasSteps: boolean;
  /** Nothing of it is changed once the request has ended. */
  readonly isFixedAtEnd: boolean;
}

const joined = (...parts: readonly (string | number | null | undefined)[]): string =>
  parts.filter((part) => part !== null && part !== undefined && part !== '').join(' – ');

const positions = (t: Translate): Part => ({
  title: t('positions.title'),
  set: 'mshr_hcmrecruitingrequestpositionentities',
  id: 'mshr_hcmrecruitingrequestpositionentityid',
  select: 'mshr_positionid,mshr_description,mshr_status,mshr_reportstopositionid',
  titles: [t('positions.position'), t('request.status'), t('positions.reportsTo')],
  cells: (row) => [
    joined(row['mshr_positionid'], row['mshr_description']),
    row['mshr_status'] ?? '',
    row['mshr_reportstopositionid'] ?? '–',
  ],
  fields: [
    {
      ...{ name: 'mshr_positionid', kind: 'lookup', source: positionSource, isRequired: true },
      label: t('positions.position'),
    },
  ],
  bodyOf: (values) => values,
  hasSteps: true,
  isFixedAtEnd: true,
});

const skills = (t: Translate): Part => ({
  title: t('skills.title'),
  set: 'mshr_hcmrecruitingrequestskillentities',
  id: 'mshr_hcmrecruitingrequestskillentityid',
  select: 'mshr_skillid,mshr_skilldescription,mshr_ratinglevelid,mshr_ratingleveldescription',
  titles: [t('skills.skill'), t('skills.level')],
  cells: (row) => [
    joined(row['mshr_skillid'], row['mshr_skilldescription']),
    joined(row['mshr_ratinglevelid'], row['mshr_ratingleveldescription']),
  ],
  fields: [
    { name: 'mshr_skillid', kind: 'lookup', source: skillSource, label: t('skills.skill'), isRequired: true },
    { name: 'mshr_ratinglevelid', kind: 'lookup', source: ratingSource, label: t('skills.level'), isRequired: true },
  ],
  bodyOf: ({ mshr_skillid, mshr_ratinglevelid: rating }) => {
    const [model = '', level = ''] = String(rating).split('|');
    return { mshr_skillid, mshr_ratinglevelid: level, mshr_ratingmodelid: model };
  },
  hasSteps: false,
  isFixedAtEnd: false,
});

const education = (t: Translate): Part => ({
  title: t('education.title'),
  set: 'mshr_hcmrecruitingrequesteducationentities',
  id: 'mshr_hcmrecruitingrequesteducationentityid',
  select:
    'mshr_educationlevelid,mshr_educationleveldescription,mshr_educationdisciplineid,mshr_educationdisciplinedescription',
  titles: [t('education.level'), t('education.discipline')],
  cells: (row) => [
    joined(row['mshr_educationlevelid'], row['mshr_educationleveldescription']),
    joined(row['mshr_educationdisciplineid'], row['mshr_educationdisciplinedescription']),
  ],
  fields: [
    {
      ...{ name: 'mshr_educationlevelid', kind: 'lookup', source: educationLevelSource, isRequired: true },
      label: t('education.level'),
    },
    {
      ...{ name: 'mshr_educationdisciplineid', kind: 'lookup', source: disciplineSource, isRequired: true },
      label: t('education.discipline'),
    },
  ],
  bodyOf: (values) => values,
  hasSteps: false,
  isFixedAtEnd: false,
});

/** The three tables of a request's page. */
export function useParts(): readonly Part[] {
  const { t } = useLocale();
  return useMemo(() => [positions(t), skills(t), education(t)], [t]);
}
