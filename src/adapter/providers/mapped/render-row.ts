import type { Column } from '../../../metadata/table.ts';
import { formatEtag } from '../../../odata/etag.ts';
import type { Query, Value } from '../../../odata/query.ts';
import { heldIn, type SourceRow } from './table-source.ts';

/** The row as JSON text, in the form in which the built-in tables give it; `expanded` are members already written. */
export function renderRow(query: Query, row: SourceRow, expanded: ReadonlyMap<string, string>): string {
  const members = query.etag ? [`"@odata.etag":${JSON.stringify(formatEtag(row.version))}`] : [];
  for (const column of new Set([query.table.primaryKey, ...query.columns])) {
    const value = query.withheld?.has(column) === true ? null : heldIn(row, column);
    members.push(`${JSON.stringify(column.property)}:${renderValue(query, column, value)}`);
  }
  for (const [name, text] of expanded) members.push(`${JSON.stringify(name)}:${text}`);
  return `{${members.join(',')}}`;
}

function renderValue({ unsetTextAsEmpty }: Query, column: Column, value: Value): string {
  if (value === null) return column.isText && unsetTextAsEmpty ? '""' : 'null';
  // Numbers of 64 bits and decimals go out digit by digit.
  if (typeof value === 'bigint' || column.type === 'Decimal') return String(value);
  return JSON.stringify(value);
}
