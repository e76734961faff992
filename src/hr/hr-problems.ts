import type { Language, Localized } from '../kernel/language.ts';
import type { Problem } from '../kernel/refusal.ts';
import type { Column, Table } from '../metadata/table.ts';
import type { HrLevel } from './level.ts';

/**
 * How every refusal of the second gate travels: the adapter is a plug-in, and what a plug-in throws is 400 with this
 * code (human-resources-security 7, open point U1). To answer 403 instead, change it here and nowhere else.
 */
const secondGateRefusal = { status: 400, code: '0x80040265' } as const;

/**
 * A problem of the second gate, or of the business logic behind it, in the words of the Human Resources user's language.
 * The English is the product's where it is published; the Norwegian is ours.
 */
export const hrProblem = (text: Localized, language: Language): Problem => ({
  ...secondGateRefusal,
  message: text[language],
});

/** The administration tables could not be read after a change. Not a refusal of the gate: it cannot be asked. */
export const securityUnavailable: Problem = {
  status: 503,
  code: '0x80040216',
  message: 'The security data of this environment could not be read. Try again later.',
};

/** V1: the call from Dataverse to Human Resources was itself rejected. The odd grammar is the product's. */
export const platformRejected = (language: Language): Problem =>
  hrProblem(
    {
      en: 'A token was obtained to call Finance and Operations, but the call was rejected by Finance and Operations as not authorized. Verify that the Microsoft Entra application value is specified in the Microsoft Entra application for in Finance and Operations, and that the associated user account has privileges to call the CDSVirtualEntity web service.',
      nb: 'Et token ble hentet for å kalle Finance and Operations, men kallet ble avvist av Finance and Operations som ikke godkjent. Kontroller at verdien for Microsoft Entra-programmet er angitt i Microsoft Entra-programmer i Finance and Operations, og at den tilknyttede brukerkontoen har rettighet til å kalle nettjenesten CDSVirtualEntity.',
    },
    language,
  );

/** V2: the caller's identity leads to no Human Resources user. */
export const userNotFound = (name: string, language: Language): Problem =>
  hrProblem(
    {
      en: `User ${name} was not found in Finance and Operations. Please ensure this user exists.`,
      nb: `Finner ikke brukeren ${name} i Finance and Operations. Kontroller at brukeren finnes.`,
    },
    language,
  );

/** V3: the service behind the hop failed, or did not answer in time. */
export const serviceFailed = (language: Language): Problem =>
  hrProblem(
    {
      en: 'A token was obtained to call Finance and Operations, but Finance and Operations returned an error of type InternalServerError.',
      nb: 'Et token ble hentet for å kalle Finance and Operations, men Finance and Operations returnerte en feil av typen InternalServerError.',
    },
    language,
  );

/** V4: the user has sent Human Resources too much (6.4). */
export const throttled = (language: Language): Problem =>
  hrProblem(
    {
      en: 'A token was obtained to call Finance and Operations, but Finance and Operations returned an error of type 429.',
      nb: 'Et token ble hentet for å kalle Finance and Operations, men Finance and Operations returnerte en feil av typen 429.',
    },
    language,
  );

/** D3 (our wording, human-resources-security 7 step 14). */
export const userDisabled = (userId: string, language: Language): Problem =>
  hrProblem(
    {
      en: `user ${userId} is disabled in Human Resources`,
      nb: `brukeren ${userId} er deaktivert i Human Resources`,
    },
    language,
  );

interface Wording {
  /** What the user may not do with a record. */
  readonly verb: Localized;
  /** What the last sentence says that the user may not do to the data. */
  readonly data: Localized;
}

const view: Localized = { en: 'view data in database', nb: 'vise data i databasen' };
const modify: Localized = { en: 'modify data in database', nb: 'endre data i databasen' };

/** The product's verbs by level, in 6.2 row 1 and its variants. */
const wording: Readonly<Record<HrLevel, Wording>> = {
  Read: { verb: { en: 'select', nb: 'velge' }, data: view },
  Update: { verb: { en: 'update', nb: 'oppdatere' }, data: modify },
  Create: { verb: { en: 'insert', nb: 'sette inn' }, data: modify },
  Correct: { verb: { en: 'correct', nb: 'korrigere' }, data: modify },
  Delete: { verb: { en: 'delete', nb: 'slette' }, data: modify },
};

/** Name of the data entity behind a virtual table, as the product's messages print it. */
const entityNameOf = (table: Table): string => table.entityName ?? table.logicalName;

