import type { AuditEntry, AuditText } from '../kernel/audit.ts';
import { parseAuditText } from '../kernel/audit-text.ts';
import { newRequestId } from '../kernel/ids.ts';
import type { AuditStore } from './audit-store.ts';
import { readAudit } from './read-audit.ts';

const serverEntry = (message: 'start' | 'stop', reason?: AuditText): AuditEntry => ({
  kind: 'server',
  outcome: 'allowed',
  surface: 'server',
  requestId: newRequestId(),
  message,
  ...(reason === undefined ? {} : { reason }),
});

/** One of several processes that serve together, each with runs of its own. */
export interface JoinedMember {
  readonly number: number;
  readonly isJoined: boolean;
  /** How the process ended whose place it takes. */
  readonly after: string | undefined;
}

const describeMember = ({ number, after }: JoinedMember): string =>
  after === undefined
    ? `worker ${number} joins`
    : `worker ${number} takes the place of one that ended with ${after}: what was under way then may have been done without an entry`;

/** The last entry of a run that ended in order. */
export const stopEntry = (): AuditEntry => serverEntry('stop');

/**
 * The first entry of a run. It says how the one before ended: after a kill, changes that were under way and never
 * answered may be in the data without an entry (docs/decisions/0012).
 */
export async function startEntry(store: Pick<AuditStore, 'read'>, member?: JoinedMember): Promise<AuditEntry> {
  if (member?.isJoined === true) return serverEntry('start', parseAuditText(describeMember(member)));
  const { entries } = await readAudit(store, { limit: 1 });
  const [last] = entries;
  if (last === undefined) return serverEntry('start', parseAuditText('there is no run before this one'));
  const ended = last.kind === 'server' && last.message === 'stop';
  const how = ended
    ? `run ${last.run} was stopped`
    : `run ${last.run} was not stopped, its last entry is ${last.number}: what was under way then may have been done without an entry`;
  return serverEntry('start', parseAuditText(how));
}
