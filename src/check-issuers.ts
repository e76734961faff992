import type { DirectorySnapshot } from './directory/snapshot.ts';
import type { Log } from './kernel/log.ts';
import { StartError } from './start-error.ts';
import { issuerV1, issuerV2 } from './token/addresses.ts';
import type { TrustedIssuer } from './token/issuers/trusted-issuer.ts';

/** What the setting is compared with once the installation is open. */
export interface Installed {
  readonly directory: DirectorySnapshot;
  /** Origin of our own authority. */
  readonly url: string;
  /** Origins of all environments. */
  readonly environments: readonly string[];
}

/**
 * Mistakes in the list of trusted issuers that its text alone does not show. What may still come to be, a tenant or an
 * environment, is warned of; the rest stops the start.
 * @throws StartError
 */
export function checkTrustedIssuers(trusted: readonly TrustedIssuer[], installed: Installed, log: Log): void {
  const { directory, url, environments } = installed;
  const tenants = directory.content.tenants;
  const ownIssuers = new Set(tenants.flatMap(({ id }) => [issuerV1(url, id), issuerV2(url, id)]));
  for (const { name, issuers, tenant, environments: trustedIn = [] } of trusted) {
    const own = issuers.find((issuer) => ownIssuers.has(issuer));
    if (own !== undefined) throw wrong(`'${name}' names our own authority, ${own}`);
    if (directory.findTenant(tenant) === undefined)
      log.warn('a trusted issuer has a tenant that is not there', { name, tenant });
    for (const environment of trustedIn) {
      if (!environments.includes(environment)) {
        log.warn('a trusted issuer has an environment that is not there', { name, environment });
      }
    }
  }
  refuseTwiceInTenant(
    trusted.filter(({ applications }) => applications === 'any'),
    directory,
    "'any' application",
  );
  refuseTwiceInTenant(
    trusted.filter(({ authorizationUri }) => authorizationUri !== undefined),
    directory,
    'authorizationUri',
  );
}

/** A tenant has an id and several domains: the text of the setting does not say that two names mean the same one. */
function refuseTwiceInTenant(trusted: readonly TrustedIssuer[], directory: DirectorySnapshot, what: string): void {
  const seen = new Map<string, string>();
  for (const { name, tenant } of trusted) {
    const id = directory.findTenant(tenant)?.id;
    if (id === undefined) continue;
    const before = seen.get(id);
    if (before !== undefined) throw wrong(`'${before}' and '${name}' are of one tenant, which has ${what} once`);
    seen.set(id, name);
  }
}

const wrong = (what: string): StartError =>
  new StartError(`PORTVAKT_TRUSTED_ISSUERS cannot be used: ${what}; see docs/outside-issuers.md`);
