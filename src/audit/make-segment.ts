import type { AuditEntry } from '../kernel/audit.ts';
import type { AuditSegment } from './audit-store.ts';
import { digestsOf, segmentHash } from './chain.ts';

/** An entry with the moment at which it was given to the log. */
export interface TimedEntry {
  readonly time: Date;
  readonly entry: AuditEntry;
}

/** One entry as a line: JSON with the time first. Names and order of the rest are those of `AuditEntry`. */
const lineOf = ({ time, entry }: TimedEntry): string =>
  `{"time":"${time.toISOString()}",${JSON.stringify(entry).slice(1)}`;

/** Where in a run a segment stands. */
export interface SegmentPlace extends Pick<AuditSegment, 'run' | 'prev'> {
  /** Number of its first entry. */
  readonly first: number;
}

/** Entries in their order as a segment. There is at least one. */
export function makeSegment({ run, first, prev }: SegmentPlace, group: readonly TimedEntry[]): AuditSegment {
  const [begin, end] = [group[0], group.at(-1)];
  if (begin === undefined || end === undefined) throw new TypeError('a segment without entries');
  const lines = group.map(lineOf);
  const segment = {
    run,
    first,
    prev,
    count: group.length,
    since: begin.time.toISOString(),
    until: end.time.toISOString(),
    ...idsOf(group.map(({ entry }) => entry)),
    lines: lines.join('\n'),
    digests: digestsOf(lines),
  };
  return { ...segment, hash: segmentHash(segment) };
}

/** Ids that begin with the time are found by the range; any other stands for itself. */
export function idsOf(
  entries: readonly Pick<AuditEntry, 'requestId' | 'correlationId'>[],
): Pick<AuditSegment, 'lowestId' | 'highestId' | 'otherIds'> {
  let [lowestId, highestId] = ['', ''];
  const otherIds = new Set<string>();
  for (const { requestId, correlationId } of entries) {
    if (requestId[14] !== '7') otherIds.add(requestId);
    else {
      if (lowestId === '' || requestId < lowestId) lowestId = requestId;
      if (requestId > highestId) highestId = requestId;
    }
    if (correlationId !== undefined) otherIds.add(correlationId);
  }
  return { lowestId, highestId, otherIds: [...otherIds] };
}
