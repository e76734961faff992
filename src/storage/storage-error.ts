/** The data cannot be opened or kept. `message` is one line for the administrator and says what to do where we know it. */
export class StorageError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'StorageError';
  }
}

/** Message of anything that was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

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
