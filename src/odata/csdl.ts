import type { Column, Model, Navigation, Table } from '../metadata/table.ts';
import { type MessageDefinition, messageComplexTypes, messageEnums, messages } from './csdl-messages.ts';
import { edmType } from './edm-type.ts';
import { element } from './xml.ts';

const namespace = 'Microsoft.Dynamics.CRM';
const alias = 'mscrm';
/** Abstract type that all tables extend; without properties, as in the real product. */
const baseType = 'crmbaseentity';
const coreVocabulary = 'Org.OData.Core.V1';

export interface MetadataOptions {
  /** `?annotations=true`: also say what is described, computed and immutable (OData Core vocabulary). */
  readonly annotations?: boolean;
}

type Lines = readonly string[];

/**
 * The `$metadata` document (OData CSDL XML 4.0, dataverse-web-api 4.12): every table of the Web API as an entity type and an
 * entity set, and the functions and actions that exist. Hidden columns, intersects and administration tables are not in it.
 */
export function metadataXml(model: Model, options: MetadataOptions = {}): string {
  const annotated = options.annotations === true;
  const offered = messages.filter(({ boundTo }) => boundTo === undefined || model.table.has(boundTo));
  const schema = element(
    'Schema',
    { Namespace: namespace, Alias: alias, xmlns: 'http://docs.oasis-open.org/odata/ns/edm' },
    [
      ...messageTypes(),
      element('EntityType', { Name: baseType, Abstract: true }),
      ...tablesOf(model).map((table) => entityType(model, table, annotated)),
      ...offered.map(operation),
      container(model, offered),
    ],
  );
  const edmx = element('edmx:Edmx', { Version: '4.0', 'xmlns:edmx': 'http://docs.oasis-open.org/odata/ns/edmx' }, [
    annotated ? coreReference : [],
    element('edmx:DataServices', {}, [schema]),
  ]);
  return `<?xml version="1.0" encoding="utf-8"?>\n${edmx.join('\n')}\n`;
}

const messageTypes = (): readonly Lines[] => [
  ...messageEnums.map(({ name, members }) =>
    element(
      'EnumType',
      { Name: name },
      Object.entries(members).map(([Name, Value]) => element('Member', { Name, Value })),
    ),
  ),
  ...messageComplexTypes.map(({ name, isOpen, properties }) =>
    element(
      'ComplexType',
      { Name: name, OpenType: isOpen === true ? true : undefined },
      Object.entries(properties).map(([Name, Type]) => element('Property', { Name, ...typeOf(Type) })),
    ),
  ),
];

/** `Type?` may be absent. */
const typeOf = (type: string) => (type.endsWith('?') ? { Type: type.slice(0, -1) } : { Type: type, Nullable: false });

const coreReference = element(
  'edmx:Reference',
  { Uri: 'https://oasis-tcs.github.io/odata-vocabularies/vocabularies/Org.OData.Core.V1.xml' },
  [element('edmx:Include', { Namespace: coreVocabulary })],
);

const tablesOf = (model: Model): readonly Table[] => [...model.entitySet.values()];

function entityType(model: Model, table: Table, annotated: boolean): Lines {
  return element('EntityType', { Name: table.logicalName, BaseType: `${alias}.${baseType}` }, [
    element('Key', {}, [element('PropertyRef', { Name: table.primaryKey.property })]),
    ...[...table.property.values()].map((column) => property(column, annotated)),
    ...navigationsOf(model, table).map(navigationProperty),
    annotated ? annotation('Description', { String: table.purpose }) : [],
  ]);
}

function property(column: Column, annotated: boolean): Lines {
  const isKey = column === column.table.primaryKey;
  return element(
    'Property',
    {
      Name: column.property,
      Type: edmType(column),
      Nullable: isKey || (mustBeGiven(column) && column.type !== 'Lookup') ? false : undefined,
      MaxLength: column.isText ? column.maxLength : undefined,
      Scale: column.type === 'Decimal' ? column.scale : undefined,
    },
    annotated ? columnAnnotations(column) : [],
  );
}

