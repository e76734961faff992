import { randomUUID } from 'node:crypto';
import type { Answer } from '../../support/client.ts';
import { base64url, claimsFor, segment, signJwt, type TestCertificate } from '../../token/assertions.ts';
import { type AttackWorld, askToken } from './attack-world.ts';

/** A request for a token that must be refused, and what the audit log must say about it. */
export interface ClientAttack {
  readonly name: string;
  readonly send: (world: AttackWorld) => Promise<Answer>;
  readonly status: number;
  readonly code: number;
  readonly reason: string | RegExp | ((world: AttackWorld) => string);
}

type Members = Readonly<Record<string, unknown>>;
const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const evil = 'https://evil.example/keys';

interface Parts {
  readonly signer?: keyof AttackWorld['certificates'];
  readonly header?: Members;
  readonly claims?: Members;
}

/** An assertion of the attacked application that is right but for these parts. */
function makeAssertion(
  { app, server, certificates }: AttackWorld,
  { signer = 'valid', header, claims }: Parts,
): string {
  const certificate: TestCertificate = certificates[signer];
  const named = { alg: 'PS256', 'x5t#S256': base64url(certificate.sha256), ...header };
  const audience = `${server.env.AUTHORITY_URL}/oauth2/v2.0/token`;
  return signJwt(certificate.privateKey, named, claimsFor(app.id, audience, new Date(), claims));
}

const send = (world: AttackWorld, text: string, changes: Readonly<Record<string, string>> = {}): Promise<Answer> =>
  askToken(world, { client_id: world.app.id, client_assertion_type: jwtBearer, client_assertion: text, ...changes });

const assertion =
  (parts: Parts) =>
  (world: AttackWorld): Promise<Answer> =>
    send(world, makeAssertion(world, parts));

/** Twice the same; the answer to the second. */
async function replayed(world: AttackWorld): Promise<Answer> {
  const text = makeAssertion(world, {});
  const first = await send(world, text);
  if (first.status !== 200) throw new Error(`the assertion was not good: ${first.text}`);
  return send(world, text);
}

const secret =
  (text: (world: AttackWorld) => string, who: 'app' | 'disabled' | 'deleted' = 'app') =>
  (world: AttackWorld): Promise<Answer> =>
    askToken(world, { client_id: world[who].id, client_secret: text(world) });

const key = { status: 401, code: 700027 } as const;
const seconds = (): number => Math.floor(Date.now() / 1000);

