import type { Draft } from './draft.ts';
import type { EntityWriter } from './entity-writer.ts';

/** Rules of one table that the model cannot say. All of them run inside the write; what they throw undoes it. */
export interface EntityHooks {
  /** The caller's values are in, nothing else yet. */
  readonly prepareCreate?: (draft: Draft, writer: EntityWriter) => Promise<void>;
  readonly prepareUpdate?: (draft: Draft, writer: EntityWriter) => Promise<void>;
  /** Lookups and mirrors are in: work out what depends on them. Also runs when a row shown here has changed. */
  readonly derive?: (draft: Draft, writer: EntityWriter) => Promise<void>;
  /** The row is stored. */
  readonly afterCreate?: (draft: Draft, writer: EntityWriter) => Promise<void>;
  readonly afterUpdate?: (draft: Draft, writer: EntityWriter) => Promise<void>;
  /** Nothing holds the deletion up, and the row is still there; `draft` is the row unchanged. */
  readonly beforeDelete?: (draft: Draft, writer: EntityWriter) => Promise<void>;
  /** Logical names of tables whose rows go with the row they point to; all others hold a deletion up. */
  readonly deletedWith?: readonly string[];
}
