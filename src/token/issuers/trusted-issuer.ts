import { type ClientId, namedGuid, type ServicePrincipalId } from '../../kernel/ids.ts';
import type { SignatureAlgorithm } from './key-set.ts';

/** The surfaces that tokens of outside issuers may be accepted at. */
export const outsideSurfaces = ['webApi', 'data', 'graph'] as const;
export type OutsideSurface = (typeof outsideSurfaces)[number];

/** Values of claims that are demanded: one of those listed must be the claim's value, or be in it where it is a list. */
export type ClaimRules = ReadonlyMap<string, readonly (string | boolean)[] | 'present'>;

/** An application that an outside issuer vouches for. */
export interface ListedApplication {
  /** Its client id here: what an application user and an application link are made for. */
  readonly id: ClientId;
  readonly name: string;
}

/** An issuer, or one authority with several issuer URLs, whose tokens are accepted as our own are. */
export interface TrustedIssuer {
  /** For the log, and part of what application users are bound to. */
  readonly name: string;
  /** Exact values of `iss`. */
  readonly issuers: readonly string[];
  /** The tenant here that its applications belong to: id or verified domain. */
  readonly tenant: string;
  /** Origins of the environments that it is trusted in; `undefined`: all of the tenant. */
  readonly environments: readonly string[] | undefined;
  /** Values of `aud`, compared exactly; where a surface has none the environment's own URL is the audience. */
  readonly audiences: Readonly<Partial<Record<OutsideSurface, readonly string[]>>>;
  /** Values of `tid` that are allowed, lower case; `undefined`: `tid` is not looked at. */
  readonly foreignTenants: readonly string[] | undefined;
  readonly algorithms: readonly SignatureAlgorithm[];
  /** The claim with the client id; `undefined`: the usual ones. */
  readonly clientIdClaim: string | undefined;
  /** By the client id in the token; `any`: every GUID that no app registration of our own has. */
  readonly applications: ReadonlyMap<string, ListedApplication> | 'any';
  /** What tells an application's token from a user's; `undefined`: what is usual (`isApplicationToken`). */
  readonly applicationClaims: ClaimRules | undefined;
  readonly requiredClaims: ClaimRules;
  /** Application permissions that the issuer may give; others in `roles` count for nothing. */
  readonly appRoles: readonly string[];
  /** Where clients without a token are sent, in the place of our own authority. */
  readonly authorizationUri: string | undefined;
}

/**
 * Stands for an application of an outside issuer where a service principal's object id would: in application users.
 * INVARIANT: another issuer that uses the same client id has another one.
 */
export const outsideObjectId = (trusted: TrustedIssuer, clientId: ClientId): ServicePrincipalId =>
  namedGuid<ServicePrincipalId>(`outside issuer:${trusted.name}:${clientId}`);
