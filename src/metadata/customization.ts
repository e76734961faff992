import { createHash } from 'node:crypto';
import { builtInChoices, builtInTables } from './built-in.ts';
import { linkModel } from './model.ts';
import type { Choice, ChoiceOption, ManyToManyDefinition, Model, TableDefinition } from './table.ts';

/** Texts of a definition of the product's own that a customizer has changed: English, and Norwegian where there is one. */
export interface ChangedTexts {
  readonly label?: string;
  readonly labelNb?: string;
  readonly pluralLabel?: string;
  readonly pluralLabelNb?: string;
  readonly description?: string;
  readonly descriptionNb?: string;
}

/** Two native tables joined by an intersect table that a customizer made. */
export interface CustomManyToMany extends ManyToManyDefinition {
  /** Logical name of the first table. */
  readonly table: string;
}

/** A definition that was there once. */
interface Deleted {
  readonly stamp: number;
  readonly kind: 'Entity' | 'Attribute' | 'Relationship' | 'OptionSet';
  readonly id: string;
}

/** When tables and choices changed, for clients that keep a copy (`RetrieveMetadataChanges`). */
export interface ChangeHistory {
  /** Number of the last change; 0 before any. */
  readonly stamp: number;
  /** Last change of each table, by logical name. */
  readonly tables: Readonly<Record<string, number>>;
  readonly deleted: readonly Deleted[];
  /** Changes before this one are forgotten. */
  readonly since: number;
}

/** What customizers have made of an environment. Immutable; a change is a new value. */
export interface Customization {
  readonly tables: readonly TableDefinition[];
  readonly choices: readonly Choice[];
  readonly relationships: readonly CustomManyToMany[];
  /** By `table x`, `column x.y`, `choice x` and `option x.1`. */
  readonly texts: Readonly<Record<string, ChangedTexts>>;
  readonly history: ChangeHistory;
}

export const noCustomization: Customization = {
  tables: [],
  choices: [],
  relationships: [],
  texts: {},
  history: { stamp: 0, tables: {}, deleted: [], since: 0 },
};

/** The built-in model with a customization. Throws a `ModelError` when they do not fit together. */
export function customizedModel({ tables, choices, relationships, texts }: Customization): Model {
  const all = [...builtInTables.map((table) => withTexts(table, texts)), ...tables].map((table) => {
    const own = relationships.filter((each) => each.table === table.logicalName);
    return own.length === 0 ? table : { ...table, manyToMany: [...(table.manyToMany ?? []), ...own] };
  });
  return linkModel(all, [...builtInChoices.map((choice) => choiceWithTexts(choice, texts)), ...choices]);
}

type Texts = Customization['texts'];

function withTexts(table: TableDefinition, texts: Texts): TableDefinition {
  const { description: purpose, descriptionNb: purposeNb, ...labels } = texts[`table ${table.logicalName}`] ?? {};
  const columns = table.columns.map((column) => {
    const changed = texts[`column ${table.logicalName}.${column.name}`];
    return changed === undefined ? column : { ...column, ...changed };
  });
  return {
    ...table,
    columns,
    ...labels,
    ...(purpose === undefined ? {} : { purpose }),
    ...(purposeNb === undefined ? {} : { purposeNb }),
  };
}

function choiceWithTexts(choice: Choice, texts: Texts): Choice {
  const options = choice.options.map((option): ChoiceOption => {
    const changed = texts[`option ${choice.name}.${option.value}`];
    return changed === undefined ? option : { ...option, ...changed };
  });
  return { ...choice, ...texts[`choice ${choice.name}`], options };
}

/** As it is stored: one text for each definition, by name. */
export function storeCustomization(customization: Customization): ReadonlyMap<string, string> {
  const { tables, choices, relationships, texts, history } = customization;
  const entries: (readonly [string, unknown])[] = [
    ...tables.map((each) => [`table ${each.logicalName}`, each] as const),
    ...choices.map((each) => [`choice ${each.name}`, each] as const),
    ...relationships.map((each) => [`relationship ${each.navigation}`, each] as const),
    ...Object.entries(texts).map(([name, changed]) => [`texts ${name}`, changed] as const),
    ...(history.stamp === 0 ? [] : [['history', history] as const]),
  ];
  return new Map(entries.map(([name, value]) => [name, JSON.stringify(value)]));
}

/** What must be written for one customization to become another; `null`: to be taken away. */
export function changedDefinitions(before: Customization, after: Customization): ReadonlyMap<string, string | null> {
  const [old, wanted] = [storeCustomization(before), storeCustomization(after)];
  const changes = new Map<string, string | null>();
  for (const name of old.keys()) if (!wanted.has(name)) changes.set(name, null);
  for (const [name, value] of wanted) if (old.get(name) !== value) changes.set(name, value);
  return changes;
}

/** The customization that `storeCustomization` gave these texts for. Throws when they are damaged. */
export function parseCustomization(stored: ReadonlyMap<string, string>): Customization {
  const of = (prefix: string): readonly (readonly [string, unknown])[] =>
    [...stored]
      .filter(([name]) => name.startsWith(`${prefix} `))
      .map(([name, value]) => [name.slice(prefix.length + 1), JSON.parse(value) as unknown]);
  const history = stored.get('history');
  return {
    tables: of('table').map(([, value]) => value as TableDefinition),
    choices: of('choice').map(([, value]) => value as Choice),
    relationships: of('relationship').map(([, value]) => value as CustomManyToMany),
    texts: Object.fromEntries(of('texts').map(([name, value]) => [name, value as ChangedTexts])),
    history: history === undefined ? noCustomization.history : (JSON.parse(history) as ChangeHistory),
  };
}

/** Tells one version of the program's own definitions from another. */
export const builtInVersion = createHash('sha256')
  .update(JSON.stringify([builtInTables, builtInChoices]))
  .digest('hex')
  .slice(0, 12);
