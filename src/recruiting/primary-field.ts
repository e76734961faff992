import type { Column, Model } from '../metadata/table.ts';
import type { Value } from '../odata/query.ts';
import type { Draft } from './draft.ts';

const separator = ' | ';

/** Writes the primary name where it is made of other columns: their values as text, joined, cut at the column's length. */
export function fillPrimaryName(model: Model, draft: Draft): void {
  const { primaryName, primaryNameFrom } = draft.table;
  if (primaryNameFrom.length === 0) return;
  const parts = primaryNameFrom.map((column) => asText(model, column, draft.get(column)));
  draft.set(primaryName, parts.join(separator).slice(0, primaryName.maxLength));
}

function asText(model: Model, column: Column, value: Value): string {
  if (value === null) return '';
  if (column.type === 'Date' || column.type === 'DateTime') return String(value).replace(/T00:00:00Z$/, '');
  if (column.type !== 'Choice' || column.choice === undefined) return String(value);
  const option = model.choice.get(column.choice)?.options.find((option) => option.value === value);
  return option?.label ?? String(value);
}
