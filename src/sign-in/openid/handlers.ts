import { type Answer, type Asked, begin, countAttempt, type Handler, requireAttempt } from '../handler.ts';
import { SignInRefusal } from '../problems.ts';
import { type OpenId, parseReturnTo } from './open-id.ts';

export const callbackPath = '/openid/callback';

/** By path below the sign-in's own, then method. Both are whole page loads: the answers lead on. */
export const openIdHandlers: Readonly<Record<string, Readonly<Record<string, Handler>>>> = {
  '/openid': { GET: goToIssuer },
  [callbackPath]: { GET: comeBack },
};

function getOpenId({ deps: { openId } }: Asked): OpenId {
  if (openId === undefined) throw new SignInRefusal('notBuilt', 'signing in elsewhere without PORTVAKT_OPENID_ISSUER');
  return openId;
}

const redirectUriOf = ({ place }: Asked): string => `${place.url}/portvakt/v1/session${callbackPath}`;

async function goToIssuer(asked: Asked): Promise<Answer> {
  asked.notes.message = 'beginOpenId';
  const asks = new URL(asked.request.url, asked.place.url).searchParams;
  const { location, cookie } = await getOpenId(asked).begin(redirectUriOf(asked), parseReturnTo(asks.get('returnTo')));
  return { status: 303, location, cookie };
}

/** The page of another site has led here; what counts is the cookie and what the issuer has signed. */
async function comeBack(asked: Asked): Promise<Answer> {
  const { deps, request, notes } = asked;
  // It begins a session, so it is on disk before it is answered.
  notes.kind = 'change';
  notes.message = 'signIn';
  requireAttempt(asked);
  countAttempt(asked);
  const address = new URL(redirectUriOf(asked));
  address.search = new URL(request.url, address).search;
  const { operator: name, returnTo } = await getOpenId(asked).finish(address, request.headers['cookie']);
  const operator = await deps.operators.findByName(name);
  if (operator?.isEnabled !== true) throw new SignInRefusal('noOperator');
  countAttempt(asked, undefined, -1);
  const { cookie = '' } = await begin(asked, operator);
  return { status: 303, location: returnTo, cookie };
}
