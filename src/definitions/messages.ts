import { builtInVersion, type Customization } from '../metadata/customization.ts';
import type { Model } from '../metadata/table.ts';
import { Differences } from '../odata/fidelity.ts';
import type { MessageParameters } from '../odata/operation.ts';
import { refuseChange } from './change/change-problems.ts';
import { DefinitionBody } from './change/definition-body.ts';
import { criteriaOf, type Predicate } from './criteria.ts';
import { definitionJson, type JsonScope } from './definition-json.ts';
import { refuseDefinition } from './definition-problems.ts';
import type { DefinitionExpand, DefinitionShape } from './definition-query.ts';
import { type Definition, namespace, type TypeShape } from './definition-type.ts';
import { entityDefinition, entityMetadata } from './entity-metadata.ts';

/** Definitions as they are in force. */
export interface DefinitionsInForce {
  readonly model: Model;
  readonly customization: Customization;
}

type Members = Readonly<Record<string, unknown>>;
type Read = (current: DefinitionsInForce, parameters: MessageParameters) => Members;

/** Functions that read definitions (learn.microsoft.com, Web API function reference). */
export const definitionFunctions: Readonly<Record<string, Read>> = {
  RetrieveMetadataChanges: retrieveChanges,
  RetrieveAllEntities: (current, parameters) => ({
    EntityMetadata: tablesOf(current).map((each) => complexJson(each, filteredShape(parameters))),
    Timestamp: versionStamp(current),
  }),
  RetrieveEntity: (current, parameters) => ({
    EntityMetadata: complexJson(findTable(current, parameters), filteredShape(parameters)),
  }),
  RetrieveTimestamp: (current) => ({ Timestamp: versionStamp(current) }),
  RetrieveProvisionedLanguages: () => ({ RetrieveProvisionedLanguages: [1033, 1044] }),
  RetrieveAvailableLanguages: () => ({ LocaleIds: [1033, 1044] }),
};

const tablesOf = ({ model }: DefinitionsInForce): readonly Definition[] =>
  model.tables
    .filter(({ kind }) => kind === 'virtual' || kind === 'native')
    .map((table) => entityDefinition({ model, table, differences: new Differences('strict') }));

/** Number of the last change, and the program's own definitions: with another one a copy is worth nothing. */
const versionStamp = ({ customization }: DefinitionsInForce): string =>
  `${customization.history.stamp}!${builtInVersion}`;

function findTable(current: DefinitionsInForce, parameters: MessageParameters): Definition {
  const [name, id] = [parameters['LogicalName'], parameters['MetadataId']];
  const found = tablesOf(current).find((each) =>
    typeof name === 'string' ? each.read('LogicalName') === name : each.id === String(id).toLowerCase(),
  );
  if (found === undefined) throw refuseDefinition.noTable(String(name ?? id ?? ''));
  return found;
}

/** Parts of a table by the words of `EntityFilters`. */
const parts: Readonly<Record<string, readonly string[]>> = {
  Entity: [],
  Default: [],
  Attributes: ['Attributes'],
  Privileges: [],
  Relationships: ['OneToManyRelationships', 'ManyToOneRelationships', 'ManyToManyRelationships'],
  All: ['Attributes', 'OneToManyRelationships', 'ManyToOneRelationships', 'ManyToManyRelationships', 'Keys'],
};

function filteredShape(parameters: MessageParameters): DefinitionShape {
  const words = String(parameters['EntityFilters'] ?? 'Default')
    .split(',')
    .map((word) => word.trim());
  const wanted = words.map((word) => (Object.hasOwn(parts, word) ? parts[word] : undefined));
  const unknown = words.find((_, at) => wanted[at] === undefined);
  if (unknown !== undefined) throw refuseDefinition.enumMember(unknown, `${namespace}EntityFilters`);
  const names = new Set(wanted.flatMap((each) => each ?? []));
  return shapeOf(
    entityMetadata,
    undefined,
    undefined,
    [...names].map((name) => expandOf(name, undefined, undefined)),
  );
}

const shapeOf = (
  type: TypeShape,
  select: ReadonlySet<string> | undefined,
  where: Predicate | undefined,
  expand: readonly DefinitionExpand[],
): DefinitionShape => ({ type, select, where, expand, context: '' });

function expandOf(
  name: string,
  select: ReadonlySet<string> | undefined,
  where: Predicate | undefined,
): DefinitionExpand {
  const navigation = entityMetadata.navigation.get(name);
  if (navigation === undefined) throw new TypeError(`there is no navigation property ${name}`);
  return { name, many: true, shape: shapeOf(navigation.target(), select, where, []) };
}

const plain: JsonScope = { contextRoot: '', languages: undefined, annotated: true };

/** A table as the complex type that functions answer with: the same members, and options inside their columns. */
function complexJson(table: Definition, shape: DefinitionShape, languages?: ReadonlySet<number>): Members {
  const json = definitionJson(table, shape, { ...plain, languages }, '');
  const attributes = shape.expand.find(({ name }) => name === 'Attributes');
  if (attributes !== undefined) json['Attributes'] = complexAttributes(table, attributes.shape, languages);
  return withoutContexts(json);
}

