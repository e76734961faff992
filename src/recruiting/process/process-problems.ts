import type { Language, Localized } from '../../kernel/language.ts';
import type { Choice, Column } from '../../metadata/table.ts';
import type { Value } from '../../odata/query.ts';
import { Infolog } from '../infolog.ts';

/** What a state is called where a message names it. */
function stateName(choice: Choice | undefined, value: number, language: Language): string {
  const option = choice?.options.find((each) => each.value === value);
  return (language === 'nb' ? option?.labelNb : undefined) ?? option?.label ?? String(value);
}

const label = ({ label: en, labelNb = en }: Column): Localized => ({ en, nb: labelNb });

interface States {
  readonly choice: Choice | undefined;
  readonly from: number;
}

const listed = (names: readonly string[], or: string): string =>
  [...new Set(names)].map((name) => `'${name}'`).join(or);

/** Refusals of the recruiting process; nothing is published about their words. `row` names the row: `Candidate 000000012`. */
export const processProblems = {
  noStep: (row: Localized, { choice, from }: States, to: number, next: readonly number[]): Infolog => {
    const text = (language: Language, or: string, none: string): readonly [string, string, string] => [
      stateName(choice, from, language),
      stateName(choice, to, language),
      listed(
        next.map((each) => stateName(choice, each, language)),
        or,
      ) || none,
    ];
    const [en, nb] = [text('en', ' or ', 'nothing else'), text('nb', ' eller ', 'noe annet')];
    return new Infolog({
      en: `${row.en} is '${en[0]}' and cannot become '${en[1]}'. It can become ${en[2]}.`,
      nb: `${row.nb} er '${nb[0]}' og kan ikke bli '${nb[1]}'. ${next.length === 0 ? 'Den kan ikke bli noe annet' : `Den kan bli ${nb[2]}`}.`,
    });
  },

  notNow: (row: Localized, { choice, from }: States, method: string, starts: readonly number[]): Infolog => {
    const names = (language: Language): string[] => starts.map((each) => stateName(choice, each, language));
    return new Infolog({
      en: `${row.en} is '${stateName(choice, from, 'en')}'. The action ${method} needs the state ${listed(names('en'), ' or ')}.`,
      nb: `${row.nb} er '${stateName(choice, from, 'nb')}'. Handlingen ${method} krever statusen ${listed(names('nb'), ' eller ')}.`,
    });
  },

  mustBeSubmitted: (row: Localized, company: Value): Infolog =>
    new Infolog({
      en: `${row.en} must be submitted: recruiting requests of legal entity '${String(company)}' are approved by a workflow.`,
      nb: `${row.nb} må sendes inn: rekrutteringsforespørsler i den juridiske enheten ${String(company)} godkjennes i en arbeidsflyt.`,
    }),

  noWorkflow: (row: Localized, company: Value): Infolog =>
    new Infolog({
      en: `${row.en} cannot be submitted: recruiting requests of legal entity '${String(company)}' have no workflow. Activate it.`,
      nb: `${row.nb} kan ikke sendes inn: rekrutteringsforespørsler i den juridiske enheten ${String(company)} har ingen arbeidsflyt. Aktiver den.`,
    }),

  requestHasEnded: (row: Localized, choice: Choice | undefined, status: number): Infolog =>
    new Infolog({
      en: `${row.en} cannot be changed: the recruiting request is '${stateName(choice, status, 'en')}'.`,
      nb: `${row.nb} kan ikke endres: rekrutteringsforespørselen er '${stateName(choice, status, 'nb')}'.`,
    }),

  detailsAreFixed: (): Infolog =>
    new Infolog({
      en: 'The details of a recruiting request that has ended cannot be changed.',
      nb: 'Detaljene i en avsluttet rekrutteringsforespørsel kan ikke endres.',
    }),

  hiredAlready: (row: Localized): Infolog =>
    new Infolog({ en: `${row.en} has been hired already.`, nb: `${row.nb} er allerede ansatt.` }),

  noPerson: (row: Localized): Infolog =>
    new Infolog({ en: `${row.en} is no person that is known.`, nb: `${row.nb} er ingen kjent person.` }),

  positionIsHeld: (positionId: string, worker: Value): Infolog =>
    new Infolog({
      en: `Position ${positionId} is held by worker ${String(worker)}.`,
      nb: `Stilling ${positionId} er besatt av arbeider ${String(worker)}.`,
    }),

  reasonWithoutRejection: (column: Column): Infolog =>
    new Infolog({
      en: `Field '${label(column).en}' may be given only when the candidate is not hired.`,
      nb: `Feltet ${label(column).nb} kan bare angis når kandidaten ikke ansettes.`,
    }),

  inFuture: (column: Column): Infolog =>
    new Infolog({
      en: `Field '${label(column).en}' must not be in the future.`,
      nb: `Feltet ${label(column).nb} kan ikke være i fremtiden.`,
    }),

  laterThan: (column: Column, other: Column): Infolog =>
    new Infolog({
      en: `Field '${label(column).en}' must not be later than '${label(other).en}'.`,
      nb: `Feltet ${label(column).nb} kan ikke være senere enn ${label(other).nb}.`,
    }),

  greaterThan: (column: Column, other: Column): Infolog =>
    new Infolog({
      en: `Field '${label(column).en}' must not be greater than '${label(other).en}'.`,
      nb: `Feltet ${label(column).nb} kan ikke være større enn ${label(other).nb}.`,
    }),
} as const;

/** A row as messages name it. */
export const namesOf = (number: Value, en: string, nb: string): Localized => ({
  en: `${en} ${String(number ?? '')}`,
  nb: `${nb} ${String(number ?? '')}`,
});

export const candidateName = (number: Value): Localized => namesOf(number, 'Candidate', 'Kandidat');
