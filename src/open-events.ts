import type { Config } from './config.ts';
import type { EventDeps } from './environment/environment.ts';
import { longestDelayMs } from './events/back-off.ts';
import { SecretBox } from './events/secret-box.ts';
import { networkTest } from './kernel/networks.ts';
import { withUsualCas } from './open-issuers.ts';
import { createAddressRules } from './token/issuers/address-rules.ts';

/** How all environments of a server send webhooks, as the settings say. */
export async function openEvents({ webhooks, issuers }: Config, keysFolder: string): Promise<EventDeps> {
  const { networks, firstMs, attempts } = webhooks;
  return {
    box: await SecretBox.open(keysFolder),
    send: {
      rules: createAddressRules(networks),
      exceptions: networkTest(networks),
      ca: issuers.ca === undefined ? undefined : withUsualCas(issuers.ca),
    },
    retry: { firstMs, attempts, longestMs: longestDelayMs },
  };
}
