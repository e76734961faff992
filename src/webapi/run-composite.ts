import type { AuditedRow } from '../kernel/audit.ts';
import type { Guid } from '../kernel/ids.ts';
import { unreachable } from '../kernel/unreachable.ts';
import type { Composite, CreateOperation, Operation } from '../odata/operation.ts';
import { deleteInBulk } from './delete-in-bulk.ts';
import { makeTree } from './make-tree.ts';
import { auditedRow } from './note-operation.ts';
import type { Passed, RunOperation } from './pass-gates.ts';
import { Turns } from './turns.ts';
import type { Runners, WebApiEnvironment } from './web-api-environment.ts';

type Pass = (runners: Runners, operation: Operation) => Promise<Passed>;

/** What a request stands for, and where it is carried out. */
export interface CompositeRun {
  readonly composite: Composite;
  /** What the answer is about. */
  readonly root: Operation;
  readonly together: WebApiEnvironment['together'];
  readonly pass: Pass;
  /** Takes the rows that are changed beside that of `root`. */
  readonly rows: AuditedRow[];
}

/** Carries out everything that a request stands for in one transaction. */
export function runComposite({ composite, root, together, pass, rows }: CompositeRun): Promise<Passed> {
  return together((runners) => {
    // What an attempt did that collided with another transaction was undone.
    rows.length = 0;
    const turns = new Turns();
    const run: RunOperation = async (operation) => {
      await turns.next();
      return pass(runners, operation);
    };
    const runNoted: RunOperation = async (operation) => {
      const passed = await run(operation);
      if (isChange(operation)) rows.push(auditedRow(passed));
      return passed;
    };
    switch (composite.kind) {
      case 'tree':
        return makeTree({ ...composite, root: requireCreate(root) }, { root: run, others: runNoted });
      case 'multiple':
        return runMultiple(composite, root, runNoted);
      case 'bulkDelete':
        return deleteInBulk(composite, root, { root: run, others: runNoted });
      default:
        return unreachable(composite);
    }
  });
}

const isChange = ({ kind }: Operation): boolean => kind !== 'retrieve' && kind !== 'flat';

function requireCreate(operation: Operation): CreateOperation {
  if (operation.kind !== 'create') throw new TypeError(`a tree of rows begins with a create, not ${operation.kind}`);
  return operation;
}

/** `CreateMultiple` answers with the ids in the order of its targets, the others with nothing (dataverse-web-api 4.8). */
async function runMultiple(
  { targets, answersIds }: Extract<Composite, { kind: 'multiple' }>,
  root: Operation,
  run: RunOperation,
): Promise<Passed> {
  const ids: Guid[] = [];
  for (const { operation, tree } of targets) {
    const { result } = await (tree === undefined
      ? run(operation)
      : makeTree({ tree, root: requireCreate(operation) }, { root: run, others: run }));
    if (result.kind === 'created') ids.push(result.id);
  }
  const members = { Ids: ids };
  const answer = { kind: 'message', responseType: 'CreateMultipleResponse', members } as const;
  return { granted: root, result: answersIds ? answer : { kind: 'done' } };
}
