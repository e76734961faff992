/** A legal entity of the demo organisation. */
export interface DemoCompany {
  /** Legal entity code (`mshr_dataareaid`). */
  readonly code: string;
  readonly name: string;
  /** Places that its recruiting requests name. */
  readonly locations: readonly DemoLocation[];
}

interface DemoLocation {
  /** Id of the recruiting request location; unique over all companies (ats-api 4.4). */
  readonly id: string;
  readonly description: string;
}

/** Where requests and people go by default; the vendor's own samples are written for it. */
export const mainCompany = 'usmf';

export const companies: readonly DemoCompany[] = [
  {
    code: mainCompany,
    name: 'Nordlys Group',
    locations: [
      { id: 'USMF-OSLO', description: 'Hovedkontoret, Bjørvika i Oslo' },
      { id: 'USMF-DRAMMEN', description: 'Kundesenteret, Drammen' },
      { id: 'USMF-FJERN', description: 'Hvor som helst i Norge, hjemmekontor' },
    ],
  },
  {
    code: 'no01',
    name: 'Nordlys Kraft AS',
    locations: [
      { id: 'NO01-BODO', description: 'Driftssentralen, Bodø' },
      { id: 'NO01-TROMSO', description: 'Nettavdelingen, Tromsø' },
      { id: 'NO01-MOIRANA', description: 'Kraftverket ved Mo i Rana' },
    ],
  },
  {
    code: 'no02',
    name: 'Nordlys Bygg og Anlegg AS',
    locations: [
      { id: 'NO02-TRHEIM', description: 'Regionkontoret, Trondheim' },
      { id: 'NO02-BERGEN', description: 'Anleggsplassen på Nordås, Bergen' },
      { id: 'NO02-ALESUND', description: 'Verkstedet, Ålesund' },
    ],
  },
];
