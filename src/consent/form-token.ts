import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { ConsentRequest } from './consent-request.ts';

/**
 * Ties a form to the browser that it was shown in and to what it said, so that no other site can send it: a random
 * value in a cookie, and in the form that value and the request signed together.
 */
export class FormTokens {
  readonly #key: Buffer;
  readonly #cookieName: string;
  readonly #attributes: string;

  /** @param isHttps `__Host-` cookies are for https only; without TLS a plain one must do */
  constructor(isHttps: boolean, key: Buffer) {
    this.#key = key;
    this.#cookieName = isHttps ? '__Host-portvakt-consent' : 'portvakt-consent';
    this.#attributes = `Path=/; HttpOnly; SameSite=Lax${isHttps ? '; Secure' : ''}`;
  }

  /** The token for a form, and the cookie to set; one that the browser has already goes on being used by its other tabs. */
  issue(request: ConsentRequest, cookies: string | undefined): { readonly token: string; readonly cookie: string } {
    const nonce = this.#nonceOf(cookies) ?? randomBytes(16).toString('base64url');
    return {
      token: this.#sign(nonce, request).toString('base64url'),
      cookie: `${this.#cookieName}=${nonce}; ${this.#attributes}`,
    };
  }

  isValid(request: ConsentRequest, cookies: string | undefined, token: string): boolean {
    const nonce = this.#nonceOf(cookies);
    const sent = Buffer.from(token, 'base64url');
    if (nonce === undefined || sent.length !== 32) return false;
    return timingSafeEqual(sent, this.#sign(nonce, request));
  }

  #nonceOf(cookies: string | undefined): string | undefined {
    const prefix = `${this.#cookieName}=`;
    const found = cookies
      ?.split(';')
      .map((each) => each.trim())
      .find((each) => each.startsWith(prefix));
    const value = found?.slice(prefix.length) ?? '';
    return /^[\w-]{22}$/.test(value) ? value : undefined;
  }

  #sign(nonce: string, { version, tenant, application, redirect, state, scope }: ConsentRequest): Buffer {
    const said = [nonce, version, tenant.id, application.clientId, redirect?.href, state, scope];
    return createHmac('sha256', this.#key).update(JSON.stringify(said)).digest();
  }
}
