import type { Clock } from '../kernel/clock.ts';
import type { AuditStore, PrunableRun } from './audit-store.ts';
import { linkOf, makeSeal } from './chain.ts';

/** What is older than a moment, or was. */
export interface Pruned {
  readonly before: string;
  readonly runs: number;
  readonly segments: number;
  readonly entries: number;
}

const segmentsAtOnce = 200;

/** What `pruneLog` would remove. */
export async function findPrunable(store: AuditStore, before: Date): Promise<Pruned> {
  return sumOf(before, await store.findPrunable(before.toISOString()));
}

/**
 * Removes the segments of each run that end before a moment, up to the first that does not. A seal says first how far a
 * run goes, and keeps the link of the last segment: what is left is still a chain. Interrupted, it goes on at the next call.
 */
export async function pruneLog(store: AuditStore, before: Date, clock: Clock): Promise<Pruned> {
  const runs = await store.findPrunable(before.toISOString());
  for (const run of runs) {
    await sealPruned(store, run, clock);
    while ((await store.removePruned(run.run, run.last, segmentsAtOnce)) > 0) {
      // The embedded database works in this turn: others must have theirs.
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }
  if (runs.length > 0) await store.removeLostIds();
  return sumOf(before, runs);
}

async function sealPruned(store: AuditStore, { run, first, last }: PrunableRun, clock: Clock): Promise<void> {
  const [known] = await store.chain.readSeals({ run, kinds: ['prune'], order: 'last', limit: 1 });
  if (known !== undefined && known.last >= last) return;
  const [segment] = await store.chain.readRun(run, first, 1);
  // Of before there was a chain: there is nothing to go on from.
  const link = segment?.hash === undefined ? '' : linkOf(segment.place, segment.hash);
  await store.addSeal((seal) => makeSeal(seal, { kind: 'prune', run, last, link, time: clock() }));
}

const sumOf = (before: Date, runs: readonly PrunableRun[]): Pruned => ({
  before: before.toISOString(),
  runs: runs.length,
  segments: runs.reduce((sum, { segments }) => sum + segments, 0),
  entries: runs.reduce((sum, { entries }) => sum + entries, 0),
});
