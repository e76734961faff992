import { requireSystemAdministrator } from '../held-privileges.ts';
import type { NativeTable, WriteContext } from '../native-table.ts';

/**
 * Companies are the legal entities of Human Resources seen from Dataverse. The Human Resources side keeps them, so only a
 * System Administrator writes them here, whatever a role says.
 */
const keeper = async ({ grant }: WriteContext): Promise<void> =>
  requireSystemAdministrator(grant, 'Companies are kept by Human Resources.');

export const companyRules: NativeTable = {
  logicalName: 'cdm_company',
  create: { fill: keeper },
  update: { check: keeper },
  remove: { prepare: keeper },
};
