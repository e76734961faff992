import type { settings as english } from '../en/settings.ts';
import type { Translated } from '../message.ts';

export const settings = {
  'operators.title': 'Operatører',
  'operators.new': 'Ny operatør',
  'operators.role': 'Rolle',
  'operators.enabled': 'Aktivert',
  'operators.password': 'Har passord',
  'operators.last': 'Siste pålogging',
  'operators.link': 'Ny lenke',
  'operators.disable': 'Deaktiver',
  'operators.enable': 'Aktiver',
  'operators.delete.text': 'Personen blir logget av overalt med en gang, og navnet er ledig igjen.',
  'operators.disable.title': 'Vil du deaktivere {name}?',
  'operators.disable.text': 'Personen blir logget av overalt med en gang og kan ikke logge på.',
  'account.title': 'Min konto',
  'account.password': 'Passord',
  'account.passwordText': 'Et nytt passord avslutter øktene dine i andre nettlesere.',
  'account.current': 'Nåværende passord',
  'account.change': 'Bytt passord',
  'account.changed': 'Passordet er byttet.',
  'account.wrongPassword': 'Det nåværende passordet er feil.',
  'passkeys.title': 'Passnøkler',
  'passkeys.text':
    'En passnøkkel logger deg på uten passord, med skjermlåsen på en enhet eller med en sikkerhetsnøkkel.',
  'passkeys.add': 'Legg til passnøkkel',
  'passkeys.none': 'Du har ingen passnøkkel.',
  'passkeys.made': 'Laget',
  'passkeys.used': 'Sist brukt',
  'passkeys.nameHint': 'Det du kjenner enheten igjen på.',
  'passkeys.added': 'Passnøkkelen er lagt til.',
  'passkeys.delete.text': 'Den logger deg ikke lenger på her. På enheten ligger den til du sletter den der.',
} as const satisfies Translated<typeof english>;
