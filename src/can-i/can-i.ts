import type { ConditionVerdict } from '../explain/condition.ts';
import type { EnvironmentView } from '../explain/environment-view.ts';
import { type Evaluation, evaluateChain } from '../explain/evaluate.ts';
import type { RowCount } from '../explain/explanation.ts';
import type { ConditionId } from '../kernel/cause.ts';
import type { CanIAnswer, CanIOutcome } from './answers.ts';
import type { Question } from './question.ts';

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
