import { equals } from '../../odata/query.ts';
import type { Draft } from '../draft.ts';
import type { EntityHooks } from '../entity-hooks.ts';
import type { EntityWriter } from '../entity-writer.ts';
import { listAll } from '../listing.ts';
import { getColumn, getTable } from '../model-lookup.ts';
import { joinName } from '../person-name.ts';
import { birthDateOf, birthParts } from './birth-date.ts';

/** People: the full name is made of its parts, and candidates show the date of birth. */
export const personHooks: EntityHooks = {
  async derive(draft) {
    draft.setValue('mshr_name', fullName(draft));
  },

  async afterUpdate(draft, writer) {
    if (birthParts.some((name) => draft.isChanged(getColumn(draft.table, name)))) await showBirthDate(draft, writer);
  },
};

/** Workers carry name parts of their own; those without a person are named by them. */
export const workerHooks: EntityHooks = {
  async derive(draft) {
    if (draft.value('mshr_fk_person_id') === null) draft.setValue('mshr_name', fullName(draft));
  },
};

function fullName(draft: Draft): string {
  const text = (name: string): string => String(draft.value(name) ?? '');
  const parts = {
    first: text('mshr_firstname'),
    middle: text('mshr_middlename'),
    prefix: text('mshr_lastnameprefix'),
    last: text('mshr_lastname'),
  };
  return joinName(parts, text('mshr_namesequencedisplayas')).slice(0, getColumn(draft.table, 'mshr_name').maxLength);
}

async function showBirthDate(draft: Draft, writer: EntityWriter): Promise<void> {
  const candidate = getTable(writer.model, 'mshr_hcmcandidatetohireentity');
  const birthDate = birthDateOf((name) => draft.value(name));
  const values = new Map([[getColumn(candidate, 'mshr_birthdate'), birthDate]]);
  const ofPerson = equals(getColumn(candidate, 'mshr_fk_person_id'), draft.id);
  for await (const row of listAll(writer.rows, candidate, ofPerson)) await writer.updateShown(candidate, row, values);
}
