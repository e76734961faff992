import type { Clock } from '../kernel/clock.ts';
import type { AuditSeal, AuditStore } from './audit-store.ts';
import { linkOf, makeSeal } from './chain.ts';

/** Begins the common chain where there is none. What the store holds already stays as it is, and is not chained. */
export async function beginChain(store: AuditStore, clock: Clock): Promise<void> {
  if ((await store.chain.readSeals({ limit: 1 })).length > 0) return;
  const { place: last } = await store.chain.measure();
  await store.addSeal((before) =>
    before === undefined ? makeSeal(before, { kind: 'begin', run: '', last, link: '', time: clock() }) : undefined,
  );
}

/** Closes the runs of processes that have ended without doing so, where the store has them end. */
export async function closeOrphans(store: AuditStore, clock: Clock, current?: string): Promise<readonly AuditSeal[]> {
  const seals: AuditSeal[] = [];
  for (const { run, last, link, opening } of await store.findOrphans()) {
    if (run === current) continue;
    const draft = { kind: 'orphan', run, last, link: link ?? linkOf(0, opening), time: clock() } as const;
    const seal = await store.addSeal((before) => makeSeal(before, draft));
    if (seal !== undefined) seals.push(seal);
  }
  return seals;
}
