import { createHmac, createPublicKey, randomUUID, sign } from 'node:crypto';
import type { SigningKey } from '../../../src/token/signing-key.ts';
import { segment } from '../../token/assertions.ts';
import { signToken } from '../../token/forge.ts';
import type { AttackWorld } from './attack-world.ts';

/** An access token that must not be accepted, and what the audit log must say about it. */
export interface TokenAttack {
  readonly name: string;
  /** The bearer token that is sent, or the whole header. */
  readonly token: (world: AttackWorld) => string | { readonly authorization: string | undefined };
  readonly code: string;
  readonly reason: string | RegExp;
}

const parts = (token: string): [string, string, string] => token.split('.') as [string, string, string];
const json = (text: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(text, 'base64url').toString()) as Record<string, unknown>;
const seconds = (): number => Math.floor(Date.now() / 1000);

/** The good token with other claims, signed by the authority's own key: only the claim can be what is refused. */
const reissue = ({ good, key }: AttackWorld, claims: Record<string, unknown>): string =>
  signToken(key, JSON.stringify({ ...json(parts(good)[1]), ...claims }));

/** The good token's claims under another header, signed by the attacker's key or by the one given. */
function withHeader(world: AttackWorld, header: object, key: SigningKey = world.foreignKey): string {
  const content = `${segment(header)}.${parts(world.good)[1]}`;
  return `${content}.${sign('sha256', Buffer.from(content), key.privateKey).toString('base64url')}`;
}

function hmacWithPublicKey({ good, key }: AttackWorld): string {
  const content = `${segment({ typ: 'JWT', alg: 'HS256', kid: key.kid, x5t: key.kid })}.${parts(good)[1]}`;
  const pem = createPublicKey(key.privateKey).export({ type: 'spki', format: 'pem' });
  return `${content}.${createHmac('sha256', pem).update(content).digest('base64url')}`;
}

const ours = ({ key }: AttackWorld) => ({ typ: 'JWT', alg: 'RS256', kid: key.kid, x5t: key.kid });
const evil = 'https://evil.example/keys';
const malformed = { code: '0x8004a100' } as const;
const none = 'the header of the token is none of ours';

