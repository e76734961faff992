import type { Log, LogFields } from '../../src/kernel/log.ts';

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: LogFields;
}

/** A log that keeps its lines. */
export interface RecordingLog extends Log {
  readonly lines: LogLine[];
}

export function recordingLog(): RecordingLog {
  const lines: LogLine[] = [];
  const at =
    (level: LogLine['level']) =>
    (message: string, fields: LogFields = {}) => {
      lines.push({ level, message, fields });
    };
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** The last one-time code that the consent page had written for a client in a tenant. */
export function lastCode({ lines }: RecordingLog, tenantId: string, clientId: string): string | undefined {
  const code = lines.findLast(
    ({ fields }) => fields['tenantId'] === tenantId && fields['clientId'] === clientId && 'code' in fields,
  );
  return code === undefined ? undefined : String(code.fields['code']);
}
