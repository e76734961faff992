import type { AdvisedUse } from './advice.ts';
import type { Use } from './recorded-use.ts';

/** A use as answers tell of it. */
export const told = ({ shapes, count, since, until, requestId }: Use): AdvisedUse => ({
  ...{ shapes, count },
  ...(since !== undefined && { since }),
  ...(until !== undefined && { until }),
  ...(requestId !== undefined && { requestId }),
});
