import { pino } from 'pino';
import type { LogLevel } from './config.ts';
import type { Log, LogFields } from './kernel/log.ts';

/** Which process writes. */
export interface LogOrigin {
  /** Number of the worker; absent where a server is one process. */
  readonly worker?: number;
}

/** JSON lines on standard output, or readable lines when it is a terminal (`PORTVAKT_LOG_LEVEL`, docs/settings.md). */
export async function createLog(level: LogLevel, { worker }: LogOrigin = {}): Promise<Log> {
  const terminal = process.stdout.isTTY === true;
  const options = { level, base: worker === undefined ? null : { worker } };
  const logger = terminal ? pino(options, await prettyStream()) : pino(options);
  const write =
    (name: LogLevel) =>
    (message: string, fields: LogFields = {}): void =>
      logger[name](fields, message);
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

/** Loaded only for terminals: production writes JSON and never needs it. */
async function prettyStream() {
  const { PinoPretty } = await import('pino-pretty');
  return PinoPretty({ colorize: true, translateTime: 'SYS:HH:MM:ss', ignore: 'pid,hostname', sync: true });
}
