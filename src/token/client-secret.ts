import type { ClientSecret } from '../directory/entities.ts';
import { checkSecret, decoySecret, type SecretCheck } from '../directory/secret.ts';
import { parseGuid } from '../kernel/ids.ts';
import type { ClientAuthentication, ClientProof } from './client-authentication.ts';
import { TokenRefusal } from './problems.ts';
import type { Client, TokenRequest } from './token-request.ts';

/** `client_id` and `client_secret` in the body. */
export const clientSecretPost: ClientAuthentication = {
  name: 'client_secret_post',
  isUsed: ({ parameters }) => parameters.has('client_secret'),
  findClientId: ({ parameters }) => parameters.get('client_id'),
  verify: (request, client) => verifySecret(request, client, request.parameters.get('client_secret')),
  pretend: ({ parameters, now }) => void checkSecret(decoySecret, parameters.get('client_secret') ?? '', now),
};

/** HTTP Basic. */
export const clientSecretBasic: ClientAuthentication = {
  name: 'client_secret_basic',
  isUsed: ({ basic }) => basic !== undefined,
  findClientId: ({ basic }) => basic?.clientId,
  verify: (request, client) => verifySecret(request, client, request.basic?.secret),
  pretend: ({ basic, now }) => void checkSecret(decoySecret, basic?.secret ?? '', now),
};

function verifySecret({ now }: TokenRequest, { application }: Client, text: string | undefined): ClientProof {
  const check: SecretCheck = text === undefined ? { kind: 'unknown' } : checkSecret(application.secrets, text, now);
  if (check.kind === 'valid') return { kind: '1', credential: `secret ${check.secret.keyId}` };
  // A secret that has not begun is told apart in the log only: its owner must look there, a guesser learns nothing.
  const problem = check.kind === 'expired' ? 'secretExpired' : 'secretInvalid';
  const reason = reasonOf(check, application.secrets.length);
  const nearMiss = check.kind === 'unknown' ? findNearMiss(application.secrets, text ?? '', now) : check.kind;
  const data = {
    ...(nearMiss !== undefined && { nearMiss }),
    ...(check.kind !== 'unknown' && { keyId: check.secret.keyId }),
  };
  throw new TokenRefusal(problem, [application.clientId], { reason, cause: { data } });
}

/** What a client may have done to the right secret on its way into the form. */
const manglings: readonly (readonly [name: string, undo: (text: string) => string])[] = [
  ['blanks', (text) => text.trim()],
  ['plus', (text) => text.replaceAll(' ', '+')],
  ['encoded', decodeOnce],
];

/** Why a secret that is none of the application's looks much like one: for the administrator, never for the client. */
function findNearMiss(secrets: readonly ClientSecret[], text: string, now: Date): string | undefined {
  // How long it takes must not tell how many secrets there are: most texts are no id.
  const id = parseGuid(text.trim());
  if (id !== undefined && secrets.some(({ keyId }) => keyId === id)) return 'secret-id';
  return manglings.find(
    ([, undo]) => undo(text) !== text && checkSecret(secrets, undo(text), now).kind === 'valid',
  )?.[0];
}

function decodeOnce(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function reasonOf(check: SecretCheck, count: number): string {
  if (check.kind === 'unknown') return `the secret that was sent is none of the application's ${count}`;
  const { keyId, hint, start, end } = check.secret;
  const secret = `secret ${keyId} (hint ${hint})`;
  return check.kind === 'expired'
    ? `${secret} expired at ${end.toISOString()}`
    : `${secret} is not valid before ${start.toISOString()}`;
}
