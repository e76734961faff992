import type { Guid } from '../../kernel/ids.ts';
import { parseLegalEntityId } from '../../kernel/ids.ts';
import type { Column, Table } from '../../metadata/table.ts';
import { equals } from '../../odata/query.ts';
import { rowIdOfKey } from '../../odata/row-id.ts';
import type { RowWork, SetRules } from '../row-rules.ts';
import { getValue, setValue, textOf } from '../row-work.ts';

/**
 * Legal entities. Each has a row in Dataverse's own company table, which rows of virtual tables point to: both are kept
 * in step within the same write.
 */
export const legalEntityRules: SetRules = {
  heldBy: [
    { set: 'SystemUsers', by: { Company: 'LegalEntityId' } },
    { set: 'SecurityUserRoleOrganizations', by: { OrganizationId: 'LegalEntityId' } },
  ],

  async prepare(work) {
    const given = textOf(work, 'LegalEntityId');
    const id = parseLegalEntityId(given);
    if (id !== undefined) setValue(work, 'LegalEntityId', id);
    else if (given !== '') work.errors.push(`Field 'LegalEntityId' must be one to four letters or digits: '${given}'.`);
  },

  async afterCreate(work) {
    const { table, id } = companyRow(work);
    if ((await work.rows.get(table, id)) === undefined) await work.rows.insert(table, companyValues(work, table, id));
  },

  async afterUpdate(work) {
    const { table, id } = companyRow(work);
    await work.rows.update(table, id, companyValues(work, table, id));
  },

  async beforeDelete(work) {
    const { table, id } = companyRow(work);
    for (const other of work.model.tables) {
      const lookup = other.columns.find((column) => column.lookup?.target === table.logicalName);
      if (lookup === undefined || other.kind !== 'virtual') continue;
      const where = equals(lookup, id);
      if ((await work.rows.list(other, where, 1)).length > 0) {
        work.errors.push(`${work.table.label} cannot be deleted while dependent ${other.label} exist.`);
        return;
      }
    }
    if (work.errors.length === 0) await work.rows.delete(table, id);
  },
};

function companyRow(work: RowWork): { readonly table: Table; readonly id: Guid } {
  const table = work.model.table.get('cdm_company');
  if (table === undefined) throw new TypeError('the model has no table cdm_company');
  return { table, id: rowIdOfKey(table, [getValue(work, 'LegalEntityId')]) };
}

function companyValues(work: RowWork, table: Table, id: Guid): Map<Column, ReturnType<typeof getValue>> {
  const named = { cdm_companycode: 'LegalEntityId', cdm_name: 'Name' };
  const values = new Map<Column, ReturnType<typeof getValue>>([[table.primaryKey, id]]);
  for (const [theirs, ours] of Object.entries(named)) {
    const column = table.column.get(theirs);
    if (column !== undefined) values.set(column, getValue(work, ours));
  }
  return values;
}
