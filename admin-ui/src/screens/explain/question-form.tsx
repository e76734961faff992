import { Button, Field, Input, makeStyles, Select, tokens } from '@fluentui/react-components';
import { type FormEvent, useState } from 'react';
import { Lookup } from '../../components/lookup.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import { companySource } from '../human-resources/sources.ts';
import { applicationSource } from '../power-platform/app-user.ts';
import { askedRights, type Question } from './question.ts';
import { tableSource } from './sources.ts';

const useStyles = makeStyles({
  form: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(min(100%, 18rem), 1fr))',
    gap: tokens.spacingHorizontalM,
    alignItems: 'start',
  },
  button: { gridColumn: '1 / -1' },
  // Controls of the component library are wider than a phone otherwise.
  control: { minWidth: 0 },
});

interface QuestionFormProps {
  readonly question: Question;
  /** Is it about one application, or about all of them? */
  readonly isOfOne: boolean;
  readonly onAsk: (question: Question) => void;
}

/** Who would do what to which table. */
export function QuestionForm({ question, isOfOne, onAsk }: QuestionFormProps) {
  const { t, language } = useLocale();
  const styles = useStyles();
  const [asked, setAsked] = useState<Question>({ right: 'read', ...question });
  const set = (name: keyof Question, value: string): void => setAsked({ ...asked, [name]: value });
  const isWhole = asked.table !== undefined && asked.table !== '' && (!isOfOne || (asked.clientId ?? '') !== '');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onAsk(Object.fromEntries(Object.entries(asked).filter(([, value]) => value.trim() !== '')));
  };
  const text = (name: 'columns' | 'row', label: string, hint?: string) => (
    <Field label={label} {...(hint !== undefined && { hint })}>
      <Input className={styles.control} value={asked[name] ?? ''} onChange={(_, { value }) => set(name, value)} />
    </Field>
  );
  return (
    <form className={styles.form} onSubmit={submit}>
      {isOfOne ? (
        <Field label={t('appUsers.app')} required>
          <Lookup
            source={applicationSource}
            value={asked.clientId ?? ''}
            onChange={(value) => set('clientId', value)}
          />
        </Field>
      ) : null}
      <Field label={t('canI.right')}>
        <Select value={asked.right ?? 'read'} onChange={(_, { value }) => set('right', value)}>
          {askedRights.map(([right, label]) => (
            <option key={right} value={right}>
              {t(label)}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={t('role.table')} required>
        <Lookup source={tableSource(language)} value={asked.table ?? ''} onChange={(value) => set('table', value)} />
      </Field>
      {text('columns', t('canI.columns'), t('canI.columns.hint'))}
      <Field label={t('hrUsers.company')}>
        <Lookup source={companySource} value={asked.company ?? ''} onChange={(value) => set('company', value)} />
      </Field>
      {text('row', t('canI.row'))}
      <div className={styles.button}>
        <Button type="submit" appearance="primary" disabled={!isWhole}>
          {t('canI.ask')}
        </Button>
      </div>
    </form>
  );
}
