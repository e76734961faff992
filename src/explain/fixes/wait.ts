import type { RefusalCause } from '../../kernel/cause.ts';
import type { Fix } from '../condition.ts';
import type { Facts } from '../facts.ts';

/** Of a limit: nobody has to change anything. */
export function waitFixes(_facts: Facts, { data }: RefusalCause): readonly Fix[] {
  const waitSeconds = Math.max(1, Math.ceil(Number(data?.['waitSeconds'] ?? 30)));
  return [
    {
      title: {
        en: `Wait ${waitSeconds} seconds, then send the request again; send fewer at a time`,
        nb: `Vent ${waitSeconds} sekunder, send forespørselen på nytt; send færre om gangen`,
      },
      gain: 0,
      operations: [],
      waitSeconds,
    },
  ];
}
