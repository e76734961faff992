import type { AuditChain, AuditSeal, ChainedSegment } from '../audit-store.ts';
import { firstLink, linkOf, sealHash, segmentHash } from '../chain.ts';
import type { RunHead } from '../run-chain.ts';
import { type Finding, ofEntries } from './finding.ts';
import { judgeSegment, listedIds } from './judge-segment.ts';

/** How far the check of a run has come. */
export interface RunPlace {
  readonly run: string;
  /** Number of the last entry that was looked at. */
  readonly last: number;
  /** What the next segment may say of the one before; empty where that is not known. */
  readonly prev: readonly string[];
  /** Segments that begin before this number were read. */
  readonly from: number;
}

export interface RunStep {
  readonly findings: readonly Finding[];
  readonly segments: number;
  readonly entries: number;
  /** `undefined`: the run is done. */
  readonly next: RunPlace | undefined;
}

const segmentsAtOnce = 16;
/** Milliseconds of work between two turns of the event loop; one segment may take as long again. */
const longestTurnMs = 5;

type ListedId = readonly [id: string, place: number];

/** Where the check of a run begins: behind what was pruned of it. */
export async function beginRun(chain: AuditChain, opening: AuditSeal): Promise<RunPlace> {
  const { run } = opening;
  const [pruned] = await chain.readSeals({ run, kinds: ['prune'], order: 'last', limit: 1 });
  if (pruned !== undefined && isIntact(pruned)) {
    return { run, last: pruned.last, prev: [pruned.link], from: pruned.last + 1 };
  }
  // An opening whose hash was altered is told of already: the run is judged by either.
  const links = new Set([firstLink(opening), linkOf(0, sealHash(opening))]);
  return { run, last: 0, prev: [...links], from: 1 };
}

const isIntact = (seal: AuditSeal): boolean => sealHash(seal) === seal.hash;

/** Looks at the next segments of a run. `head` is what this process knows of a run that it writes itself. */
export async function walkRun(chain: AuditChain, at: RunPlace, head: RunHead | undefined): Promise<RunStep> {
  const { run } = at;
  const own = head?.run === run ? head : undefined;
  // Before the segments: what is sealed now is in what is read next.
  const [highest] = (await chain.readSeals({ run, kinds: ends, order: 'last', limit: 1 })).filter(isIntact);
  const rows = await chain.readRun(run, at.from, segmentsAtOnce + 1);
  const judged = rows.slice(0, segmentsAtOnce);
  const seals = await sealsUpTo(chain, at, judged.at(-1));
  const walk = new Walk(at);
  const ids: ListedId[] = [];
  let begun = performance.now();
  for (const [index, row] of judged.entries()) {
    const isWhole = walk.see(row, { following: rows[index + 1], seals, own });
    if (isWhole) ids.push(...listedIds(row).map((id) => [id, row.place] as const));
    if (performance.now() - begun < longestTurnMs) continue;
    // Requests must have their turn.
    await new Promise<void>((resolve) => setImmediate(resolve));
    begun = performance.now();
  }
  const findings = [...walk.findings, ...(await unlisted(chain, judged, ids))];
  const next = rows.length > segmentsAtOnce ? walk.place : undefined;
  if (next === undefined) findings.push(...(await judgeEnd(chain, walk.place, [highest, own])));
  return { findings, segments: judged.length, entries: judged.reduce((sum, { count }) => sum + count, 0), next };
}

const ends = ['head', 'close', 'orphan'] as const;

async function sealsUpTo(chain: AuditChain, { run, last }: RunPlace, row: ChainedSegment | undefined) {
  if (row === undefined) return [];
  const lastUpTo = row.first + row.count - 1;
  return (await chain.readSeals({ run, kinds: ends, lastAbove: last, lastUpTo, limit: 1000 })).filter(isIntact);
}

interface Around {
  readonly following: ChainedSegment | undefined;
  readonly seals: readonly AuditSeal[];
  readonly own: RunHead | undefined;
}

/** One segment after the other. */
class Walk {
  readonly findings: Finding[] = [];
  place: RunPlace;

  constructor(place: RunPlace) {
    this.place = place;
  }

