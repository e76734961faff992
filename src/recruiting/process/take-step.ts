import type { Guid } from '../../kernel/ids.ts';
import type { Table } from '../../metadata/table.ts';
import type { Value } from '../../odata/query.ts';
import type { Row } from '../../odata/row-store.ts';
import { Draft } from '../draft.ts';
import { candidateLife } from '../entities/candidate-to-hire.ts';
import { requestLife } from '../entities/recruiting-request.ts';
import { positionLife } from '../entities/recruiting-request-part.ts';
import type { EntityWriter } from '../entity-writer.ts';
import { getColumn } from '../model-lookup.ts';
import type { ActionParameters } from './action-parameters.ts';
import type { Life } from './follow-graph.ts';
import { processProblems } from './process-problems.ts';
import { type Step, startsOf, stepOf } from './state-graph.ts';

/** One call of an action: the row that it is on, and what it writes with. */
export interface ActionCall {
  readonly writer: EntityWriter;
  readonly table: Table;
  readonly row: Row;
  readonly method: string;
  readonly parameters: ActionParameters;
  /** Throws where the caller may not have made that row, which is in that legal entity. */
  readonly requireMade: (table: Table, id: Guid, company: string) => Promise<void>;
}

/** Members of the answer; `undefined` where there is none. */
export type ActionAnswer = Readonly<Record<string, string>> | undefined;

const lives: Readonly<Record<string, Life<Step<string>>>> = {
  mshr_hcmrecruitingrequestentity: requestLife,
  mshr_hcmrecruitingrequestpositionentity: positionLife,
  mshr_hcmcandidatetohireentity: candidateLife,
};

/** Goes the step of the method from the state that the row is in; the table's own rules check it as for any write. */
export async function takeStep(call: ActionCall, more: Readonly<Record<string, Value>>): Promise<void> {
  const { writer, table, row, method } = call;
  const life = lives[table.logicalName];
  if (life === undefined) throw new TypeError(`${table.logicalName} has no states`);
  const column = getColumn(table, life.column);
  const from = Number(row.values.get(column) ?? life.first);
  const step = stepOf(life.graph, from, method);
  if (step === undefined) {
    const choice = writer.model.choice.get(column.choice ?? '');
    const name = life.nameOf(Draft.ofRow(table, row));
    throw processProblems.notNow(name, { choice, from }, method, startsOf(life.graph, method));
  }
  const named = { [life.column]: step.to, ...more };
  const values = new Map(Object.entries(named).map(([name, value]) => [getColumn(table, name), value]));
  await writer.update(table, row, { values, isAsked: true });
}
