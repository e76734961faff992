import type { AdvisedUse } from '../../../../src/admin/contract.ts';

/** What requests asked for, by names of the wire, as the audit log has them. */
export const wordsOf = ({ shapes }: AdvisedUse): string =>
  shapes.map(({ kind, table, message }) => [kind, message ?? table].filter(Boolean).join(' ')).join(', ');
