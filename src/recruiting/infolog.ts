import type { Column, Table } from '../metadata/table.ts';
import type { Value } from '../odata/query.ts';

/**
 * Business logic of Human Resources says no. The message is what its message log ("infolog") ends with, which is what
 * the caller of a virtual table sees (human-resources-security 6.1, V7); the adapter gives it status and code.
 */
export class Infolog extends Error {
  constructor(message: string) {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    super(message);
    Error.stackTraceLimit = limit;
    this.name = 'Infolog';
  }
}

/** Label of a table as Human Resources shows it, without the publisher that Dataverse adds: `Candidate to hire`. */
const entityLabel = (table: Table): string => table.label.replace(/ \((?:mshr|mserp)\)$/, '');

const valueText = (value: Value): string => (value === null ? '' : String(value));

/** The wordings of human-resources-security 6.2, and in their manner where none is published. */
export const infolog = {
  mustBeFilledIn: (column: Column): Infolog => new Infolog(`Field '${column.label}' must be filled in.`),

  notFound: (column: Column, value: Value, target: Table): Infolog =>
    new Infolog(
      `The value '${valueText(value)}' in field '${column.label}' is not found in the related table '${entityLabel(target)}'.`,
    ),

  alreadyExists: (table: Table, key: readonly (readonly [Column, Value])[]): Infolog => {
    const values = key.map(([column, value]) => `${column.label}: ${valueText(value)}`).join(', ');
    return new Infolog(
      `Cannot create a record in ${entityLabel(table)} (${table.entityName ?? table.logicalName}). ${values}. The record already exists.`,
    );
  },

  hasDependents: (table: Table, dependent: Table): Infolog =>
    new Infolog(`${entityLabel(table)} cannot be deleted while dependent ${entityLabel(dependent)} exist.`),

  keyInUse: (column: Column, dependent: Table): Infolog =>
    new Infolog(`Field '${column.label}' cannot be changed while dependent ${entityLabel(dependent)} exist.`),

  contradicts: (column: Column, value: Value, lookup: Column): Infolog =>
    new Infolog(`Field '${column.label}' has the value '${valueText(value)}', which contradicts '${lookup.label}'.`),

  otherCompany: (lookup: Column, company: Value, target: Value): Infolog =>
    new Infolog(
      `'${lookup.label}' belongs to the legal entity '${valueText(target)}', but the record to '${valueText(company)}'.`,
    ),

  personIsKnown: (given: Column, partyNumber: Value): Infolog =>
    new Infolog(
      `Field '${given.label}' cannot be given together with party number '${valueText(partyNumber)}': an existing person keeps its own data.`,
    ),
} as const;
