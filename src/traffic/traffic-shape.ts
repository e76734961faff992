import type { AuditEntry, AuditOutcome } from '../kernel/audit.ts';
import type { Stage } from '../kernel/refusal.ts';

/** One operation, as it is shown to who looks: by names and ids, without anything that was in it. */
export interface TrafficShape {
  readonly time: string;
  readonly surface: string;
  readonly method: string;
  readonly outcome: AuditOutcome;
  readonly status: number;
  readonly ms: number;
  readonly requestId?: string;
  readonly table?: string;
  readonly clientId?: string;
  readonly userId?: string;
  readonly hrUserId?: string;
  readonly operator?: string;
  readonly code?: string;
  readonly stage?: Stage;
  readonly condition?: string;
  readonly gate?: 1 | 2;
}

/** How much of its limits a user has used within the window. */
export interface LimitUse {
  readonly userId: string;
  readonly requests: number;
  readonly requestsAllowed: number;
  readonly seconds: number;
  readonly secondsAllowed: number;
}

const gateOf: Partial<Readonly<Record<Stage, 1 | 2>>> = { user: 1, table: 1, link: 2, data: 2 };

/** An audit entry as it is shown. */
export function trafficOf(entry: AuditEntry, ms: number): TrafficShape {
  const { surface, method = '', outcome, status = 0, requestId, table, clientId, userId, hrUserId, operator } = entry;
  const { code, stage, cause } = entry;
  const gate = stage === undefined ? undefined : gateOf[stage];
  return {
    ...{ time: new Date().toISOString(), surface, method, outcome, status, ms: Math.round(ms * 100) / 100 },
    ...(requestId !== '' && { requestId }),
    ...(table !== undefined && { table }),
    ...(clientId !== undefined && { clientId }),
    ...(userId !== undefined && { userId }),
    ...(hrUserId !== undefined && { hrUserId }),
    ...(operator !== undefined && { operator }),
    ...(code !== undefined && { code }),
    ...(stage !== undefined && { stage }),
    ...(cause !== undefined && { condition: cause.condition }),
    ...(gate !== undefined && { gate }),
  };
}
