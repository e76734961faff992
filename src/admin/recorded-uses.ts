import { type Use, UseCollector } from '../advise/recorded-use.ts';
import type { ClientId } from '../kernel/ids.ts';
import type { AdminCall } from './call.ts';

/** Days that are looked at where nothing else is asked for. */
export const usualDays = 90;
/** Entries that one answer looks at. */
const mostEntries = 200_000;
const entriesAtOnce = 1000;

interface Asked {
  /** Moments as entries hold them. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  /** Of this application alone. */
  readonly clientId?: ClientId;
}

export interface RecordedUses {
  readonly usesOf: ReadonlyMap<ClientId, readonly Use[]>;
  readonly period: {
    readonly since: string;
    readonly until: string;
    readonly requests: number;
    readonly isCutOff: boolean;
  };
}

/** Allowed requests to the environment at whose host it is asked, out of the audit log. */
export async function readUses(call: AdminCall, asked: Asked): Promise<RecordedUses> {
  const { now, id: environmentId } = call.view;
  const until = asked.until ?? now.toISOString();
  const since = asked.since ?? new Date(now.getTime() - usualDays * 86_400_000).toISOString();
  const ofClient = asked.clientId === undefined ? {} : { clientId: asked.clientId };
  const matching = { ...ofClient, environmentId, surface: 'web-api', outcome: 'allowed' } as const;
  const collectors = new Map<ClientId, UseCollector>();
  let cursor: string | undefined;
  let looked = 0;
  let oldest = since;
  do {
    const page = await call.readAudit({
      ...{ matching, since, until, limit: entriesAtOnce },
      ...(cursor !== undefined && { cursor }),
    });
    for (const entry of page.entries) {
      if (entry.clientId === undefined) continue;
      const collector = collectors.get(entry.clientId) ?? new UseCollector();
      collectors.set(entry.clientId, collector);
      collector.addEntry(entry);
    }
    looked += page.entries.length;
    oldest = page.entries.at(-1)?.time ?? oldest;
    cursor = page.cursor;
  } while (cursor !== undefined && looked < mostEntries);
  const isCutOff = cursor !== undefined;
  const requests = [...collectors.values()].reduce((sum, collector) => sum + collector.requests, 0);
  return {
    usesOf: new Map([...collectors].map(([clientId, { uses }]) => [clientId, uses])),
    period: { since: isCutOff ? oldest : since, until, requests, isCutOff },
  };
}
