import { Refusal } from '../../../kernel/refusal.ts';
import { keptByHumanResources } from '../../messages.ts';
import type { NativeTable } from '../native-table.ts';

/**
 * Companies are the legal entities of Human Resources seen from Dataverse. Rows there carry their codes, so they are made
 * and changed where those are kept (`/data/LegalEntities`), whatever a role of Dataverse says.
 */
const keeper = async (): Promise<never> => {
  throw new Refusal('run', keptByHumanResources);
};

export const companyRules: NativeTable = {
  logicalName: 'cdm_company',
  create: { fill: keeper },
  update: { check: keeper },
  remove: { prepare: keeper },
};
