import { createHmac, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import type { Brand } from '../kernel/brand.ts';
import { newGuid } from '../kernel/ids.ts';
import type { ClientSecret, CredentialId } from './entities.ts';

/**
 * The text of a client secret that `generateSecret` made. Only such texts are stored, and therefore a fast hash is
 * enough: it has more than 256 bits of entropy, so guessing it from its digest is as hard as guessing it blindly. A
 * slow hash (scrypt, Argon2) protects texts that people choose; here it would only make every token request slow.
 */
export type SecretText = Brand<string, 'SecretText'>;

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** RFC 3986 section 2.3: none of them needs an encoding anywhere in a URL or form. */
const unreserved = `${letters}0123456789-._~`;
/** Where form and Basic encodings go wrong when a client forgets them. */
const reserved = '~/+=&%';
/** 44 characters out of 66 carry 266 bits. */
const secretLength = 44;

const pick = (alphabet: string): string => alphabet.charAt(randomInt(alphabet.length));

/**
 * A new secret. It begins with a letter, so that it is no option on a command line.
 * @param options.reservedCharacters also puts each of `~ / + = & %` into it, for rehearsing encodings
 */
export function generateSecret(options: { readonly reservedCharacters?: boolean } = {}): SecretText {
  const characters = Array.from({ length: secretLength }, () => pick(unreserved));
  if (options.reservedCharacters === true) {
    for (const character of reserved) characters.splice(randomInt(characters.length + 1), 0, character);
  }
  return (pick(letters) + characters.join('')) as SecretText;
}

/** What is kept of a secret: HMAC-SHA-256 with a salt, so that digests of two applications tell nothing of each other. */
export interface SecretDigest {
  readonly salt: Buffer;
  readonly digest: Buffer;
}

export const digestSecret = (text: string, salt: Buffer = randomBytes(16)): SecretDigest => ({
  salt,
  digest: createHmac('sha256', salt).update(text, 'utf8').digest(),
});

/**
 * For one more secret of an application that has these: the salt of the last one, so that a text has one digest to be
 * compared with all of them. Secrets of one application are never equal, so a salt for each would hide nothing more.
 */
export const digestNext = (secrets: readonly SecretDigest[], text: SecretText): SecretDigest =>
  digestSecret(text, secrets.at(-1)?.salt);

/** Which secret a text is, and whether that one is in force. */
export type SecretCheck =
  | { readonly kind: 'valid' | 'expired' | 'notYetValid'; readonly secret: ClientSecret }
  | { readonly kind: 'unknown' };

/**
 * Does `text` equal one of the secrets? Where it equals several, one that is in force counts. Looks at every secret and
 * compares in constant time, so that the time that it takes tells nothing about which one was close. Neighbours with the
 * same salt share the digest, which is what costs.
 */
export function checkSecret(secrets: readonly ClientSecret[], text: string, now: Date): SecretCheck {
  let found: SecretCheck = { kind: 'unknown' };
  let sent: SecretDigest | undefined;
  for (const secret of secrets) {
    if (sent === undefined || !sent.salt.equals(secret.salt)) sent = digestSecret(text, secret.salt);
    const equal = timingSafeEqual(sent.digest, secret.digest);
    if (equal && found.kind !== 'valid') found = { kind: stateOf(secret, now), secret };
  }
  return found;
}

/** One secret that nobody has: checking it takes as long as checking that of an application. */
export const decoySecret: readonly ClientSecret[] = [
  {
    keyId: newGuid<CredentialId>(),
    displayName: null,
    hint: '',
    start: new Date(0),
    end: new Date(0),
    ...digestSecret(randomBytes(32).toString('base64url')),
  },
];

function stateOf({ start, end }: ClientSecret, now: Date): 'valid' | 'expired' | 'notYetValid' {
  if (now < start) return 'notYetValid';
  return now < end ? 'valid' : 'expired';
}
