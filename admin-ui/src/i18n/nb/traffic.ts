import type { traffic as english } from '../en/traffic.ts';
import type { Translated } from '../message.ts';

export const traffic = {
  'traffic.title': 'Trafikk nå',
  'traffic.text': 'Forespørsler etter hvert som de besvares, siden siden ble åpnet. Ingenting av innholdet vises.',
  'traffic.pause': 'Stans',
  'traffic.goOn': 'Fortsett',
  'traffic.workers': {
    one: '{n} prosess betjener.',
    other: '{n} prosesser betjener sammen: dette er trafikken til én av dem om gangen.',
  },
  'traffic.perSecond': 'Forespørsler per sekund',
  'traffic.all': 'Alle',
  'traffic.refused': 'Nektet',
  'traffic.faulted': 'Feil i tjeneren',
  'traffic.milliseconds': 'Millisekunder',
  'traffic.took': 'Tid (ms)',
  'traffic.half': 'Halvparten bruker mindre enn',
  'traffic.most': '95 av 100 bruker mindre enn',
  'traffic.byGate': 'Nektet av',
  'traffic.gateOne': 'Port én: Dataverse',
  'traffic.gateTwo': 'Port to: Human Resources',
  'traffic.elsewhere': 'Tokener, grenser og annet',
  'traffic.limits': 'Brukt av grensene',
  'traffic.nobody': 'Ingen har bedt om noe ennå.',
  'traffic.user': 'Bruker',
  'traffic.seconds': 'Sekunder med arbeid',
  'traffic.of': '{used} av {all}',
  'traffic.requests': 'Forespørsler',
  'traffic.none': 'Ingen forespørsel er kommet siden siden ble åpnet.',
  'traffic.lost': 'Ikke vist, fordi det kom for mange om gangen: {n}',
  'traffic.gate': 'Port og vilkår',
} as const satisfies Translated<typeof english>;
