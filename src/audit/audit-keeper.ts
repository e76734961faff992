import type { Clock } from '../kernel/clock.ts';
import type { AuditLog } from './audit-log.ts';
import type { AuditSeal, AuditStore } from './audit-store.ts';
import { findPrunable, type Pruned, pruneLog } from './prune-log.ts';
import { type VerifyStep, verifyLog } from './verify/verify-log.ts';

/** What an administrator may do about the chain of the audit log. */
export interface AuditKeeper {
  /** The newest seal of the common chain. */
  newestSeal(): Promise<AuditSeal>;
  /** Seals what this process has written so far; gives the newest seal. @throws StorageError */
  seal(): Promise<AuditSeal>;
  /** One step of a check: the first, or the one behind a cursor. @throws BadCursor */
  verify(options: { readonly cursor?: string; readonly seal?: string }): Promise<VerifyStep>;
  /** What is older than a moment. */
  findPrunable(before: Date): Promise<Pruned>;
  /** Removes what is older than a moment, which may be reckoned from now. */
  prune(before: (now: Date) => Date): Promise<Pruned>;
}

export function createAuditKeeper(store: AuditStore, log: AuditLog, clock: Clock): AuditKeeper {
  const newestSeal = async (): Promise<AuditSeal> => {
    const [seal] = await store.chain.readSeals({ order: 'newest', limit: 1 });
    if (seal === undefined) throw new TypeError('the audit log was opened and has no seal');
    return seal;
  };
  return {
    newestSeal,
    async seal() {
      await log.seal();
      return newestSeal();
    },
    findPrunable: (before) => findPrunable(store, before),
    prune: async (before) => pruneLog(store, before(clock()), clock),
    verify: (options) => verifyLog(store.chain, { ...options, head: () => log.head }),
  };
}
