import type { KeySet } from './key-set.ts';
import { type PublishedKey, parsePublishedKey, parseSigningKey, type SigningKey } from './signing-key.ts';

/** The key set as JSON text: keys as PEM, times in ISO 8601. Holds private keys. */
export function formatKeySet({ current, next, retired, isRotationAsked }: KeySet): string {
  const document = {
    version: 1,
    current: {
      kid: current.key.kid,
      since: current.since.toISOString(),
      longestLifetime: current.longestLifetime,
      privateKey: privatePem(current.key),
    },
    next: {
      kid: next.key.kid,
      publishedAt: next.publishedAt.toISOString(),
      privateKey: privatePem(next.key),
    },
    retired: retired.map(({ key, until }) => ({
      kid: key.kid,
      until: until.toISOString(),
      publicKey: publicPem(key),
    })),
    isRotationAsked,
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

const privatePem = ({ privateKey }: SigningKey): string =>
  privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const publicPem = ({ publicKey }: PublishedKey): string => publicKey.export({ type: 'spki', format: 'pem' }).toString();

/** The other way round. Throws when anything is not as `formatKeySet` writes it; no message holds a key. */
export function parseKeySet(text: string): KeySet {
  const { version, current, next, retired, isRotationAsked } = parseObject(JSON.parse(text));
  if (version !== 1) throw new TypeError(`keys of version ${String(version)}, 1 is known`);
  const [signing, waiting] = [parseObject(current), parseObject(next)];
  if (!Array.isArray(retired) || typeof isRotationAsked !== 'boolean') throw new TypeError('members are missing');
  return {
    current: {
      key: parseSigningKey(parseString(signing['privateKey'])),
      since: parseDate(signing['since']),
      longestLifetime: parseSeconds(signing['longestLifetime']),
    },
    next: {
      key: parseSigningKey(parseString(waiting['privateKey'])),
      publishedAt: parseDate(waiting['publishedAt']),
    },
    retired: retired.map(parseObject).map(({ publicKey, until }) => ({
      key: parsePublishedKey(parseString(publicKey)),
      until: parseDate(until),
    })),
    isRotationAsked,
  };
}

function parseObject(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TypeError('not an object');
  return { ...value };
}

function parseString(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('not a text');
  return value;
}

function parseDate(value: unknown): Date {
  const date = new Date(parseString(value));
  if (Number.isNaN(date.getTime())) throw new TypeError('not a time');
  return date;
}

function parseSeconds(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value <= 0) throw new TypeError('not a lifetime');
  return value;
}
