import type { Guid } from '../kernel/ids.ts';
import type { Column } from '../metadata/table.ts';

/** What of the rows that an operation gives is the answer. */
export type AnswerShape =
  /** The rows, or the row, as the operation says. */
  | { readonly kind: 'rows' }
  /** The first row, which must be there (`collection(id)`). */
  | { readonly kind: 'member'; readonly id: Guid }
  /** A column of the row, as JSON or (`raw`) as plain text. */
  | { readonly kind: 'property'; readonly column: Column; readonly raw: boolean }
  | { readonly kind: 'count' }
  /** Joined rows or groups, and how the answer tells where to go on. */
  | { readonly kind: 'flat'; readonly paging: 'nextLink' | 'cookie' }
  /** Addresses of the rows (`$ref`). */
  | { readonly kind: 'references' };
