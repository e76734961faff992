import type { AuditEntry } from '../../kernel/audit.ts';
import type { AuditSegment, ChainedSegment } from '../audit-store.ts';
import { digestsOf, linkOf, segmentHash, splitDigests } from '../chain.ts';
import { idsOf } from '../pack.ts';
import { type Finding, ofEntries } from './finding.ts';

/** What is known of a segment before it is looked at. */
export interface Expected {
  /** Number of its first entry. */
  readonly first: number;
  /** What it may say of the segment before; empty where that is not known. */
  readonly prev: readonly string[];
}

export interface Judgement {
  readonly findings: readonly Finding[];
  /** As it was written, as far as can be told. */
  readonly segment: ChainedSegment;
}

type Hashed = Omit<AuditSegment, 'otherIds'>;

/**
 * Is a segment what was written? `witnesses` are the links to it in the segment behind it and in seals. What can be said
 * more exactly than that it is not, is said: which entry, which column.
 */
export function judgeSegment(segment: ChainedSegment, expected: Expected, witnesses: readonly string[]): Judgement {
  const { prev, digests, hash } = segment;
  if (prev === undefined || digests === undefined || hash === undefined) {
    const text = 'inserted, or what chains them was removed: they have no hash, though the chain had begun';
    return { segment, findings: [ofEntries('altered', spanOf(segment), text)] };
  }
  const whole = { ...segment, prev, digests, hash };
  const computed = segmentHash(whole);
  if (computed === hash) return judgeIntact(whole, witnesses);
  if (witnesses.some((link) => hashOf(link) === computed)) {
    return { segment: { ...segment, hash: computed }, findings: [altered(whole, 'hash')] };
  }
  return judgeLines(whole) ?? judgeColumns(whole, expected);
}

const spanOf = ({ run, first, count }: Pick<AuditSegment, 'run' | 'first' | 'count'>) => ({
  run,
  from: first,
  to: first + Math.max(count, 1) - 1,
});

const hashOf = (link: string): string => link.slice(link.indexOf(':') + 1);

const altered = (segment: Hashed, column: string): Finding =>
  ofEntries('altered', spanOf(segment), `the column \`${column}\` was altered`, column);

/** It fits its own hash: is it the one that others know? */
function judgeIntact(segment: Hashed & ChainedSegment, witnesses: readonly string[]): Judgement {
  const [witness] = witnesses.filter((link) => link !== linkOf(segment.place, segment.hash));
  if (witness === undefined) return { segment, findings: [] };
  if (hashOf(witness) === segment.hash) {
    return { segment, findings: [altered(segment, 'place')] };
  }
  const text = 'rewritten with a hash of their own; what follows, or a seal, knows them by another one';
  return { segment, findings: [ofEntries('rewritten', spanOf(segment), text)] };
}

/** Lines that do not fit their digests; `undefined` where they do. */
function judgeLines(segment: Hashed & ChainedSegment): Judgement | undefined {
  const lines = segment.lines.split('\n');
  const digests = digestsOf(lines);
  if (digests === segment.digests) return undefined;
  if (segmentHash({ ...segment, digests }) === segment.hash) {
    return { segment: { ...segment, digests }, findings: [altered(segment, 'digests')] };
  }
  return { segment, findings: compareLines(segment, splitDigests(segment.digests), splitDigests(digests)) };
}

/** Which entries differ from what their digests say. */
function compareLines(
  { run, first }: Pick<AuditSegment, 'run' | 'first'>,
  written: readonly string[],
  found: readonly string[],
): readonly Finding[] {
  const missing = without(written, found);
  const added = without(found, written);
  const at = (index: number) => ({ run, from: first + index, to: first + index });
  if (missing.length === 0 && added.length === 0) {
    const moved = written.flatMap((digest, index) => (digest === found[index] ? [] : [index]));
    return moved.map((index) => ofEntries('reordered', at(index), 'another entry of the segment stands in its place'));
  }
  const isReplaced = (index: number): boolean => missing.includes(index) && added.includes(index);
  return [
    ...missing
      .filter(isReplaced)
      .map((index) => ofEntries('altered', at(index), 'it is not what was written', 'lines')),
    ...missing.filter((index) => !isReplaced(index)).map((index) => ofEntries('removed', at(index), 'it was removed')),
    ...added
      .filter((index) => !isReplaced(index))
      .map((index) => ofEntries('inserted', at(index), `line ${index + 1} of its segment was inserted`)),
  ];
}

/** Indexes of `some` that `others` does not have, or not as often. */
function without(some: readonly string[], others: readonly string[]): readonly number[] {
  const left = new Map<string, number>();
  for (const each of others) left.set(each, (left.get(each) ?? 0) + 1);
  return some.flatMap((each, index) => {
    const count = left.get(each) ?? 0;
    left.set(each, count - 1);
    return count > 0 ? [] : [index];
  });
}

/** Lines and digests fit: is there one column with which the hash would fit too? */
function judgeColumns(segment: Hashed & ChainedSegment, { first, prev }: Expected): Judgement {
  const facts = factsOf(segment);
  const repairs: readonly Partial<Hashed>[] = [
    { first },
    ...prev.map((link) => ({ prev: link })),
    ...Object.entries(facts).map(([column, value]) => ({ [column]: value })),
  ];
  for (const repair of repairs) {
    const repaired = { ...segment, ...repair };
    if (segmentHash(repaired) !== segment.hash) continue;
    const [column = ''] = Object.keys(repair);
    return { segment: repaired, findings: [altered(repaired, columnNames[column] ?? column)] };
  }
  const text = 'altered; their hash, or more than one column, so that it cannot be told more exactly';
  return { segment, findings: [ofEntries('altered', spanOf(segment), text)] };
}

const columnNames: Readonly<Record<string, string>> = { lowestId: 'lowest_id', highestId: 'highest_id' };

/** Columns that follow from the lines. */
function factsOf({ lines }: Pick<AuditSegment, 'lines'>): Partial<Hashed> {
  const entries = parseLines(lines);
  const [begin, end] = [entries[0], entries.at(-1)];
  if (begin === undefined || end === undefined) return {};
  const { lowestId, highestId } = idsOf(entries);
  return { count: entries.length, since: begin.time, until: end.time, lowestId, highestId };
}

/** Ids by which a segment must be listed. */
export const listedIds = ({ lines }: Pick<AuditSegment, 'lines'>): readonly string[] =>
  idsOf(parseLines(lines)).otherIds;

type Line = Pick<AuditEntry, 'requestId' | 'correlationId'> & { readonly time: string };

/** None where a line is no entry any more. */
function parseLines(lines: string): readonly Line[] {
  try {
    const parsed: unknown[] = lines.split('\n').map((line) => JSON.parse(line));
    return parsed.every(isLine) ? parsed : [];
  } catch {
    return [];
  }
}

const isLine = (value: unknown): value is Line =>
  typeof value === 'object' &&
  value !== null &&
  'time' in value &&
  typeof value.time === 'string' &&
  'requestId' in value &&
  typeof value.requestId === 'string';
