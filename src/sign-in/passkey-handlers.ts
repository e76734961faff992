import { type Guid, parseGuid } from '../kernel/ids.ts';
import { bodyOf, objectIn, textIn } from './body.ts';
import {
  type Answer,
  type Asked,
  begin,
  bodyFor,
  countAttempt,
  getOwnSession,
  type Handler,
  requireAttempt,
  requireProof,
} from './handler.ts';
import type { Link, Operator } from './operators.ts';
import { SignInRefusal } from './problems.ts';
import { optionsToRegister, optionsToSignIn, verifyRegistration, verifySignIn } from './web-authn.ts';

/** Longest name of a passkey, and longest id of a credential (WebAuthn section 4: 1023 bytes). */
const [longestName, longestId] = [100, 1400];

/** By path below the sign-in's own, then method. */
export const passkeyHandlers: Readonly<Record<string, Readonly<Record<string, Handler>>>> = {
  '/passkey': { GET: listOwn },
  '/passkey/{id}': { DELETE: removeOwn },
  '/passkey/options': { POST: beginSignIn },
  '/passkey/verify': { POST: signInByPasskey },
  '/passkey/register-options': { POST: beginRegistration },
  '/passkey/register': { POST: register },
  '/setup/passkey-options': { POST: beginSetUp },
};

/** Strangers may ask for it, so that it counts as an attempt until one succeeds. */
async function beginSignIn(asked: Asked): Promise<Answer> {
  const { deps, place, notes } = asked;
  notes.message = 'beginSignIn';
  requireAttempt(asked);
  countAttempt(asked);
  const options = await optionsToSignIn(place);
  const challengeId = await deps.challenges.keep('signIn', undefined, options.challenge);
  return { status: 200, body: { challengeId, options } };
}

async function signInByPasskey(asked: Asked): Promise<Answer> {
  const { deps, request, place, notes } = asked;
  notes.message = 'signIn';
  const body = bodyOf(request);
  const response = objectIn(body, 'response');
  const challenge = await deps.challenges.take(textIn(body, 'challengeId', 36), 'signIn', undefined);
  const passkey = await deps.passkeys.findByCredential(textIn(response, 'id', longestId));
  if (passkey === undefined) throw new SignInRefusal('wrongPasskey', 'there is no such passkey');
  const operator = await deps.operators.find(passkey.operatorId);
  if (operator?.isEnabled !== true) throw new SignInRefusal('wrongPasskey', 'its operator is disabled');
  const counter = await verifySignIn(place, challenge, response, passkey);
  await deps.passkeys.noteUse(passkey.id, counter);
  countAttempt(asked, undefined, -1);
  return begin(asked, operator);
}

async function beginRegistration(asked: Asked): Promise<Answer> {
  const { deps, request, place, notes } = asked;
  notes.message = 'beginPasskey';
  const session = await getOwnSession(asked);
  const { operator } = session;
  await requireProof(asked, session, bodyOf(request)['current']);
  const held = await deps.passkeys.list(operator.id);
  const options = await optionsToRegister({ place, operatorId: operator.id, name: operator.name, held });
  const challengeId = await deps.challenges.keep('register', session.id, options.challenge);
  return { status: 200, body: { challengeId, options } };
}

async function register(asked: Asked): Promise<Answer> {
  const { deps, request, place, notes } = asked;
  notes.message = 'addPasskey';
  const session = await getOwnSession(asked);
  const body = bodyOf(request);
  const challenge = await deps.challenges.take(textIn(body, 'challengeId', 36), 'register', session.id);
  const name = textIn(body, 'name', longestName);
  const passkey = await verifyRegistration(place, challenge, objectIn(body, 'response'), name);
  await deps.passkeys.add(session.operator.id, passkey);
  return { status: 200, body: await bodyFor(asked, session) };
}

async function listOwn(asked: Asked): Promise<Answer> {
  asked.notes.message = 'listPasskeys';
  const { operator } = await getOwnSession(asked);
  const value = (await asked.deps.passkeys.list(operator.id)).map(({ id, name, createdAt, lastUsedAt }) => ({
    ...{ id, name, createdAt },
    ...(lastUsedAt === undefined ? {} : { lastUsedAt }),
  }));
  return { status: 200, body: { value } };
}

async function removeOwn(asked: Asked): Promise<Answer> {
  asked.notes.message = 'removePasskey';
  const { operator } = await getOwnSession(asked);
  const id = parseGuid<Guid>(asked.id);
  if (id === undefined) throw new SignInRefusal('notFound');
  asked.notes.targetId = id;
  await asked.deps.passkeys.remove(operator, id);
  return { status: 204 };
}

/** The person behind a one-time link makes a passkey in the place of a password. */
async function beginSetUp(asked: Asked): Promise<Answer> {
  const { deps, request, place } = asked;
  asked.notes.message = 'beginPasskey';
  const body = bodyOf(request);
  const link = await deps.operators.getLink(textIn(body, 'token', 100));
  const name = link.operator?.name ?? textIn(body, 'name', 100);
  const options = await optionsToRegister({ place, operatorId: idToBe(link), name, held: [] });
  const challengeId = await deps.challenges.keep('setUp', link.id, options.challenge);
  return { status: 200, body: { challengeId, options } };
}

/** The first operator is not there yet; the link's id becomes theirs, so that the passkey can know it. */
const idToBe = ({ id, operator }: Link): Guid => operator?.id ?? id;

/** Ends what `beginSetUp` began: the operator is made, or begins anew, with this passkey alone. */
export async function setUpByPasskey(asked: Asked, link: Link, name: string, sent: object): Promise<Operator> {
  const { deps, place } = asked;
  const body = { ...sent };
  const challenge = await deps.challenges.take(textIn(body, 'challengeId', 36), 'setUp', link.id);
  const label = textIn(body, 'name', longestName);
  const passkey = await verifyRegistration(place, challenge, objectIn(body, 'response'), label);
  return deps.operators.redeem(link, name, { passkey });
}
