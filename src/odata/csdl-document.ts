import type { Column, Model, Navigation, Table } from '../metadata/table.ts';
import type { Annotations } from './csdl-annotations.ts';
import { apiCapabilities, type SetWrites, setCapabilities } from './csdl-capabilities.ts';
import {
  type ComplexTypeDefinition,
  type EnumTypeDefinition,
  entityMessages,
  entityMessageTypes,
  type MessageDefinition,
  messageComplexTypes,
  messageEnums,
  messages,
  setMessages,
} from './csdl-messages.ts';
import { edmType } from './edm-type.ts';

export const namespace = 'Microsoft.Dynamics.CRM';
export const alias = 'mscrm';
export const containerName = 'System';
/** Abstract type that all tables extend; without properties, as in the real product. */
export const baseType = 'crmbaseentity';
/** Vocabularies whose terms are used. */
export const vocabularies = ['Org.OData.Core.V1', 'Org.OData.Capabilities.V1'] as const;

export interface MetadataOptions {
  /**
   * `?annotations=true`: also say what is described, computed and immutable, and what each set can do (OData vocabularies
   * Core and Capabilities).
   */
  readonly annotations?: AnnotationFacts;
  /** False: without the actions of Human Resources on rows, which the real product does not publish. */
  readonly hasEntityActions?: boolean;
}

/** What annotations say that the model does not know. */
export interface AnnotationFacts {
  /** Does the API keep to what the real product takes? */
  readonly isStrict: boolean;
  readonly writesOf: (table: Table) => SetWrites;
}

/** The `$metadata` document as data. Types are written as in XML: `Collection(mscrm.role)`. */
export interface CsdlDocument {
  readonly isAnnotated: boolean;
  readonly enums: readonly EnumTypeDefinition[];
  readonly complexTypes: readonly ComplexTypeDefinition[];
  readonly entityTypes: readonly CsdlEntityType[];
  readonly operations: readonly CsdlOperation[];
  readonly sets: readonly CsdlSet[];
  /** Operations that are called on the service root. */
  readonly imports: readonly CsdlOperation[];
  /** Of the container. */
  readonly annotations: Annotations;
}

export interface CsdlEntityType {
  readonly name: string;
  readonly key: string;
  readonly properties: readonly CsdlProperty[];
  readonly navigations: readonly CsdlNavigation[];
  readonly annotations: Annotations;
}

export interface CsdlProperty {
  readonly name: string;
  readonly type: string;
  readonly isNullable: boolean;
  readonly maxLength: number | undefined;
  readonly scale: number | undefined;
  readonly annotations: Annotations;
}

export interface CsdlNavigation {
  readonly name: string;
  readonly type: string;
  readonly isNullable: boolean;
  readonly partner: string | undefined;
  readonly constraint: { readonly property: string; readonly referenced: string } | undefined;
}

export interface CsdlOperation {
  readonly kind: 'function' | 'action';
  readonly name: string;
  readonly isBound: boolean;
  /** `Type?` may be absent. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly returnType: string | undefined;
}

export interface CsdlSet {
  readonly name: string;
  readonly type: string;
  /** Navigation property to the entity set that it leads to. */
  readonly bindings: Readonly<Record<string, string>>;
  readonly annotations: Annotations;
}

/**
 * What `$metadata` says (OData CSDL, dataverse-web-api 4.12): every table of the Web API as an entity type and an entity
 * set, and the functions and actions that exist. Hidden columns, intersects and administration tables are not in it.
 */
