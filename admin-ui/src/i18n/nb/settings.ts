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
  'operators.access': 'Tilgang',
  'operators.disable': 'Deaktiver',
  'operators.enable': 'Aktiver',
} as const satisfies Translated<typeof english>;
