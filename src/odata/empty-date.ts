import type { Column } from '../metadata/table.ts';
import type { Value } from './query.ts';

/** Human Resources has no empty dates: this one stands for none (human-resources-security 5.4). */
const emptyDate = '1900-01-01T00:00:00Z';

/** Is a value of a virtual table's date column how Human Resources writes "no date"? It is the same as `null` then. */
export const isEmptyDate = ({ type, table }: Column, value: Value): boolean =>
  value === emptyDate && (type === 'Date' || type === 'DateTime') && table.kind === 'virtual';