export const tokenAttacks: readonly TokenAttack[] = [
  {
    name: 'no token',
    token: () => ({ authorization: undefined }),
    code: '0x80044300',
    reason: 'no bearer token was sent',
  },
  {
    name: 'Basic instead of Bearer',
    token: () => ({ authorization: 'Basic eDp5' }),
    code: '0x80044300',
    reason: 'no bearer token',
  },
  {
    name: 'alg none',
    token: (w) => `${segment({ ...ours(w), alg: 'none' })}.${parts(w.good)[1]}.`,
    ...malformed,
    reason: none,
  },
  {
    name: 'alg none with the old signature',
    token: (w) => `${segment({ ...ours(w), alg: 'None' })}.${parts(w.good)[1]}.${parts(w.good)[2]}`,
    ...malformed,
    reason: none,
  },
  {
    name: 'no signature',
    token: (w) => `${parts(w.good)[0]}.${parts(w.good)[1]}.`,
    ...malformed,
    reason: 'no canonical base64url',
  },
  { name: 'HS256 with the public key', token: hmacWithPublicKey, ...malformed, reason: none },
  { name: 'RS512', token: (w) => withHeader(w, { ...ours(w), alg: 'RS512' }, w.key), ...malformed, reason: none },
  {
    name: 'foreign kid',
    token: (w) => withHeader(w, { ...ours(w), kid: w.foreignKey.kid, x5t: w.foreignKey.kid }),
    ...malformed,
    reason: none,
  },
  {
    name: 'our kid with a foreign key',
    token: (w) => withHeader(w, ours(w)),
    code: '0x8004a105',
    reason: /the signature is not of our key/,
  },
  { name: 'jku', token: (w) => withHeader(w, { ...ours(w), jku: evil }), ...malformed, reason: none },
  { name: 'x5u', token: (w) => withHeader(w, { ...ours(w), x5u: evil }), ...malformed, reason: none },
  {
    name: 'embedded jwk',
    token: (w) => withHeader(w, { ...ours(w), jwk: { kty: 'RSA', n: w.foreignKey.n, e: w.foreignKey.e } }),
    ...malformed,
    reason: none,
  },
  {
    name: 'kid that is a path',
    token: (w) => withHeader(w, { ...ours(w), kid: '../../../dev/null' }),
    ...malformed,
    reason: none,
  },
  {
    name: 'changed claims',
    token: (w) =>
      `${parts(w.good)[0]}.${segment({ ...json(parts(w.good)[1]), appid: w.server.env.ADMIN_CLIENT_ID })}.${parts(w.good)[2]}`,
    code: '0x8004a105',
    reason: 'the signature is not of our key',
  },
  {
    name: 'signature in another base64url form',
    token: (w) => `${w.good}=`,
    ...malformed,
    reason: 'no canonical base64url',
  },
  { name: 'four segments', token: (w) => `${w.good}.x`, ...malformed, reason: 'no canonical base64url, or too many' },
  { name: 'nothing like a token', token: () => 'x', ...malformed, reason: none },
  {
    name: 'wrong aud',
    token: (w) => reissue(w, { aud: 'https://elsewhere.example' }),
    ...malformed,
    reason: /^the token [\w-]+ of [0-9a-f-]{36} is for 'https:\/\/elsewhere\.example'$/,
  },
  {
    name: 'aud that begins like ours',
    token: (w) => reissue(w, { aud: `${w.server.url}.evil.example` }),
    ...malformed,
    reason: '.evil.example',
  },
  {
    name: 'token for Microsoft Graph',
    token: (w) => w.tokens.forGraph,
    ...malformed,
    reason: "is for 'https://graph.microsoft.com'",
  },
  { name: 'token for Human Resources', token: (w) => w.tokens.forFinops, ...malformed, reason: "/data'" },
  {
    name: 'wrong iss',
    token: (w) => reissue(w, { iss: 'https://evil.example/' }),
    ...malformed,
    reason: "was issued by 'https://evil.example/'",
  },
  {
    name: 'wrong tid',
    token: (w) => reissue(w, { tid: randomUUID() }),
    ...malformed,
    reason: /was issued by 'https:.*'$/,
  },
  {
    name: 'another tenant’s token',
    token: (w) => w.tokens.otherTenant,
    ...malformed,
    reason: /is of tenant [0-9a-f-]{36}, the environment of [0-9a-f-]{36}$/,
  },
  {
    name: 'expired',
    token: (w) => reissue(w, { exp: seconds() - 1 }),
    code: '0x8004a101',
    reason: /expired [1-9]\d* seconds ago$/,
  },
  {
    name: 'not valid yet',
    token: (w) => reissue(w, { nbf: seconds() + 600 }),
    ...malformed,
    reason: /is valid in \d+ seconds$/,
  },
  {
    name: 'exp as text',
    token: (w) => reissue(w, { exp: '9999999999' }),
    ...malformed,
    reason: 'no access token of version 1.0',
  },
  {
    name: 'user token',
    token: (w) => reissue(w, { idtyp: 'user' }),
    ...malformed,
    reason: 'no access token of version 1.0',
  },
  {
    name: 'version 2.0',
    token: (w) => reissue(w, { ver: '2.0' }),
    ...malformed,
    reason: 'no access token of version 1.0',
  },
  {
    name: 'token of a deleted application',
    token: (w) => w.tokens.deleted,
    code: '0x8004a103',
    reason: 'the application was deleted',
  },
  {
    name: 'token of a deleted service principal',
    token: (w) => w.tokens.withoutPrincipal,
    code: '0x8004a103',
    reason: /its service principal in tenant .* was deleted$/,
  },
  {
    name: 'token from before the service principal was made anew',
    token: (w) => w.tokens.renewed,
    code: '0x8004a103',
    reason: 'was deleted and made anew',
  },
  {
    name: 'token of a disabled service principal',
    token: (w) => w.tokens.disabled,
    code: '0x8004a103',
    reason: 'is disabled',
  },
  {
    name: 'oversize token',
    token: (w) => reissue(w, { roles: Array.from({ length: 600 }, (_, index) => `Role.Number${index}`) }),
    ...malformed,
    reason: 'characters, more than 8192',
  },
  {
    name: 'deeply nested claims',
    token: (w) => signToken(w.key, `{"aud":${'['.repeat(2500)}${']'.repeat(2500)}}`),
    ...malformed,
    reason: 'no access token of version 1.0',
  },
  { name: 'deeply nested header', token: () => `${segment('['.repeat(4000))}.e30.AA`, ...malformed, reason: none },
];