export function describeModel(model: Model, options: MetadataOptions = {}): CsdlDocument {
  const facts = options.annotations;
  const isAnnotated = facts !== undefined;
  const hasActions = options.hasEntityActions ?? true;
  const callable = [...messages, ...(hasActions ? entityMessages : [])];
  const offered = callable.flatMap((message) => operationsOf(model, message));
  const tables = [...model.entitySet.values()];
  return {
    isAnnotated,
    enums: messageEnums,
    complexTypes: [...messageComplexTypes, ...(hasActions ? entityMessageTypes(model.table) : [])],
    entityTypes: tables.map((table) => entityType(model, table, isAnnotated)),
    operations: [...offered, ...setMessages.map(setOperation)],
    sets: tables.map((table) => ({
      name: table.entitySetName,
      type: `${namespace}.${table.logicalName}`,
      bindings: Object.fromEntries(navigationsOf(model, table).map(({ name, target }) => [name, target.entitySetName])),
      annotations:
        facts === undefined ? {} : setCapabilities(table, navigationsOf(model, table), facts.writesOf(table)),
    })),
    imports: offered.filter(({ isBound }) => !isBound),
    annotations: facts === undefined ? {} : apiCapabilities(facts.isStrict),
  };
}

function entityType(model: Model, table: Table, isAnnotated: boolean): CsdlEntityType {
  return {
    name: table.logicalName,
    key: table.primaryKey.property,
    properties: [...table.property.values()].map((column) => property(column, isAnnotated)),
    navigations: navigationsOf(model, table).map(navigationProperty),
    annotations: isAnnotated ? { 'Org.OData.Core.V1.Description': table.purpose } : {},
  };
}

function property(column: Column, isAnnotated: boolean): CsdlProperty {
  const isKey = column === column.table.primaryKey;
  return {
    name: column.property,
    type: edmType(column),
    isNullable: !(isKey || (mustBeGiven(column) && column.type !== 'Lookup')),
    maxLength: column.isText ? column.maxLength : undefined,
    scale: column.type === 'Decimal' ? column.scale : undefined,
    annotations: isAnnotated ? columnAnnotations(column) : {},
  };
}

/**
 * `Nullable="false"` is a demand on clients, and generated types pass it on: the key, and what a create is refused without.
 * Not what the system fills in or copies from another row, nor `_x_value`, which is written through its navigation property.
 */
function mustBeGiven(column: Column): boolean {
  return column.required === true && column.requiredOnCreate === true;
}

const columnAnnotations = ({ description, access }: Column): Annotations => ({
  ...(description !== undefined && { 'Org.OData.Core.V1.Description': description }),
  ...(access === 'read-only' && { 'Org.OData.Core.V1.Computed': true }),
  ...(access === 'write-once' && { 'Org.OData.Core.V1.Immutable': true }),
});

function navigationProperty(navigation: Navigation): CsdlNavigation {
  const { name, target } = navigation;
  const type = `${alias}.${target.logicalName}`;
  const partner = partnerOf(navigation);
  if (navigation.kind !== 'single') {
    return { name, type: `Collection(${type})`, isNullable: true, partner, constraint: undefined };
  }
  const constraint = { property: navigation.column.property, referenced: target.primaryKey.property };
  return { name, type, isNullable: !mustBeGiven(navigation.column), partner, constraint };
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

/** One for each type that the message is bound to. */
function operationsOf(model: Model, { boundTo, ...message }: MessageDefinition): readonly CsdlOperation[] {
  if (boundTo === undefined) return [operation(message, undefined)];
  const tables = typeof boundTo === 'string' ? [boundTo] : boundTo;
  return tables.filter((table) => model.table.has(table)).map((table) => operation(message, table));
}

function operation(
  { kind, name, parameters, returnType }: Omit<MessageDefinition, 'boundTo'>,
  boundTo: string | undefined,
): CsdlOperation {
  const bound = boundTo === undefined ? {} : { entity: `${alias}.${boundTo}` };
  return { kind, name, isBound: boundTo !== undefined, parameters: { ...bound, ...parameters }, returnType };
}

const setOperation = ({ name, parameters, returnType }: (typeof setMessages)[number]): CsdlOperation => ({
  kind: 'action',
  name,
  isBound: true,
  parameters: { entityset: `Collection(${alias}.${baseType})`, ...parameters },
  returnType,
});
