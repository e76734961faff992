import type { Guid } from '../kernel/ids.ts';
import type { Column, Model } from '../metadata/table.ts';
import type { KeyBook } from './alternate-key.ts';
import type { References } from './batch/references.ts';
import type { QueryScope } from './bind-query.ts';
import type { RequestHeaders } from './headers.ts';
import type { Composite, Operation } from './operation.ts';

/** A request whose URL has been taken apart. */
export interface RequestScope extends QueryScope {
  readonly model: Model;
  readonly method: string;
  readonly path: string;
  readonly headers: RequestHeaders;
  readonly body: Buffer;
  /** Hosts under which absolute URLs of rows may stand; absent: that of `apiRoot` alone. */
  readonly hosts?: readonly string[];
  readonly keys: KeyBook;
  /** What `$1` stands for; absent outside a batch. */
  readonly references?: Pick<References, 'pathOf'>;
}

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

/** An operation, and what rendering its answer needs to know beside it. */
export interface OperationParts {
  readonly operation: Operation;
  readonly select?: readonly string[] | undefined;
  readonly context?: string;
  readonly paged?: boolean;
  readonly pageNumber?: number;
  /** Absent: the rows. */
  readonly answer?: AnswerShape;
  /** Path that `OData-EntityId` repeats, where a row was named by an alternate key. */
  readonly entityPath?: string;
  /** What the request stands for beside `operation`. */
  readonly composite?: Composite;
}
