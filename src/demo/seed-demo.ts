import type { Log } from '../kernel/log.ts';
import { type DemoOptions, demoOrganisation } from './organisation.ts';
import { createPrincipals, type DemoPrincipals } from './principals.ts';
import { runStages } from './run-stages.ts';
import type { SeedClient } from './seed-client.ts';

export interface SeedOptions extends DemoOptions {
  /** URL of the environment, without a trailing slash. */
  readonly environmentUrl: string;
  readonly log: Log;
}

/**
 * Sets up the demo organisation and its applications in an empty environment, through the product's own operations.
 * @throws what the client throws at the first refusal; the environment is then half filled and should be thrown away
 */
export async function seedDemo(client: SeedClient, options: SeedOptions): Promise<DemoPrincipals> {
  const { log, environmentUrl } = options;
  await runStages(client, demoOrganisation(options), ({ name, operations }) =>
    log.debug('setting up the demo organisation', { stage: name, operations: operations.length }),
  );
  log.debug('setting up the demo applications');
  return createPrincipals(client, environmentUrl);
}
