import type { HrSecurity } from '../hr/hr-security.ts';
import { type Denial, type HrCheck, type HrSession, openHrSession } from '../hr/hr-session.ts';
import type { AuditActor } from '../kernel/audit.ts';
import type { ConditionId, RefusalCause } from '../kernel/cause.ts';
import type { ClientId } from '../kernel/ids.ts';
import { Refusal, type Stage } from '../kernel/refusal.ts';

/** Who calls, as gate one knows it. `appName` names the application in messages. */
export interface LinkedCaller {
  /** Absent for a person, who has no application link. */
  readonly clientId: ClientId | undefined;
  readonly appName?: string;
  /** Does the request count towards the caller's limits? */
  readonly isCounted?: boolean;
  /** Told whom the caller becomes. */
  readonly notes?: AuditActor;
}

/**
 * Follows the application link from the caller's client id to its Human Resources user. Throws a `Refusal` with message V1
 * when the platform itself is not let in, V2 when the caller leads to no user (human-resources-security 6.1).
 */
export function openLinkedSession(security: Pick<HrSecurity, 'current'>, caller: LinkedCaller): HrSession {
  const session = openHrSession(security.current, caller);
  if (session.kind === 'deny') throw refusalOf('link', session);
  if (caller.notes !== undefined) caller.notes.hrUserId = session.user.id;
  return session;
}

/** The condition that a check of the second gate is. `supported`: no condition, the request itself cannot be done. */
const conditionOf: Readonly<Record<HrCheck, ConditionId | undefined>> = {
  'platform link': 'platform-link',
  'application link': 'application-link',
  'linked user': 'hr-user',
  'user enabled': 'hr-user-enabled',
  role: 'hr-role',
  permission: 'permission',
  'legal entity': 'legal-entity',
  policy: 'policy',
  column: 'protected-column',
  supported: undefined,
};

/** Which condition a denial of the second gate is about; `undefined` where it is about none. */
export function causeOf({ check, data }: Pick<Denial, 'check' | 'data'>): RefusalCause | undefined {
  const condition = conditionOf[check];
  return condition && { condition, data };
}

/** A denial as it leaves the adapter: the problem for the caller, the true reason for the log. */
export function refusalOf(stage: Stage, denial: Denial): Refusal {
  const refusal = new Refusal(stage, denial.problem, denial.explain());
  const cause = causeOf(denial);
  return cause === undefined ? refusal : refusal.because(cause);
}
