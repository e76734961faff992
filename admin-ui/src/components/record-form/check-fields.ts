import type { Translate } from '../../i18n/translate.ts';
import { parseDate } from '../../i18n/written-date.ts';
import type { Field, FormValues } from './field.ts';

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const isVisible = (field: Field, values: FormValues): boolean => field.isVisible?.(values) ?? true;

/** Messages by the name of the field; empty where the form may be sent. */
export function checkFields(
  fields: readonly Field[],
  values: FormValues,
  t: Translate,
): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const field of fields) {
    if (!isVisible(field, values) || field.isReadOnly === true) continue;
    const message = checkField(field, values, t);
    if (message !== undefined) found[field.name] = message;
  }
  return found;
}

function checkField(field: Field, values: FormValues, t: Translate): string | undefined {
  const value = values[field.name] ?? '';
  if (typeof value === 'string') {
    if (value.trim() === '') {
      return field.isRequired === true ? t('form.requiredError', { field: field.label }) : undefined;
    }
    const wrong = checkText(field, value.trim(), t);
    if (wrong !== undefined) return wrong;
  }
  return field.check?.(value, values);
}

function checkText(field: Field, value: string, t: Translate): string | undefined {
  if (field.kind === 'guid' && !guid.test(value)) return t('form.notGuid', { field: field.label });
  if (field.kind === 'number' && parseNumber(value) === undefined) return t('form.notNumber');
  if ((field.kind === 'date' || field.kind === 'moment') && parseDate(value) === undefined) return t('form.notDate');
  if ((field.kind === 'text' || field.kind === 'multiline') && field.maxLength !== undefined) {
    const typed = value.length;
    if (typed > field.maxLength) return t('form.tooLong', { field: field.label, max: field.maxLength, typed });
  }
  return undefined;
}

/** A number as it is written in either language: spaces between thousands, comma or dot before decimals. */
export function parseNumber(text: string): number | undefined {
  const plain = text
    .replace(/[\s\u00A0\u202F]/g, '')
    .replace('\u2212', '-')
    .replace(',', '.');
  return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : undefined;
}
