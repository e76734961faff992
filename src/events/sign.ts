import { randomBytes } from 'node:crypto';
import { Webhook as Signer } from 'standardwebhooks';
import type { StoredEvent, Webhook } from './event-store.ts';
import type { SecretBox } from './secret-box.ts';

/** A new secret in the form of Standard Webhooks: `whsec_` and 32 random bytes. */
export const makeSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;

/** What is sent of an event, byte for byte. */
export const bodyOf = ({ type, time, data }: StoredEvent): string =>
  `{"type":${JSON.stringify(type)},"timestamp":${JSON.stringify(time)},"data":${data}}`;

/** Headers of Standard Webhooks. While a secret is being replaced both sign, and receivers may hold either. */
export function signatureHeaders(
  box: SecretBox,
  webhook: Webhook,
  event: StoredEvent,
  body: string,
  now: Date,
): Record<string, string> {
  const old = webhook.oldSecretUntil !== undefined && webhook.oldSecretUntil > now.toISOString();
  const secrets = [webhook.secret, ...(old && webhook.oldSecret !== undefined ? [webhook.oldSecret] : [])];
  return {
    'webhook-id': event.id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': secrets.map((sealed) => new Signer(box.open(sealed)).sign(event.id, now, body)).join(' '),
  };
}
