import type { Guid } from '../kernel/ids.ts';
import type { Composite, CreateOperation, Operation } from '../odata/operation.ts';
import { makeTree } from './make-tree.ts';
import type { Passed, RunOperation } from './pass-gates.ts';
import { Turns } from './turns.ts';
import type { Runners, WebApiEnvironment } from './web-api-environment.ts';

type Pass = (runners: Runners, operation: Operation) => Promise<Passed>;

/** Carries out everything that a request stands for in one transaction. `root` is what the answer is about. */
export function runComposite(
  composite: Composite,
  root: Operation,
  together: WebApiEnvironment['together'],
  pass: Pass,
): Promise<Passed> {
  return together((runners) => {
    const turns = new Turns();
    const run: RunOperation = async (operation) => {
      await turns.next();
      return pass(runners, operation);
    };
    return composite.kind === 'tree'
      ? makeTree(requireCreate(root), composite.tree, run)
      : runMultiple(composite, root, run);
  });
}

function requireCreate(operation: Operation): CreateOperation {
  if (operation.kind !== 'create') throw new TypeError(`a tree of rows begins with a create, not ${operation.kind}`);
  return operation;
}

/** `CreateMultiple` answers with the ids in the order of its targets, the others with nothing (dataverse-web-api 4.8). */
async function runMultiple(
  { operations, answersIds }: Extract<Composite, { kind: 'multiple' }>,
  root: Operation,
  run: RunOperation,
): Promise<Passed> {
  const ids: Guid[] = [];
  for (const operation of operations) {
    const { result } = await run(operation);
    if (result.kind === 'created') ids.push(result.id);
  }
  const members = { Ids: ids };
  const answer = { kind: 'message', responseType: 'CreateMultipleResponse', members } as const;
  return { granted: root, result: answersIds ? answer : { kind: 'done' } };
}
