import type { Model } from '../metadata/table.ts';
import { type Annotations, type AnnotationValue, isList, PropertyNames } from './csdl-annotations.ts';
import {
  alias,
  baseType,
  type CsdlDocument,
  type CsdlEntityType,
  type CsdlNavigation,
  type CsdlOperation,
  type CsdlProperty,
  type CsdlSet,
  containerName,
  describeModel,
  type MetadataOptions,
  namespace,
  vocabularies,
} from './csdl-document.ts';

type Json = string | boolean | number | readonly Json[] | { readonly [member: string]: Json };
type JsonObject = Readonly<Record<string, Json>>;

/** The `$metadata` document in JSON (OData CSDL JSON 4.01): the same as the one in XML says. */
export function metadataJson(model: Model, options: MetadataOptions = {}): string {
  const document = describeModel(model, options);
  return JSON.stringify({
    $Version: '4.01',
    $EntityContainer: `${namespace}.${containerName}`,
    ...(document.isAnnotated && { $Reference: Object.fromEntries(vocabularies.map(reference)) }),
    [namespace]: {
      $Alias: alias,
      ...messageTypes(document),
      [baseType]: { $Kind: 'EntityType', $Abstract: true },
      ...Object.fromEntries(document.entityTypes.map((type) => [type.name, entityType(type)])),
      ...operationsOf(document),
      [containerName]: container(document),
    },
  });
}

const reference = (vocabulary: string): [string, Json] => [
  `https://oasis-tcs.github.io/odata-vocabularies/vocabularies/${vocabulary}.json`,
  { $Include: [{ $Namespace: vocabulary }] },
];

const messageTypes = ({ enums, complexTypes }: CsdlDocument): JsonObject => ({
  ...Object.fromEntries(enums.map(({ name, members }) => [name, { $Kind: 'EnumType', ...members }])),
  ...Object.fromEntries(
    complexTypes.map(({ name, isOpen, properties }) => [
      name,
      {
        $Kind: 'ComplexType',
        ...(isOpen === true && { $OpenType: true }),
        ...Object.fromEntries(Object.entries(properties).map(([property, type]) => [property, optionalType(type)])),
      },
    ]),
  ),
});

const entityType = ({ key, properties, navigations, annotations }: CsdlEntityType): JsonObject => ({
  $Kind: 'EntityType',
  $BaseType: `${alias}.${baseType}`,
  $Key: [key],
  ...Object.fromEntries(properties.map((property) => [property.name, propertyOf(property)])),
  ...Object.fromEntries(navigations.map((navigation) => [navigation.name, navigationProperty(navigation)])),
  ...annotate(annotations),
});

/** Texts need no type, and what is not nullable says nothing. */
const propertyOf = ({ type, isNullable, maxLength, scale, annotations }: CsdlProperty): JsonObject => ({
  ...typeOf(type),
  ...(isNullable && { $Nullable: true }),
  ...(maxLength !== undefined && { $MaxLength: maxLength }),
  ...(scale !== undefined && { $Scale: scale }),
  ...annotate(annotations),
});

const navigationProperty = ({ type, isNullable, partner, constraint }: CsdlNavigation): JsonObject => ({
  $Kind: 'NavigationProperty',
  ...typeOf(type),
  ...(isNullable && !type.startsWith('Collection(') && { $Nullable: true }),
  ...(partner !== undefined && { $Partner: partner }),
  ...(constraint !== undefined && { $ReferentialConstraint: { [constraint.property]: constraint.referenced } }),
});

/** A function that is bound to several types comes once for each, under one name. */
function operationsOf({ operations }: CsdlDocument): JsonObject {
  const byName: Record<string, JsonObject[]> = {};
  for (const message of operations) byName[message.name] = [...(byName[message.name] ?? []), operation(message)];
  return byName;
}

const operation = ({ kind, isBound, parameters, returnType }: CsdlOperation): JsonObject => ({
  $Kind: kind === 'function' ? 'Function' : 'Action',
  ...(isBound && { $IsBound: true }),
  $Parameter: Object.entries(parameters).map(([name, type]) => ({ $Name: name, ...optionalType(type) })),
  ...(returnType !== undefined && { $ReturnType: typeOf(returnType) }),
});

const container = ({ sets, imports, annotations }: CsdlDocument): JsonObject => ({
  $Kind: 'EntityContainer',
  ...Object.fromEntries(sets.map((set) => [set.name, entitySet(set)])),
  ...Object.fromEntries(
    imports.map(({ kind, name }) => [
      name,
      { [kind === 'function' ? '$Function' : '$Action']: `${namespace}.${name}` },
    ]),
  ),
  ...annotate(annotations),
});

const entitySet = ({ type, bindings, annotations }: CsdlSet): JsonObject => ({
  $Collection: true,
  $Type: type,
  ...(Object.keys(bindings).length > 0 && { $NavigationPropertyBinding: bindings }),
  ...annotate(annotations),
});

/** `Type?` may be absent. */
const optionalType = (type: string): JsonObject =>
  type.endsWith('?') ? { ...typeOf(type.slice(0, -1)), $Nullable: true } : typeOf(type);

function typeOf(type: string): JsonObject {
  const item = /^Collection\((.*)\)$/.exec(type)?.[1];
  const single = item ?? type;
  return { ...(item !== undefined && { $Collection: true }), ...(single !== 'Edm.String' && { $Type: single }) };
}

const annotate = (annotations: Annotations): JsonObject =>
  Object.fromEntries(Object.entries(annotations).map(([term, value]) => [`@${term}`, plainValue(value)]));

function plainValue(value: AnnotationValue): Json {
  if (typeof value !== 'object') return value;
  if (value instanceof PropertyNames) return value.names;
  if (isList(value)) return value.map(plainValue);
  return Object.fromEntries(Object.entries(value).map(([property, inner]) => [property, plainValue(inner)]));
}
