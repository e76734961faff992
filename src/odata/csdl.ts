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
import { element, textElement } from './xml.ts';

type Lines = readonly string[];

/** The `$metadata` document in XML (OData CSDL XML 4.0). */
export function metadataXml(model: Model, options: MetadataOptions = {}): string {
  const document = describeModel(model, options);
  const schema = element(
    'Schema',
    { Namespace: namespace, Alias: alias, xmlns: 'http://docs.oasis-open.org/odata/ns/edm' },
    [
      ...messageTypes(document),
      element('EntityType', { Name: baseType, Abstract: true }),
      ...document.entityTypes.map(entityType),
      ...document.operations.map(operation),
      container(document),
    ],
  );
  const edmx = element('edmx:Edmx', { Version: '4.0', 'xmlns:edmx': 'http://docs.oasis-open.org/odata/ns/edmx' }, [
    ...(document.isAnnotated ? vocabularies.map(reference) : []),
    element('edmx:DataServices', {}, [schema]),
  ]);
  return `<?xml version="1.0" encoding="utf-8"?>\n${edmx.join('\n')}\n`;
}

const reference = (vocabulary: string): Lines =>
  element('edmx:Reference', { Uri: `https://oasis-tcs.github.io/odata-vocabularies/vocabularies/${vocabulary}.xml` }, [
    element('edmx:Include', { Namespace: vocabulary }),
  ]);

const messageTypes = ({ enums, complexTypes }: CsdlDocument): readonly Lines[] => [
  ...enums.map(({ name, members }) =>
    element(
      'EnumType',
      { Name: name },
      Object.entries(members).map(([Name, Value]) => element('Member', { Name, Value })),
    ),
  ),
  ...complexTypes.map(({ name, isOpen, properties }) =>
    element(
      'ComplexType',
      { Name: name, OpenType: isOpen === true ? true : undefined },
      Object.entries(properties).map(([Name, Type]) => element('Property', { Name, ...typeOf(Type) })),
    ),
  ),
];

/** `Type?` may be absent. */
const typeOf = (type: string) => (type.endsWith('?') ? { Type: type.slice(0, -1) } : { Type: type, Nullable: false });

const entityType = ({ name, key, properties, navigations, annotations }: CsdlEntityType): Lines =>
  element('EntityType', { Name: name, BaseType: `${alias}.${baseType}` }, [
    element('Key', {}, [element('PropertyRef', { Name: key })]),
    ...properties.map(property),
    ...navigations.map(navigationProperty),
    ...annotate(annotations),
  ]);

const property = ({ name, type, isNullable, maxLength, scale, annotations }: CsdlProperty): Lines =>
  element(
    'Property',
    { Name: name, Type: type, Nullable: isNullable ? undefined : false, MaxLength: maxLength, Scale: scale },
    annotate(annotations),
  );

const navigationProperty = ({ name, type, isNullable, partner, constraint }: CsdlNavigation): Lines =>
  element(
    'NavigationProperty',
    { Name: name, Type: type, Nullable: isNullable ? undefined : false, Partner: partner },
    constraint === undefined
      ? []
      : [
          element('ReferentialConstraint', {
            Property: constraint.property,
            ReferencedProperty: constraint.referenced,
          }),
        ],
  );

const operation = ({ kind, name, isBound, parameters, returnType }: CsdlOperation): Lines =>
  element(kind === 'function' ? 'Function' : 'Action', { Name: name, IsBound: isBound ? true : undefined }, [
    ...Object.entries(parameters).map(([Name, Type]) => element('Parameter', { Name, ...typeOf(Type) })),
    returnType === undefined ? [] : element('ReturnType', { Type: returnType, Nullable: false }),
  ]);

const container = ({ sets, imports, annotations }: CsdlDocument): Lines =>
  element('EntityContainer', { Name: containerName }, [
    ...sets.map(entitySet),
    ...imports.map(({ kind, name }) => {
      const target = `${namespace}.${name}`;
      return kind === 'function'
        ? element('FunctionImport', { Name: name, Function: target })
        : element('ActionImport', { Name: name, Action: target });
    }),
    ...annotate(annotations),
  ]);

const entitySet = ({ name, type, bindings, annotations }: CsdlSet): Lines =>
  element('EntitySet', { Name: name, EntityType: type }, [
    ...Object.entries(bindings).map(([Path, Target]) => element('NavigationPropertyBinding', { Path, Target })),
    ...annotate(annotations),
  ]);

const annotate = (annotations: Annotations): readonly Lines[] =>
  Object.entries(annotations).map(([Term, value]) => withValue('Annotation', { Term }, value));

/** An element with a value: constants are attributes, lists and records elements inside it. */
function withValue(name: string, attributes: Readonly<Record<string, string>>, value: AnnotationValue): Lines {
  if (typeof value === 'string') return element(name, { ...attributes, String: value });
  if (typeof value === 'boolean') return element(name, { ...attributes, Bool: value });
  if (typeof value === 'number') return element(name, { ...attributes, Int: value });
  return element(name, attributes, [collectionOrRecord(value)]);
}

function collectionOrRecord(value: Exclude<AnnotationValue, string | boolean | number>): Lines {
  if (value instanceof PropertyNames) {
    return element(
      'Collection',
      {},
      value.names.map((name) => textElement(value.kind, name)),
    );
  }
  if (isList(value)) return element('Collection', {}, value.map(item));
  return element(
    'Record',
    {},
    Object.entries(value).map(([Property, inner]) => withValue('PropertyValue', { Property }, inner)),
  );
}

function item(value: AnnotationValue): Lines {
  if (typeof value === 'string') return textElement('String', value);
  if (typeof value === 'boolean') return textElement('Bool', String(value));
  if (typeof value === 'number') return textElement('Int', String(value));
  return collectionOrRecord(value);
}
