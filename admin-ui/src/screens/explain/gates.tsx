import { Badge, makeStyles, mergeClasses, Text, tokens } from '@fluentui/react-components';
import { Fragment } from 'react';
import type { ConditionId, ConditionVerdict, Gate } from '../../../../src/admin/contract.ts';
import type { MessageKey } from '../../i18n/en.ts';
import { useLocale } from '../../i18n/locale-context.tsx';

const gates: readonly (readonly [Gate, MessageKey])[] = [
  ['directory', 'explain.gate.directory'],
  ['dataverse', 'explain.gate.dataverse'],
  ['human-resources', 'explain.gate.humanResources'],
];

type State = ConditionVerdict['state'];

const states: Readonly<
  Record<
    State,
    { readonly text: MessageKey; readonly symbol: string; readonly color: 'success' | 'danger' | 'informative' }
  >
> = {
  passed: { text: 'explain.state.passed', symbol: '✓', color: 'success' },
  failed: { text: 'explain.state.failed', symbol: '✕', color: 'danger' },
  'not reached': { text: 'explain.state.notReached', symbol: '…', color: 'informative' },
  'not asked': { text: 'explain.state.notAsked', symbol: '–', color: 'informative' },
};

const wide = '@media (min-width: 1200px)';

const useStyles = makeStyles({
  // From the application on the left (above, on a phone) to the rows on the right.
  picture: {
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'stretch',
    gap: tokens.spacingHorizontalXS,
    listStyleType: 'none',
    margin: 0,
    padding: 0,
    [wide]: { flexDirection: 'row' },
  },
  end: { alignSelf: 'center', textAlign: 'center', fontWeight: tokens.fontWeightSemibold, overflowWrap: 'anywhere' },
  arrow: {
    alignSelf: 'center',
    fontSize: tokens.fontSizeBase500,
    transform: 'rotate(90deg)',
    [wide]: { transform: 'none' },
  },
  stopped: { color: tokens.colorPaletteRedForeground1 },
  gate: {
    flex: '1 1 0',
    minWidth: 0,
    padding: tokens.spacingHorizontalM,
    borderRadius: tokens.borderRadiusLarge,
    border: `2px solid ${tokens.colorNeutralStroke1}`,
  },
  passed: { borderTopColor: tokens.colorPaletteGreenBorderActive, borderTopWidth: '6px' },
  failed: { borderTopColor: tokens.colorPaletteRedBorderActive, borderTopWidth: '6px' },
  title: {
    margin: `0 0 ${tokens.spacingVerticalS}`,
    fontSize: tokens.fontSizeBase400,
    lineHeight: tokens.lineHeightBase400,
  },
  list: { listStyleType: 'none', margin: 0, padding: 0, display: 'flex', flexDirection: 'column' },
  item: {
    display: 'flex',
    gap: tokens.spacingHorizontalS,
    alignItems: 'baseline',
    padding: `${tokens.spacingVerticalXXS} 0`,
    // Beside each other the gates are narrow: the words have all of the width.
    [wide]: { flexDirection: 'column', gap: tokens.spacingVerticalXXS },
  },
  // As wide as the widest, so that what is said stands in one line.
  badge: { flexShrink: 0, minWidth: '7.25rem' },
});

interface GatesProps {
  readonly conditions: readonly ConditionVerdict[];
  readonly firstFailed: ConditionId | undefined;
  /** Who asks. */
  readonly caller: string;
}

/** A gate is as its conditions are: closed by one, open when all that were asked are met. */
function stateOf(conditions: readonly ConditionVerdict[]): State {
  const among = (state: State): boolean => conditions.some((each) => each.state === state);
  if (among('failed')) return 'failed';
  if (among('passed')) return 'passed';
  return among('not reached') ? 'not reached' : 'not asked';
}

/** The way of a request as a picture: who asks, the gates with their conditions, the rows. Symbol, word and colour. */
export function Gates({ conditions, firstFailed, caller }: GatesProps) {
  const { t } = useLocale();
  const styles = useStyles();
  const found = gates.map(([gate, title]) => {
    const own = conditions.filter((each) => each.gate === gate);
    return { gate, title, own, state: stateOf(own) };
  });
  const closed = found.findIndex(({ state }) => state === 'failed');
  return (
    <ol className={styles.picture} aria-label={t('explain.picture')}>
      <li className={styles.end}>{caller}</li>
      {found.map(({ gate, title, own, state }, at) => (
        <Fragment key={gate}>
          <Arrow isStopped={closed !== -1 && at > closed} />
          <li
            className={mergeClasses(
              styles.gate,
              state === 'passed' && styles.passed,
              state === 'failed' && styles.failed,
            )}
          >
            <h2 className={styles.title}>
              {states[state].symbol} {t(title)}
            </h2>
            <Conditions conditions={own} firstFailed={firstFailed} />
          </li>
        </Fragment>
      ))}
      <Arrow isStopped={closed !== -1} />
      <li className={styles.end}>{closed === -1 ? t('explain.rows') : t('explain.noRows')}</li>
    </ol>
  );
}

function Arrow({ isStopped }: { readonly isStopped: boolean }) {
  const styles = useStyles();
  return (
    <li aria-hidden className={mergeClasses(styles.arrow, isStopped && styles.stopped)}>
      {isStopped ? '⊘' : '→'}
    </li>
  );
}

function Conditions({ conditions, firstFailed }: Pick<GatesProps, 'conditions' | 'firstFailed'>) {
  const { t, language } = useLocale();
  const styles = useStyles();
  return (
    <ul className={styles.list}>
      {conditions.map(({ id, state, title }) => {
        const { text, symbol, color } = states[state];
        return (
          <li key={id} className={styles.item}>
            <Badge appearance="outline" color={color} className={styles.badge}>
              {symbol} {t(text)}
            </Badge>
            <Text weight={id === firstFailed ? 'semibold' : 'regular'}>{title[language]}</Text>
          </li>
        );
      })}
    </ul>
  );
}
