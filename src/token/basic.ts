import { decodeFormText } from './form.ts';
import { TokenRefusal } from './problems.ts';

export interface BasicCredentials {
  readonly clientId: string;
  readonly secret: string;
}

/**
 * `Authorization: Basic base64(urlencoded(client id) ":" urlencoded(secret))` (RFC 6749 section 2.3.1). `undefined`
 * without such a header; one that cannot be decoded is refused.
 */
export function parseBasic(authorization: string | undefined): BasicCredentials | undefined {
  const encoded = /^Basic +(.*)$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) throw malformed();
  const text = Buffer.from(encoded, 'base64').toString('latin1');
  const colon = text.indexOf(':');
  if (colon < 0 || /[^\x21-\x7e]/.test(text)) throw malformed();
  const clientId = decodeFormText(text.slice(0, colon));
  const secret = decodeFormText(text.slice(colon + 1));
  if (!clientId || !secret) throw malformed();
  return { clientId, secret };
}

const malformed = (): TokenRefusal =>
  new TokenRefusal('malformed', [
    'the Authorization header must be Basic with the URL-encoded client id and client secret',
  ]);
