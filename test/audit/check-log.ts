import type { AuditStore } from '../../src/audit/audit-store.ts';
import type { RunHead } from '../../src/audit/run-chain.ts';
import type { Finding } from '../../src/audit/verify/finding.ts';
import { type VerifyStep, verifyLog } from '../../src/audit/verify/verify-log.ts';
import type { AuditEntry } from '../../src/kernel/audit.ts';
import { newGuid, newRequestId } from '../../src/kernel/ids.ts';

/** An entry about nothing in particular, under an id of a client's own. */
export const entryOf = (more: Partial<AuditEntry> = {}): AuditEntry => ({
  kind: 'change',
  outcome: 'allowed',
  surface: 'web-api',
  requestId: newRequestId(),
  correlationId: newGuid(),
  ...more,
});

export interface Checked extends Omit<VerifyStep, 'cursor'> {
  readonly steps: number;
}

/** A whole check, step by step. `longestMs` below 0: as many steps as there can be. */
export async function checkLog(store: AuditStore, seal?: string, head?: RunHead, longestMs = 500): Promise<Checked> {
  const findings: Finding[] = [];
  const sums = { seals: 0, segments: 0, entries: 0, unchained: 0, pruned: 0, total: 0, steps: 0 };
  let cursor: string | undefined;
  do {
    const options = { longestMs, head: () => head, ...(seal && { seal }), ...(cursor && { cursor }) };
    const step: VerifyStep = await verifyLog(store.chain, options);
    findings.push(...step.findings);
    for (const name of ['seals', 'segments', 'entries', 'unchained', 'pruned'] as const) sums[name] += step[name];
    sums.total = step.total;
    sums.steps += 1;
    cursor = step.cursor;
  } while (cursor !== undefined);
  return { findings, ...sums };
}