/** Who wanted what of which table, in words. */
interface Attempt {
  readonly userName: string;
  readonly level: HrLevel;
  readonly table: Table;
  readonly language: Language;
}

/** `User X is not authorized to update a record in table Y`, the beginning of the refusals below. */
function notAuthorizedTo({ userName, level, table }: Attempt): Localized {
  const { verb } = wording[level];
  const entity = entityNameOf(table);
  return {
    en: `User ${userName} is not authorized to ${verb.en} a record in table ${entity}`,
    nb: `Bruker ${userName} har ikke tillatelse til å ${verb.nb} en post i tabellen ${entity}`,
  };
}

/** D4: the user's roles do not reach the data entity at this level (6.2, first row). */
export function notAuthorized(attempt: Attempt): Problem {
  const who = notAuthorizedTo(attempt);
  const { data } = wording[attempt.level];
  return hrProblem(
    {
      en: `${who.en}. Request denied. Access Denied: You do not have sufficient authorization to ${data.en}.`,
      nb: `${who.nb}. Forespørselen er avslått. Ingen tilgang: Du har ikke tilstrekkelig tillatelse til å ${data.nb}.`,
    },
    attempt.language,
  );
}

/** A method of the data entity that no role of the user lets call (our wording, after D4). */
export function methodNotAuthorized(userName: string, method: string, table: Table, language: Language): Problem {
  const entity = entityNameOf(table);
  return hrProblem(
    {
      en: `User ${userName} is not authorized to invoke the method ${method} of ${entity}. Request denied. Access Denied: You do not have sufficient authorization to ${modify.en}.`,
      nb: `Bruker ${userName} har ikke tillatelse til å kalle metoden ${method} i ${entity}. Forespørselen er avslått. Ingen tilgang: Du har ikke tilstrekkelig tillatelse til å ${modify.nb}.`,
    },
    language,
  );
}

export interface OutsideLegalEntity {
  readonly named: string;
  readonly companies: readonly string[];
  readonly roles: readonly string[];
}

/** D5: the user's roles reach the data entity, but not in the legal entity that the write names (our wording). */
export function outsideLegalEntity(attempt: Attempt, { named, companies, roles }: OutsideLegalEntity): Problem {
  const who = notAuthorizedTo(attempt);
  const list = (items: readonly string[], none: string): string => (items.length === 0 ? none : items.join(', '));
  return hrProblem(
    {
      en: `${who.en} in legal entity '${named}'. Request denied. The user's roles (${list(roles, 'no role')}) allow it in: ${list(companies, 'no legal entity')}.`,
      nb: `${who.nb} i den juridiske enheten ${named}. Forespørselen er avslått. Brukerens roller (${list(roles, 'ingen rolle')}) tillater det i: ${list(companies, 'ingen juridisk enhet')}.`,
    },
    attempt.language,
  );
}

/** D6: a record-level policy leaves the record out (our wording). It does not say which policy: that is for the log. */
export function outsidePolicy(attempt: Attempt): Problem {
  const who = notAuthorizedTo(attempt);
  return hrProblem(
    {
      en: `${who.en}. Request denied. A security policy does not allow this record.`,
      nb: `${who.nb}. Forespørselen er avslått. En sikkerhetspolicy tillater ikke denne posten.`,
    },
    attempt.language,
  );
}

/** D7: a column that needs a right of its own (our wording, human-resources-security 7 step 19). */
export function protectedColumn(attempt: Attempt, column: Column): Problem {
  const who = notAuthorizedTo(attempt);
  return hrProblem(
    {
      en: `${who.en}. Request denied. Access Denied: You do not have sufficient authorization for field '${column.property}'.`,
      nb: `${who.nb}. Forespørselen er avslått. Ingen tilgang: Du har ikke tilstrekkelig tillatelse til feltet ${column.property}.`,
    },
    attempt.language,
  );
}

/** V9: a link whose lookup the product does not let callers write. */
export const nestedPipeline = (language: Language): Problem =>
  hrProblem(
    {
      en: 'Custom plugin execution is not allowed in nested pipeline for Virtual Entity.',
      nb: 'Kjøring av egendefinert plugin-modul er ikke tillatt i et nestet datasamlebånd for virtuell enhet.',
    },
    language,
  );

/** Not a refusal of the gate: something that virtual tables do not offer. */
export const notSupported: Problem = {
  status: 501,
  code: '0x80044822',
  message: 'The operation is not supported for virtual entity.',
};
