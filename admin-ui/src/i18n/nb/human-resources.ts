import type { humanResources as english } from '../en/human-resources.ts';
import type { Translated } from '../message.ts';

export const humanResources = {
  'hrUsers.title': 'Brukere',
  'hrUsers.userId': 'Bruker-ID',
  'hrUsers.userIdHint': 'Den er ikke enkel å endre etterpå.',
  'hrUsers.userName': 'Brukernavn',
  'hrUsers.provider': 'Leverandør',
  'hrUsers.email': 'E-post',
  'hrUsers.serviceHint': 'For brukeren til en app duger et hvilket som helst ord; det samme i E-post og Leverandør.',
  'hrUsers.company': 'Firma',
  'hrUsers.enabled': 'Aktivert',
  'hrUsers.role': 'Rolle',
  'hrUsers.new': 'Ny bruker',
  'hrUsers.roleHint': 'Rekrutteringsprogram er det et ATS trenger.',
  'hrLinks.title': 'Azure Active Directory-programmer',
  'hrLinks.new': 'Ny programkobling',
  'hrLinks.clientId': 'Klient-ID',
  'hrLinks.name': 'Navn',
} as const satisfies Translated<typeof english>;
