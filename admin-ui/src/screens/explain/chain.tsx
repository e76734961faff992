import { Badge, makeStyles, mergeClasses, Text, tokens } from '@fluentui/react-components';
import type { ConditionVerdict, Explanation, Gate } from '../../../../src/admin/contract.ts';
import { Section } from '../../components/section.tsx';
import type { MessageKey } from '../../i18n/en.ts';
import { useLocale } from '../../i18n/locale-context.tsx';
import { FixPanel } from './fix-panel.tsx';

const gates: readonly (readonly [Gate, MessageKey])[] = [
  ['directory', 'explain.gate.directory'],
  ['dataverse', 'explain.gate.dataverse'],
  ['human-resources', 'explain.gate.humanResources'],
];

const states: Readonly<
  Record<
    ConditionVerdict['state'],
    { readonly text: MessageKey; readonly symbol: string; readonly color: 'success' | 'danger' | 'informative' }
  >
> = {
  passed: { text: 'explain.state.passed', symbol: '✓', color: 'success' },
  failed: { text: 'explain.state.failed', symbol: '✕', color: 'danger' },
  'not reached': { text: 'explain.state.notReached', symbol: '…', color: 'informative' },
  'not asked': { text: 'explain.state.notAsked', symbol: '–', color: 'informative' },
};

const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: 0, padding: 0, display: 'flex', flexDirection: 'column' },
  item: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: tokens.spacingHorizontalS,
    alignItems: 'baseline',
    padding: tokens.spacingHorizontalS,
    borderLeft: `3px solid ${tokens.colorNeutralStroke1}`,
  },
  passed: { borderLeftColor: tokens.colorPaletteGreenBorderActive },
  failed: { borderLeftColor: tokens.colorPaletteRedBorderActive, borderLeftWidth: '6px' },
  wide: { flexBasis: '100%' },
});

/** The gates one after the other, each condition with its state: symbol, word and colour. */
export function Chain({ explanation }: { readonly explanation: Explanation }) {
  const { t, language } = useLocale();
  const styles = useStyles();
  return gates.map(([gate, title]) => (
    <Section key={gate} title={t(title)}>
      <ol className={styles.list}>
        {explanation.conditions
          .filter((condition) => condition.gate === gate)
          .map((condition) => {
            const { text, symbol, color } = states[condition.state];
            const decides = condition.id === explanation.firstFailed;
            return (
              <li
                key={condition.id}
                className={mergeClasses(
                  styles.item,
                  condition.state === 'passed' && styles.passed,
                  condition.state === 'failed' && styles.failed,
                )}
              >
                <Badge appearance="outline" color={color}>
                  {symbol} {t(text)}
                </Badge>
                <Text weight={decides ? 'semibold' : 'regular'}>{condition.title[language]}</Text>
                {decides
                  ? condition.nearMisses.map((near) => (
                      <Text key={near.kind} className={styles.wide}>
                        {near.text[language]}
                      </Text>
                    ))
                  : null}
                {decides && condition.fixes.length > 0 ? (
                  <div className={styles.wide}>
                    <FixPanel fixes={condition.fixes} />
                  </div>
                ) : null}
              </li>
            );
          })}
      </ol>
    </Section>
  ));
}
