/** By what an issuer's user is one of our operators. */
export interface OperatorMapping {
  readonly claim: 'sub' | 'email';
  readonly value: string;
  /** Name of the operator. */
  readonly operator: string;
}

/** Sign-in with an outside issuer (OpenID Connect), as configured. */
export interface OpenIdSettings {
  readonly issuer: string;
  readonly clientId: string;
  /** Absent: a public client, which PKCE alone protects. */
  readonly clientSecret: string | undefined;
  /** What the button says. */
  readonly name: string;
  /** Whoever is not in it is nobody here. */
  readonly operators: readonly OperatorMapping[];
}

/**
 * `sub:<subject>=<operator>` and `email:<address>=<operator>`, with semicolons between.
 * @returns `undefined` where it is something else
 */
export function parseOperatorMappings(text: string): readonly OperatorMapping[] | undefined {
  const mappings = text
    .split(';')
    .map((each) => each.trim())
    .filter((each) => each !== '')
    .map((each): OperatorMapping | undefined => {
      const [, claim, value, operator] = /^(sub|email):([^=\s][^=]*)=(.+)$/.exec(each) ?? [];
      if (value === undefined || operator === undefined) return undefined;
      return { claim: claim === 'sub' ? 'sub' : 'email', value: value.trim(), operator: operator.trim() };
    });
  return mappings.every((each) => each !== undefined) ? mappings : undefined;
}

/** What is looked at of an ID token that was verified. */
export interface IdClaims {
  readonly sub: string;
  readonly [name: string]: unknown;
}

/**
 * The operator whom the issuer's user is. An address counts only where the issuer says that it has verified it: anybody can
 * claim to have any.
 */
export function operatorOf(mappings: readonly OperatorMapping[], claims: IdClaims): string | undefined {
  const email = claims['email_verified'] === true ? claims['email'] : undefined;
  const found = mappings.find(({ claim, value }) =>
    claim === 'sub' ? value === claims.sub : typeof email === 'string' && value.toLowerCase() === email.toLowerCase(),
  );
  return found?.operator;
}
