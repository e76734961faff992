import type { AuditChain, AuditSeal } from '../audit-store.ts';
import type { RunHead } from '../run-chain.ts';
import { type Finding, ofEntries, ofSeals } from './finding.ts';
import { parseVerifyCursor, renderVerifyCursor, type VerifyPlace } from './verify-cursor.ts';
import { beginRun, walkRun } from './walk-run.ts';
import { beforeSeals, walkSeals } from './walk-seals.ts';

/** What one step of a check has found. */
export interface VerifyStep {
  readonly findings: readonly Finding[];
  /** What was looked at in this step. */
  readonly seals: number;
  readonly segments: number;
  readonly entries: number;
  /** Entries of before there was a chain: nothing can be said of them. */
  readonly unchained: number;
  /** Entries that were removed because they were old. */
  readonly pruned: number;
  /** Segments that the log had when the check began. */
  readonly total: number;
  /** Of the next step; absent when the check is done. */
  readonly cursor?: string;
}

export interface VerifyOptions {
  /** Of the step before. */
  readonly cursor?: string;
  /** A hash of a seal that was kept elsewhere. */
  readonly seal?: string;
  /** How far this process has come in the run that it writes. */
  head(): RunHead | undefined;
  /** Milliseconds after which a step ends. */
  readonly longestMs?: number;
}

const counted = ['seals', 'segments', 'entries', 'unchained', 'pruned'] as const;

interface Part extends Partial<Omit<VerifyStep, 'cursor' | 'total'>> {
  readonly next: VerifyPlace | undefined;
}

/**
 * Checks a part of the log: first the common chain, then each run, then what belongs to no run. Call it with the cursor of
 * the step before until there is none.
 * @throws BadCursor
 */
export async function verifyLog(chain: AuditChain, options: VerifyOptions): Promise<VerifyStep> {
  const ends = performance.now() + (options.longestMs ?? 500);
  let at: VerifyPlace | undefined =
    options.cursor === undefined
      ? { phase: 'seals', total: (await chain.measure()).segments, at: beforeSeals }
      : parseVerifyCursor(options.cursor);
  const { total } = at;
  const findings: Finding[] = [];
  const sums = { seals: 0, segments: 0, entries: 0, unchained: 0, pruned: 0 };
  while (at !== undefined) {
    const part: Part = await parts[at.phase](chain, at as never, options);
    findings.push(...(part.findings ?? []));
    for (const name of counted) sums[name] += part[name] ?? 0;
    at = part.next;
    if (performance.now() > ends) break;
    // The embedded database answers in this turn: others must have theirs.
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  return { findings, ...sums, total, ...(at === undefined ? {} : { cursor: renderVerifyCursor(at) }) };
}

type Phase<Name extends VerifyPlace['phase']> = (
  chain: AuditChain,
  place: Extract<VerifyPlace, { phase: Name }>,
  options: VerifyOptions,
) => Promise<Part>;

const parts: { readonly [Name in VerifyPlace['phase']]: Phase<Name> } = {
  async seals(chain, { total, at }, options) {
    const { next, findings, seals } = await walkSeals(chain, at);
    if (next !== undefined) return { findings, seals, next: { phase: 'seals', total, at: next } };
    const known = [...(await findOwnSeal(chain, options.head())), ...(await findKeptSeal(chain, options.seal))];
    return { findings: [...findings, ...known], seals, next: { phase: 'runs', total, opening: 0 } };
  },
  async runs(chain, { total, opening, run }, { head }) {
    if (run !== undefined) {
      const step = await walkRun(chain, run, head());
      return { ...step, next: { phase: 'runs', total, opening, ...(step.next && { run: step.next }) } };
    }
    const [next] = await chain.readSeals({ kinds: ['open'], after: opening, limit: 1 });
    if (next === undefined) return { next: { phase: 'rest', total, after: '' } };
    const begin = await beginRun(chain, next);
    return { pruned: begin.last, next: { phase: 'runs', total, opening: next.number, run: begin } };
  },
  async rest(chain, { total, after }) {
    const [begin] = await chain.readSeals({ kinds: ['begin'], limit: 1 });
    const runs = await chain.readUnopened(after, runsAtOnce);
    const old = runs.filter(({ isChained, place }) => !isChained && place <= (begin?.last ?? 0));
    const findings = runs
      .filter((run) => !old.includes(run))
      .map(({ run, first, count }) => {
        const text = 'inserted, or the name of their run was altered: no seal opened it';
        return ofEntries('inserted', { run, from: first, to: first + count - 1 }, text, 'run');
      });
    const unchained = old.reduce((sum, { count }) => sum + count, 0);
    const last = runs.length < runsAtOnce ? undefined : runs.at(-1);
    return { findings, unchained, next: last && { phase: 'rest', total, after: last.run } };
  },
};

const runsAtOnce = 100;

/** The seal that this process wrote last must still be there. */
async function findOwnSeal(chain: AuditChain, head: RunHead | undefined): Promise<readonly Finding[]> {
  if (head === undefined || (await findSeal(chain, head.seal.hash)) !== undefined) return [];
  const { number } = head.seal;
  return [ofSeals('cut', number, number, 'cut off or altered: this process has written it')];
}

async function findKeptSeal(chain: AuditChain, hash: string | undefined): Promise<readonly Finding[]> {
  if (hash === undefined || (await findSeal(chain, hash)) !== undefined) return [];
  return [ofSeals('rewritten', 0, 0, `no seal has the hash ${hash}: the chain was cut before it, or made anew`)];
}

const findSeal = async (chain: AuditChain, hash: string): Promise<AuditSeal | undefined> =>
  (await chain.readSeals({ hash, limit: 1 }))[0];
