/**
 * What is wrong with the log. `altered`: not what was written. `removed`, `inserted`, `reordered`: said of entries or seals.
 * `cut`: the end is missing. `rewritten`: it fits itself, and not what follows or a seal says of it.
 */
export type FindingKind = 'altered' | 'removed' | 'inserted' | 'reordered' | 'cut' | 'rewritten';

export interface Finding {
  readonly kind: FindingKind;
  /** Of which run; absent where it is about seals. */
  readonly run?: string;
  /** Numbers of the first and last entry, or of the first and last seal where there is no run. */
  readonly from: number;
  readonly to: number;
  /** Which column of the row, where it is known. */
  readonly column?: string;
  /** A sentence for people. */
  readonly text: string;
}

/** Something about entries of a run. `text` goes on behind their names, such as `was altered`. */
export function ofEntries(
  kind: FindingKind,
  { run, from, to }: { readonly run: string; readonly from: number; readonly to: number },
  text: string,
  column?: string,
): Finding {
  const names = from === to ? `entry ${from}` : `entries ${from} to ${to}`;
  return { kind, run, from, to, ...(column === undefined ? {} : { column }), text: `${names} of run ${run}: ${text}` };
}

export function ofSeals(kind: FindingKind, from: number, to: number, text: string): Finding {
  return { kind, from, to, text: `${from === to ? `seal ${from}` : `seals ${from} to ${to}`}: ${text}` };
}
