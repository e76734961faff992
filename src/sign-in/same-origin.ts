import type { HttpRequest } from '../kernel/http.ts';
import { SignInRefusal } from './problems.ts';

/**
 * Was the request sent by a page of this very host? Browsers say so themselves, and scripts cannot change what they say
 * (Fetch Metadata; RFC 6454). A program that is no browser says nothing, and has no browser's cookie to misuse.
 * @throws SignInRefusal 403
 */
export function requireSameOrigin({ headers, host }: HttpRequest, protocol: string): void {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') throw new SignInRefusal('wrongOrigin');
  const origin = headers['origin'];
  if (origin !== undefined && origin.toLowerCase() !== `${protocol}//${host.toLowerCase()}`) {
    throw new SignInRefusal('wrongOrigin');
  }
}
