import { noYes } from './choice-values.ts';
import { companies } from './companies.ts';
import type { Body } from './operation.ts';

/**
 * Rows of `mserp_payintv1bankaccountdisbursemententity`, by column. All its columns are read-only: payroll owns the data
 * and only its provider puts rows there, never a call. They exist so that the second gate has something to refuse.
 */
export const disbursementRows: readonly Body[] = companies.flatMap(({ code }, place) =>
  [1, 2].map((line) => ({
    mserp_company: code,
    mserp_personnelnumber: `00000${place + 1}`,
    mserp_linenumber: line,
    mserp_priority: line,
    mserp_accountidentificationid: line === 1 ? 'Lønnskonto' : 'Sparekonto',
    mserp_amount: line === 1 ? 0 : 2500,
    mserp_remainder: line === 1 ? noYes.Yes : noYes.No,
    mserp_inprenotestatus: noYes.No,
  })),
);
