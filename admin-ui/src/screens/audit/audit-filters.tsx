import { Button, Field, Input, makeStyles, Select, tokens } from '@fluentui/react-components';
import { type FormEvent, useState } from 'react';
import { DateInput } from '../../components/date-input.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import { type AuditFilter, kinds, outcomes, surfaces } from './audit-entry.ts';

const useStyles = makeStyles({
  form: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(min(100%, 15rem), 1fr))',
    gap: tokens.spacingHorizontalM,
    alignItems: 'end',
  },
  input: { minWidth: 0, '& input': { minWidth: 0 } },
});

interface AuditFiltersProps {
  readonly filter: AuditFilter;
  readonly onSearch: (filter: AuditFilter) => void;
}

/** What is looked for. Words of the log are shown as they are in it. */
export function AuditFilters({ filter, onSearch }: AuditFiltersProps) {
  const { t } = useLocale();
  const styles = useStyles();
  const [typed, setTyped] = useState(filter);
  const set = (name: keyof AuditFilter, value: string): void => setTyped({ ...typed, [name]: value });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onSearch(Object.fromEntries(Object.entries(typed).filter(([, value]) => value.trim() !== '')));
  };
  const choice = (name: 'outcome' | 'kind' | 'surface', label: string, words: readonly string[]) => (
    <Field label={label}>
      <Select value={typed[name] ?? ''} onChange={(_, { value }) => set(name, value)}>
        <option value="">{t('audit.all')}</option>
        {words.map((word) => (
          <option key={word} value={word}>
            {word}
          </option>
        ))}
      </Select>
    </Field>
  );
  const text = (name: keyof AuditFilter, label: string) => (
    <Field label={label}>
      <Input className={styles.input} value={typed[name] ?? ''} onChange={(_, { value }) => set(name, value)} />
    </Field>
  );
  const moment = (name: 'since' | 'until', label: string) => (
    <Field label={label}>
      <DateInput hasTime value={typed[name] ?? ''} onChange={(value) => set(name, value)} />
    </Field>
  );
  return (
    <form className={styles.form} onSubmit={submit}>
      {choice('outcome', t('audit.outcome'), outcomes)}
      {choice('kind', t('audit.kind'), kinds)}
      {choice('surface', t('audit.surface'), surfaces)}
      {moment('since', t('audit.since'))}
      {moment('until', t('audit.until'))}
      {text('clientId', t('hrLinks.clientId'))}
      {text('table', t('explain.table'))}
      {text('correlationId', t('audit.request'))}
      <Button type="submit" appearance="primary">
        {t('list.search')}
      </Button>
    </form>
  );
}
