import { type Problem, Refusal, type Stage } from '../kernel/refusal.ts';
import type { Column, Table } from '../metadata/table.ts';

/**
 * Statuses and codes of the Web API's refusals (dataverse-web-api 4.5 and 4.6). Builds of the real product differ in
 * some of them (section 8 there); this table is the one place to correct.
 */
const codes = {
  resourceNotFound: { status: 404, code: '0x8006088a' },
  noHttpResource: { status: 404, code: '' },
  methodNotAllowed: { status: 405, code: '' },
  urlTooLong: { status: 414, code: '0x80060888' },
  batchAnswer: { status: 413, code: '0x80060888' },
  mediaType: { status: 415, code: '0x80060888' },
  /** Bad OData: syntax, unknown names, wrong types, limits. */
  badRequest: { status: 400, code: '0x80060888' },
  notSupported: { status: 501, code: '0x80060888' },
  payload: { status: 400, code: '0x80048d19' },
  invalidArgument: { status: 400, code: '0x80040203' },
  tooLong: { status: 400, code: '0x80044331' },
  decimalRange: { status: 400, code: '0x80044330' },
  integerRange: { status: 400, code: '0x8004432f' },
  invalidOption: { status: 400, code: '0x80048408' },
  mandatoryField: { status: 400, code: '0x80040265' },
  keyNotDefined: { status: 400, code: '0x80060890' },
  noChangeTracking: { status: 400, code: '0x80072491' },
  aggregateType: { status: 400, code: '0x8004112f' },
  duplicateAlias: { status: 400, code: '0x80041130' },
  queryTimeout: { status: 400, code: '0x80044151' },
  aggregateLimit: { status: 400, code: '0x8004e023' },
  keyNotFound: { status: 404, code: '0x80060891' },
  rowNotFound: { status: 404, code: '0x80040217' },
  versionMismatch: { status: 412, code: '0x80060882' },
  alreadyExists: { status: 412, code: '0x80060891' },
  methodNotSupported: { status: 400, code: '0x80040800' },
  duplicateKey: { status: 412, code: '0x80040237' },
  duplicateAlternateKey: { status: 412, code: '0x80060892' },
} as const satisfies Record<string, { readonly status: number; readonly code: string }>;

type ProblemName = keyof typeof codes;

function refusal(
  name: ProblemName,
  message: string,
  stage: Stage = 'parse',
  headers?: Record<string, string>,
): Refusal {
  return new Refusal(stage, { ...codes[name], message }, undefined, headers);
}

/** A part of a URL, decoded. */
export interface Source {
  readonly text: string;
  /**
   * Which one: the name of a query option or alias (its value), `option <name>`, `segment <number>` of the path; `path` and
   * `query` are not decoded.
   */
  readonly part?: string;
}

/** A position (UTF-16 units from 0) in a decoded query option, path segment or alias. */
export interface Place extends Source {
  readonly at: number;
}

/** A refusal that knows where in the URL the mistake is. */
export class PlacedRefusal extends Refusal {
  readonly place: Place;

  constructor(problem: Problem, place: Place, reason?: string) {
    super('parse', problem, reason);
    this.place = place;
  }
}

const placed = (name: ProblemName, message: string, place: Place | undefined): Refusal =>
  place === undefined ? refusal(name, message) : new PlacedRefusal({ ...codes[name], message }, place);

const echoed = 300;
const quote = (text: string): string => `'${text.length > echoed ? `${text.slice(0, echoed)}…` : text}'`;
const where = (place: Place): string => `at position ${place.at} in ${quote(place.text)}`;
const typeName = (table: Table): string => `Microsoft.Dynamics.CRM.${table.logicalName}`;

