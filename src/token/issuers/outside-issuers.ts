import type { Directory } from '../../directory/directory.ts';
import type { ClientId, TenantId } from '../../kernel/ids.ts';
import type { Caller } from '../caller.ts';
import type { VerifyProblemName } from '../verify-problems.ts';
import {
  checkForeignToken,
  type ForeignFault,
  type ForeignToken,
  isFault,
  parseForeignToken,
} from './foreign-token.ts';
import { shown } from './issuer-error.ts';
import type { KeyFinder } from './issuer-keys.ts';
import { findListed, readOutsideClaims } from './outside-claims.ts';
import { type ListedApplication, type OutsideSurface, outsideObjectId, type TrustedIssuer } from './trusted-issuer.ts';

/** What a caller has that an outside issuer vouches for. */
export interface OutsideVoucher {
  readonly trusted: TrustedIssuer;
  /** All values of `aud`. */
  readonly audiences: readonly string[];
}

/** Where tokens of outside issuers are accepted. */
export interface OutsideAddressee {
  readonly surface: OutsideSurface;
  /** Origin of the environment, or of the server for `graph`. */
  readonly url: string;
  /** Is this the surface's own audience? Asked where an issuer has none of its own for the surface. */
  isOwnAudience(audience: string): boolean;
}

/** Why a token of an outside issuer is refused. `reason` is for the log. */
export interface OutsideFault {
  readonly problem: VerifyProblemName;
  readonly reason: string;
}

/** Seconds after which a token that was verified is verified again: a key that its issuer has withdrawn must end. */
const verifyAgainSeconds = 600;
/** A token ends exactly at `exp`, as our own do; clients ask for new ones minutes before. */
const leeway = { expired: 0, early: 60 };

const problemOf: Readonly<Record<ForeignFault['fault'], VerifyProblemName>> = {
  malformed: 'malformed',
  algorithm: 'malformed',
  unknownKey: 'signature',
  signature: 'signature',
  expired: 'expired',
  notYetValid: 'notYetValid',
  unreachable: 'issuerUnreachable',
};

export interface OutsideIssuersOptions {
  readonly trusted: readonly TrustedIssuer[];
  readonly keys: KeyFinder;
  readonly directory: Directory;
}

/** The issuers besides our own authority whose tokens are accepted (docs/outside-issuers.md). */
export class OutsideIssuers {
  readonly #trusted: readonly TrustedIssuer[];
  readonly #byIssuer: ReadonlyMap<string, TrustedIssuer>;
  readonly #keys: KeyFinder;
  readonly #directory: Directory;

  constructor({ trusted, keys, directory }: OutsideIssuersOptions) {
    this.#trusted = trusted;
    this.#byIssuer = new Map(trusted.flatMap((each) => each.issuers.map((issuer) => [issuer, each] as const)));
    this.#keys = keys;
    this.#directory = directory;
  }

  /** Is there any at all? */
  get isEmpty(): boolean {
    return this.#trusted.length === 0;
  }

