import type { AuditEntry } from '../kernel/audit.ts';
import type { AuditStore, SegmentQuery, StoredSegment } from './audit-store.ts';

/** An entry as it was written, with its place in the log. */
export interface StoredEntry extends AuditEntry {
  readonly time: string;
  readonly run: string;
  readonly number: number;
}

/** What is looked for; every member that is there must be met. */
export interface AuditQuery {
  /** The id of a request: ours, or the client's own. */
  readonly id?: string;
  /** ISO 8601 in UTC with milliseconds; `until` is exclusive. */
  readonly since?: string;
  readonly until?: string;
  readonly matching?: Partial<Pick<AuditEntry, MatchedMember>>;
  /** As in the page before. */
  readonly cursor?: string;
  readonly limit: number;
}

type MatchedMember = 'kind' | 'outcome' | 'surface' | 'environmentId' | 'tenantId' | 'clientId' | 'table';

/** Newest entry first. */
export interface AuditPage {
  readonly entries: readonly StoredEntry[];
  /** Where the next page begins; absent when there is none. A page may be short, even empty, and have a next one. */
  readonly cursor?: string;
}

const segmentsAtOnce = 50;
/** Segments that one page looks through at most, so that a rare match costs many short requests and not one long one. */
const segmentsPerPage = 2000;

/** Looks through the log, newest first. @throws TypeError when the cursor is none of ours */
export async function readAudit(store: AuditStore, query: AuditQuery): Promise<AuditPage> {
  const entries: StoredEntry[] = [];
  let from = query.cursor === undefined ? undefined : parseCursor(query.cursor);
  for (let looked = 0; looked < segmentsPerPage; looked += segmentsAtOnce) {
    const segments = await store.read(segmentsOf(query, from));
    for (const segment of segments) {
      const end = segment.place === from?.place ? from.index : undefined;
      for (const { entry, index } of backwards(segment, end)) {
        if (!matches(entry, query)) continue;
        if (entries.length === query.limit) return { entries, cursor: `${segment.place}.${index + 1}` };
        entries.push(entry);
      }
    }
    const last = segments.at(-1);
    if (last === undefined || segments.length < segmentsAtOnce) return { entries };
    from = { place: last.place, index: 0 };
  }
  return from === undefined ? { entries } : { entries, cursor: `${from.place}.${from.index}` };
}

interface Cursor {
  readonly place: number;
  /** Entries of the segment that were not looked at yet: those before this one. */
  readonly index: number;
}

function parseCursor(text: string): Cursor {
  const match = /^(\d{1,15})\.(\d{1,5})$/.exec(text);
  if (match === null) throw new TypeError('not a cursor of the audit log');
  return { place: Number(match[1]), index: Number(match[2]) };
}

function segmentsOf({ id, since, until }: AuditQuery, from: Cursor | undefined): SegmentQuery {
  return {
    limit: segmentsAtOnce,
    ...(id === undefined ? {} : { id }),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    // Nothing is left of a segment at index 0.
    ...(from === undefined ? {} : { upTo: from.index === 0 ? from.place - 1 : from.place }),
  };
}

function* backwards({ run, first, lines }: StoredSegment, end: number | undefined) {
  const all = lines.split('\n');
  for (let index = Math.min(end ?? all.length, all.length) - 1; index >= 0; index--) {
    yield { index, entry: parseEntry(all[index] ?? '', run, first + index) };
  }
}

/** Lines are our own. */
const parseEntry = (line: string, run: string, number: number): StoredEntry => ({
  ...(JSON.parse(line) as AuditEntry & { readonly time: string }),
  run,
  number,
});

function matches(entry: StoredEntry, { id, since, until, matching = {} }: AuditQuery): boolean {
  if (id !== undefined && entry.requestId !== id && entry.correlationId !== id) return false;
  if (since !== undefined && entry.time < since) return false;
  if (until !== undefined && entry.time >= until) return false;
  return Object.entries(matching).every(([name, value]) => entry[name as MatchedMember] === value);
}
