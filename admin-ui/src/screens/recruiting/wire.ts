import { parseNumber } from '../../components/record-form/check-fields.ts';
import type { FieldValue, FormValues } from '../../components/record-form/field.ts';

/** Values of a form as the Web API takes them: nothing for what was emptied, numbers for `numbers`. */
export const bodyOf = (values: FormValues, numbers: ReadonlySet<string> = new Set()) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, wireValue(value, numbers.has(name))]));

function wireValue(value: FieldValue, isNumber: boolean): FieldValue | number | null {
  if (value === '') return null;
  return isNumber && typeof value === 'string' ? (parseNumber(value) ?? value) : value;
}

/** Columns of a row as a form shows them. */
export const valuesOf = (row: object, names: readonly string[]): FormValues =>
  Object.fromEntries(
    names.map((name) => {
      const value: unknown = Reflect.get(row, name);
      if (typeof value === 'boolean') return [name, value];
      const text = value === null || value === undefined ? '' : String(value);
      // Dates travel with a time at midnight.
      return [name, /^\d{4}-\d\d-\d\dT00:00:00Z$/.test(text) ? text.slice(0, 10) : text];
    }),
  );
