import type { ConditionId } from '../kernel/cause.ts';
import type { ConditionDetails } from './condition-details.ts';
import { dataverseConditions } from './conditions/dataverse.ts';
import { directoryConditions } from './conditions/directory.ts';
import { humanResourcesConditions } from './conditions/human-resources.ts';

/** Every condition, of all gates. */
export const details: Readonly<Record<ConditionId, ConditionDetails>> = {
  ...directoryConditions,
  ...dataverseConditions,
  ...humanResourcesConditions,
};
