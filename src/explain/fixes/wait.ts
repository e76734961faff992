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

/** Of another source of rows: what it lacks is in its own administration, or in the settings of this server. */
export function sourceFixes(facts: Facts, cause: RefusalCause): readonly Fix[] {
  if (cause.data?.['problem'] === 'throttled') return waitFixes(facts, cause);
  const isRejected = cause.data?.['problem'] === 'rejected';
  return [
    {
      title: isRejected
        ? {
            en: "Give the server a right to the rows at the source, or mend the source's credentials in PORTVAKT_PROVIDERS",
            nb: 'Gi tjeneren tilgang til radene hos kilden, eller rett legitimasjonen i PORTVAKT_PROVIDERS',
          }
        : {
            en: 'Start the source again, or mend its address in PORTVAKT_PROVIDERS; the log says how it failed',
            nb: 'Start kilden igjen, eller rett adressen i PORTVAKT_PROVIDERS; loggen sier hvordan den sviktet',
          },
      gain: 0,
      operations: [],
    },
  ];
}
