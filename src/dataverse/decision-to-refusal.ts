import { Refusal } from '../kernel/refusal.ts';
import type { TableDenial } from './authorize-table.ts';

/** A denial of the first gate as the refusal that the HTTP edge answers with (403). */
export const decisionToRefusal = (denial: TableDenial): Refusal => new Refusal('table', denial.problem);
