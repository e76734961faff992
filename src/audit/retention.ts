import { type AuditEntry, AuditUnavailable } from '../kernel/audit.ts';
import { parseAuditText } from '../kernel/audit-text.ts';
import { newRequestId } from '../kernel/ids.ts';
import { type Log, silentLog } from '../kernel/log.ts';
import type { AuditKeeper } from './audit-keeper.ts';
import type { AuditLog } from './audit-log.ts';

interface RetentionOptions {
  readonly keeper: AuditKeeper;
  readonly audit: AuditLog;
  readonly log?: Log;
  /** For how long entries are kept. */
  readonly days: number;
  readonly intervalMs?: number;
}

const hour = 3_600_000;
const day = 24 * hour;

/** Removes what is older than the setting says: now, and every hour. Gives what ends it. */
export function keepForDays(options: RetentionOptions): () => Promise<void> {
  let running = prune(options);
  const again = (): void => {
    running = running.then(() => prune(options));
  };
  const timer = setInterval(again, options.intervalMs ?? hour).unref();
  return () => {
    clearInterval(timer);
    return running;
  };
}

async function prune({ keeper, audit, log = silentLog, days }: RetentionOptions): Promise<void> {
  try {
    const { before, entries } = await keeper.prune((now) => new Date(now.getTime() - days * day));
    if (entries > 0) await audit.write(pruneEntry(before, entries));
  } catch (error) {
    const cause = error instanceof AuditUnavailable ? error.cause : error;
    log.error('old entries of the audit log were not removed', { error: String(cause) });
  }
}

const pruneEntry = (before: string, entries: number): AuditEntry => ({
  kind: 'change',
  outcome: 'allowed',
  surface: 'server',
  requestId: newRequestId(),
  table: 'audit',
  message: 'pruneAudit',
  reason: parseAuditText(`PORTVAKT_AUDIT_RETENTION: ${entries} entries of before ${before} were removed`),
});
