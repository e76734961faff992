import type { AuditEntry } from '../kernel/audit.ts';
import type { AuditSegment } from './audit-store.ts';

/** An entry with the moment at which it was given to the log. */
export interface TimedEntry {
  readonly time: Date;
  readonly entry: AuditEntry;
}

/** One entry as a line: JSON with the time first. Names and order of the rest are those of `AuditEntry`. */
const lineOf = ({ time, entry }: TimedEntry): string =>
  `{"time":"${time.toISOString()}",${JSON.stringify(entry).slice(1)}`;

/** Entries in their order, the first of which has the number `first`, as a segment. There is at least one. */
export function makeSegment(run: string, first: number, group: readonly TimedEntry[]): AuditSegment {
  const [begin, end] = [group[0], group.at(-1)];
  if (begin === undefined || end === undefined) throw new TypeError('a segment without entries');
  return {
    run,
    first,
    count: group.length,
    since: begin.time.toISOString(),
    until: end.time.toISOString(),
    ...idsOf(group),
    lines: group.map(lineOf).join('\n'),
  };
}

/** Ids that begin with the time are found by the range; any other stands for itself. */
function idsOf(group: readonly TimedEntry[]): Pick<AuditSegment, 'lowestId' | 'highestId' | 'otherIds'> {
  let [lowestId, highestId] = ['', ''];
  const otherIds = new Set<string>();
  for (const { entry } of group) {
    const { requestId, correlationId } = entry;
    if (requestId[14] !== '7') otherIds.add(requestId);
    else {
      if (lowestId === '' || requestId < lowestId) lowestId = requestId;
      if (requestId > highestId) highestId = requestId;
    }
    if (correlationId !== undefined) otherIds.add(correlationId);
  }
  return { lowestId, highestId, otherIds: [...otherIds] };
}
