import type { Language, Localized } from '../kernel/language.ts';
import type { Column, Table } from '../metadata/table.ts';
import type { Value } from '../odata/query.ts';

/**
 * Business logic of Human Resources says no. The message is what its message log ("infolog") ends with, which is what
 * the caller of a virtual table sees (human-resources-security 6.1, V7), in the language of the Human Resources user; the
 * adapter gives it status and code.
 */
export class Infolog extends Error {
  readonly text: Localized;

  constructor(text: Localized) {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    super(text.en);
    Error.stackTraceLimit = limit;
    this.name = 'Infolog';
    this.text = text;
  }
}

/** Label of a table as Human Resources shows it, without the publisher that Dataverse adds: `Candidate to hire`. */
function entityLabel({ label, labelNb }: Table, language: Language): string {
  const shown = language === 'nb' ? (labelNb ?? label) : label;
  return shown.replace(/ \((?:mshr|mserp)\)$/, '');
}

const columnLabel = ({ label, labelNb }: Column, language: Language): string =>
  language === 'nb' ? (labelNb ?? label) : label;

const valueText = (value: Value): string => (value === null ? '' : String(value));

/** Names of columns and tables in the language of the message. */
interface Names {
  column(column: Column): string;
  table(table: Table): string;
}

const namesIn = (language: Language): Names => ({
  column: (column) => columnLabel(column, language),
  table: (table) => entityLabel(table, language),
});

/** A message log entry by its text in each language. */
const infologOf = (text: Readonly<Record<Language, (names: Names) => string>>): Infolog =>
  new Infolog({ en: text.en(namesIn('en')), nb: text.nb(namesIn('nb')) });

/** The wordings of human-resources-security 6.2, and in their manner where none is published. The Norwegian is ours. */
export const infolog = {
  mustBeFilledIn: (column: Column): Infolog =>
    infologOf({
      en: (names) => `Field '${names.column(column)}' must be filled in.`,
      nb: (names) => `Feltet ${names.column(column)} må fylles ut.`,
    }),

  notFound: (column: Column, value: Value, target: Table): Infolog =>
    infologOf({
      en: (names) =>
        `The value '${valueText(value)}' in field '${names.column(column)}' is not found in the related table '${names.table(target)}'.`,
      nb: (names) =>
        `Finner ikke verdien ${valueText(value)} i feltet ${names.column(column)} i den relaterte tabellen ${names.table(target)}.`,
    }),

  alreadyExists: (table: Table, key: readonly (readonly [Column, Value])[]): Infolog => {
    const values = (names: Names): string =>
      key.map(([column, value]) => `${names.column(column)}: ${valueText(value)}`).join(', ');
    const entity = table.entityName ?? table.logicalName;
    return infologOf({
      en: (names) =>
        `Cannot create a record in ${names.table(table)} (${entity}). ${values(names)}. The record already exists.`,
      nb: (names) =>
        `Kan ikke opprette en post i ${names.table(table)} (${entity}). ${values(names)}. Posten finnes allerede.`,
    });
  },

  hasDependents: (table: Table, dependent: Table): Infolog =>
    infologOf({
      en: (names) => `${names.table(table)} cannot be deleted while dependent ${names.table(dependent)} exist.`,
      nb: (names) => `${names.table(table)} kan ikke slettes så lenge det finnes avhengige ${names.table(dependent)}.`,
    }),

  keyInUse: (column: Column, dependent: Table): Infolog =>
    infologOf({
      en: (names) =>
        `Field '${names.column(column)}' cannot be changed while dependent ${names.table(dependent)} exist.`,
      nb: (names) =>
        `Feltet ${names.column(column)} kan ikke endres så lenge det finnes avhengige ${names.table(dependent)}.`,
    }),

  contradicts: (column: Column, value: Value, lookup: Column): Infolog =>
    infologOf({
      en: (names) =>
        `Field '${names.column(column)}' has the value '${valueText(value)}', which contradicts '${names.column(lookup)}'.`,
      nb: (names) =>
        `Feltet ${names.column(column)} har verdien ${valueText(value)}, som er i strid med ${names.column(lookup)}.`,
    }),

  otherCompany: (lookup: Column, company: Value, target: Value): Infolog =>
    infologOf({
      en: (names) =>
        `'${names.column(lookup)}' belongs to the legal entity '${valueText(target)}', but the record to '${valueText(company)}'.`,
      nb: (names) =>
        `${names.column(lookup)} tilhører den juridiske enheten ${valueText(target)}, men posten tilhører ${valueText(company)}.`,
    }),

  personIsKnown: (given: Column, partyNumber: Value): Infolog =>
    infologOf({
      en: (names) =>
        `Field '${names.column(given)}' cannot be given together with party number '${valueText(partyNumber)}': an existing person keeps its own data.`,
      nb: (names) =>
        `Feltet ${names.column(given)} kan ikke oppgis sammen med partsnummeret ${valueText(partyNumber)}: en eksisterende person beholder sine egne data.`,
    }),
} as const;
