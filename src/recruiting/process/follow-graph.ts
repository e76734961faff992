import type { Localized } from '../../kernel/language.ts';
import { findAction } from '../../metadata/entity-actions.ts';
import type { Draft } from '../draft.ts';
import type { EntityWriter } from '../entity-writer.ts';
import { getColumn } from '../model-lookup.ts';
import { processProblems } from './process-problems.ts';
import { type Step, statesAfter, stepBetween } from './state-graph.ts';

/** A table whose state changes along a graph. */
export interface Life<S extends Step<string>> {
  readonly graph: readonly S[];
  readonly column: string;
  /** State of a row before anybody has said anything. */
  readonly first: number;
  /** Does writing the state by hand ask for the right to call the method that goes the step? */
  readonly isGuarded: boolean;
  /** The row as messages name it. */
  readonly nameOf: (draft: Draft) => Localized;
}

/**
 * The step that a write goes, whichever way it came: by an action, by the status column of a PATCH, or by the state that a
 * row is created in, which counts as a step from the first one. `undefined`: the state stays. Throws where there is no such
 * step, and where the caller may not call the method that goes it.
 */
export function followGraph<S extends Step<string>>(draft: Draft, writer: EntityWriter, life: Life<S>): S | undefined {
  const column = getColumn(draft.table, life.column);
  const from = draft.isNew ? life.first : Number(draft.before?.values.get(column) ?? life.first);
  const to = Number(draft.get(column) ?? life.first);
  if (from === to) return undefined;
  const step = stepBetween(life.graph, from, to);
  const choice = writer.model.choice.get(column.choice ?? '');
  if (step === undefined) {
    throw processProblems.noStep(life.nameOf(draft), { choice, from }, to, statesAfter(life.graph, from));
  }
  if (life.isGuarded && findAction(draft.table.logicalName, step.method)?.access.kind === 'Invoke') {
    const { company } = draft.table;
    writer.gate.requireMethod(draft.table, step.method, company === undefined ? null : draft.get(company));
  }
  return step;
}
