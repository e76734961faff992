import { compareValues, type Kind } from '../kind.ts';
import type { LegalEntitySetup } from '../setup.ts';

/** Companies of Human Resources. */
export const legalEntities: Kind<LegalEntitySetup> = {
  kind: 'legalEntities',
  nameOf: ({ id }) => id,
  async read(session) {
    const rows = await session.all(session.data, 'LegalEntities');
    return rows.map((row) => ({ id: String(row['LegalEntityId']), name: String(row['Name']) }));
  },
  compare: (wanted, current) => compareValues(wanted, current, ['name']),
  async apply(session, { id, name }, current) {
    const body = { LegalEntityId: id, Name: name };
    if (current === undefined) await session.data('LegalEntities', { method: 'POST', body });
    else await session.data(`LegalEntities('${encodeURIComponent(id)}')`, { method: 'PATCH', body: { Name: name } });
  },
};
