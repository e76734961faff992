import { Unavailable } from '../kernel/unavailable.ts';

/** The data cannot be opened or kept. `message` is one line for the administrator and says what to do where we know it. */
export class StorageError extends Unavailable {
  constructor(message: string, cause?: unknown, isUndone = false) {
    super(message, cause, isUndone);
    this.name = 'StorageError';
  }
}

/** What ended a transaction of which nothing was kept. */
export const undone = (error: unknown): unknown =>
  error instanceof StorageError && !(error instanceof DuplicateRows)
    ? new StorageError(error.message, error.cause, true)
    : error;
/** Tables cannot be made or changed: the role that we are connected as may change rows only. */
export class ShapeRefused extends StorageError {
  readonly role: string;

  constructor(message: string, role: string, cause?: unknown) {
    super(message, cause);
    this.role = role;
  }
}

/** A unique index cannot be made: rows have the same values already. */
export class DuplicateRows extends StorageError {
  readonly table: string;
  readonly columns: readonly string[];

  constructor(message: string, table: string, columns: readonly string[], cause: unknown) {
    super(message, cause);
    this.table = table;
    this.columns = columns;
  }
}
