import type { AdminRoute } from './call.ts';
import { flag, moment, optional, parseBody, required } from './members.ts';
import { AdminRefusal } from './problems.ts';

const pruning = {
  before: required(moment, 'Entries of before this moment go, such as 2026-03-01T00:00:00Z.'),
  isDry: optional(flag, 'true: say what would go, and remove nothing'),
};

/** Removing what is old. It changes the log of the whole installation. */
export const auditRetentionRoutes: readonly AdminRoute[] = [
  {
    method: 'POST',
    path: 'audit/prune',
    operationId: 'pruneAudit',
    summary: 'Removes entries of before a moment from the audit log; what is left can still be verified',
    access: 'readWrite',
    members: pruning,
    success: { status: 200, schema: 'AuditPruned' },
    async run({ request, auditKeeper }) {
      const { before, isDry = false } = parseBody(request, pruning);
      const result = await (isDry ? auditKeeper.findPrunable(before) : auditKeeper.prune((now) => pastOf(before, now)));
      return { status: 200, body: { ...result, isDry } };
    },
  },
];

/** What is still to come cannot be old. */
function pastOf(before: Date, now: Date): Date {
  if (before <= now) return before;
  throw new AdminRefusal('memberInvalid', ['before', 'a moment in the past']);
}
