import type { ConditionId, RefusalCause, RequestShape } from '../kernel/cause.ts';
import type { Guid } from '../kernel/ids.ts';
import { type ChainName, conditionsOf } from './chains.ts';
import type { Chain, ConditionState, ConditionVerdict, Evidence } from './condition.ts';
import { countRows } from './count-rows.ts';
import { type Decision, decide } from './decide.ts';
import { details } from './details.ts';
import type { EnvironmentView, Subject } from './environment-view.ts';
import type { RowCount } from './explanation.ts';
import { Facts } from './facts.ts';
import { isStillUnmet } from './recheck.ts';

/** What is asked of the gates, of which a request is one way to ask. */
export interface Question {
  readonly subject: Subject;
  /** A read of a table is `[{ kind: 'read', table }]`; `columns` only where they are named. */
  readonly shapes: readonly RequestShape[];
  /** The row that it is about. Absent: a list, or a new row. */
  readonly targetId?: Guid;
  /** Default: `request`, through both gates. */
  readonly chain?: ChainName;
  /** What a request was refused for: asked about once more, since its shape does not tell all. */
  readonly refusedFor?: RefusalCause;
}

export interface Evaluation extends Chain {
  /** Do the gates refuse it, whatever rows there are? */
  readonly isRefused: boolean;
  /** Rows of the table, where it was allowed to look for them. */
  readonly rows?: RowCount;
}

/**
 * The chain of conditions for a question, decided now by the very functions that decide requests (`decide.ts`); evidence,
 * near misses and fixes come from the table of conditions. Changes nothing; counts rows, reads none.
 */
export async function evaluateChain(view: EnvironmentView, question: Question): Promise<Evaluation> {
  const { subject, shapes, targetId, chain = 'request', refusedFor } = question;
  const facts = new Facts(view, subject, shapes);
  const decision = decide(chain, facts);
  // Whether a row is there, and reached, is asked before its columns are.
  const isRowAsked = decision.cause === undefined || (decision.cause.condition === 'column' && targetId !== undefined);
  const rows = isRowAsked ? await countRows(view, decision, targetId) : undefined;
  const isSame = refusedFor !== undefined && isStillUnmet(facts, refusedFor, decision.session);
  const causes = [isSame ? refusedFor : undefined, decision.cause, causeOfRows(rows, facts, targetId)].filter(
    (each) => each !== undefined,
  );
  const conditions = conditionsOf(chain);
  const first = conditions.find(({ id }) => causes.some(({ condition }) => condition === id))?.id;
  const cause = causes.find(({ condition }) => condition === first);
  let isReached = true;
  const verdicts: ConditionVerdict[] = [];
  for (const text of conditions) {
    const isFirst = text.id === first;
    const state = stateOf(text.id, { isReached, isFirst, facts, decision });
    const told = state === 'passed' || state === 'failed' ? await details[text.id].evidence(facts, cause) : {};
    const failing = isFirst && cause !== undefined ? cause : undefined;
    verdicts.push({
      ...text,
      state,
      evidence: { ...told, ...evidenceOfRows(rows, text.id), ...failing?.data },
      nearMisses: failing === undefined ? [] : ((await details[text.id].nearMisses?.(facts, failing)) ?? []),
      fixes: failing === undefined ? [] : await sortedFixes(facts, failing),
    });
    if (isFirst) isReached = false;
  }
  const isRefused = decision.cause !== undefined;
  return { conditions: verdicts, isRefused, ...(first && { firstFailed: first }), ...(rows && { rows }) };
}

const sortedFixes = async (facts: Facts, cause: RefusalCause) => {
  const fixes = (await details[cause.condition].fixes?.(facts, cause)) ?? [];
  return [...fixes].sort((one, other) => one.gain - other.gain);
};

interface Standing {
  readonly isReached: boolean;
  readonly isFirst: boolean;
  readonly facts: Facts;
  readonly decision: Decision;
}

/** Conditions of the second gate, which tables of Dataverse do not pass. */
function stateOf(id: ConditionId, { isReached, isFirst, facts, decision }: Standing): ConditionState {
  if (isFirst) return 'failed';
  if (details[id].isAsked?.(facts, decision) === false) return 'not asked';
  if (!isReached) return 'not reached';
  return details[id].isKnown?.(facts) === false ? 'not reached' : 'passed';
}

/** The condition that left no row of those that were there. */
function causeOfRows(rows: RowCount | undefined, { shapes }: Facts, id: Guid | undefined): RefusalCause | undefined {
  if (rows === undefined || rows.all === 0) return undefined;
  const loss = rows.losses.find(({ remaining }) => remaining === 0);
  if (loss === undefined) return undefined;
  const { policy } = loss.evidence;
  const kind = shapes[0]?.kind ?? 'read';
  const data = {
    table: rows.table,
    kind,
    rows: String(rows.all),
    ...(policy !== undefined && { policy: String(policy) }),
    ...(id !== undefined && { id }),
  };
  return { condition: loss.condition, data };
}

function evidenceOfRows(rows: RowCount | undefined, id: ConditionId): Evidence {
  const losses = rows?.losses.filter(({ condition }) => condition === id) ?? [];
  const [first, ...more] = losses;
  if (first === undefined) return {};
  if (more.length === 0) return first.evidence;
  const removed = losses
    .filter((loss) => loss.removed > 0)
    .map(({ evidence, removed: count }) => `${evidence['policy']}: ${count}`);
  return { rowsRemoved: losses.reduce((sum, loss) => sum + loss.removed, 0), removedByPolicy: removed };
}
