import type { ClientId } from '../kernel/ids.ts';
import type { Transaction } from '../odata/row-store.ts';
import type { DirectorySnapshot } from './snapshot.ts';

/** What changed: everything about one application in every tenant, or anything at all. */
export type DirectoryChange =
  | { readonly kind: 'application'; readonly clientId: ClientId }
  | { readonly kind: 'everything' };

/** One checked change: what to write, and what the directory is once that is on disk. */
export interface PlannedChange<T> {
  readonly next: DirectorySnapshot;
  readonly change: DirectoryChange;
  readonly result: T;
  write(rows: Transaction): Promise<void>;
}
