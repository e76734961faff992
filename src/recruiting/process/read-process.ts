import { findAction } from '../../metadata/entity-actions.ts';
import type { Model } from '../../metadata/table.ts';
import type { MaintenanceStore } from '../../odata/row-store.ts';
import { getColumn, getTable } from '../model-lookup.ts';
import type { Step } from './state-graph.ts';
import { positionGraph, requestGraph, resultGraph } from './states.ts';

/** One step as it is called from outside. */
interface ShownStep {
  /** After `Microsoft.Dynamics.CRM.`. */
  readonly action: string;
  readonly from: number;
  readonly to: number;
  readonly only?: string;
}

interface ShownProcess {
  readonly requests: readonly ShownStep[];
  readonly positions: readonly ShownStep[];
  readonly candidates: readonly ShownStep[];
  /** Legal entities in lower case whose requests are approved by a workflow. */
  readonly workflows: readonly string[];
}

export interface ProcessReader {
  process(): Promise<ShownProcess>;
}

/** The graphs that writes are held against, for those who offer steps. */
export async function readProcess(store: MaintenanceStore, model: Model): Promise<ShownProcess> {
  return {
    requests: shown('mshr_hcmrecruitingrequestentity', requestGraph),
    positions: shown('mshr_hcmrecruitingrequestpositionentity', positionGraph),
    candidates: shown('mshr_hcmcandidatetohireentity', resultGraph),
    workflows: await workflows(store, model),
  };
}

const shown = (table: string, graph: readonly Step<string>[]): readonly ShownStep[] =>
  graph.flatMap(({ method, ...step }) => {
    const action = findAction(table, method);
    return action === undefined ? [] : [{ action: action.name, ...step }];
  });

async function workflows(store: MaintenanceStore, model: Model): Promise<readonly string[]> {
  const table = getTable(model, 'recruitingparameter');
  const [company, workflow] = [getColumn(table, 'DataAreaId'), getColumn(table, 'RequestWorkflow')];
  return (await store.readAll(table))
    .filter(({ values }) => values.get(workflow) === 'Yes')
    .map(({ values }) => String(values.get(company)).toLowerCase());
}
