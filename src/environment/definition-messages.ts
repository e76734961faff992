import type { DefinitionMessages } from '../dataverse/native/native-deps.ts';
import type { Change, ChangeContext } from '../definitions/change/change.ts';
import {
  deleteOption,
  insertOption,
  insertStatus,
  orderOptions,
  updateOption,
  updateState,
} from '../definitions/change/choices.ts';
import { DefinitionBody } from '../definitions/change/definition-body.ts';
import { checkPublish } from '../definitions/change/publish.ts';
import { type DefinitionsInForce, definitionFunctions } from '../definitions/messages.ts';
import type { OperationResult } from '../odata/result.ts';
import type { LiveModel } from './live-model.ts';

/** Actions that change options. */
const changes: Readonly<Record<string, (context: ChangeContext, body: DefinitionBody) => Change>> = {
  InsertOptionValue: insertOption,
  InsertStatusValue: insertStatus,
  UpdateOptionValue: updateOption,
  UpdateStateValue: updateState,
  DeleteOptionValue: deleteOption,
  OrderOption: orderOptions,
};

/** The messages of one generation of the model: reads see that one, changes the one that is in force. */
export const definitionMessages = (live: LiveModel, seen: DefinitionsInForce): DefinitionMessages => ({
  async run(name, parameters): Promise<OperationResult> {
    const read = definitionFunctions[name];
    if (read !== undefined) return answer(name, read(seen, parameters));
    const body = new DefinitionBody(parameters, name);
    const work = changes[name];
    if (work === undefined) checkPublish(name, body, seen.model);
    else {
      const { members } = await live.change((current) => work({ ...current, mergeLabels: false }, body));
      if (members !== undefined) return answer(name, members);
    }
    return { kind: 'done' };
  },
});

const answer = (name: string, members: Readonly<Record<string, unknown>>): OperationResult => ({
  kind: 'message',
  responseType: `${name}Response`,
  members,
});
