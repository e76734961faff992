import type { AdvisedUse } from '../advise/advice.ts';

/** What a use was, by its first shape. */
export function sayUse({ shapes: [first, ...others] }: AdvisedUse): string {
  const { kind = '', table, message, privileges = [] } = first ?? {};
  const named = [kind, table, message, ...privileges].filter(Boolean).join(' ');
  return others.length === 0 ? named : `${named} and ${others.length} more`;
}
