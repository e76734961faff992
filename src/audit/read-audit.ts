import type { AuditEntry } from '../kernel/audit.ts';
import type { AuditStore, SegmentQuery } from './audit-store.ts';
import { entryAt, headOf } from './lines.ts';

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
  /** Newest first unless it is given. */
  readonly order?: 'oldest';
  /** As in the page before. */
  readonly cursor?: string;
  readonly limit: number;
}

type MatchedMember = 'kind' | 'outcome' | 'surface' | 'environmentId' | 'tenantId' | 'clientId' | 'table';

export interface AuditPage {
  readonly entries: readonly StoredEntry[];
  /** Where the next page begins; absent when there is none. A page may be short, even empty, and have a next one. */
  readonly cursor?: string;
}

const segmentsAtOnce = 10;
/** What one page looks through at most, so that a rare match costs many short requests and not one long one. */
const segmentsPerPage = 2000;
const linesPerPage = 200_000;

/** Not a cursor of ours. */
export class BadCursor extends Error {}

/** Looks through the log, newest first or oldest first. @throws BadCursor */
export async function readAudit(store: Pick<AuditStore, 'read'>, query: AuditQuery): Promise<AuditPage> {
  const entries: StoredEntry[] = [];
  const matches = lineTest(query);
  let from = query.cursor === undefined ? undefined : parseCursor(query.cursor);
  let lines = 0;
  for (let looked = 0; looked < segmentsPerPage && lines < linesPerPage; looked += segmentsAtOnce) {
    const segments = await store.read(segmentsOf(query, from));
    for (const segment of segments) {
      const all = segment.lines.split('\n');
      const seen = segment.place === from?.place ? from.seen : 0;
      lines += all.length - seen;
      for (let step = seen; step < all.length; step++) {
        const index = query.order === 'oldest' ? step : all.length - 1 - step;
        if (!matches(all, index)) continue;
        const entry = { ...entryAt(all, index), run: segment.run, number: segment.first + index };
        if (!isMatching(entry, query)) continue;
        if (entries.length === query.limit) return { entries, cursor: `${segment.place}.${step}` };
        entries.push(entry);
      }
    }
    const last = segments.at(-1);
    if (last === undefined || segments.length < segmentsAtOnce) return { entries };
    from = { place: last.place, seen: whole };
    // The embedded database answers in this turn: others must have theirs.
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  return from === undefined ? { entries } : { entries, cursor: `${from.place}.${from.seen}` };
}

interface Cursor {
  readonly place: number;
  /** Entries of the segment that were looked at. */
  readonly seen: number;
}

/** More than any segment has. */
const whole = 99_999;

function parseCursor(text: string): Cursor {
  const match = /^(\d{1,15})\.(\d{1,5})$/.exec(text);
  if (match === null) throw new BadCursor('not a cursor of the audit log');
  return { place: Number(match[1]), seen: Number(match[2]) };
}

function segmentsOf({ id, since, until, order }: AuditQuery, from: Cursor | undefined): SegmentQuery {
  return {
    limit: segmentsAtOnce,
    ...(id === undefined ? {} : { id }),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(order === undefined ? {} : { order }),
    ...(from === undefined ? {} : boundOf(from, order)),
  };
}

/** A segment that was looked through is not read again. */
function boundOf({ place, seen }: Cursor, order: AuditQuery['order']): Partial<SegmentQuery> {
  const isDone = seen === whole;
  if (order === 'oldest') return { from: isDone ? place + 1 : place };
  return { upTo: isDone ? place - 1 : place };
}

/** Where a line has its time: it begins with `{"time":"2026-03-01T12:00:00.000Z"`. */
const timeAt = [9, 33] as const;

/** What a line says of a cause or a shape may have names of members too: the entry itself decides. */
const isMatching = (entry: StoredEntry, { matching = {} }: AuditQuery): boolean =>
  Object.entries(matching).every(([name, value]) => entry[name as keyof typeof matching] === value);

/** Looks at the text of a line: parsing each would cost ten times as much. Lines are written in one way only. */
function lineTest({
  id,
  since,
  until,
  matching = {},
}: AuditQuery): (lines: readonly string[], index: number) => boolean {
  const members = Object.entries(matching).map(([name, value]) => `"${name}":${JSON.stringify(value)}`);
  const ids = id === undefined ? undefined : ['requestId', 'correlationId'].map((name) => `"${name}":"${id}"`);
  return (lines, index) => {
    const line = lines[index] ?? '';
    const time = line.slice(...timeAt);
    if (since !== undefined && time < since) return false;
    if (until !== undefined && time >= until) return false;
    if (ids?.some((member) => line.includes(member)) === false) return false;
    if (members.length === 0) return true;
    const head = headOf(lines, index);
    return members.every((member) => head.includes(member));
  };
}
