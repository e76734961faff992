import type { TrafficRates, TrafficRequest } from '../../../../src/admin/contract.ts';
import type { ServerEvent } from './read-events.ts';

/** What has been seen since the page was opened, newest first. */
export interface Seen {
  readonly requests: readonly TrafficRequest[];
  readonly rates: readonly TrafficRates[];
  /** Requests that were not shown. */
  readonly lost: number;
  /** Refusals by who refused. */
  readonly refused: Readonly<Record<'one' | 'two' | 'other', number>>;
}

export const nothingSeen: Seen = { requests: [], rates: [], lost: 0, refused: { one: 0, two: 0, other: 0 } };

const mostRequests = 50;
/** Rates come every two seconds: five minutes. */
const mostRates = 150;

/** With what has come since. */
export function withEvents(seen: Seen, events: readonly ServerEvent[]): Seen {
  const requests = events.filter(({ name }) => name === 'request').map(({ data }) => data as TrafficRequest);
  const rates = events.filter(({ name }) => name === 'rates').map(({ data }) => data as TrafficRates);
  const lost = events
    .filter(({ name }) => name === 'lost')
    .map(({ data }) => (data as { readonly count: number }).count);
  const refused = { ...seen.refused };
  for (const { outcome, gate } of requests) {
    if (outcome !== 'denied') continue;
    refused[gate === 1 ? 'one' : gate === 2 ? 'two' : 'other'] += 1;
  }
  return {
    requests: [...requests.reverse(), ...seen.requests].slice(0, mostRequests),
    rates: [...rates.reverse(), ...seen.rates].slice(0, mostRates),
    lost: lost.reduce((sum, each) => sum + each, seen.lost),
    refused,
  };
}
