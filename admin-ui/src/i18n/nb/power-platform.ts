import type { powerPlatform as english } from '../en/power-platform.ts';
import type { Translated } from '../message.ts';

export const powerPlatform = {
  'appRegistrations.title': 'Appregistreringer',
  'appRegistrations.new': 'Ny registrering',
  'appRegistrations.name': 'Visningsnavn',
  'appRegistrations.clientId': 'App-ID (klient)',
  'appRegistrations.objectId': 'Objekt-ID',
  'appRegistrations.created': 'Opprettet',
  'appRegistrations.audience': 'Støttede kontotyper',
  'appRegistrations.audience.one': 'Bare denne katalogen',
  'appRegistrations.audience.many': 'Alle kataloger',
  'appRegistrations.credentials': 'Sertifikater og hemmeligheter',
  'appRegistrations.empty': 'Det finnes ingen appregistreringer ennå. Opprett den første.',
} as const satisfies Translated<typeof english>;
