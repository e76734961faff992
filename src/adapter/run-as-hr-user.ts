import { authorizeData } from '../hr/authorize-data.ts';
import type { HrSecurity } from '../hr/hr-security.ts';
import type { HrSession } from '../hr/hr-session.ts';
import type { GateOne } from '../hr/narrow-query.ts';
import type { Probe } from '../kernel/probe.ts';
import type { Differences } from '../odata/fidelity.ts';
import type { OperationResult } from '../odata/result.ts';
import { type LinkedCaller, openLinkedSession, refusalOf } from './application-link.ts';
import type { HrLimits } from './hr-limits.ts';
import type { Provider } from './provider.ts';

export interface AdapterDeps {
  readonly hrSecurity: Pick<HrSecurity, 'current'>;
  readonly provider: Provider;
  /** Told how long the gate takes. */
  readonly probe: Probe;
  /** Whose requests are counted together, and by what; absent: nothing is counted. */
  readonly limits?: { readonly environmentId: string; readonly counter: HrLimits };
}

/**
 * The second gate, told in one function: an operation that gate one let through is carried out as the Human Resources
 * user that is linked to the caller. Throws a `Refusal` where a line below says so; nothing has been read or written then.
 */
export async function runAsHrUser(
  deps: AdapterDeps,
  caller: LinkedCaller,
  grant: GateOne,
  differences: Differences,
): Promise<OperationResult> {
  const { session, authorized } = passGateTwo(deps, caller, grant); // 400, no linked user, second gate; or fewer rows
  const running = caller.isCounted ? deps.limits?.counter.begin(deps.limits.environmentId, session) : undefined; // 400, V4
  try {
    return await deps.provider.run(authorized, session, differences); // 404, 412, or business logic's 400
  } finally {
    running?.end();
  }
}

/** The session, and what it may do of what was granted. Throws a `Refusal`. */
function passGateTwo({ hrSecurity, probe }: AdapterDeps, caller: LinkedCaller, grant: GateOne): PassedGateTwo {
  const began = probe.begin('gate-two');
  let isRefused = true;
  try {
    const session = openLinkedSession(hrSecurity, caller); // 400, no linked user
    const authorized = authorizeData(session, grant); // 400, second gate; or fewer rows
    if (authorized.kind === 'deny') throw refusalOf('data', authorized);
    isRefused = false;
    return { session, authorized };
  } finally {
    probe.step('gate-two', began, isRefused);
  }
}

interface PassedGateTwo {
  readonly session: HrSession;
  readonly authorized: Exclude<ReturnType<typeof authorizeData>, { kind: 'deny' }>;
}