  /** Gives whether nothing was found. */
  see(row: ChainedSegment, { following, seals, own }: Around): boolean {
    const before = this.findings.length;
    const { run, last, prev } = this.place;
    const told = [...seals, ...(own === undefined ? [] : [own])];
    const { segment, findings } = judgeSegment(row, { first: last + 1, prev }, witnessesOf(row, following, told));
    const end = segment.first + segment.count - 1;
    this.findings.push(...findings);
    if (segment.first > last + 1) {
      this.findings.push(ofEntries('removed', { run, from: last + 1, to: segment.first - 1 }, 'removed'));
    } else if (segment.first <= last) {
      const text = 'inserted: there are entries of these numbers already';
      this.findings.push(ofEntries('inserted', { run, from: segment.first, to: end }, text));
    } else if (findings.length === 0 && prev.length > 0 && !prev.includes(segment.prev ?? '')) {
      const text = 'rewritten, or what was before them was: they do not follow it';
      this.findings.push(ofEntries('rewritten', { run, from: segment.first, to: end }, text));
    }
    this.#compareSeals(segment, seals);
    // Whether what is wrong has a true hash is not known.
    const isKnown = findings.length === 0 && segment.hash !== undefined;
    const link = isKnown ? [linkOf(segment.place, segment.hash)] : [];
    this.place = { run, last: Math.max(end, last), prev: link, from: row.first + 1 };
    return this.findings.length === before;
  }

  /** A seal that names an entry within a segment tells of a segment that is no longer there. */
  #compareSeals({ run, first, count }: ChainedSegment, seals: readonly AuditSeal[]): void {
    if (this.findings.length > 0) return;
    const seal = seals.find(({ last }) => last >= first && last < first + count - 1);
    if (seal === undefined) return;
    const text = `rewritten: seal ${seal.number} knows a segment that ends with entry ${seal.last}`;
    this.findings.push(ofEntries('rewritten', { run, from: first, to: first + count - 1 }, text));
  }
}

/** What others say of a segment. One that does not fit its own hash is no witness. */
function witnessesOf(
  row: ChainedSegment,
  following: ChainedSegment | undefined,
  told: readonly Pick<AuditSeal, 'last' | 'link'>[],
): readonly string[] {
  const end = row.first + row.count - 1;
  const links = told.filter(({ last }) => last === end).map(({ link }) => link);
  const isWitness = following?.first === end + 1 && fits(following);
  return isWitness && following?.prev !== undefined ? [...links, following.prev] : links;
}

const fits = ({ prev, digests, hash, ...rest }: ChainedSegment): boolean =>
  prev !== undefined && digests !== undefined && hash !== undefined && segmentHash({ ...rest, prev, digests }) === hash;

/** Segments that a search by a client's id would no longer find. */
async function unlisted(
  chain: AuditChain,
  rows: readonly ChainedSegment[],
  ids: readonly ListedId[],
): Promise<readonly Finding[]> {
  return (await chain.findUnlisted(ids)).flatMap(([id, place]) =>
    rows
      .filter((row) => row.place === place)
      .map(({ run, first, count }) => {
        const text = `the list of ids no longer leads from ${id} to them`;
        return ofEntries('removed', { run, from: first, to: first + count - 1 }, text, 'id');
      }),
  );
}

/** Does the run end where seals, and the process that writes it, say? */
async function judgeEnd(
  chain: AuditChain,
  { run, last }: RunPlace,
  told: readonly (AuditSeal | RunHead | undefined)[],
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const furthest = told.filter((each) => each !== undefined).sort((one, other) => other.last - one.last)[0];
  if (furthest !== undefined && furthest.last > last) {
    const by = 'number' in furthest ? `seal ${furthest.number} knows them` : 'this process has written them';
    findings.push(ofEntries('cut', { run, from: last + 1, to: furthest.last }, `cut off: ${by}`));
  }
  const [ended] = await chain.readSeals({ run, kinds: ['close', 'orphan'], limit: 1 });
  if (ended !== undefined && isIntact(ended) && last > ended.last) {
    const text = `inserted: by seal ${ended.number} the run had ended before them`;
    findings.push(ofEntries('inserted', { run, from: ended.last + 1, to: last }, text));
  }
  return findings;
}
