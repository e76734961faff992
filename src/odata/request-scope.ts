import type { Model } from '../metadata/table.ts';
import type { KeyBook } from './alternate-key.ts';
import type { AnswerShape } from './answer-shape.ts';
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
  /** Names of query options that mean nothing. */
  readonly custom: ReadonlySet<string>;
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
  /** Absent: the rows. */
  readonly answer?: AnswerShape;
  /** Path that `OData-EntityId` repeats, where a row was named by an alternate key. */
  readonly entityPath?: string;
  /** What the request stands for beside `operation`. */
  readonly composite?: Composite;
}