export const clientAttacks: readonly ClientAttack[] = [
  {
    name: 'wrong secret',
    send: secret(() => 'guess'),
    status: 401,
    code: 7000215,
    reason: /^the secret that was sent is none of the application's \d$/,
  },
  {
    name: 'id of the secret',
    send: secret(({ app }) => app.keyId),
    status: 401,
    code: 7000215,
    reason: 'is none of the application',
  },
  {
    name: 'secret of another application',
    send: secret(({ guessed }) => guessed.secret),
    status: 401,
    code: 7000215,
    reason: 'is none of the application',
  },
  {
    name: 'removed secret',
    send: secret(({ removedSecret }) => removedSecret),
    status: 401,
    code: 7000215,
    reason: 'is none of the application',
  },
  {
    name: 'expired secret',
    send: secret(({ expiredSecret }) => expiredSecret),
    status: 401,
    code: 7000222,
    reason: /^secret [0-9a-f-]{36} \(hint .*\) expired at 20/,
  },
  {
    name: 'right secret of a deleted application',
    send: secret(({ deleted }) => deleted.secret, 'deleted'),
    status: 400,
    code: 700016,
    reason: /^no application has the client id /,
  },
  {
    name: 'right secret of a disabled service principal',
    send: secret(({ disabled }) => disabled.secret, 'disabled'),
    status: 400,
    code: 7000112,
    reason: /^the service principal [0-9a-f-]{36} is disabled$/,
  },
  {
    name: 'right secret in another tenant',
    send: (w) => askToken(w, { client_id: w.app.id, client_secret: w.app.secret }, { authority: w.otherAuthority }),
    status: 400,
    code: 50194,
    reason: /^the application is of tenant [0-9a-f-]{36}, and for that one only$/,
  },
  {
    name: 'client that nobody knows',
    send: (w) => askToken(w, { client_id: randomUUID(), client_secret: w.app.secret }),
    status: 400,
    code: 700016,
    reason: /^no application has the client id /,
  },
  {
    name: 'secret and assertion at once',
    send: (w) => send(w, makeAssertion(w, {}), { client_secret: w.app.secret }),
    status: 400,
    code: 9002313,
    reason: 'more than one client credential',
  },
  {
    name: 'Basic for one client, form for another',
    send: (w) =>
      askToken(
        w,
        { client_id: w.guessed.id },
        { headers: { authorization: `Basic ${btoa(`${w.app.id}:${encodeURIComponent(w.app.secret)}`)}` } },
      ),
    status: 400,
    code: 9002313,
    reason: 'two different clients',
  },
  {
    name: 'resource of another tenant',
    send: (w) =>
      askToken(w, { client_id: w.app.id, client_secret: w.app.secret, scope: 'https://other.example/.default' }),
    status: 400,
    code: 500011,
    reason: 'https://other.example was not found',
  },
  {
    name: 'body of a megabyte',
    send: (w) => askToken(w, { client_id: w.app.id, client_secret: 'x'.repeat(1_000_000) }),
    status: 413,
    code: 9002313,
    reason: 'larger than 131072 bytes',
  },
  {
    name: 'thousands of parameters',
    send: (w) => askToken(w, Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`p${index}`, '1']))),
    status: 400,
    code: 9002313,
    reason: 'more than 100 parameters',
  },
  {
    name: 'assertion with alg none',
    send: (w) => send(w, `${segment({ alg: 'none' })}.${makeAssertion(w, {}).split('.')[1]}.AA`),
    status: 400,
    code: 5002730,
    reason: "algorithm is 'none'",
  },
  {
    name: 'assertion by HS256',
    send: assertion({ header: { alg: 'HS256' } }),
    status: 400,
    code: 5002730,
    reason: 'algorithm is ',
  },
  {
    name: 'assertion by an unregistered certificate',
    send: assertion({ signer: 'foreign' }),
    ...key,
    reason: ({ certificates }) => `no certificate of the application has the thumbprint ${certificates.foreign.sha256}`,
  },
  {
    name: 'assertion with a foreign kid',
    send: assertion({ header: { 'x5t#S256': undefined, kid: 'A'.repeat(40) } }),
    ...key,
    reason: `thumbprint ${'A'.repeat(40)}`,
  },
  {
    name: 'assertion under the thumbprint of another certificate',
    send: async (w) =>
      send(w, makeAssertion(w, { signer: 'foreign', header: { 'x5t#S256': base64url(w.certificates.valid.sha256) } })),
    ...key,
    reason: ({ certificates }) => `signature is not of the key of certificate ${certificates.valid.sha1}`,
  },
  {
    name: 'assertion with its own jwk',
    send: assertion({ signer: 'foreign', header: { 'x5t#S256': undefined, jwk: { kty: 'RSA' } } }),
    ...key,
    reason: 'signature is not of the key of certificate',
  },
  {
    name: 'assertion with jku and x5u',
    send: assertion({ signer: 'foreign', header: { 'x5t#S256': undefined, jku: evil, x5u: evil } }),
    ...key,
    reason: 'signature is not of the key of certificate',
  },
  {
    name: 'assertion with its own certificate chain',
    send: (w) =>
      send(
        w,
        makeAssertion(w, {
          signer: 'foreign',
          header: { 'x5t#S256': undefined, x5c: [w.certificates.foreign.pem.replace(/-----[^-]+-----|\s/g, '')] },
        }),
      ),
    ...key,
    reason: 'signature is not of the key of certificate',
  },
  {
    name: 'assertion by an expired certificate',
    send: assertion({ signer: 'expired' }),
    ...key,
    reason: ({ certificates }) => `certificate ${certificates.expired.sha1} expired at `,
  },
  {
    name: 'assertion by a certificate that is not valid yet',
    send: assertion({ signer: 'future' }),
    ...key,
    reason: ({ certificates }) => `certificate ${certificates.future.sha1} is not valid before `,
  },
  {
    name: 'assertion by a removed certificate',
    send: assertion({ signer: 'removed' }),
    ...key,
    reason: ({ certificates }) => `thumbprint ${certificates.removed.sha256}; registered: `,
  },
  {
    name: 'replayed assertion',
    send: replayed,
    status: 401,
    code: 50013,
    reason: /^the assertion [0-9a-f-]{36} was presented before$/,
  },
  {
    name: 'expired assertion',
    send: assertion({ claims: { exp: seconds() - 3600 } }),
    status: 401,
    code: 700024,
    reason: 'the assertion is valid from',
  },
  {
    name: 'assertion that is not valid yet',
    send: assertion({ claims: { nbf: seconds() + 3600, exp: seconds() + 7200 } }),
    status: 401,
    code: 700024,
    reason: 'the assertion is valid from',
  },
  {
    name: 'assertion for another authority',
    send: assertion({ claims: { aud: 'https://login.example/oauth2/v2.0/token' } }),
    status: 401,
    code: 700023,
    reason: 'for another audience: https://login.example/oauth2/v2.0/token',
  },
  {
    name: 'assertion for another tenant',
    send: (w) => send(w, makeAssertion(w, { claims: { aud: `${w.otherAuthority}/v2.0` } })),
    status: 401,
    code: 700023,
    reason: ({ otherAuthority }) => `for another audience: ${otherAuthority}/v2.0`,
  },
  {
    name: 'assertion of another client',
    send: (w) => send(w, makeAssertion(w, { claims: { iss: w.guessed.id, sub: w.guessed.id } })),
    status: 401,
    code: 700021,
    reason: ({ guessed }) => `the issuer '${guessed.id}'`,
  },
  {
    name: 'assertion about another client',
    send: (w) => send(w, makeAssertion(w, { claims: { sub: w.guessed.id } })),
    status: 401,
    code: 50048,
    reason: ({ guessed }) => `the subject '${guessed.id}'`,
  },
  {
    name: 'assertion of an issuer that is not registered',
    send: assertion({ claims: { iss: 'https://idp.example', sub: 'job' } }),
    status: 401,
    code: 70025,
    reason: 'no configured federated identity credentials',
  },
  {
    name: 'one of our own access tokens as assertion',
    send: (w) => send(w, w.good),
    status: 401,
    code: 70025,
    reason: 'no configured federated identity credentials',
  },
  {
    name: 'assertion of 100 kB',
    send: (w) => send(w, `${segment({ alg: 'RS256' })}.${'a'.repeat(100_000)}.AA`),
    status: 401,
    code: 50027,
    reason: 'more than 32768 characters',
  },
  {
    name: 'assertion that is nested deeply',
    send: (w) => send(w, `${segment(`{"alg":${'['.repeat(8000)}`)}.e30.AA`),
    status: 401,
    code: 50027,
    reason: 'its header is no JSON object',
  },
];
