import type { ListQuery } from './data-list.tsx';

/** Rows that came with something else, as a list takes them: nothing is loaded for them. */
export const rowsAtHand = <T>(rows: readonly T[]): ListQuery<T> => ({
  data: { rows, isPartial: false },
  isPending: false,
  error: undefined,
  refetch: () => undefined,
});