  /** Whom a token stands for. An issuer that is not trusted is not asked for anything. */
  async verify(text: string, now: Date): Promise<Caller | OutsideFault> {
    const token = parseForeignToken(text);
    if (isFault(token)) return outsideFault(token);
    const trusted = this.#byIssuer.get(token.issuer);
    if (trusted === undefined) {
      return { problem: 'issuer', reason: `the issuer '${shown(token.issuer)}' is neither our own nor a trusted one` };
    }
    const { algorithms } = trusted;
    const fault = await checkForeignToken(token, { keys: this.#keys, algorithms, leeway, now });
    return fault === undefined ? this.#callerOf(token, trusted, now) : outsideFault(fault, trusted.name);
  }

  #callerOf({ claims }: ForeignToken, trusted: TrustedIssuer, now: Date): Caller | OutsideFault {
    const read = readOutsideClaims(trusted, claims);
    if ('problem' in read) return read;
    const tenant = this.#directory.current.findTenant(trusted.tenant);
    if (tenant === undefined) {
      return { problem: 'tenant', reason: `${trusted.name} belongs to the tenant ${trusted.tenant}, which is unknown` };
    }
    const { application, audiences, roles, tokenId } = read;
    // INVARIANT: nobody else vouches for an application of our own: who may choose client ids could take its place.
    if (this.#directory.current.findApplication(application.id) !== undefined) {
      const reason = `${trusted.name} may not vouch for ${application.id}, an app registration of our own`;
      return { problem: 'unknownClient', reason };
    }
    const again = now.getTime() + 1_000 * verifyAgainSeconds;
    return {
      clientId: application.id,
      tenantId: tenant.id,
      objectId: outsideObjectId(trusted, application.id),
      audience: audiences[0] ?? '',
      roles,
      expiresAt: new Date(Math.min(1_000 * Number(claims['exp']), again)),
      tokenId,
      outside: { trusted, audiences },
    };
  }

  /**
   * The application that an administrator may make an application user for although our directory does not know it. Where
   * several issuers would vouch for it the one that lists it does; between two that do not, none.
   */
  findApplication(tenantId: TenantId, url: string, clientId: ClientId): OutsideApplication | undefined {
    if (this.#directory.current.findApplication(clientId) !== undefined) return undefined;
    const vouching = this.#issuersOf(tenantId, url).flatMap((trusted) => {
      const listed = trusted.applications === 'any' ? undefined : findById(trusted.applications, clientId);
      const application = listed ?? (trusted.applications === 'any' ? findListed(trusted, clientId) : undefined);
      return application === undefined ? [] : [{ trusted, application, isListed: listed !== undefined }];
    });
    const listing = vouching.filter(({ isListed }) => isListed);
    const [found, ...others] = listing.length > 0 ? listing : vouching;
    if (found === undefined || others.length > 0) return undefined;
    return { objectId: outsideObjectId(found.trusted, clientId), name: found.application.name };
  }

  /** Where clients without a token are sent at an address that is no tenant's: only where there is no choice. */
  get soleAuthorizationUri(): string | undefined {
    const [uri, ...others] = new Set(this.#trusted.map(({ authorizationUri }) => authorizationUri));
    return others.length === 0 ? uri : undefined;
  }

  /** Where clients without a token are sent, when that is not our own authority. */
  findAuthorizationUri(tenantId: TenantId, url: string): string | undefined {
    return this.#issuersOf(tenantId, url).find((each) => each.authorizationUri !== undefined)?.authorizationUri;
  }

  /** Those that are trusted in one environment. */
  #issuersOf(tenantId: TenantId, url: string): readonly TrustedIssuer[] {
    return this.#trusted.filter(
      (each) => isTrustedAt(each, url) && this.#directory.current.findTenant(each.tenant)?.id === tenantId,
    );
  }
}

/** What stands for a service principal of our own directory. */
export interface OutsideApplication {
  readonly objectId: Caller['objectId'];
  readonly name: string;
}

/** Why a caller of an outside issuer is not let in here; `undefined` when they are. Asked on every request. */
export function describeMisdirected(
  { trusted, audiences }: OutsideVoucher,
  addressee: OutsideAddressee | undefined,
): string | undefined {
  const { name } = trusted;
  if (addressee === undefined) return `${name}: tokens of outside issuers are not accepted here`;
  const { surface, url } = addressee;
  if (!isTrustedAt(trusted, url)) return `${name} is not trusted in ${url}`;
  const named = trusted.audiences[surface];
  const isAccepted = named === undefined ? addressee.isOwnAudience : (audience: string) => named.includes(audience);
  if (audiences.some((audience) => isAccepted(audience))) return undefined;
  return `${name}: the token is for '${shown(audiences.join(', '))}', not for ${surface} of ${url}`;
}

const isTrustedAt = ({ environments }: TrustedIssuer, url: string): boolean => environments?.includes(url) ?? true;

const findById = (listed: ReadonlyMap<string, ListedApplication>, id: ClientId): ListedApplication | undefined =>
  [...listed.values()].find((each) => each.id === id);

const outsideFault = ({ fault, reason }: ForeignFault, name?: string): OutsideFault => ({
  problem: problemOf[fault],
  reason: name === undefined ? reason : `${name}: ${reason}`,
});
