import type { Guid } from '../kernel/ids.ts';
import type { FlatPage, Page } from './row-store.ts';

/** What carrying out an `Operation` gave, before it is put into HTTP. Rows are JSON text, as in `Page`. */
export type OperationResult =
  | { readonly kind: 'page'; readonly page: Page }
  | { readonly kind: 'flat'; readonly page: FlatPage }
  /** `undefined` only where a single-valued navigation leads nowhere (204). */
  | { readonly kind: 'row'; readonly row: string | undefined }
  | { readonly kind: 'created' | 'updated'; readonly id: Guid; readonly row: string | undefined }
  | { readonly kind: 'count'; readonly count: number }
  /** `If-None-Match` met: 304. */
  | { readonly kind: 'notModified' }
  /** Deleted, associated, disassociated, or an action without a result: 204. */
  | { readonly kind: 'done' }
  /** Answer of a function or action: members beside `@odata.context`, whose type is `responseType`. */
  | { readonly kind: 'message'; readonly responseType: string; readonly members: Readonly<Record<string, unknown>> };
