/**
 * Parts of synthetic names. First names are common ones; surnames are put together from two parts of landscape words,
 * so that the people of the demo are nobody's likeness.
 */
export const womensNames = [
  'Åse',
  'Astrid',
  'Bjørg',
  'Eldbjørg',
  'Frøydis',
  'Gunnhild',
  'Hedda',
  'Ingebjørg',
  'Kjersti',
  'Liv',
  'Målfrid',
  'Nora',
  'Oddrun',
  'Ragnhild',
  'Sølvi',
  'Synnøve',
  'Tiril',
  'Torbjørg',
  'Unni',
  'Vilde',
] as const;

export const mensNames = [
  'Åsmund',
  'Bård',
  'Bjørn',
  'Eivind',
  'Frode',
  'Gjermund',
  'Håkon',
  'Håvard',
  'Jørgen',
  'Kåre',
  'Magnus',
  'Njål',
  'Øystein',
  'Ørjan',
  'Pål',
  'Sigurd',
  'Sjur',
  'Trygve',
  'Vegard',
  'Yngve',
] as const;

export const middleNames = ['Berg', 'Dahl', 'Lie', 'Moe', 'Vik'] as const;

export const surnameStarts = [
  'Bjørke',
  'Blåne',
  'Fjære',
  'Grønli',
  'Hauke',
  'Kråke',
  'Lyng',
  'Måne',
  'Nordlys',
  'Rype',
  'Snø',
  'Stjerne',
  'Tåke',
  'Ulve',
  'Vinter',
  'Æra',
  'Øster',
] as const;

export const surnameEnds = [
  'bråten',
  'eggen',
  'fjæra',
  'gjerdet',
  'haugen',
  'høgda',
  'kleiva',
  'myra',
  'nesset',
  'sletta',
  'støl',
  'tjønna',
  'vågen',
  'ødegård',
  'ås',
] as const;

/** Invented streets. */
export const streets = [
  'Nordlysveien',
  'Polarstjernegata',
  'Midnattsolsvingen',
  'Mørketidsbakken',
  'Multestien',
  'Tyttebærlia',
  'Reinsdyrtråkket',
  'Gråsteinsvegen',
  'Kvitveisløkka',
  'Sørpeholtet',
] as const;

export interface Town {
  readonly zipCode: string;
  readonly city: string;
  readonly county: string;
}

export const towns: readonly Town[] = [
  { zipCode: '0191', city: 'Oslo', county: 'Oslo' },
  { zipCode: '3015', city: 'Drammen', county: 'Buskerud' },
  { zipCode: '8006', city: 'Bodø', county: 'Nordland' },
  { zipCode: '8622', city: 'Mo i Rana', county: 'Nordland' },
  { zipCode: '9008', city: 'Tromsø', county: 'Troms' },
  { zipCode: '7011', city: 'Trondheim', county: 'Trøndelag' },
  { zipCode: '5011', city: 'Bergen', county: 'Vestland' },
  { zipCode: '6002', city: 'Ålesund', county: 'Møre og Romsdal' },
];

/** Invented former employers. */
export const employers = [
  'Blåfjell Entreprenør AS',
  'Dovre Data AS',
  'Fjordkraftverkene AS',
  'Havbris Shipping AS',
  'Kystlinja Rekruttering AS',
  'Måsøyfisk AS',
  'Sønnavind Energi AS',
  'Østavind Regnskap AS',
] as const;
