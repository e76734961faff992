import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import type { Config } from './config.ts';
import type { Directory } from './directory/directory.ts';
import type { Clock } from './kernel/clock.ts';
import type { Log } from './kernel/log.ts';
import type { GuardedFetchOptions } from './sign-in/openid/guarded-fetch.ts';
import { createAddressRules } from './token/issuers/address-rules.ts';
import { createFetchJson } from './token/issuers/fetch-json.ts';
import { IssuerKeySource, type KeyFinder } from './token/issuers/issuer-keys.ts';
import { OutsideIssuers } from './token/issuers/outside-issuers.ts';

/** Other parties' issuers, as the server knows them. */
export interface Issuers {
  /** Keys of the identity providers that app registrations name in federated credentials. */
  readonly federatedKeys: KeyFinder;
  /** Issuers whose tokens are accepted as our own are. */
  readonly outside: OutsideIssuers;
}

/** Which addresses issuers may have, and who vouches for them. */
export const issuerRulesOf = ({ issuers: { networks, ca } }: Config): GuardedFetchOptions => ({
  rules: createAddressRules(networks),
  ca: ca === undefined ? undefined : withUsualCas(ca),
});

/**
 * What a setting trusts and what app registrations name has its keys kept apart: who registers hostile or slow identity
 * providers neither pushes out the keys of trusted issuers nor makes these wait.
 */
export function openIssuers(
  { config, clock, log }: { readonly config: Config; readonly clock: Clock; readonly log: Log },
  directory: Directory,
): Issuers {
  const { trusted } = config.issuers;
  const options = issuerRulesOf(config);
  const makeSource = (): KeyFinder =>
    new IssuerKeySource({
      fetchJson: createFetchJson(options),
      clock,
      onTrouble(issuer, error) {
        if (error === undefined) log.info('issuer answers again', { issuer });
        else log.warn('issuer cannot be asked', { issuer, failure: error.failure, reason: error.message });
      },
    });
  for (const { name, issuers, tenant } of trusted) {
    log.info('trusting an outside issuer', { name, issuers: issuers.join(' '), tenant });
  }
  return { federatedKeys: makeSource(), outside: new OutsideIssuers({ trusted, keys: makeSource(), directory }) };
}

/** A list of one's own takes the place of Node's: so it is completed by that, and by what NODE_EXTRA_CA_CERTS adds to it. */
export function withUsualCas(own: string): readonly string[] {
  const extra = process.env['NODE_EXTRA_CA_CERTS'];
  return [...rootCertificates, ...(extra ? readIfThere(extra) : []), own];
}

function readIfThere(file: string): readonly string[] {
  try {
    return [readFileSync(file, 'utf8')];
  } catch {
    // Node itself warns of it at the start and goes on.
    return [];
  }
}
