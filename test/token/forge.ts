import { sign } from 'node:crypto';
import type { SigningKey } from '../../src/token/signing-key.ts';

/** As the authority signs, at once: a token with any payload. */
export function signToken(key: SigningKey, payload: string): string {
  const content = `${key.header}.${Buffer.from(payload).toString('base64url')}`;
  return `${content}.${sign('sha256', Buffer.from(content), key.privateKey).toString('base64url')}`;
}
