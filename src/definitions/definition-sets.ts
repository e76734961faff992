import { relationshipsOf } from '../metadata/relationships.ts';
import type { Model } from '../metadata/table.ts';
import type { Differences } from '../odata/fidelity.ts';
import type { Definition, TypeShape } from './definition-type.ts';
import { entityDefinition, entityMetadata } from './entity-metadata.ts';
import { choiceRow, optionSetDefinition, optionSetMetadataBase } from './option-set-metadata.ts';
import { relationshipDefinition, relationshipMetadataBase } from './relationship-metadata.ts';
import { localChoiceNames } from './rows.ts';

/** An entity set of metadata entities under the service root. */
export interface DefinitionSet {
  readonly name: string;
  readonly type: TypeShape;
  /** `GlobalOptionSetDefinitions` cannot be filtered (learn.microsoft.com, "Query table definitions"). */
  readonly canFilter: boolean;
  list(model: Model, differences: Differences): readonly Definition[];
}

const sets: readonly DefinitionSet[] = [
  {
    name: 'EntityDefinitions',
    type: entityMetadata,
    canFilter: true,
    list: (model, differences) =>
      model.tables
        .filter(({ kind }) => kind === 'virtual' || kind === 'native')
        .map((table) => entityDefinition({ model, table, differences })),
  },
  {
    name: 'RelationshipDefinitions',
    type: relationshipMetadataBase,
    canFilter: true,
    list: (model) => relationshipsOf(model).map(relationshipDefinition),
  },
  {
    name: 'GlobalOptionSetDefinitions',
    type: optionSetMetadataBase,
    canFilter: false,
    list: (model) => {
      const local = localChoiceNames(model);
      return [...model.choice.values()]
        .filter(({ name }) => !local.has(name))
        .map((choice) => optionSetDefinition(choiceRow(choice, true)));
    },
  },
];

const setsByName: ReadonlyMap<string, DefinitionSet> = new Map(sets.map((set) => [set.name, set]));

export const findDefinitionSet = (name: string): DefinitionSet | undefined => setsByName.get(name);
