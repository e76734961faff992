import { employmentStatus, exemptStatus, frequencyUnit, generateFrom, jobCategory, noYes } from './choice-values.ts';

/** Rows of one table of shared reference data: the columns, then one array of values per row. */
export interface Register {
  readonly entitySet: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** Levels of education. Two tables show the same register (ats-api 1, note on rows 11 and 20). */
const educationLevels: Register['rows'] = [
  ['VGS', 'Videregående skole'],
  ['Fagbrev', 'Fag- eller svennebrev'],
  ['Fagskole', 'Høyere yrkesfaglig utdanning'],
  ['Bachelor', 'Bachelorgrad'],
  ['Master', 'Mastergrad'],
  ['PhD', 'Doktorgrad'],
];

/** Ids that other parts of the demo pick from. */
export const educationLevelIds = ['Fagbrev', 'Fagskole', 'Bachelor', 'Master', 'PhD'] as const;

const disciplines: Register['rows'] = [
  ['Business Mgmt', 'Bedriftsledelse'],
  ['Økonomi', 'Økonomi og administrasjon'],
  ['Regnskap', 'Regnskap og revisjon'],
  ['Informatikk', 'Informatikk og programvareutvikling'],
  ['Elkraft', 'Elkraftteknikk'],
  ['Bygg', 'Bygg- og anleggsteknikk'],
  ['Maskin', 'Maskinteknikk'],
  ['Automasjon', 'Automatisering og kybernetikk'],
  ['Juss', 'Rettsvitenskap'],
  ['Psykologi', 'Arbeids- og organisasjonspsykologi'],
  ['HMS', 'Helse, miljø og sikkerhet'],
  ['Logistikk', 'Logistikk og innkjøp'],
  ['Marked', 'Markedsføring og salg'],
  ['Miljøfag', 'Miljø- og naturforvaltning'],
];
export const disciplineIds = disciplines.map(([id]) => String(id));

/** All invented, apart from the vendor's sample value. */
const institutions: Register['rows'] = [
  ['Cottonwood Univ', 'Cottonwood University', 'Cottonwood'],
  ['NordlysUniv', 'Nordlys universitet', 'Tromsø'],
  ['FjordTekn', 'Fjordane tekniske høgskole', 'Førde'],
  ['Viddahøgskolen', 'Høgskolen på Vidda', 'Kautokeino'],
  ['Kystakademiet', 'Kystakademiet', 'Ålesund'],
  ['Dovrefagskole', 'Dovre fagskole', 'Dombås'],
  ['Skagerrakhs', 'Handelshøyskolen Skagerrak', 'Arendal'],
  ['Mjøsuniv', 'Mjøsa universitet', 'Hamar'],
];
export const institutionIds = institutions.map(([id]) => String(id));

const skills: Register['rows'] = [
  ['CustFocus', 'Kundefokus'],
  ['CashFlow', 'Likviditetsstyring'],
  ['Prosjektledelse', 'Prosjektledelse'],
  ['Forhandling', 'Forhandling'],
  ['Regnskap', 'Regnskapsføring'],
  ['Analyse', 'Dataanalyse'],
  ['TypeScript', 'Programmering i TypeScript'],
  ['SQL', 'Databaser og SQL'],
  ['Skyplattform', 'Drift på skyplattform'],
  ['Elsikkerhet', 'Sikkerhet ved arbeid i elektriske anlegg'],
  ['Montering', 'Montering av høyspentanlegg'],
  ['Tegning', 'Lesing av tekniske tegninger'],
  ['Betong', 'Betongarbeid'],
  ['Sveising', 'Sveising'],
  ['Kranfører', 'Kranføring'],
  ['HMS', 'Helse, miljø og sikkerhet'],
  ['Personalledelse', 'Personalledelse'],
  ['Rekruttering', 'Rekruttering og intervju'],
  ['Skriftlig norsk', 'Skriftlig framstilling på norsk'],
  ['Engelsk', 'Engelsk, muntlig og skriftlig'],
];
export const skillIds = skills.map(([id]) => String(id));

export const ratingModelId = 'Skills';
export const ratingLevelIds = ['1', '2', '3', '4', '5'] as const;

const certificateTypes: Register['rows'] = [
  ['Førerkort B', 'Førerkort klasse B', noYes.No],
  ['Førerkort C', 'Førerkort klasse C', noYes.Yes],
  ['FSE', 'Sikkerhet ved arbeid i elektriske anlegg', noYes.Yes],
  ['Varme arbeider', 'Sertifikat for varme arbeider', noYes.Yes],
  ['Førstehjelp', 'Kurs i førstehjelp', noYes.Yes],
  ['Truckfører', 'Truckførerbevis', noYes.No],
  ['Prosjektsert', 'Sertifisert prosjektleder', noYes.Yes],
];
export const certificateTypeIds = certificateTypes.map(([id]) => String(id));

/** Reason codes for turning a candidate down; at most 15 characters, like all reason codes. */
export const doNotHireReasons = ['KVALIFIKASJON', 'TRUKKET SEG', 'REFERANSER'] as const;

/** What nothing else of the registers builds on. */
export const registers: readonly Register[] = [
  {
    entitySet: 'mshr_logisticsaddresscountryregionentities',
    columns: ['mshr_countryregion', 'mshr_isocode', 'mshr_currencycode'],
    rows: [
      ['NOR', 'NO', 'NOK'],
      ['SWE', 'SE', 'SEK'],
      ['DNK', 'DK', 'DKK'],
      ['FIN', 'FI', 'EUR'],
      ['ISL', 'IS', 'ISK'],
      ['FRO', 'FO', 'DKK'],
      ['DEU', 'DE', 'EUR'],
      ['POL', 'PL', 'PLN'],
      ['LTU', 'LT', 'EUR'],
      ['GBR', 'GB', 'GBP'],
      ['NLD', 'NL', 'EUR'],
      ['USA', 'US', 'USD'],
    ],
  },
  {
    entitySet: 'mshr_omdepartmententities',
    columns: ['mshr_operatingunitnumber', 'mshr_name', 'mshr_primaryaddresscity', 'mshr_partytype'],
    rows: [
      ['001010', 'Konsernledelse', 'Oslo'],
      ['001020', 'Økonomi og regnskap', 'Oslo'],
      ['001030', 'Personal og organisasjon', 'Oslo'],
      ['001040', 'Juridisk og etterlevelse', 'Oslo'],
      ['001050', 'IT og digitalisering', 'Oslo'],
      ['001060', 'Kundeservice', 'Drammen'],
      ['001070', 'Salg og marked', 'Oslo'],
      ['001080', 'Kommunikasjon', 'Oslo'],
      ['001090', 'Innkjøp og logistikk', 'Drammen'],
      ['002010', 'Kraftproduksjon', 'Mo i Rana'],
      ['002020', 'Nettdrift', 'Tromsø'],
      ['002030', 'Driftssentralen', 'Bodø'],
      ['002040', 'Måling og avregning', 'Bodø'],
      ['003010', 'Prosjektering', 'Trondheim'],
      ['003020', 'Anlegg vest', 'Bergen'],
      ['003030', 'Bygg midt', 'Trondheim'],
      ['003040', 'Verksted og maskinpark', 'Ålesund'],
      ['003050', 'Helse, miljø og sikkerhet', 'Trondheim'],
    ].map((row) => [...row, 'Organization']),
  },
  {
    entitySet: 'mshr_hcmjobfunctionentities',
    columns: ['mshr_jobfunctionid', 'mshr_description', 'mshr_regulatoryjobcategory'],
    rows: [
      ['Toppledelse', 'Toppledelse', jobCategory.Executive],
      ['Ledelse', 'Mellomledelse', jobCategory.Manager],
      ['Fag', 'Faglige stillinger', jobCategory.Professional],
      ['Teknikk', 'Tekniske stillinger', jobCategory.Technician],
      ['Salg', 'Salg', jobCategory.SalesWorker],
      ['Administrasjon', 'Administrasjon', jobCategory.Administrative],
      ['Håndverk', 'Håndverk', jobCategory.CraftWorker],
      ['Drift', 'Maskin- og anleggsdrift', jobCategory.Operative],
      ['Service', 'Service', jobCategory.ServiceWorker],
    ],
  },
  {
    entitySet: 'mshr_hcmjobtypeentities',
    columns: ['mshr_jobtypeid', 'mshr_description', 'mshr_exemptstatus', 'mshr_paidhourly'],
    rows: [
      ['Fastlønn', 'Fast månedslønn', exemptStatus.NonExempt, noYes.No],
      ['Timelønn', 'Lønn per time', exemptStatus.NonExempt, noYes.Yes],
      ['Ledende', 'Ledende stilling uten overtid', exemptStatus.Exempt, noYes.No],
      ['Lærling', 'Lærlingkontrakt', exemptStatus.DoesNotApply, noYes.Yes],
    ],
  },
  {
    entitySet: 'mshr_hcmpositiontypeentities',
    columns: ['mshr_positiontypeid', 'mshr_description', 'mshr_classification'],
    rows: [
      ['Heltid', 'Fast stilling på heltid', employmentStatus.Fulltime],
      ['Deltid', 'Fast stilling på deltid', employmentStatus.Parttime],
      ['Vikariat', 'Midlertidig stilling', employmentStatus.Fulltime],
    ],
  },
  {
    entitySet: 'mshr_hcmeducationdegreeentities',
    columns: ['mshr_levelofeducation', 'mshr_description'],
    rows: educationLevels,
  },
  {
    entitySet: 'mshr_hcmeducationlevelentities',
    columns: ['mshr_educationlevelid', 'mshr_description'],
    rows: educationLevels,
  },
  {
    entitySet: 'mshr_hcmeducationdisciplineentities',
    columns: ['mshr_educationdiscipline', 'mshr_description'],
    rows: disciplines,
  },
  {
    entitySet: 'mshr_hcmeducationinstitutionentities',
    columns: ['mshr_institution', 'mshr_description', 'mshr_location'],
    rows: institutions,
  },
  {
    entitySet: 'mshr_hcmratingmodelentities',
    columns: ['mshr_ratingmodelid', 'mshr_description'],
    rows: [[ratingModelId, 'Kompetansevurdering']],
  },
  {
    entitySet: 'mshr_hcmcertificatetypeentities',
    columns: ['mshr_certificatetype', 'mshr_description', 'mshr_requirerenewal'],
    rows: certificateTypes,
  },
  {
    entitySet: 'mshr_hcmscreeningtypeentities',
    columns: [
      'mshr_screeningtypeid',
      'mshr_description',
      'mshr_frequencyunit',
      'mshr_generatefrom',
      'mshr_frequencyinterval',
    ],
    rows: [
      ['Referanse', 'Innhenting av referanser', frequencyUnit.Onetimeonly, generateFrom.Notselected, 0],
      ['Vitnemål', 'Kontroll av vitnemål', frequencyUnit.Onetimeonly, generateFrom.Notselected, 0],
      ['Helse', 'Helseundersøkelse', frequencyUnit.Yearly, generateFrom.Datecompleted, 2],
      ['Sikkerhet', 'Sikkerhetssamtale', frequencyUnit.Yearly, generateFrom.Datecompleted, 5],
    ],
  },
  {
    entitySet: 'mshr_hcmidentificationtypeentities',
    columns: ['mshr_identificationtypeid', 'mshr_description', 'mshr_fixedlength', 'mshr_checkduplicates'],
    rows: [
      ['Fødselsnummer', 'Norsk fødselsnummer', 11, noYes.Yes],
      ['D-nummer', 'Midlertidig norsk nummer', 11, noYes.Yes],
      ['Pass', 'Passnummer', 0, noYes.Yes],
      ['HMS-kort', 'Kort for bygg og anlegg', 7, noYes.Yes],
    ],
  },
  {
    entitySet: 'mshr_hcmissuingagencyentities',
    columns: ['mshr_issuingagency', 'mshr_name', 'mshr_addresscountryregionid'],
    rows: [
      ['Skatteetaten', 'Skatteetaten', 'NOR'],
      ['Politiet', 'Politiet', 'NOR'],
      ['Arbeidstilsynet', 'Arbeidstilsynet', 'NOR'],
      ['UDI', 'Utlendingsdirektoratet', 'NOR'],
    ],
  },
  {
    entitySet: 'mshr_hcmreasoncodeentities',
    columns: [
      'mshr_reasoncodeid',
      'mshr_description',
      'mshr_isapplicationapplicable',
      'mshr_ishireapplicable',
      'mshr_isterminationapplicable',
    ],
    rows: [
      ['KVALIFIKASJON', 'Oppfyller ikke kravene', noYes.Yes, noYes.No, noYes.No],
      ['TRUKKET SEG', 'Søkeren trakk seg', noYes.Yes, noYes.No, noYes.No],
      ['REFERANSER', 'Referansene holdt ikke', noYes.Yes, noYes.No, noYes.No],
      ['NYANSATT', 'Ny i organisasjonen', noYes.No, noYes.Yes, noYes.No],
      ['OPPRYKK', 'Opprykk', noYes.No, noYes.Yes, noYes.No],
      ['EGEN OPPSIGELSE', 'Sa opp selv', noYes.No, noYes.No, noYes.Yes],
      ['PENSJON', 'Gikk av med pensjon', noYes.No, noYes.No, noYes.Yes],
    ],
  },
  {
    entitySet: 'mshr_hcmveteranstatusentities',
    columns: ['mshr_veteranstatusid', 'mshr_description', 'mshr_isprotectedveteran'],
    rows: [
      ['INGEN', 'Ikke veteran', noYes.No],
      ['VETERAN', 'Veteran fra internasjonale operasjoner', noYes.Yes],
    ],
  },
];

/** What points to the rating model. */
export const dependentRegisters: readonly Register[] = [
  {
    entitySet: 'mshr_hcmratinglevelentities',
    columns: ['mshr_ratinglevelid', 'mshr_ratingmodelid', 'mshr_description', 'mshr_factor'],
    rows: [
      ['1', ratingModelId, 'Kjennskap', 1],
      ['2', ratingModelId, 'Grunnleggende', 3],
      ['3', ratingModelId, 'God', 5],
      ['4', ratingModelId, 'Meget god', 7],
      ['5', ratingModelId, 'Ekspert', 9],
    ],
  },
  {
    entitySet: 'mshr_hcmskillentities',
    columns: ['mshr_skill', 'mshr_description', 'mshr_ratingid'],
    rows: skills.map((row) => [...row, ratingModelId]),
  },
];
