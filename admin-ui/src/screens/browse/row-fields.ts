import type { ApiClient } from '../../api/api-client.ts';
import { query, webApi } from '../../api/odata.ts';
import type { LookupSource } from '../../components/lookup.tsx';
import { parseNumber } from '../../components/record-form/check-fields.ts';
import type { Field, FieldValue, FormValues } from '../../components/record-form/field.ts';
import type { Locale } from '../../i18n/translate.ts';
import { parseDate } from '../../i18n/written-date.ts';
import type { WireRow } from '../../model/shown-value.ts';
import { type ModelColumn, readTableModel, type TableModel } from '../../model/table-model.ts';
import { labelIn } from '../tables/label.ts';

/** Columns as fields of a form. The server may name a field by its column, its property or its English label. */
export const fieldsOf = (columns: readonly ModelColumn[], locale: Locale): readonly Field[] =>
  columns.map((column) => fieldOf(column, locale));

function fieldOf(column: ModelColumn, { language, t }: Locale): Field {
  const { name, property, type, maxLength, isRequired } = column;
  const base = {
    ...{ name, isRequired, label: labelIn(column.label, language) || name },
    aliases: [property, labelIn(column.label, 'en')],
  };
  switch (type) {
    case 'boolean':
      return {
        ...{ ...base, kind: 'choice' },
        options: [
          { value: 'true', label: t('state.yes') },
          { value: 'false', label: t('state.no') },
        ],
      };
    case 'choice':
      return {
        ...{ ...base, kind: 'choice' },
        options: column.options.map(({ value, label }) => ({ value: String(value), label: labelIn(label, language) })),
      };
    case 'choices': {
      const words = column.options.map(({ value, label }) => `${value} = ${labelIn(label, language)}`);
      return { ...base, kind: 'text', hint: words.join(', ') };
    }
    case 'lookup':
      return { ...base, kind: 'lookup', source: sourceOf(column) };
    case 'number':
    case 'date':
    case 'guid':
      return { ...base, kind: type };
    case 'dateTime':
    case 'localTime':
      return { ...base, kind: 'moment', hint: t('form.utc') };
    case 'memo':
      return { ...base, kind: 'multiline', ...(maxLength === undefined ? {} : { maxLength }) };
    case 'text':
      return { ...base, kind: 'text', ...(maxLength === undefined ? {} : { maxLength }) };
  }
}

/** Rows of the first table that a lookup leads to, by their names. Ids of others are taken as they are typed. */
const sourceOf = ({ targets }: ModelColumn): LookupSource => ({
  key: `row of ${targets.map(({ table }) => table).join()}`,
  isOpen: true,
  load: async (api: ApiClient, signal: AbortSignal) => {
    const [target] = targets;
    if (target === undefined) return [];
    const { entitySet, idColumn, nameColumn } = await readTableModel(api, target.table, signal);
    const options = query({ $select: nameColumn ?? idColumn, $orderby: nameColumn });
    const { rows } = await api.list<WireRow>(`${webApi}/${entitySet}${options}`, { signal });
    return rows.map((row) => {
      const id = String(row[idColumn]);
      return { value: id, label: String(row[nameColumn ?? idColumn] ?? id), secondary: id };
    });
  },
});

/** A row's values as the form shows them. */
export const formValuesOf = (columns: readonly ModelColumn[], row: WireRow): FormValues =>
  Object.fromEntries(
    columns.map((column) => {
      const value = row[column.property];
      const text = value === null || value === undefined ? '' : String(value);
      return [column.name, column.type === 'date' ? text.slice(0, 10) : text];
    }),
  );

/**
 * What a form has changed, as the Web API takes it. Lookups are bound to the set of their first table; one that was emptied
 * is unbound.
 */
export async function wireBodyOf(api: ApiClient, model: TableModel, changed: FormValues): Promise<object> {
  const body: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(changed)) {
    const column = model.columns.find((each) => each.name === name);
    if (column?.type === 'lookup') Object.assign(body, await bindingOf(api, column, String(value)));
    else body[name] = column === undefined ? value : wireValue(column, value);
  }
  return body;
}

async function bindingOf(api: ApiClient, column: ModelColumn, id: string): Promise<object> {
  const [target] = column.targets;
  if (target === undefined) return { [column.name]: id };
  const bind = `${target.navigation}@odata.bind`;
  if (id === '') return { [bind]: null };
  const { entitySet } = await readTableModel(api, target.table, new AbortController().signal);
  return { [bind]: `/${entitySet}(${id})` };
}

/** What is no moment goes as it was typed: the server says what is wrong with it. */
function momentOf(value: string): string {
  const moment = parseDate(value, true);
  return moment === undefined ? value : `${moment}:00Z`;
}

function wireValue({ type }: ModelColumn, value: FieldValue): unknown {
  if (value === '') return null;
  if (typeof value === 'boolean') return value;
  if (type === 'boolean') return value === 'true';
  if (type === 'date') return parseDate(value) ?? value;
  if (type === 'dateTime' || type === 'localTime') return momentOf(value);
  return type === 'number' || type === 'choice' ? (parseNumber(value) ?? value) : value;
}
