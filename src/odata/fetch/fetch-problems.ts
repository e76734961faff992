import { type Place, PlacedRefusal } from '../problems.ts';

/** Refusals of FetchXML, all 400: codes and messages of the vendor's list "Web service error codes" (`QueryBuilder…`). */
const fetchProblems = {
  notXml: ['0x80060888', 'Invalid XML'],
  noEntity: ['0x80041102', 'The specified entity was not found.'],
  noAttribute: ['0x80041103', 'The specified attribute does not exist on this entity.'],
  linkTypes: ['0x80041104', "Data Types don't match for the link-entity join attributes."],
  badCondition: ['0x80041106', 'Incorrect filter condition or conditions.'],
  attributeWithAggregate: ['0x80041107', 'Attributes can not be returned when aggregate operation is specified.'],
  invalidValue: ['0x80041108', 'Invalid value specified for type.'],
  invalidAlias: ['0x80041109', 'Invalid alias for aggregate operation.'],
  noSuchAlias: ['0x8004110a', 'The specified alias for the given entity in the condition does not exist.'],
  greaterThanZero: ['0x8004110c', 'A value greater than zero must be specified.'],
  attributePair: ['0x80041111', 'AttributeFrom and AttributeTo must be either both specified or both omitted.'],
  distinct: ['0x80041115', "The only valid values for distinct attribute are 'true', 'false', '1', and '0'."],
  mapping: ['0x80041116', "The only valid values for mapping are 'logical' or 'internal' which is deprecated."],
  linkType: [
    '0x80041117',
    "The only valid values for link-type attribute are 'natural', 'inner','in','exists','matchfirstrowusingcrossapply' and 'outer'.",
  ],
  invalidAggregate: ['0x8004111a', 'An error occurred while processing Aggregates in Query'],
  invalidNode: ['0x8004111c', 'The element node encountered is invalid.'],
  utcOffset: ['0x8004111d', 'The utc-offset attribute is not supported for deserialization.'],
  attributeMissing: ['0x8004111e', 'A required attribute was not specified.'],
  operator: ['0x80041120', 'Unsupported condition operator.'],
  filterType: ['0x80041122', "Unsupported filter type. Valid values are 'and', or 'or'."],
  elementMissing: ['0x80041123', 'A required element was not specified.'],
  linkForOrder: ['0x80041126', 'Converting from Query to EntityExpression failed. Link Node for order was not found.'],
  otherEntity: [
    '0x80041128',
    'The entity name specified in fetchxml does not match the entity name specified in the Entity or Query Expression.',
  ],
  cookieOrder: ['0x80041129', 'Order by columns do not match those in paging cookie.'],
  cookie: ['0x8004112a', 'Invalid page number in paging cookie.'],
  noAttributesDistinct: ['0x8004112c', 'The no-attrs tag cannot be used in conjuction with Distinct set to true.'],
  groupBy: ['0x8004112e', "The only valid values for groupby attribute are 'true', 'false', '1', and '0'."],
  attributeInAggregateOrder: [
    '0x80041131',
    'An attribute cannot be specified for an order clause for an aggregate Query. Use an alias.',
  ],
  aliasInOrder: [
    '0x80041132',
    'An alias cannot be specified for an order clause for a non-aggregate Query. Use an attribute.',
  ],
  attributeRequiredInOrder: ['0x80041133', 'An attribute is required for an order clause for a non-aggregate Query.'],
  aliasRequiredInOrder: ['0x80041134', 'An alias is required for an order clause for an aggregate Query.'],
  dateGrouping: ['0x80041135', 'An invalid value was specified for dategrouping.'],
  groupAndAggregate: ['0x80041137', 'An attribute can either be an aggregate or a Group By but not both'],
  tooManyLinks: ['0x8004430d', 'Number of link entities in query exceeded maximum limit.'],
} as const satisfies Record<string, readonly [code: string, message: string]>;

export type FetchProblem = keyof typeof fetchProblems;

/** A refusal of a FetchXML document, with what is wrong and where. */
export function refuseFetch(problem: FetchProblem, detail: string, place: Place): PlacedRefusal {
  const [code, message] = fetchProblems[problem];
  const text = `${message} (${detail.slice(0, 200)}, at position ${place.at} of fetchXml)`;
  return new PlacedRefusal({ status: 400, code, message: text }, place);
}
