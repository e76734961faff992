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
} as const satisfies Translated<typeof english>;
