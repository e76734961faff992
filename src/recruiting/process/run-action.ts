import type { EntityAction } from '../../metadata/entity-actions.ts';
import type { MessageParameters } from '../../odata/operation.ts';
import type { Value } from '../../odata/query.ts';
import { parseActionParameters } from './action-parameters.ts';
import { createDetails, createRequest } from './create-request.ts';
import { dismiss } from './dismiss.ts';
import { hire } from './hire.ts';
import { type ActionAnswer, type ActionCall, takeStep } from './take-step.ts';

type Work = (call: ActionCall) => Promise<ActionAnswer>;

/** Actions that do more than move the row along its graph, by method. */
const works: Readonly<Record<string, Work>> = {
  CreateRecruitingRequest: createRequest,
  CreateDetailsFromJob: createDetails,
  Hire: hire,
  DoNotHire: doNotHire,
  Dismiss: async (call) => {
    await dismiss(call);
    await takeStep(call, comment(call));
    return undefined;
  },
};

/** Carries out an action on a row that the caller may call it on. Throws `Infolog`, or a `Refusal` for its parameters. */
export async function runAction(
  action: EntityAction,
  given: MessageParameters,
  call: Omit<ActionCall, 'method' | 'parameters'>,
): Promise<ActionAnswer> {
  const whole = { ...call, method: action.method, parameters: parseActionParameters(action, given) };
  const work = works[action.method];
  if (work !== undefined) return work(whole);
  await takeStep(whole, {});
  return undefined;
}

async function doNotHire(call: ActionCall): Promise<undefined> {
  const reason = call.parameters.text('ReasonCodeId');
  await takeStep(call, { ...comment(call), ...(reason !== undefined && { mshr_donothirereasoncodeid: reason }) });
  return undefined;
}

/** A comment replaces what was there: it says why this was decided. */
function comment({ parameters }: ActionCall): Readonly<Record<string, Value>> {
  const text = parameters.text('Comment');
  return text === undefined ? {} : { mshr_comments: text };
}
