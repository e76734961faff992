/** Named values of a log line. Never a secret, a token or a person's data. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Where layers write what an administrator should be able to read. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** Says nothing; for tests and for code that is called without a log. */
export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };
