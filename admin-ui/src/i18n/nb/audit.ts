import type { audit as english } from '../en/audit.ts';
import type { Translated } from '../message.ts';

export const audit = {
  'audit.title': 'Revisjonslogg',
  'audit.text':
    'Det som er bedt om, nyeste først: tillatt og nektet. Tidspunktet fører til forklaringen av forespørselen.',
  'audit.all': 'Alle',
  'audit.time': 'Tidspunkt',
  'audit.outcome': 'Utfall',
  'audit.who': 'Hvem',
  'audit.what': 'Hva',
  'audit.status': 'Status',
  'audit.reason': 'Årsak',
  'audit.kind': 'Slag',
  'audit.surface': 'Flate',
  'audit.request': 'Forespørsels-ID',
  'audit.since': 'Fra',
  'audit.until': 'Før',
  'audit.more': 'Vis eldre oppføringer',
  'audit.chain': 'Kjedens tilstand',
  'audit.chainText':
    'Hver oppføring har en hash av den forrige, og segl holder dem sammen: det som er endret, fjernet eller satt inn i lageret etterpå, blir nevnt her.',
  'audit.again': 'Kontroller på nytt',
  'audit.checking': 'Loggen kontrolleres',
  'audit.whole': 'Revisjonsloggen er hel: ingenting i den avviker fra det som ble skrevet.',
  'audit.notWhole': {
    one: 'Revisjonsloggen er ikke slik den ble skrevet: {n} funn.',
    other: 'Revisjonsloggen er ikke slik den ble skrevet: {n} funn.',
  },
  'audit.entries': 'Oppføringer',
  'audit.segments': 'Segmenter',
  'audit.seals': 'Segl',
  'audit.unchained': 'Fra før det fantes en kjede',
  'audit.pruned': 'Ryddet bort',
  'audit.findings': 'Funn',
  'audit.finding': 'Funnet',
  'audit.run': 'Prosess',
  'audit.seal': 'Nyeste segl',
  'audit.sealHash': 'Hashen til seglet: oppbevar den et annet sted',
} as const satisfies Translated<typeof english>;
