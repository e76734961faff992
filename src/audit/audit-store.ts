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
}

export interface StoredSegment extends Pick<AuditSegment, 'run' | 'first' | 'lines'> {
  /** Grows with every segment of the store. */
  readonly place: number;
}

/** Which segments may hold what is looked for; all members must be met. */
export interface SegmentQuery {
  /** Ours or a client's id of a request. */
  readonly id?: string;
  /** ISO 8601, as in the segments; `until` is exclusive. */
  readonly since?: string;
  readonly until?: string;
  /** Only segments at this place or before it. */
  readonly upTo?: number;
  readonly limit: number;
}

/** Where the audit log is kept: append-only. */
export interface AuditStore {
  /** Resolves when the segment is on disk. INVARIANT: the next one is appended only then. */
  append(segment: AuditSegment): Promise<void>;
  /** Newest first. */
  read(query: SegmentQuery): Promise<readonly StoredSegment[]>;
  close(): Promise<void>;
}