function complexAttributes(
  table: Definition,
  shape: DefinitionShape,
  languages?: ReadonlySet<number>,
): readonly Members[] {
  const scope = { ...plain, languages };
  return table
    .follow('Attributes')
    .filter((each) => shape.where?.(each) !== false)
    .map((each) => {
      const json = definitionJson(each, shape, scope, '');
      for (const name of ['OptionSet', 'GlobalOptionSet']) {
        const [set] = each.follow(name);
        const wanted = shape.select === undefined || shape.select.has(name);
        if (set !== undefined && wanted)
          json[name] = definitionJson(set, shapeOf(set.type, undefined, undefined, []), scope, '');
      }
      return { ...json, '@odata.type': `#${namespace}Complex${each.type.name}` };
    });
}

const withoutContexts = (json: Members): Members =>
  Object.fromEntries(Object.entries(json).filter(([name]) => !name.endsWith('@odata.context')));

/** The incremental read (learn.microsoft.com, "Cache schema data"): what has changed since the stamp that a client has. */
function retrieveChanges(current: DefinitionsInForce, parameters: MessageParameters): Members {
  const query = new DefinitionBody(parameters['Query'] ?? {}, 'Query');
  const since = sinceOf(current, parameters['ClientVersionStamp']);
  const { history } = current.customization;
  const where = criteriaOf(entityMetadata, query.object('Criteria'));
  const languages = query.object('LabelQuery')?.list('FilterLanguages').map(Number);
  const shape = shapeOf(entityMetadata, selectOf(query), where, expandsOf(query));
  const changed = tablesOf(current).filter(
    (each) => since === undefined || (history.tables[String(each.read('LogicalName'))] ?? 0) > since,
  );
  return {
    EntityMetadata: changed
      .filter((each) => where?.(each) !== false)
      .map((each) => complexJson(each, shape, languages === undefined ? undefined : new Set(languages))),
    ServerVersionStamp: versionStamp(current),
    DeletedMetadata: deletedSince(current, since, parameters['DeletedMetadataFilters']),
  };
}

/** Number in a client's stamp; `undefined` without one. Refused when what happened since is not known any more. */
function sinceOf({ customization: { history } }: DefinitionsInForce, stamp: unknown): number | undefined {
  if (stamp === undefined || stamp === null || stamp === '') return undefined;
  const [, number, version] = /^(\d{1,15})!([0-9a-f]+)$/.exec(String(stamp)) ?? [];
  const since = Number(number);
  if (version !== builtInVersion || since < history.since || since > history.stamp)
    throw refuseDefinition.expiredStamp();
  return since;
}

const navigations = {
  AttributeQuery: ['Attributes'],
  KeyQuery: ['Keys'],
  RelationshipQuery: ['OneToManyRelationships', 'ManyToOneRelationships', 'ManyToManyRelationships'],
} as const;

function expandsOf(query: DefinitionBody): readonly DefinitionExpand[] {
  return Object.entries(navigations).flatMap(([member, names]) => {
    const inner = query.object(member);
    if (inner === undefined) return [];
    return names.map((name) => {
      const type = entityMetadata.navigation.get(name)?.target() ?? entityMetadata;
      return expandOf(name, selectOf(inner), criteriaOf(type, inner.object('Criteria')));
    });
  });
}

function selectOf(query: DefinitionBody): ReadonlySet<string> | undefined {
  const properties = query.object('Properties');
  if (properties === undefined || properties.flag('AllProperties') === true) return undefined;
  const names = properties.list('PropertyNames');
  if (!names.every((name): name is string => typeof name === 'string'))
    throw refuseChange.payload("'PropertyNames' must be texts.");
  // Derived types have properties that their base has not; names that nothing has select nothing, as in the product.
  return new Set([...names, 'MetadataId', 'LogicalName', 'SchemaName', 'HasChanged']);
}

/** `DeletedMetadataFilters`: which kinds of deleted definitions are told of. */
const deletedKinds: Readonly<Record<string, readonly string[]>> = {
  Default: ['Entity'],
  Entity: ['Entity'],
  Attribute: ['Attribute'],
  Relationship: ['Relationship'],
  OptionSet: ['OptionSet'],
  All: ['Entity', 'Attribute', 'Relationship', 'OptionSet'],
};

/** A dictionary of lists of ids by kind, in the form in which the product writes dictionaries. */
function deletedSince({ customization }: DefinitionsInForce, since: number | undefined, filters: unknown): Members {
  const words = typeof filters === 'string' ? filters.split(',').map((word) => word.trim()) : [];
  const kinds = new Set(
    words.flatMap((word) => {
      const found = Object.hasOwn(deletedKinds, word) ? deletedKinds[word] : undefined;
      if (found === undefined) throw refuseDefinition.enumMember(word, `${namespace}DeletedMetadataFilters`);
      return found;
    }),
  );
  const ids = new Map<string, string[]>();
  for (const { stamp, kind, id } of customization.history.deleted) {
    if (since === undefined || stamp <= since || !kinds.has(kind)) continue;
    ids.set(kind, [...(ids.get(kind) ?? []), id]);
  }
  return {
    Count: ids.size,
    IsReadOnly: false,
    Keys: [...ids.keys()],
    Values: [...ids.values()].map((list) => ({ Count: list.length, IsReadOnly: false, Items: list })),
  };
}
