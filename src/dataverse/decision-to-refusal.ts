import type { RefusalCause } from '../kernel/cause.ts';
import { Refusal } from '../kernel/refusal.ts';
import type { TableDenial } from './authorize-table.ts';
import { causeOfPrivilege } from './missing-privilege.ts';

/** A denial of the first gate as the refusal that the HTTP edge answers with (403). */
export const decisionToRefusal = (denial: TableDenial): Refusal =>
  new Refusal('table', denial.problem).because(causeOfDenial(denial));

/** Which condition a denial of the first gate is about. */
export function causeOfDenial({ lacks, missing, right }: TableDenial): RefusalCause {
  if (missing !== undefined) return causeOfPrivilege(missing, lacks === 'role' ? 'roles' : 'privilege');
  return { condition: lacks === 'role' ? 'roles' : 'privilege', ...(right && { data: right }) };
}
