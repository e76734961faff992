import { Refusal } from '../../kernel/refusal.ts';

const refusal = (status: number, code: string, message: string): Refusal =>
  new Refusal('run', { status, code, message });

const short = (text: string): string => (text.length > 100 ? `${text.slice(0, 100)}…` : text);

/**
 * What changes of definitions are refused with. Codes are the real product's where they are published (learn.microsoft.com,
 * "Web service error codes"); where no code is known to belong, `0x80040203` (invalid argument) stands, and the words are
 * ours.
 */
export const refuseChange = {
  payload: (detail: string): Refusal =>
    refusal(400, '0x80048d19', `Error identified in Payload provided by the user for Metadata Entity: ${detail}`),

  invalid: (message: string): Refusal => refusal(400, '0x80040203', message),

  /** Asked for, and known to the real product, but not built. */
  notBuilt: (what: string): Refusal =>
    refusal(501, '0x80040315', `${what} is not implemented in this version of Portvakt`),

  schemaName: (name: string, why: string): Refusal =>
    refusal(400, '0x80040203', `Schema name '${short(name)}' is invalid: ${why}.`),

  /** DuplicateName, and for tables InvalidSchemaName. */
  tableExists: (name: string): Refusal =>
    refusal(
      400,
      '0x8004700b',
      `An entity with the specified name '${short(name)}' already exists. Please specify a unique name.`,
    ),

  exists: (what: string, name: string): Refusal =>
    refusal(400, '0x80047010', `An object with the specified name already exists: ${what} '${short(name)}'.`),

  columnExists: (name: string, table: string): Refusal =>
    refusal(
      400,
      '0x80047013',
      `An attribute with the specified name '${short(name)}' already exists for entity '${table}'.`,
    ),

  /** FieldLevelSecurityNotSupported. */
  notSecurable: (table: string): Refusal =>
    refusal(400, '0x80044817', `Column security is not supported for virtual entities: '${short(table)}' is one.`),

  navigationTaken: (name: string): Refusal =>
    refusal(
      400,
      '0x80048834',
      `Attribute name ${short(name)} conflict with NavigationProerty name on entity. Please use unique name for attribute.`,
    ),

  primaryName: (table: string): Refusal =>
    refusal(
      400,
      '0x8004701e',
      `The entity '${table}' must have exactly one attribute with IsPrimaryName, a text column: an entity can only have one primary name attribute.`,
    ),

  managed: (what: string, name: string): Refusal =>
    refusal(
      400,
      '0x8004f012',
      `You cannot update ${what} ${short(name)}. Updates cannot be performed when ${what} is managed.`,
    ),

  columnsFixed: (table: string): Refusal =>
    refusal(400, '0x80090419', `Can't add an attribute to entity '${table}', it's not supported.`),

  systemColumn: (name: string): Refusal =>
    refusal(400, '0x80047009', `The specified attribute is not a custom attribute: '${name}'.`),

  inUse: (what: string, name: string, by: readonly string[]): Refusal =>
    refusal(
      400,
      '0x8004f01f',
      `The ${what}(${short(name)}) component cannot be deleted because it is referenced by ${by.length} other components: ${by.slice(0, 10).join(', ')}.`,
    ),

  virtualManyToMany: (): Refusal =>
    refusal(400, '0x80044820', 'Many-to-many relationships are not supported for virtual entities.'),

  language: (code: number): Refusal =>
    refusal(400, '0x80040203', `The language ${code} is not provisioned: labels may be in 1033 and 1044.`),

  noBaseLabel: (name: string): Refusal =>
    refusal(400, '0x80040203', `'${name}' must have a label in the base language 1033.`),

  optionExists: (value: number): Refusal =>
    refusal(400, '0x80047010', `An object with the specified name already exists: the option with the value ${value}.`),

  noOption: (value: number): Refusal =>
    refusal(400, '0x80048403', `The option with the value ${value} does not exist.`),

  optionRange: (value: number): Refusal =>
    refusal(400, '0x80061005', `The option value ${value} is outside the valid range 0 to 2147483647.`),

  noFreeOption: (): Refusal => refusal(400, '0x8004431f', 'There is no free option value left.'),

  /** Options can be added to picklist and status columns only. */
  notPicklist: (what: string): Refusal =>
    refusal(400, '0x80044320', `Options can be added to picklist and status columns only, not to '${short(what)}'.`),

  optionsFixed: (name: string): Refusal =>
    refusal(
      400,
      '0x80048403',
      `The options of '${short(name)}' are those of Human Resources and cannot be added, deleted or ordered here.`,
    ),

  noChoice: (name: string): Refusal =>
    refusal(404, '0x80040217', `Could not find OptionSetMetadata with Name = ${short(name)}.`),

  stateOnly: (value: number, name: string): Refusal =>
    refusal(
      400,
      '0x80090418',
      `Can't update '${value}' of optionset '${short(name)}', For State Options you can update only DisplayName, Description and DefaultStatusCode.`,
    ),

  duplicateRows: (table: string, columns: readonly string[]): Refusal =>
    refusal(
      412,
      '0x80040237',
      `The key cannot be made: rows of '${table}' have the same values in ${columns.join(', ')}.`,
    ),

  /** Of ours: the real product makes its tables itself. */
  roleLimited: (role: string): Refusal =>
    refusal(
      409,
      '0x80040203',
      `The database role ${role} may change rows only, so tables and columns cannot be made or changed: serve with the URL of the owner of the database meanwhile.`,
    ),

  limit: (what: string, limit: number): Refusal =>
    refusal(400, '0x80040203', `more than ${limit} ${what} are not accepted`),
} as const;

/** Definitions change in a transaction of their own, and one at a time. */
export const definitionsTogether = 'metadata in a change set with other requests';