/** Every refusal of the parser, and those of writing and reading rows that have the same dialect. */
export const refuse = {
  /** Unknown entity set, function, action, property or navigation property in the path. */
  resourceNotFound: (segment: string, place?: Place): Refusal =>
    placed('resourceNotFound', `Resource not found for the segment ${quote(segment)}.`, place),

  /** A function is found by its parameters, too. */
  noSuchOverload: (segment: string, parameter: string, place: Place): Refusal =>
    placed(
      'resourceNotFound',
      `Resource not found for the segment ${quote(segment)}. (it has no parameter ${quote(parameter)})`,
      place,
    ),

  unknownParameter: (action: string, parameter: string): Refusal =>
    refusal(
      'payload',
      `The parameter ${quote(parameter)} in the request payload is not a valid parameter for the operation '${action}'.`,
    ),

  /** A function called as an action, or the other way round. */
  noHttpResource: (url: string): Refusal =>
    refusal('noHttpResource', `No HTTP resource was found that matches the request URI ${quote(url)}.`),

  methodNotAllowed: (method: string, allowed: readonly string[]): Refusal =>
    refusal('methodNotAllowed', `The requested resource does not support http method '${method}'.`, 'parse', {
      Allow: allowed.join(', '),
    }),

  urlTooLong: (limit: number): Refusal => refusal('urlTooLong', `the URL is longer than ${limit} characters`),

  mediaType: (given: string | undefined): Refusal =>
    refusal('mediaType', `the body must have the content type application/json in UTF-8, not ${quote(given ?? '')}`),

  batchMediaType: (given: string | undefined): Refusal =>
    refusal(
      'mediaType',
      `a batch must have the content type multipart/mixed with a boundary, or application/json, not ${quote(given ?? '')}`,
    ),

  /** The answers of a batch fill more memory than one request may have. */
  batchAnswerTooLarge: (limit: number): Refusal =>
    refusal('batchAnswer', `the answers of the batch are larger than ${limit} bytes; ask for less in one batch`),

  readInChangeSet: (): Refusal =>
    refusal('payload', 'A change set can only hold requests that change data; GET stands outside of it.'),

  /** A message that is not for the rows of this table. */
  methodNotSupported: (method: string, table: Table): Refusal =>
    refusal('methodNotSupported', `The '${method}' method does not support entities of type '${table.logicalName}'.`),

  /** `$1` in a batch, where nothing in front of it has that id (dataverse-web-api 4.11). */
  noSuchReference: (reference: string): Refusal =>
    refusal('badRequest', `Content-ID Reference: '${reference.slice(0, 100)}' does not exist in the batch context.`),

  /** Operands of a comparison, or an operand of `not`, whose types do not go together. */
  incompatibleTypes: (left: string, right: string, operator: string, place: Place): Refusal =>
    placed(
      'badRequest',
      `A binary operator with incompatible types was detected. Found operand types '${left}' and '${right}' for operator kind '${operator}' ${where(place)}.`,
      place,
    ),

  /** `what` ends before "at position": for example "Syntax error". */
  syntax: (what: string, place: Place): Refusal => placed('badRequest', `${what} ${where(place)}.`, place),

  badRequest: (message: string, place?: Place): Refusal => placed('badRequest', message, place),

  /** Parsed, known to OData or to the real product, but not here or not yet. */
  notSupported: (feature: string, place?: Place): Refusal =>
    placed('notSupported', `${feature} is not supported${place === undefined ? '' : ` ${where(place)}`}.`, place),

  unknownProperty: (name: string, table: Table, place?: Place): Refusal =>
    placed('badRequest', `Could not find a property named '${name}' on type '${typeName(table)}'.`, place),

  limit: (what: string, limit: number, place?: Place): Refusal =>
    placed('badRequest', `the request has more than ${limit} ${what}, the most that is accepted`, place),

  keyNotDefined: (table: Table, place?: Place): Refusal =>
    placed(
      'keyNotDefined',
      `The specified key attributes are not a defined key for the ${table.logicalName} entity`,
      place,
    ),

  noChangeTracking: (table: Table): Refusal =>
    refusal('noChangeTracking', `Entity ${table.logicalName} isn't enabled for change tracking.`),

  /** Malformed JSON and whatever else is wrong with a body as a whole. */
  payload: (subject: string, detail: string): Refusal =>
    refusal('payload', `Error identified in Payload provided by the user for Entity :'${subject}': ${detail}`),

  invalidProperty: (name: string, table: Table): Refusal =>
    refusal('payload', `Invalid property '${name}' was found in entity '${typeName(table)}'.`),

  undeclaredNavigation: (name: string, table: Table): Refusal =>
    refuse.payload(
      table.entitySetName,
      `An undeclared property '${name}' which only has property annotations in the payload but no property value was found in the payload. '${name}' is not a navigation property of '${typeName(table)}'.`,
    ),

  wrongType: (column: Column, expected: string, given: string): Refusal =>
    refuse.payload(
      column.table.entitySetName,
      `Cannot convert the value of property '${column.property}' to the expected type '${expected}': ${given} was given.`,
    ),

  readOnly: (column: Column): Refusal =>
    refusal('invalidArgument', `column '${column.property}' of '${column.table.logicalName}' is read-only`),

  writeOnce: (column: Column): Refusal =>
    refusal(
      'invalidArgument',
      `column '${column.property}' of '${column.table.logicalName}' can only be set when the row is created`,
    ),

  /** A lookup that follows readable columns of the same row. */
  readOnlyLookup: (column: Column, readable: readonly string[]): Refusal =>
    refusal(
      'invalidArgument',
      `lookup '${column.lookup?.navigation ?? column.name}' of '${column.table.logicalName}' is read-only${
        readable.length === 0 ? '' : `; it follows ${readable.map((name) => `'${name}'`).join(', ')}, set that instead`
      }`,
    ),

  /** `@odata.type` of a row that belongs to another table. */
  wrongRowType: (table: Table, given: unknown): Refusal =>
    refuse.payload(
      table.entitySetName,
      `a row of type '${typeName(table)}' is expected, not ${quote(typeof given === 'string' ? given : 'a value that is no text')}.`,
    ),

  lookupByValue: (column: Column): Refusal =>
    refuse.payload(
      column.table.entitySetName,
      `CRM do not support direct update of Entity Reference properties, Use Navigation properties instead. ('${column.property}': use '${column.lookup?.navigation ?? column.name}@odata.bind')`,
    ),

  wrongTarget: (navigation: string, expected: Table, given: Table): Refusal =>
    refusal(
      'payload',
      `'${navigation}' points to rows of '${expected.entitySetName}', but a row of '${given.entitySetName}' was given`,
    ),

  tooLong: (column: Column): Refusal =>
    refusal(
      'tooLong',
      `A validation error occurred. The length of the '${column.name}' attribute of the '${column.table.logicalName}' entity exceeded the maximum allowed length of '${column.maxLength}'.`,
    ),

  outOfRange: (column: Column): Refusal =>
    refusal(
      column.type === 'Decimal' ? 'decimalRange' : 'integerRange',
      `A validation error occurred. The value of '${column.name}' on record of type '${column.table.logicalName}' is outside the valid range.`,
    ),

  invalidOption: (column: Column, value: number, accepted: readonly number[]): Refusal =>
    refusal(
      'invalidOption',
      `A validation error occurred. The value ${value} of '${column.name}' on record of type '${column.table.logicalName}' is outside the valid range. Accepted Values: ${accepted.join(',')}`,
    ),

  /** Virtual tables answer in Human Resources' own words (human-resources-security 6.2). */
  required: (column: Column): Refusal =>
    column.table.kind === 'virtual'
      ? refusal('mandatoryField', `Field '${column.label}' must be filled in.`)
      : refuse.payload(column.table.entitySetName, `property '${column.property}' must have a value`),

  precondition: (header: string): Refusal =>
    refusal('badRequest', `the header ${header} must be *, or a list of ETags such as W/"12345"`),

  /** For example a sum of texts. */
  aggregateType: (name: string, type: string, place: Place): Refusal =>
    placed('aggregateType', `Aggregate ${name} is not supported for attribute of type ${type}.`, place),

  /** Two columns of an answer under one name. */
  duplicateAlias: (name: string, place: Place): Refusal =>
    placed('duplicateAlias', `FetchXML should have unique aliases. (${quote(name)} comes twice)`, place),

  /** A query that would look at too many rows. */
  queryTimeout: (): Refusal =>
    refusal(
      'queryTimeout',
      'SQL timeout expired. The query looks at too many rows: use fewer links, or filter them.',
      'run',
    ),

  /** More rows than are looked at for groups and aggregates. */
  aggregateLimit: (): Refusal =>
    refusal('aggregateLimit', 'AggregateQueryRecordLimit exceeded. Cannot perform this operation.', 'run'),

  rowNotFound: (table: Table, id: string): Refusal =>
    refusal('rowNotFound', `Entity '${table.logicalName}' With Id = ${id} Does Not Exist`, 'run'),

  keyNotFound: (table: Table): Refusal =>
    refusal(
      'keyNotFound',
      `A record with the specified key values does not exist in ${table.logicalName} entity`,
      'run',
    ),

  versionMismatch: (): Refusal =>
    refusal(
      'versionMismatch',
      "The version of the existing record doesn't match the RowVersion property provided.",
      'run',
    ),

  /** `If-None-Match: *` and the row is there. */
  alreadyExists: (): Refusal => refusal('alreadyExists', 'A record with matching key values already exists.', 'run'),

  duplicateKey: (): Refusal => refusal('duplicateKey', 'Cannot insert duplicate key.', 'run'),

  duplicateAlternateKey: (columns: readonly Column[]): Refusal =>
    refusal(
      'duplicateAlternateKey',
      `Entity Key ${columns.map((column) => column.label).join(', ')} violated. A record with the same value for ${columns
        .map((column) => column.name)
        .join(', ')} already exists. A duplicate record cannot be created.`,
      'run',
    ),
} as const;
