import type { AuthorizedOperation } from '../hr/authorized-operation.ts';
import type { HrSession } from '../hr/hr-session.ts';
import type { Differences } from '../odata/fidelity.ts';
import type { OperationResult } from '../odata/result.ts';

/**
 * Where the rows of virtual tables come from. To connect another source, implement this and hand it to `runAsHrUser`.
 *
 * What a provider is given has passed both gates; it decides nothing about access. It must
 * - carry out the plans and nothing beside them: a plan's `where` already holds what the user may see, and every row that
 *   it does not meet must be neither given nor counted;
 * - on writes, treat a row outside the plan's `rowFilter` as missing, or refuse it by `companyDenial` or `policies` where it
 *   is among `readable`; honour the precondition, create on update only where `mayCreate` and `createDenial` allow, and keep all of a write or none of it;
 * - on writes, treat a row outside a bind's `readable` as missing too;
 * - refuse a new row with `joins` whose legal entity `companyDenial` denies, once the row knows it;
 * - refuse and undo a write that leaves a row behind which `policies` leave out;
 * - give `null` for columns that a query withholds, and read none of their values;
 * - run business logic as `session.user`: rows without a company go to that user's;
 * - throw a `Refusal` of stage `run` for what the caller should hear, anything else for a fault of its own;
 * - call `differences.use` before it gives what the real product does not have.
 */
export interface Provider {
  run(operation: AuthorizedOperation, session: HrSession, differences: Differences): Promise<OperationResult>;
}
