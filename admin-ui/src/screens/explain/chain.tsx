import { Text } from '@fluentui/react-components';
import type { ConditionId, ConditionVerdict } from '../../../../src/admin/contract.ts';
import { Section } from '../../components/section.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import { FixPanel } from './fix-panel.tsx';
import { Gates } from './gates.tsx';

interface ChainProps {
  readonly conditions: readonly ConditionVerdict[];
  readonly firstFailed: ConditionId | undefined;
  readonly caller: string;
}

/** Both gates as a picture, then the condition that decides and what can be done about it. */
export function Chain({ conditions, firstFailed, caller }: ChainProps) {
  const { t, language } = useLocale();
  const deciding = conditions.find(({ id }) => id === firstFailed);
  return (
    <>
      <Gates conditions={conditions} firstFailed={firstFailed} caller={caller} />
      {deciding === undefined ? null : (
        <Section title={t('explain.decides')} text={`${t('explain.state.failed')}: ${deciding.title[language]}`}>
          {deciding.nearMisses.map(({ kind, text }) => (
            <Text key={kind}>{text[language]}</Text>
          ))}
          {deciding.fixes.length > 0 ? <FixPanel fixes={deciding.fixes} /> : null}
        </Section>
      )}
    </>
  );
}
