import { type ChangeHistory, type Customization, customizedModel } from '../../metadata/customization.ts';
import { ModelError } from '../../metadata/model-error.ts';
import type { Choice, Model, TableDefinition } from '../../metadata/table.ts';
import { refuseChange } from './change-problems.ts';

/** What a change is worked out from. */
export interface ChangeContext {
  readonly customization: Customization;
  readonly model: Model;
  /** `MSCRM.MergeLabels`: labels in languages that were not sent stay. */
  readonly mergeLabels: boolean;
}

/** What becomes of the definitions. Pure: nothing is stored or in force yet. */
export interface Change {
  readonly customization: Customization;
  readonly model: Model;
  /** SQL tables and columns that nothing refers to any more. */
  readonly retired: readonly { readonly table: string; readonly column?: string }[];
  /** Path of what was created, after the service root. */
  readonly created?: string;
  /** Members of an action's answer. */
  readonly members?: Readonly<Record<string, unknown>>;
}

export interface ChangeParts {
  readonly tables?: readonly TableDefinition[];
  readonly choices?: readonly Choice[];
  readonly relationships?: Customization['relationships'];
  readonly texts?: Customization['texts'];
  /** Logical names of the tables that are not what they were. */
  readonly touched: readonly string[];
  readonly deleted?: readonly { readonly kind: ChangeHistory['deleted'][number]['kind']; readonly id: string }[];
  readonly retired?: Change['retired'];
  readonly created?: string;
  readonly members?: Change['members'];
}

/** Deletions that clients may still hear of. */
const keptDeletions = 1000;

/** Puts the parts together and links them: what does not fit together is refused, whatever checks let it through. */
export function makeChange({ customization }: ChangeContext, parts: ChangeParts): Change {
  const next: Customization = {
    tables: parts.tables ?? customization.tables,
    choices: parts.choices ?? customization.choices,
    relationships: parts.relationships ?? customization.relationships,
    texts: parts.texts ?? customization.texts,
    history: nextHistory(customization.history, parts),
  };
  return {
    customization: next,
    model: link(next),
    retired: parts.retired ?? [],
    ...(parts.created === undefined ? {} : { created: parts.created }),
    ...(parts.members === undefined ? {} : { members: parts.members }),
  };
}

function link(customization: Customization): Model {
  try {
    return customizedModel(customization);
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    throw refuseChange.invalid(`The definitions do not fit together: ${error.message}.`);
  }
}

function nextHistory(history: ChangeHistory, { touched, deleted = [] }: ChangeParts): ChangeHistory {
  const stamp = history.stamp + 1;
  const all = [...history.deleted, ...deleted.map((each) => ({ ...each, stamp }))];
  const forgotten = all.length > keptDeletions ? all[all.length - keptDeletions - 1] : undefined;
  return {
    stamp,
    tables: { ...history.tables, ...Object.fromEntries(touched.map((table) => [table, stamp])) },
    deleted: all.slice(-keptDeletions),
    since: forgotten?.stamp ?? history.since,
  };
}

/** Replaces the custom table of that name. */
export const replaceTable = (tables: readonly TableDefinition[], table: TableDefinition): readonly TableDefinition[] =>
  tables.map((each) => (each.logicalName === table.logicalName ? table : each));

/** The definition of a table that a customizer made; `undefined` for the product's own. */
export const findCustomTable = ({ customization }: ChangeContext, name: string): TableDefinition | undefined =>
  customization.tables.find((table) => table.logicalName === name);
