import type { Column, Model, Table } from '../../metadata/table.ts';

/** What erasing a person does to rows of a table that refer to the person. */
export type Erasure =
  /** The row goes: it says nothing but things about the person. */
  | { readonly kind: 'remove' }
  /** The row stays, since others refer to it; of its columns only these keep their values. */
  | { readonly kind: 'anonymise'; readonly keeps: readonly string[] }
  /** The row is about something else and names the person by party number alone, which tells nobody's name any more. */
  | { readonly kind: 'keep' }
  /** Such a row holds the erasure up: what is kept of workers is ruled by other law. */
  | { readonly kind: 'holdUp' };

export const personTable = 'mshr_dirpersonentity';

/** By logical name. A test holds it against the model: every table that refers to a person must be here. */
export const erasures: Readonly<Record<string, Erasure>> = {
  mshr_dirpersonentity: { kind: 'anonymise', keeps: ['mshr_partynumber', 'mshr_partytype'] },
  mshr_hcmcandidatetohireentity: {
    kind: 'anonymise',
    keeps: [
      'mshr_candidateid',
      'mshr_partynumber',
      'mshr_partytype',
      'mshr_fk_person_id',
      'mshr_recruitingrequestid',
      'mshr_fk_recruitingrequest_id',
      'mshr_positionid',
      'mshr_fk_position_id',
      'mshr_applicantintegrationresult',
      'mshr_donothirereasoncodeid',
      'mshr_fk_reasoncode_id',
      'mshr_dataareaid',
      'mshr_dataareaid_id',
    ],
  },
  mshr_dirpartycontactentity: { kind: 'remove' },
  mshr_hcmpersonaddressentity: { kind: 'remove' },
  mshr_hcmpersoncertificateentity: { kind: 'remove' },
  mshr_hcmpersoneducationentity: { kind: 'remove' },
  mshr_hcmpersonidentificationnumberentity: { kind: 'remove' },
  mshr_hcmpersonprofessionalexperienceentity: { kind: 'remove' },
  mshr_hcmpersonscreeningentity: { kind: 'remove' },
  mshr_hcmpersonskillentity: { kind: 'remove' },
  mshr_hcmrecruitingrequestentity: { kind: 'keep' },
  mshr_hcmworkerentity: { kind: 'holdUp' },
  mshr_hcmworkerbaseentity: { kind: 'holdUp' },
};

/** A table that refers to people, and the lookup by which it does. */
export interface PersonReference {
  readonly table: Table;
  readonly lookup: Column;
}

/** Every lookup of the model that leads to a person. */
export const personReferences = (model: Model): readonly PersonReference[] =>
  model.tables.flatMap((table) =>
    table.columns
      .filter((column) => column.lookup?.target === personTable)
      .map((lookup): PersonReference => ({ table, lookup })),
  );
