import {
  Badge,
  Button,
  Field,
  Input,
  makeStyles,
  mergeClasses,
  Text,
  Link as TextLink,
  tokens,
} from '@fluentui/react-components';
import { useState } from 'react';
import { Link } from 'wouter';
import { ProblemBar } from '../../components/problem-bar.tsx';
import type { MessageKey } from '../../i18n/en.ts';
import { useLocale } from '../../i18n/locale-context.tsx';
import { useMayChange } from '../../session/use-session.ts';
import type { Names, Progress } from './progress.ts';
import { SecretField } from './secret-field.tsx';
import { type Lack, type Step, steps } from './steps.ts';
import { useRun } from './use-run.ts';

const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: 0, padding: 0, display: 'flex', flexDirection: 'column' },
  item: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalS,
    padding: tokens.spacingHorizontalM,
    borderLeft: `3px solid ${tokens.colorNeutralStroke1}`,
  },
  done: { borderLeftColor: tokens.colorPaletteGreenBorderActive },
  next: { borderLeftColor: tokens.colorCompoundBrandStroke, borderLeftWidth: '6px' },
  head: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalS },
  title: { margin: 0, fontSize: tokens.fontSizeBase400, lineHeight: tokens.lineHeightBase400 },
  field: { maxWidth: '28rem' },
});

interface StepListProps {
  readonly progress: Progress;
  /** The application's secret, where this page has made it or was told it. */
  readonly secret: string | undefined;
  readonly onNames: (names: Partial<Names>) => void;
  readonly onSecret: (secret: string) => void;
}

/** All steps: those that are done, the one that is next, and those that come after it. */
export function StepList({ progress, secret, onNames, onSecret }: StepListProps) {
  const styles = useStyles();
  const next = steps.find(({ lack }) => lack(progress) !== undefined);
  return (
    <ol className={styles.list}>
      {steps.map((step, at) => {
        const lack = step.lack(progress);
        const state = lack === undefined ? 'done' : step === next ? 'next' : 'later';
        return (
          <li
            key={step.id}
            className={mergeClasses(styles.item, state === 'done' && styles.done, state === 'next' && styles.next)}
          >
            <StepHead number={at + 1} step={step} state={state} progress={progress} />
            {state === 'next' && lack !== undefined ? (
              <NextStep
                key={step.id}
                step={step}
                lack={lack}
                progress={progress}
                onNames={onNames}
                onSecret={onSecret}
              />
            ) : null}
            {step.id === 'secret' && secret !== undefined ? <SecretField secret={secret} /> : null}
          </li>
        );
      })}
    </ol>
  );
}

type StepState = 'done' | 'next' | 'later';

const looks: Readonly<
  Record<
    StepState,
    { readonly text: MessageKey; readonly symbol: string; readonly color: 'success' | 'brand' | 'informative' }
  >
> = {
  done: { text: 'connect.state.done', symbol: '✓', color: 'success' },
  next: { text: 'connect.state.next', symbol: '→', color: 'brand' },
  later: { text: 'connect.state.later', symbol: '…', color: 'informative' },
};

interface StepHeadProps {
  readonly number: number;
  readonly step: Step;
  readonly state: StepState;
  readonly progress: Progress;
}

function StepHead({ number, step, state, progress }: StepHeadProps) {
  const { t } = useLocale();
  const styles = useStyles();
  const { text, symbol, color } = looks[state];
  return (
    <div className={styles.head}>
      <Badge appearance="outline" color={color}>
        {symbol} {t(text)}
      </Badge>
      <h2 className={styles.title}>
        {number}. {t(step.title)}
      </h2>
      {state === 'later' ? null : (
        <Link href={step.href(progress)} asChild>
          <TextLink aria-label={`${t('action.open')}: ${t(step.title)}`}>{t('action.open')}</TextLink>
        </Link>
      )}
    </div>
  );
}

/** Steps whose thing can be called something else: which name, and what the field is called. */
const named: Readonly<Partial<Record<Step['id'], { readonly name: keyof Names; readonly label: MessageKey }>>> = {
  role: { name: 'role', label: 'roles.name' },
  hrUser: { name: 'hrUser', label: 'hrUsers.userId' },
};

interface NextStepProps extends Pick<StepListProps, 'progress' | 'onNames' | 'onSecret'> {
  readonly step: Step;
  readonly lack: Lack;
}

function NextStep({ step, lack, progress, onNames, onSecret }: NextStepProps) {
  const { t } = useLocale();
  const styles = useStyles();
  const mayChange = useMayChange();
  const [names, setNames] = useState(progress.names);
  const run = useRun(step, progress, names, { onNames, onSecret });
  const field = named[step.id];
  // What is there already keeps its name.
  const isNamed = field !== undefined && progress[field.name] === undefined;
  return (
    <>
      <Text>{t(step.text)}</Text>
      <Text weight="semibold">{t(lack.text, lack.values)}</Text>
      <ProblemBar error={run.error} />
      {isNamed && mayChange ? (
        <Field label={t(field.label)} className={styles.field}>
          <Input value={names[field.name]} onChange={(_, { value }) => setNames({ ...names, [field.name]: value })} />
        </Field>
      ) : null}
      {mayChange ? (
        <div>
          <Button appearance="primary" disabled={run.isPending} onClick={() => run.mutate()}>
            {t(step.button)}
          </Button>
        </div>
      ) : null}
    </>
  );
}
