import { createAuditKeeper } from './audit/audit-keeper.ts';
import { AuditLog } from './audit/audit-log.ts';
import { beginChain, closeOrphans } from './audit/common-chain.ts';
import { readAudit } from './audit/read-audit.ts';
import { keepForDays } from './audit/retention.ts';
import { startEntry, stopEntry } from './audit/server-entries.ts';
import { AuditUnavailable } from './kernel/audit.ts';
import type { Clock } from './kernel/clock.ts';
import type { Log } from './kernel/log.ts';
import type { Probe } from './kernel/probe.ts';
import { StartError } from './start-error.ts';
import type { DatabaseLocation } from './storage/database.ts';
import { openAudit } from './storage/open-audit.ts';
import type { Parts } from './surfaces.ts';
import type { Member } from './workers/member.ts';

interface AuditOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly member: Member | undefined;
  /** Days for which entries are kept; `undefined`: for ever. */
  readonly days: number | undefined;
  /** Told of each operation that was answered. */
  readonly probe: Pick<Probe, 'answered'>;
  /** Takes what must be closed when the server stops, last one first. */
  readonly onClose: (close: () => Promise<void>) => void;
}

/**
 * Opens the audit log and says in it that the server starts; it says that it stops when all else is closed.
 * @throws StartError
 */
export async function beginAudit(
  location: DatabaseLocation,
  { clock, log, member, days, probe, onClose }: AuditOptions,
): Promise<Pick<Parts, 'readAudit' | 'auditKeeper'> & { readonly audit: AuditLog }> {
  const store = await openAudit(location);
  const audit = new AuditLog({ store, clock, log, answered: (entry, began) => probe.answered(entry, began) });
  onClose(() => audit.close());
  const beginning = async (): Promise<void> => {
    await beginChain(store, clock);
    await closeOrphans(store, clock);
    await audit.write(await startEntry(store, member));
  };
  await beginning().catch((error: unknown) => {
    const cause = error instanceof AuditUnavailable ? error.cause : error;
    throw new StartError(`the audit log cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`);
  });
  onClose(() => audit.write(stopEntry()).catch(() => log.error('the stop is not in the audit log')));
  const auditKeeper = createAuditKeeper(store, audit, clock);
  if (days !== undefined) onClose(keepForDays({ keeper: auditKeeper, audit, log, days }));
  return { audit, readAudit: (query) => readAudit(store, query), auditKeeper };
}
