import type { Facts } from './facts.ts';

/** Where in the chain a check looks, in the order in which an administrator would mend it. */
export type Place = 'server' | 'application' | 'gate one' | 'gate two' | 'call';

/** Something is not as it must be. */
export interface Finding {
  readonly what: string;
  /** A command, or a sentence where no command can do it. */
  readonly fix: string;
  /** Calls succeed all the same, for now. */
  readonly isWarning?: boolean;
}

/** One condition of the chain. */
export interface Check {
  readonly id: string;
  readonly place: Place;
  /** The condition as a statement, which holds or does not. */
  readonly statement: string;
  /** Checks without which this one cannot be made. */
  readonly needs: readonly string[];
  find(facts: Facts): Promise<Finding | undefined>;
}

export type Diagnosis = Pick<Check, 'id' | 'place' | 'statement'> &
  (
    | { readonly outcome: 'passed' | 'not reached' }
    | ({ readonly outcome: 'failed' | 'warning' } & Pick<Finding, 'what' | 'fix'>)
  );

/** Makes the checks in their order; one that needs a failed one is not reached. */
export async function diagnose(checks: readonly Check[], facts: Facts): Promise<readonly Diagnosis[]> {
  const diagnoses: Diagnosis[] = [];
  const open = new Set<string>();
  for (const { id, place, statement, needs, find } of checks) {
    const name = { id, place, statement };
    if (needs.some((need) => open.has(need))) {
      open.add(id);
      diagnoses.push({ ...name, outcome: 'not reached' });
      continue;
    }
    const found = await find(facts);
    if (found === undefined) diagnoses.push({ ...name, outcome: 'passed' });
    else {
      const { what, fix, isWarning = false } = found;
      if (!isWarning) open.add(id);
      diagnoses.push({ ...name, outcome: isWarning ? 'warning' : 'failed', what, fix });
    }
  }
  return diagnoses;
}
