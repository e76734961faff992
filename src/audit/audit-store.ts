/** Consecutive entries of one run of one process: what the log writes at once. */
export interface AuditSegment {
  /** GUID of the run. Entries of a run are numbered from 1 without a gap, in the order in which they happened. */
  readonly run: string;
  /** Number of the first entry. */
  readonly first: number;
  readonly count: number;
  /** Moments of the first and of the last entry: ISO 8601, UTC, milliseconds. */
  readonly since: string;
  readonly until: string;
  /** Lowest and highest of the ids that we gave to the requests, which begin with the time; empty where there is none. */
  readonly lowestId: string;
  readonly highestId: string;
  /** Ids that clients gave. */
  readonly otherIds: readonly string[];
  /** One JSON object a line, without a line feed at the end. Kept as it is, to the byte. */
  readonly lines: string;
  /** Link to the segment before (`chain.ts`). */
  readonly prev: string;
  /** One of each line. */
  readonly digests: string;
  readonly hash: string;
}

export interface StoredSegment extends Pick<AuditSegment, 'run' | 'first' | 'lines'> {
  /** Grows with every segment of the store. */
  readonly place: number;
}

/** Everything that the store has of a segment, whether it is true or not. */
export interface ChainedSegment extends Omit<AuditSegment, 'otherIds' | 'prev' | 'digests' | 'hash'> {
  readonly place: number;
  /** `undefined`: written before there was a chain. */
  readonly prev: string | undefined;
  readonly digests: string | undefined;
  readonly hash: string | undefined;
}

/**
 * `begin`: the chain begins. `open`: a run begins. `head`: it has come so far. `close`: it was ended in order. `orphan`:
 * another process found it ended without that. `prune`: its entries up to there were removed.
 */
export type SealKind = 'begin' | 'open' | 'head' | 'close' | 'orphan' | 'prune';

/** One link of the chain that all processes of an installation have in common. */
export interface AuditSeal {
  /** From 1, without a gap. */
  readonly number: number;
  /** ISO 8601, UTC, milliseconds. */
  readonly time: string;
  readonly kind: SealKind;
  /** Empty for `begin`. */
  readonly run: string;
  /** Number of the run's last entry; of `begin` the place of the last segment that is older than the chain. */
  readonly last: number;
  /** Link to the segment that ends with that entry; empty for `begin` and `open`. */
  readonly link: string;
  /** Hash of the seal before; empty for the first one. */
  readonly prev: string;
  readonly hash: string;
}

/** Where a run ends in the store. */
export interface RunEnd extends Pick<AuditSeal, 'run' | 'last'> {
  /** `undefined`: it has no segment. */
  readonly link: string | undefined;
  /** Hash of the seal that opened it. */
  readonly opening: string;
}

/** Which segments may hold what is looked for; all members must be met. */
export interface SegmentQuery {
  /** Ours or a client's id of a request. */
  readonly id?: string;
  /** ISO 8601, as in the segments; `until` is exclusive. */
  readonly since?: string;
  readonly until?: string;
  /** Only segments at this place or before it; at this one or behind it. */
  readonly upTo?: number;
  readonly from?: number;
  /** Newest first unless it is given. */
  readonly order?: 'oldest';
  readonly limit: number;
}

/** Which seals; all members must be met. */
export interface SealQuery {
  readonly kinds?: readonly SealKind[];
  readonly run?: string;
  readonly hash?: string;
  /** Numbers above this one. */
  readonly after?: number;
  /** Seals of entries above `lastAbove`, up to `lastUpTo`. */
  readonly lastAbove?: number;
  readonly lastUpTo?: number;
  /** By their numbers unless it is given; `last`: by the entry, highest first. */
  readonly order?: 'newest' | 'last';
  readonly limit: number;
}

/** Segments of a run that no seal opened. */
export interface UnopenedRun extends Pick<AuditSegment, 'run' | 'first' | 'count'> {
  readonly segments: number;
  /** Highest of their places. */
  readonly place: number;
  /** Has one of them a hash? */
  readonly isChained: boolean;
}

/** The chain as it is stored. */
export interface AuditChain {
  readSeals(query: SealQuery): Promise<readonly AuditSeal[]>;
  /** Segments of a run in the order of their numbers, from the one that begins with `from` or later. */
  readRun(run: string, from: number, limit: number): Promise<readonly ChainedSegment[]>;
  /** Runs without an opening, at most `limit`, those after `after` in the order of their ids. */
  readUnopened(after: string, limit: number): Promise<readonly UnopenedRun[]>;
  /** Of these ids at these places, those that no search would find. */
  findUnlisted(ids: readonly (readonly [id: string, place: number])[]): Promise<readonly (readonly [string, number])[]>;
  /** Segments of the store, and the highest place. */
  measure(): Promise<{ readonly segments: number; readonly place: number }>;
}

/** What of a run is older than a moment. */
export interface PrunableRun extends Pick<AuditSeal, 'run' | 'last'> {
  /** Number of the first entry of the last segment that goes. */
  readonly first: number;
  readonly segments: number;
  readonly entries: number;
}

/** Where the audit log is kept: append-only. */
export interface AuditStore {
  /** Resolves with its place when the segment is on disk. INVARIANT: the next one is appended only then. */
  append(segment: AuditSegment): Promise<number>;
  read(query: SegmentQuery): Promise<readonly StoredSegment[]>;
  readonly chain: AuditChain;
  /**
   * Adds to the common chain, one process at a time. `make` gets the last seal; what it gives is on disk when this
   * resolves; `undefined`: nothing is added.
   */
  addSeal(make: (last: AuditSeal | undefined) => AuditSeal | undefined): Promise<AuditSeal | undefined>;
  /** Says that this process writes the run, for as long as it can. */
  hold(run: string): Promise<void>;
  /** Runs that were opened and not closed, and that no process holds. */
  findOrphans(): Promise<readonly RunEnd[]>;
  /** Runs that begin with segments that end before this moment. */
  findPrunable(before: string): Promise<readonly PrunableRun[]>;
  /** Deletes so many segments that a seal says are pruned; gives how many there were. @throws when no seal does */
  removePruned(run: string, last: number, limit: number): Promise<number>;
  /** Deletes the ids of segments that are no longer there. */
  removeLostIds(): Promise<void>;
  close(): Promise<void>;
}
