import type { AuditEntry } from '../kernel/audit.ts';
import type { AuditSegment } from './audit-store.ts';
import { digestsOf } from './chain.ts';
import { linesOf, type TimedEntry } from './lines.ts';

/**
 * Entries that followed each other, as they will stand in a segment. Entries that wait as objects live long enough to be
 * copied by the collector of garbage, again and again; their text is copied as a whole.
 */
export type Pack = Pick<
  AuditSegment,
  'count' | 'since' | 'until' | 'lowestId' | 'highestId' | 'otherIds' | 'lines' | 'digests'
>;

/** Entries in their order. There is at least one. */
export function packOf(group: readonly TimedEntry[]): Pack {
  const [begin, end] = [group[0], group.at(-1)];
  if (begin === undefined || end === undefined) throw new TypeError('a pack without entries');
  const lines = linesOf(group);
  return {
    count: group.length,
    since: begin.time.toISOString(),
    until: end.time.toISOString(),
    ...idsOf(group.map(({ entry }) => entry)),
    lines: lines.join('\n'),
    digests: digestsOf(lines),
  };
}

/** Packs in their order as one. There is at least one. */
export function joinPacks(packs: readonly Pack[]): Pack {
  const [first, last] = [packs[0], packs.at(-1)];
  if (first === undefined || last === undefined) throw new TypeError('no pack');
  if (first === last) return first;
  const bounds = packs
    .flatMap(({ lowestId, highestId }) => [lowestId, highestId])
    .filter((id) => id !== '')
    .sort();
  return {
    count: packs.reduce((sum, { count }) => sum + count, 0),
    since: first.since,
    until: last.until,
    lowestId: bounds[0] ?? '',
    highestId: bounds.at(-1) ?? '',
    otherIds: [...new Set(packs.flatMap(({ otherIds }) => otherIds))],
    lines: packs.map(({ lines }) => lines).join('\n'),
    digests: packs.map(({ digests }) => digests).join(''),
  };
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