/**
 * `Nullable="false"` is a demand on clients, and generated types pass it on: the key, and what a create is refused without.
 * Not what the system fills in or copies from another row, nor `_x_value`, which is written through its navigation property.
 */
function mustBeGiven(column: Column): boolean {
  return column.required === true && column.requiredOnCreate === true;
}

function columnAnnotations(column: Column): readonly Lines[] {
  return [
    column.description === undefined ? [] : annotation('Description', { String: column.description }),
    column.access === 'read-only' ? annotation('Computed', { Bool: true }) : [],
    column.access === 'write-once' ? annotation('Immutable', { Bool: true }) : [],
  ];
}

function annotation(term: string, value: { readonly String: string } | { readonly Bool: boolean }): Lines {
  return element('Annotation', { Term: `${coreVocabulary}.${term}`, ...value });
}

function navigationProperty(navigation: Navigation): Lines {
  const type = `${alias}.${navigation.target.logicalName}`;
  const Type = navigation.kind === 'single' ? type : `Collection(${type})`;
  const constraints =
    navigation.kind === 'single'
      ? [
          element('ReferentialConstraint', {
            Property: navigation.column.property,
            ReferencedProperty: navigation.target.primaryKey.property,
          }),
        ]
      : [];
  const Nullable = navigation.kind === 'single' && mustBeGiven(navigation.column) ? false : undefined;
  return element(
    'NavigationProperty',
    { Name: navigation.name, Type, Nullable, Partner: partnerOf(navigation) },
    constraints,
  );
}

/** Name of the navigation property that leads back; a lookup to a company has none. */
function partnerOf(navigation: Navigation): string | undefined {
  if (navigation.kind === 'single') return navigation.column.lookup?.inverse;
  if (navigation.kind === 'collection') return navigation.column.lookup?.navigation;
  const back = [...navigation.target.navigation.values()].find(
    (other) => other.kind === 'manyToMany' && other.ownColumn === navigation.targetColumn,
  );
  return back?.name;
}

/** Only what leads to a type that is in the document. */
function navigationsOf(model: Model, table: Table): readonly Navigation[] {
  return [...table.navigation.values()].filter(({ target }) => model.entitySet.get(target.entitySetName) === target);
}

function operation(message: MessageDefinition): Lines {
  const bound = message.boundTo === undefined ? {} : { entity: `${alias}.${message.boundTo}` };
  const parameters = Object.entries({ ...bound, ...message.parameters });
  return element(
    message.kind === 'function' ? 'Function' : 'Action',
    { Name: message.name, IsBound: message.boundTo === undefined ? undefined : true },
    [
      ...parameters.map(([Name, Type]) => element('Parameter', { Name, ...typeOf(Type) })),
      message.returnType === undefined ? [] : element('ReturnType', { Type: message.returnType, Nullable: false }),
    ],
  );
}

function container(model: Model, offered: readonly MessageDefinition[]): Lines {
  const imported = offered.filter(({ boundTo }) => boundTo === undefined);
  return element('EntityContainer', { Name: 'System' }, [
    ...tablesOf(model).map((table) => entitySet(model, table)),
    ...imported.map(({ kind, name }) => {
      const target = `${namespace}.${name}`;
      return kind === 'function'
        ? element('FunctionImport', { Name: name, Function: target })
        : element('ActionImport', { Name: name, Action: target });
    }),
  ]);
}

function entitySet(model: Model, table: Table): Lines {
  return element(
    'EntitySet',
    { Name: table.entitySetName, EntityType: `${namespace}.${table.logicalName}` },
    navigationsOf(model, table).map(({ name, target }) =>
      element('NavigationPropertyBinding', { Path: name, Target: target.entitySetName }),
    ),
  );
}
