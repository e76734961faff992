/** A job of the demo organisation. Its title is the description. */
export interface DemoJob {
  readonly id: string;
  readonly description: string;
  readonly functionId: string;
  readonly typeId: string;
  readonly department: string;
  /** Pay at the control point of its lowest level, in thousand kroner a year. */
  readonly pay: number;
}

type JobLine = readonly [
  id: string,
  description: string,
  functionId: string,
  typeId: string,
  department: string,
  pay: number,
];

/** The first one is the vendor's sample; the vacancy that the examples look for is one of its positions. */
const sampleJobId = 'Project Manager';

const lines: readonly JobLine[] = [
  [sampleJobId, 'Prosjektleder', 'Ledelse', 'Ledende', '001050', 780],
  ['Konsernsjef', 'Konsernsjef', 'Toppledelse', 'Ledende', '001010', 2100],
  ['Økonomidirektør', 'Økonomidirektør', 'Toppledelse', 'Ledende', '001010', 1650],
  ['HR-direktør', 'HR-direktør', 'Toppledelse', 'Ledende', '001010', 1500],
  ['Regnskapssjef', 'Regnskapssjef', 'Ledelse', 'Ledende', '001020', 890],
  ['Controller', 'Controller', 'Fag', 'Fastlønn', '001020', 720],
  ['Regnskapsfører', 'Regnskapsfører', 'Fag', 'Fastlønn', '001020', 580],
  ['Lønnskonsulent', 'Lønnskonsulent', 'Administrasjon', 'Fastlønn', '001020', 560],
  ['Personalsjef', 'Personalsjef', 'Ledelse', 'Ledende', '001030', 880],
  ['Rekrutterer', 'Rekrutterer', 'Fag', 'Fastlønn', '001030', 620],
  ['HR-rådgiver', 'HR-rådgiver', 'Fag', 'Fastlønn', '001030', 650],
  ['Opplæringsleder', 'Opplæringsleder', 'Ledelse', 'Fastlønn', '001030', 690],
  ['Advokat', 'Advokat', 'Fag', 'Ledende', '001040', 960],
  ['Personvernrådgiver', 'Personvernrådgiver', 'Fag', 'Fastlønn', '001040', 790],
  ['Internrevisor', 'Internrevisor', 'Fag', 'Fastlønn', '001040', 810],
  ['IT-sjef', 'IT-sjef', 'Ledelse', 'Ledende', '001050', 1020],
  ['Systemutvikler', 'Systemutvikler', 'Fag', 'Fastlønn', '001050', 740],
  ['Løsningsarkitekt', 'Løsningsarkitekt', 'Fag', 'Fastlønn', '001050', 930],
  ['Integrasjonsutvikler', 'Integrasjonsutvikler', 'Fag', 'Fastlønn', '001050', 780],
  ['Dataanalytiker', 'Dataanalytiker', 'Fag', 'Fastlønn', '001050', 700],
  ['Driftstekniker IT', 'Driftstekniker, IT', 'Teknikk', 'Fastlønn', '001050', 600],
  ['Sikkerhetsrådgiver', 'Informasjonssikkerhetsrådgiver', 'Fag', 'Fastlønn', '001050', 860],
  ['Kundesenterleder', 'Leder for kundesenteret', 'Ledelse', 'Fastlønn', '001060', 690],
  ['Kundebehandler', 'Kundebehandler', 'Service', 'Timelønn', '001060', 470],
  ['Teknisk kundestøtte', 'Teknisk kundestøtte', 'Service', 'Fastlønn', '001060', 520],
  ['Salgssjef', 'Salgssjef', 'Ledelse', 'Ledende', '001070', 900],
  ['Kundeansvarlig', 'Kundeansvarlig, bedrift', 'Salg', 'Fastlønn', '001070', 640],
  ['Selger', 'Selger', 'Salg', 'Fastlønn', '001070', 520],
  ['Markedsfører', 'Markedsfører', 'Fag', 'Fastlønn', '001070', 600],
  ['Kommunikasjonssjef', 'Kommunikasjonssjef', 'Ledelse', 'Ledende', '001080', 880],
  ['Nettredaktør', 'Nettredaktør', 'Fag', 'Fastlønn', '001080', 610],
  ['Innkjøper', 'Innkjøper', 'Fag', 'Fastlønn', '001090', 620],
  ['Lagermedarbeider', 'Lagermedarbeider', 'Drift', 'Timelønn', '001090', 440],
  ['Sjåfør', 'Sjåfør', 'Drift', 'Timelønn', '001090', 460],
  ['Kraftverksleder', 'Leder for kraftverk', 'Ledelse', 'Ledende', '002010', 970],
  ['Maskinist', 'Maskinist, kraftverk', 'Drift', 'Timelønn', '002010', 560],
  ['Damtekniker', 'Damtekniker', 'Teknikk', 'Fastlønn', '002010', 590],
  ['Energianalytiker', 'Energianalytiker', 'Fag', 'Fastlønn', '002010', 760],
  ['Nettplanlegger', 'Nettplanlegger', 'Fag', 'Fastlønn', '002020', 730],
  ['Energimontør', 'Energimontør', 'Håndverk', 'Timelønn', '002020', 540],
  ['Linjemontør', 'Linjemontør', 'Håndverk', 'Timelønn', '002020', 530],
  ['Lærling energi', 'Lærling, energimontør', 'Håndverk', 'Lærling', '002020', 250],
  ['Elkraftingeniør', 'Elkraftingeniør', 'Fag', 'Fastlønn', '002020', 780],
  ['Driftsleder nett', 'Driftsleder, nett', 'Ledelse', 'Fastlønn', '002030', 820],
  ['Vaktoperatør', 'Operatør på driftssentralen', 'Teknikk', 'Fastlønn', '002030', 660],
  ['Målertekniker', 'Målertekniker', 'Teknikk', 'Timelønn', '002040', 500],
  ['Avregningskonsulent', 'Avregningskonsulent', 'Administrasjon', 'Fastlønn', '002040', 540],
  ['Bygningsingeniør', 'Bygningsingeniør', 'Fag', 'Fastlønn', '003010', 740],
  ['BIM-koordinator', 'BIM-koordinator', 'Teknikk', 'Fastlønn', '003010', 690],
  ['Kalkulatør', 'Kalkulatør', 'Fag', 'Fastlønn', '003010', 720],
  ['Anleggsleder', 'Anleggsleder', 'Ledelse', 'Ledende', '003020', 860],
  ['Maskinfører', 'Maskinfører', 'Drift', 'Timelønn', '003020', 510],
  ['Betongarbeider', 'Betongfagarbeider', 'Håndverk', 'Timelønn', '003020', 500],
  ['Byggeleder', 'Byggeleder', 'Ledelse', 'Ledende', '003030', 840],
  ['Tømrer', 'Tømrer', 'Håndverk', 'Timelønn', '003030', 490],
  ['Rørlegger', 'Rørlegger', 'Håndverk', 'Timelønn', '003030', 510],
  ['Verksmester', 'Verksmester', 'Ledelse', 'Fastlønn', '003040', 680],
  ['Mekaniker', 'Anleggsmaskinmekaniker', 'Håndverk', 'Timelønn', '003040', 540],
  ['Kranfører', 'Kranfører', 'Drift', 'Timelønn', '003040', 550],
  ['HMS-rådgiver', 'Rådgiver for HMS', 'Fag', 'Fastlønn', '003050', 670],
];

export const jobs: readonly DemoJob[] = lines.map(([id, description, functionId, typeId, department, pay]) => ({
  id,
  description,
  functionId,
  typeId,
  department,
  pay,
}));
