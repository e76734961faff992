import type { Chain, ConditionVerdict } from '../explain/condition.ts';
import type { EnvironmentView } from '../explain/environment-view.ts';
import { type Evaluation, evaluateChain } from '../explain/evaluate.ts';
import type { RowCount } from '../explain/explanation.ts';
import type { ConditionId, RequestShape } from '../kernel/cause.ts';
import type { Question } from './question.ts';

/** What would become of a request: `not found` is 404, of a row that is not there or is hidden. */
export type CanIOutcome = 'allowed' | 'refused' | 'not found';

/** `GET /portvakt/v1/can-i` */
export interface CanIAnswer extends Chain {
  readonly asked: CanIAsked;
  readonly allowed: boolean;
  readonly outcome: CanIOutcome;
  /** Of a row: is it there, and left to the caller? Absent where another source has the rows. */
  readonly found?: boolean;
  /** Conditions that only the request itself decides: its values, the count of requests, another source. */
  readonly unknown: readonly ConditionId[];
  /** How many rows there are, and how many of them each condition takes away. */
  readonly rows?: RowCount;
}

/** The question as it was understood. */
export interface CanIAsked extends RequestShape {
  readonly clientId: string;
  readonly row?: string;
  readonly asUserId?: string;
}

/**
 * What would happen if the application asked: decided by the functions that decide requests, over the security in force.
 * Nothing is sent, changed or counted towards a limit.
 */
export async function canI(view: EnvironmentView, question: Question): Promise<CanIAnswer> {
  const evaluation = await evaluateChain(view, question);
  const { conditions, firstFailed, rows } = evaluation;
  const outcome = outcomeOf(evaluation, question);
  const { targetId, subject, shapes } = question;
  const isKnownRow = targetId !== undefined && rows !== undefined;
  return {
    asked: {
      ...(shapes[0] ?? { kind: 'read' }),
      clientId: subject.clientId ?? '',
      ...(targetId !== undefined && { row: targetId }),
      ...(subject.asUserId !== undefined && { asUserId: subject.asUserId }),
    },
    allowed: outcome === 'allowed',
    outcome,
    ...(isKnownRow && { found: isFound(rows) }),
    conditions,
    ...(firstFailed !== undefined && { firstFailed }),
    unknown: outcome === 'allowed' ? unknownOf(conditions) : [],
    ...(rows !== undefined && { rows }),
  };
}

/** A list is not refused for rows that it does not show: they are missing from it. */
export function outcomeOf(
  { isRefused, rows }: Pick<Evaluation, 'isRefused' | 'rows'>,
  { targetId }: Question,
): CanIOutcome {
  const decided = isRefused ? 'refused' : 'allowed';
  if (rows === undefined || targetId === undefined) return decided;
  if (rows.all === 0) return 'not found';
  const loss = rows.losses.find(({ remaining }) => remaining === 0);
  if (loss === undefined) return decided;
  return loss.hides ? 'not found' : 'refused';
}

/** Nothing that hides it takes it away; what refuses a change of it tells that it is there. */
const isFound = ({ all, losses }: RowCount): boolean =>
  all > 0 && losses.every(({ hides, remaining }) => !hides || remaining > 0);

const unknownOf = (conditions: readonly ConditionVerdict[]): readonly ConditionId[] =>
  conditions.filter(({ state }) => state === 'not reached').map(({ id }) => id);
