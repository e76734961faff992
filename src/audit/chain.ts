import { hash } from 'node:crypto';
import type { AuditSeal, AuditSegment } from './audit-store.ts';

/**
 * The chain of a run (docs/decisions/0016-audit-chain.md). A segment's hash covers its columns, its lines and the link to
 * the segment before; the first one's link is the seal that opened the run.
 */

/** What the next segment of a run, or a seal, says of a segment: where it is and its hash. */
export const linkOf = (place: number, segmentHash: string): string => `${place}:${segmentHash}`;

/** The link of a run's first segment. */
export const firstLink = (opening: Pick<AuditSeal, 'hash'>): string => linkOf(0, opening.hash);

const digestLength = 11;

/** The first 66 bits of the SHA-256 of a line. They say which line was changed; that one was changed says the hash. */
const digestOf = (line: string): string => hash('sha256', line, 'base64url').slice(0, digestLength);

/** Of each line, one after the other, without anything between them. */
export const digestsOf = (lines: readonly string[]): string => lines.map(digestOf).join('');

/** As `digestsOf` has written them. */
export const splitDigests = (digests: string): readonly string[] =>
  digests.match(new RegExp(`.{1,${digestLength}}`, 'gs')) ?? [];

/** SHA-256 in hexadecimal over a JSON array of the columns, a line feed, and the lines. */
export const segmentHash = (segment: Omit<AuditSegment, 'hash' | 'otherIds'>): string => {
  const { prev, run, first, count, since, until, lowestId, highestId, digests, lines } = segment;
  const columns = JSON.stringify([prev, run, first, count, since, until, lowestId, highestId, digests]);
  return hash('sha256', `${columns}\n${lines}`, 'hex');
};

/** SHA-256 in hexadecimal over a JSON array of the seal's other columns. */
export const sealHash = ({ number, time, kind, run, last, link, prev }: Omit<AuditSeal, 'hash'>): string =>
  hash('sha256', JSON.stringify([number, time, kind, run, last, link, prev]), 'hex');

/** What a seal says, before it has its place in the common chain. */
export type SealDraft = Pick<AuditSeal, 'kind' | 'run' | 'last' | 'link'> & { readonly time: Date };

/** The seal that follows `before`; `undefined`: the first one. */
export function makeSeal(before: AuditSeal | undefined, { time, ...draft }: SealDraft): AuditSeal {
  const seal = {
    number: (before?.number ?? 0) + 1,
    time: time.toISOString(),
    ...draft,
    prev: before?.hash ?? '',
  };
  return { ...seal, hash: sealHash(seal) };
}
