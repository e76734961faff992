import fc from 'fast-check';
import { type Checked, check, checkHidden } from './check.ts';
import { type FuzzRequest, fuzzRequests } from './requests.ts';
import { openFuzzWorld } from './world.ts';

export interface FuzzFigures {
  readonly requests: number;
  /** Status -> how often. */
  readonly statuses: ReadonlyMap<number, number>;
  /** The dearest answer, in milliseconds of processor, and what asked for it. */
  readonly dearest: Checked & { readonly request: FuzzRequest | undefined };
  /** What must never be and was, with the smallest request found that does it. */
  readonly failure: string | undefined;
}

export interface FuzzRun {
  readonly seed: number;
  readonly runs: number;
  readonly databaseUrl?: string | undefined;
}

/** Sends random requests, one after the other, to a new organisation. */
export async function fuzz({ seed, runs, databaseUrl }: FuzzRun): Promise<FuzzFigures> {
  const world = await openFuzzWorld(databaseUrl);
  const statuses = new Map<number, number>();
  let requests = 0;
  let dearest: FuzzFigures['dearest'] = { status: 0, work: 0, request: undefined };
  try {
    const property = fc.asyncProperty(fuzzRequests(world), async (request) => {
      const checked = await check(world, request);
      requests++;
      statuses.set(checked.status, (statuses.get(checked.status) ?? 0) + 1);
      if (checked.work > dearest.work) dearest = { ...checked, request };
    });
    const details = await fc.check(property, { seed, numRuns: runs });
    const failure = details.failed ? reportOf(details) : await checkHidden(world).then(() => undefined, String);
    return { requests, statuses, dearest, failure };
  } finally {
    await world.close();
  }
}

function reportOf({
  counterexample,
  errorInstance,
  numShrinks,
  seed,
  counterexamplePath,
}: fc.RunDetails<[FuzzRequest]>): string {
  const [request] = counterexample ?? [];
  const reason = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  return [
    reason,
    `seed ${seed}, path ${counterexamplePath}, ${numShrinks} times made smaller`,
    JSON.stringify(request, null, 2),
  ].join('\n');
}

/** Figures in one line. */
export function figuresOf({ requests, statuses, dearest }: FuzzFigures): string {
  const counts = [...statuses].sort(([left], [right]) => left - right).map(([status, count]) => `${status}: ${count}`);
  return `${requests} requests (${counts.join(', ')}), the dearest ${Math.round(dearest.work)} ms`;
}
