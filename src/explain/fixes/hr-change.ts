import type { HrSet } from '../../hr/hr-rows.ts';
import type { RefusalCause } from '../../kernel/cause.ts';
import type { Localized } from '../../kernel/language.ts';
import type { Value } from '../../odata/query.ts';
import type { ChainName } from '../chains.ts';
import type { Fix, FixOperation } from '../condition.ts';
import { decide } from '../decide.ts';
import { viewWith } from '../environment-view.ts';
import { Facts } from '../facts.ts';
import { isStillUnmet } from '../recheck.ts';
import { type HrChange, HrDraft } from '../simulate-hr.ts';
import { dataKey, onData } from './operations.ts';

type Named = Readonly<Record<string, Value>>;

/** A change of an administration row, with what it is for. */
export interface HrStep {
  readonly change: HrChange;
  readonly preview: Localized;
  readonly cliCommand?: string;
}

export const add = (set: HrSet, values: Named, preview: Localized, cliCommand?: string): HrStep => ({
  change: { kind: 'add', set, values },
  preview,
  ...(cliCommand !== undefined && { cliCommand }),
});

export const set = (name: HrSet, key: Named, values: Named, preview: Localized, cliCommand?: string): HrStep => ({
  change: { kind: 'set', set: name, key, values },
  preview,
  ...(cliCommand !== undefined && { cliCommand }),
});

function operationOf({ change, preview, cliCommand }: HrStep): FixOperation {
  const told = { preview, ...(cliCommand !== undefined && { cliCommand }) };
  if (change.kind === 'add') return onData('POST', change.set, change.values, told);
  const key = Object.fromEntries(Object.entries(change.key).map(([name, value]) => [name, String(value ?? '')]));
  const path = dataKey(change.set, key);
  return change.kind === 'remove'
    ? onData('DELETE', path, undefined, told)
    : onData('PATCH', path, change.values, told);
}

/** A way that may do, before anybody has tried it. */
export interface HrProposal {
  readonly title: Localized;
  readonly gain: number;
  readonly steps: readonly HrStep[];
}

/** Tries changes of Human Resources' administration on a copy in memory. */
export class HrTrial {
  readonly facts: Facts;
  readonly draft: HrDraft;
  readonly #chain: ChainName;
  readonly #cause: RefusalCause;

  private constructor(facts: Facts, draft: HrDraft, cause: RefusalCause) {
    this.facts = facts;
    this.draft = draft;
    // Nothing is known of what a request to `/data/` asked for: it is administration as a whole.
    this.#chain = facts.shapes.length === 0 ? 'administration' : 'request';
    this.#cause = cause;
  }

  static async begin(facts: Facts, cause: RefusalCause): Promise<HrTrial> {
    return new HrTrial(facts, await HrDraft.read(facts.view), cause);
  }

  /** What would be refused after these changes; `undefined`: nothing that can be told without the request itself. */
  unmetAfter(steps: readonly HrStep[]): RefusalCause | undefined {
    const { view, subject, shapes } = this.facts;
    const tried = viewWith(view, { hr: this.draft.snapshotAfter(steps.map(({ change }) => change)) });
    const facts = new Facts(tried, subject, shapes);
    const { cause, session } = decide(this.#chain, facts);
    return cause ?? (isStillUnmet(facts, this.#cause, session) ? this.#cause : undefined);
  }

  /**
   * Those that do: after them the condition is met. Where some lead the whole way, those that do not are left out. The
   * ones that give the least are tried first, and no more than a few.
   */
  async fixesOf(proposals: readonly HrProposal[]): Promise<readonly Fix[]> {
    const tried = await this.tryEach(proposals);
    const whole = tried.filter(({ unmet }) => unmet === undefined);
    const partial = tried.filter(({ unmet }) => unmet?.condition !== this.#cause.condition);
    return (whole.length > 0 ? whole : partial).map(({ proposal: { title, gain, steps } }) => ({
      title,
      gain,
      operations: steps.map(operationOf),
    }));
  }

  /** Each try builds the whole security of Human Resources once more: others get their turn in between. */
  async tryEach(proposals: readonly HrProposal[]): Promise<readonly Tried[]> {
    const tried: Tried[] = [];
    for (const proposal of [...proposals].sort((one, other) => one.gain - other.gain).slice(0, mostTried)) {
      tried.push({ proposal, unmet: this.unmetAfter(proposal.steps) });
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    return tried;
  }
}

interface Tried {
  readonly proposal: HrProposal;
  readonly unmet: RefusalCause | undefined;
}

const mostTried = 60;
