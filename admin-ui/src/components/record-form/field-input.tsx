import { Checkbox, Field as FieldFrame, Input, Select, Text, Textarea } from '@fluentui/react-components';
import { useLocale } from '../../i18n/locale-context.tsx';
import { DateInput } from '../date-input.tsx';
import { Lookup } from '../lookup.tsx';
import { useNarrow } from '../use-narrow.ts';
import type { Field, FieldValue } from './field.ts';
import { FieldText } from './field-text.tsx';

interface FieldInputProps {
  readonly field: Field;
  readonly value: FieldValue;
  readonly message: string | undefined;
  readonly onChange: (value: FieldValue) => void;
}

/** One field with its label, hint and message. */
export function FieldInput({ field, value, message, onChange }: FieldInputProps) {
  const { t } = useLocale();
  if (field.kind === 'tick') {
    return (
      <FieldFrame {...(field.hint === undefined ? {} : { hint: field.hint })} {...messageOf(message)}>
        <Checkbox
          label={field.label}
          checked={value === true}
          disabled={field.isReadOnly ?? false}
          onChange={(_, { checked }) => onChange(checked === true)}
        />
      </FieldFrame>
    );
  }
  const label = field.isRequired === true ? `${field.label} (${t('form.required')})` : field.label;
  if (field.isReadOnly === true) {
    return (
      <div>
        <Text weight="semibold" block>
          {field.label}
        </Text>
        <FieldText field={field} value={value} />
      </div>
    );
  }
  return (
    <FieldFrame
      label={label}
      required={field.isRequired ?? false}
      {...(field.hint === undefined ? {} : { hint: field.hint })}
      {...messageOf(message)}
    >
      <Control field={field} value={String(value)} onChange={onChange} />
    </FieldFrame>
  );
}

const messageOf = (message: string | undefined) =>
  message === undefined ? {} : { validationMessage: message, validationState: 'error' as const };

/** Of a choice, on a phone: longer ones are written smaller rather than cut off. */
const mostLetters = 40;

interface ControlProps {
  readonly field: Exclude<Field, { readonly kind: 'tick' }>;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** Takes label and message from the frame around it, which hands its props down. */
function Control({ field, value, onChange, ...frame }: ControlProps) {
  const { t } = useLocale();
  const isNarrow = useNarrow();
  switch (field.kind) {
    case 'multiline':
      return (
        <Textarea
          {...frame}
          name={field.name}
          value={value}
          resize="vertical"
          onChange={(_, to) => onChange(to.value)}
        />
      );
    case 'choice':
      return (
        <Select
          {...frame}
          name={field.name}
          size={isNarrow && field.options.some(({ label }) => label.length > mostLetters) ? 'small' : 'medium'}
          value={value}
          onChange={(_, to) => onChange(to.value)}
        >
          {field.isRequired === true && value !== '' ? null : <option value="">{t('form.choose')}</option>}
          {field.options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </Select>
      );
    case 'lookup':
      return <Lookup {...frame} source={field.source} value={value} onChange={onChange} />;
    case 'date':
    case 'moment':
      return (
        <DateInput {...frame} name={field.name} hasTime={field.kind === 'moment'} value={value} onChange={onChange} />
      );
    case 'number':
      return (
        <Input
          {...frame}
          name={field.name}
          inputMode="decimal"
          value={value}
          onChange={(_, to) => onChange(to.value)}
        />
      );
    case 'text':
    case 'guid':
      break;
  }
  return (
    <Input {...frame} name={field.name} autoComplete="off" value={value} onChange={(_, to) => onChange(to.value)} />
  );
}
