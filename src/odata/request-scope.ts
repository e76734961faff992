import type { Model } from '../metadata/table.ts';
import type { References } from './batch/references.ts';
import type { QueryScope } from './bind-query.ts';
import type { RequestHeaders } from './headers.ts';
import type { Operation } from './operation.ts';

/** A request whose URL has been taken apart. */
export interface RequestScope extends QueryScope {
  readonly model: Model;
  readonly method: string;
  readonly path: string;
  readonly headers: RequestHeaders;
  readonly body: Buffer;
  /** What `$1` stands for; absent outside a batch. */
  readonly references?: Pick<References, 'pathOf'>;
}

/** An operation, and what rendering its answer needs to know beside it. */
export interface OperationParts {
  readonly operation: Operation;
  readonly select?: readonly string[] | undefined;
  readonly context?: string;
  readonly paged?: boolean;
  readonly pageNumber?: number;
}
