import { Button, Field, Input, makeStyles, Select, tokens } from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons/svg/dismiss';
import { useState } from 'react';
import { DateInput } from '../../components/date-input.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import type { ModelColumn, TableModel } from '../../model/table-model.ts';
import { labelIn } from '../tables/label.ts';
import { type Condition, operatorsOf, operatorTexts, takesValue } from './filter.ts';
import type { View } from './view.ts';

const useStyles = makeStyles({
  rows: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS },
  row: { display: 'flex', flexWrap: 'wrap', alignItems: 'flex-end', gap: tokens.spacingHorizontalS },
  field: { minWidth: '8rem', maxWidth: '100%' },
});

interface FilterBuilderProps {
  readonly model: TableModel;
  readonly view: View;
  readonly onApply: (change: Pick<View, 'conditions' | 'join'>) => void;
}

/** Conditions put together by hand. Nothing is asked before the person says so. */
export function FilterBuilder({ model, view, onApply }: FilterBuilderProps) {
  const { t } = useLocale();
  const styles = useStyles();
  const [conditions, setConditions] = useState(view.conditions);
  const [join, setJoin] = useState(view.join);
  const first = model.columns.find(({ name }) => name === model.nameColumn) ?? model.columns[0];
  const add = (): void => {
    if (first !== undefined) setConditions([...conditions, conditionOn(first)]);
  };
  const replace = (at: number, condition: Condition): void =>
    setConditions(conditions.map((each, index) => (index === at ? condition : each)));
  const apply = (next: readonly Condition[]): void => onApply({ conditions: next, join });
  return (
    <form
      className={styles.rows}
      onSubmit={(event) => {
        event.preventDefault();
        apply(conditions);
      }}
    >
      {conditions.map((condition, at) => (
        <ConditionRow
          // biome-ignore lint/suspicious/noArrayIndexKey: conditions have no identity but their place
          key={at}
          model={model}
          condition={condition}
          onChange={(next) => replace(at, next)}
          onRemove={() => {
            const rest = conditions.filter((_, index) => index !== at);
            setConditions(rest);
            apply(rest);
          }}
        />
      ))}
      <div className={styles.row}>
        <Button onClick={add}>{t('filter.add')}</Button>
        {conditions.length < 2 ? null : (
          <Select
            aria-label={t('filter.join')}
            value={join}
            onChange={(_, { value }) => setJoin(value === 'or' ? 'or' : 'and')}
          >
            <option value="and">{t('filter.and')}</option>
            <option value="or">{t('filter.or')}</option>
          </Select>
        )}
        {conditions.length === 0 ? null : (
          <Button type="submit" appearance="primary">
            {t('filter.apply')}
          </Button>
        )}
      </div>
    </form>
  );
}

/** A condition that still lacks its value. */
const conditionOn = ({ name, type }: ModelColumn): Condition => ({
  column: name,
  operator: operatorsOf[type][0] ?? 'eq',
  value: '',
});

interface ConditionRowProps {
  readonly model: TableModel;
  readonly condition: Condition;
  readonly onChange: (condition: Condition) => void;
  readonly onRemove: () => void;
}

function ConditionRow({ model, condition, onChange, onRemove }: ConditionRowProps) {
  const { t, language } = useLocale();
  const styles = useStyles();
  const column = model.columns.find(({ name }) => name === condition.column);
  if (column === undefined) return null;
  const operators = operatorsOf[column.type];
  const choose = (name: string): void => {
    const next = model.columns.find((each) => each.name === name);
    if (next !== undefined) onChange(conditionOn(next));
  };
  return (
    <div className={styles.row}>
      <Field label={t('filter.column')} className={styles.field}>
        <Select value={column.name} onChange={(_, { value }) => choose(value)}>
          {model.columns.map(({ name, label }) => (
            <option key={name} value={name}>
              {labelIn(label, language) || name}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={t('filter.operator')} className={styles.field}>
        <Select
          value={condition.operator}
          onChange={(_, { value }) =>
            onChange({ ...condition, operator: operators.find((each) => each === value) ?? condition.operator })
          }
        >
          {operators.map((operator) => (
            <option key={operator} value={operator}>
              {t(operatorTexts[operator])}
            </option>
          ))}
        </Select>
      </Field>
      {takesValue(condition.operator) ? (
        <ValueField column={column} value={condition.value} onChange={(value) => onChange({ ...condition, value })} />
      ) : null}
      <Button icon={<DismissRegular />} aria-label={t('filter.remove')} onClick={onRemove} />
    </div>
  );
}

interface ValueFieldProps {
  readonly column: ModelColumn;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function ValueField({ column, value, onChange }: ValueFieldProps) {
  const { t, language } = useLocale();
  const styles = useStyles();
  const isDate = column.type === 'date' || column.type === 'dateTime' || column.type === 'localTime';
  const options =
    column.type === 'boolean'
      ? [
          { value: 'true', label: t('state.yes') },
          { value: 'false', label: t('state.no') },
        ]
      : column.options.map((option) => ({ value: String(option.value), label: labelIn(option.label, language) }));
  return (
    <Field label={t('filter.value')} className={styles.field}>
      {options.length > 0 ? (
        <Select value={value} onChange={(_, data) => onChange(data.value)}>
          <option value="">{t('form.choose')}</option>
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </Select>
      ) : isDate ? (
        <DateInput hasTime={column.type !== 'date'} value={value} onChange={onChange} />
      ) : (
        <Input value={value} onChange={(_, data) => onChange(data.value)} />
      )}
    </Field>
  );
}
