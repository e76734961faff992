import { Text } from '@fluentui/react-components';
import { useLocale } from '../../i18n/locale-context.tsx';
import { writeDate } from '../../i18n/written-date.ts';
import { type LookupSource, useLookupOptions } from '../lookup.tsx';
import type { Field, FieldValue } from './field.ts';

/** A value as a person reads it where it cannot be changed: names instead of numbers and ids. */
export function FieldText({ field, value }: { readonly field: Field; readonly value: FieldValue }) {
  const { t, dateSeparator } = useLocale();
  if (typeof value === 'boolean') return <Text>{value ? t('state.yes') : t('state.no')}</Text>;
  if (value === '') return <Text>–</Text>;
  if (field.kind === 'lookup') return <LookupText source={field.source} value={value} />;
  if (field.kind === 'date' || field.kind === 'moment') return <Text>{writeDate(value, dateSeparator)}</Text>;
  if (field.kind === 'choice') return <Text>{field.options.find((each) => each.value === value)?.label ?? value}</Text>;
  return <Text>{value}</Text>;
}

function LookupText({ source, value }: { readonly source: LookupSource; readonly value: string }) {
  const { data = [] } = useLookupOptions(source);
  return <Text>{data.find((each) => each.value === value)?.label ?? value}</Text>;
}
