import { Text } from '@fluentui/react-components';
import { useQueryClient } from '@tanstack/react-query';
import { useApi } from '../../api/api-context.tsx';
import { useNotify } from '../../components/notify.tsx';
import { Panel } from '../../components/panel.tsx';
import type { Field, FormValues } from '../../components/record-form/field.ts';
import { RecordForm } from '../../components/record-form/record-form.tsx';
import type { MessageKey } from '../../i18n/en.ts';
import { useLocale } from '../../i18n/locale-context.tsx';
import { type Candidate, candidateName, candidatePath } from './candidate.ts';
import { actionPath, stepTexts } from './process.ts';
import { positionSource, reasonSource } from './sources.ts';
import { bodyOf } from './wire.ts';

/** What a step does, in a sentence: they are easily mixed up. */
const effects: Readonly<Record<string, MessageKey>> = {
  mshr_HireCandidate: 'candidates.hire.text',
  mshr_DoNotHireCandidate: 'candidates.doNotHire.text',
  mshr_DismissCandidate: 'candidates.dismiss.text',
};

interface CandidateStepProps {
  readonly candidate: Candidate;
  readonly action: string;
  readonly onClose: () => void;
}

/** One step of a candidate with what it takes; all of that may stay empty. */
export function CandidateStep({ candidate, action, onClose }: CandidateStepProps) {
  const { t } = useLocale();
  const api = useApi();
  const queries = useQueryClient();
  const notify = useNotify();
  const [key, effect] = [stepTexts[action], effects[action]];
  const label = key === undefined ? action : t(key);
  const { fields, saved } = useStepForm(action, candidate);
  const take = async (values: FormValues): Promise<void> => {
    const body = Object.fromEntries(Object.entries(bodyOf(values)).filter(([, value]) => value !== null));
    await api.change('POST', actionPath(candidatePath(candidate.mshr_hcmcandidatetohireentityid), action), { body });
    await Promise.all(
      [['candidates'], ['requests'], ['events']].map((queryKey) => queries.invalidateQueries({ queryKey })),
    );
    notify(t('state.saved'));
    onClose();
  };
  return (
    <Panel title={`${label}: ${candidateName(candidate)}`} onClose={onClose}>
      {effect === undefined ? null : <Text>{t(effect)}</Text>}
      <RecordForm
        fields={fields}
        saved={saved}
        submitLabel={label}
        onCancel={onClose}
        save={(_, { values }) => take(values)}
      />
    </Panel>
  );
}

function useStepForm(
  action: string,
  candidate: Candidate,
): { readonly fields: readonly Field[]; readonly saved: FormValues } {
  const { t } = useLocale();
  const comment: Field = { name: 'Comment', kind: 'multiline', label: t('request.comments') };
  if (action === 'mshr_HireCandidate') {
    return {
      fields: [
        { name: 'StartDate', kind: 'date', label: t('candidates.start'), hint: t('candidates.start.hint') },
        { name: 'PersonnelNumber', kind: 'text', label: t('candidates.number'), hint: t('candidates.number.hint') },
        { name: 'PositionId', kind: 'lookup', source: positionSource, label: t('positions.position') },
      ],
      saved: { StartDate: '', PersonnelNumber: '', PositionId: candidate.mshr_positionid ?? '' },
    };
  }
  const reason: readonly Field[] =
    action === 'mshr_DoNotHireCandidate'
      ? [{ name: 'ReasonCodeId', kind: 'lookup', source: reasonSource, label: t('candidates.reason') }]
      : [];
  return { fields: [...reason, comment], saved: { ReasonCodeId: '', Comment: '' } };
}
