export type Language = 'en' | 'nb';

/** What the pages say. Values in braces are filled in by the page, escaped. */
export interface Texts {
  readonly title: string;
  readonly asks: string;
  readonly effect: string;
  readonly alreadyAdmitted: string;
  readonly application: string;
  readonly clientId: string;
  readonly publisher: string;
  readonly tenant: string;
  readonly leadsTo: string;
  readonly scope: string;
  readonly code: string;
  readonly codeHint: string;
  readonly accept: string;
  readonly refuse: string;
  readonly wrongCode: string;
  readonly voidCode: string;
  readonly tooManyCodes: string;
  readonly staleForm: string;
  readonly chooseTenant: string;
  readonly tenantName: string;
  readonly goOn: string;
  readonly doneTitle: string;
  readonly done: string;
  readonly refusedTitle: string;
  readonly refused: string;
  readonly errorTitle: string;
}

export const texts: Readonly<Record<Language, Texts>> = {
  en: {
    title: 'Admit an application',
    asks: 'The application {0} asks to be admitted to {1}.',
    effect:
      'If you accept, it becomes known there and can get access tokens. What it may read and write is still decided by the roles that its user is given in each environment.',
    alreadyAdmitted: 'It has been admitted before. Accepting again changes nothing.',
    application: 'Application',
    clientId: 'Client id',
    publisher: 'Publisher',
    tenant: 'Tenant',
    leadsTo: 'Afterwards you go to',
    scope: 'Asked for',
    code: 'One-time code',
    codeHint: 'The server has written it to its log. It is good for ten minutes.',
    accept: 'Accept',
    refuse: 'Refuse',
    wrongCode: 'That is not the code. Look in the server’s log and try again.',
    voidCode: 'The code cannot be used any more. Open the page again for another one.',
    tooManyCodes: 'Too many codes have been asked for. Try again in {0} seconds.',
    staleForm: 'This form is out of date, or cookies are blocked. Open the page again.',
    chooseTenant: 'Which tenant is the application to be admitted to?',
    tenantName: 'Domain or id of the tenant',
    goOn: 'Continue',
    doneTitle: 'Admitted',
    done: '{0} has been admitted to {1}. You can close this page.',
    refusedTitle: 'Refused',
    refused: '{0} has not been admitted to {1}. You can close this page.',
    errorTitle: 'This cannot be done',
  },
  nb: {
    title: 'Slipp inn et program',
    asks: 'Programmet {0} ber om å bli sluppet inn i {1}.',
    effect:
      'Hvis du godtar, blir det kjent der og kan få tilgangstoken. Hva det får lese og skrive, bestemmes fortsatt av rollene som brukeren til programmet får i hvert miljø.',
    alreadyAdmitted: 'Det er sluppet inn før. Å godta på nytt endrer ingenting.',
    application: 'Program',
    clientId: 'Klient-ID',
    publisher: 'Utgiver',
    tenant: 'Leietaker',
    leadsTo: 'Etterpå kommer du til',
    scope: 'Ber om',
    code: 'Engangskode',
    codeHint: 'Serveren har skrevet den i loggen sin. Den gjelder i ti minutter.',
    accept: 'Godta',
    refuse: 'Avslå',
    wrongCode: 'Det er ikke koden. Se i loggen til serveren og prøv igjen.',
    voidCode: 'Koden kan ikke brukes lenger. Åpne siden på nytt for å få en ny.',
    tooManyCodes: 'Det er bedt om for mange koder. Prøv igjen om {0} sekunder.',
    staleForm: 'Skjemaet er utdatert, eller informasjonskapsler er blokkert. Åpne siden på nytt.',
    chooseTenant: 'Hvilken leietaker skal programmet slippes inn i?',
    tenantName: 'Domene eller ID for leietakeren',
    goOn: 'Fortsett',
    doneTitle: 'Sluppet inn',
    done: '{0} er sluppet inn i {1}. Du kan lukke siden.',
    refusedTitle: 'Avslått',
    refused: '{0} er ikke sluppet inn i {1}. Du kan lukke siden.',
    errorTitle: 'Dette går ikke',
  },
};

/** Norwegian of any kind is answered in Bokmål. */
const languageByTag: Readonly<Record<string, Language>> = { en: 'en', nb: 'nb', no: 'nb', nn: 'nb' };

/** The language that `Accept-Language` prefers (RFC 9110 section 12.5.4); English when it names none of ours. */
export function chooseLanguage(header: string | undefined): Language {
  let best: { readonly language: Language; readonly weight: number } = { language: 'en', weight: 0 };
  for (const item of (header ?? '').slice(0, 1000).split(',')) {
    const [tag = '', ...parameters] = item.split(';').map((each) => each.trim().toLowerCase());
    const language = languageByTag[tag.split('-', 1)[0] ?? ''];
    const quality = parameters.find((each) => each.startsWith('q='))?.slice(2);
    const weight = quality === undefined ? 1 : Number(quality);
    if (language !== undefined && weight > best.weight) best = { language, weight };
  }
  return best.language;
}
