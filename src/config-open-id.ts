import { ConfigError, parseOptional, type Source } from './config-values.ts';
import { type OpenIdSettings, parseOperatorMappings } from './sign-in/openid/settings.ts';
import { parseIssuer } from './token/issuers/issuer-url.ts';

/** All of it hangs on the issuer: half a setting is a mistake. */
export function parseOpenId(source: Source): OpenIdSettings | undefined {
  const name = 'PORTVAKT_OPENID_ISSUER';
  const issuer = parseOptional(source, name, parseOpenIdIssuer);
  const rest = ['CLIENT_ID', 'CLIENT_SECRET', 'NAME', 'OPERATORS'].map((each) => `PORTVAKT_OPENID_${each}`);
  if (issuer === undefined) {
    const alone = rest.find((each) => source[each]);
    if (alone !== undefined) throw new ConfigError(alone, '…', `${name} must be given too`);
    return undefined;
  }
  const clientId = source['PORTVAKT_OPENID_CLIENT_ID'];
  if (!clientId) throw new ConfigError(name, issuer, 'PORTVAKT_OPENID_CLIENT_ID must be given too');
  return {
    issuer,
    clientId,
    clientSecret: source['PORTVAKT_OPENID_CLIENT_SECRET'] || undefined,
    name: source['PORTVAKT_OPENID_NAME'] || new URL(issuer).host,
    operators: parseOptional(source, 'PORTVAKT_OPENID_OPERATORS', parseOperators) ?? [],
  };
}

function parseOpenIdIssuer(name: string, value: string): string {
  try {
    parseIssuer(value);
    return value;
  } catch (error) {
    throw new ConfigError(name, value, `the https URL of an issuer (${error instanceof Error ? error.message : ''})`);
  }
}

function parseOperators(name: string, value: string): OpenIdSettings['operators'] {
  const mappings = parseOperatorMappings(value);
  if (mappings !== undefined) return mappings;
  throw new ConfigError(name, value, 'sub:<subject>=<operator> or email:<address>=<operator>, with semicolons between');
}
