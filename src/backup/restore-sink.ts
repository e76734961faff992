import type { PortableEngine } from '../storage/portable/portable-database.ts';
import type { NamedPlace } from './databases.ts';

/** Where databases are restored to. Nothing of it is in use before `commit`. */
export interface RestoreSink {
  /** Name of a place in messages. */
  nameOf(place: NamedPlace): string;
  /** Opens an empty database for writing. One at a time. */
  open(place: NamedPlace): Promise<PortableEngine>;
  /** What was written to the open database stays. */
  finish(): Promise<void>;
  /** Puts everything in its place, in that of what was there: of the whole installation, or of the same databases alone. */
  commit(replaced?: 'all' | 'same'): Promise<void>;
  /** Removes what was written and lets go of everything. After `commit` too. */
  close(): Promise<void>;
}
