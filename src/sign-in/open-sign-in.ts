import type { HttpRequest, Surface } from '../kernel/http.ts';
import type { Peers } from '../kernel/peers.ts';
import type { MaintenanceStore } from '../odata/row-store.ts';
import { SignInAttempts } from './attempts.ts';
import { Challenges } from './challenges.ts';
import type { SignInDeps } from './handler.ts';
import type { GuardedFetchOptions } from './openid/guarded-fetch.ts';
import { OpenId } from './openid/open-id.ts';
import type { OpenIdSettings } from './openid/settings.ts';
import { Operators } from './operators.ts';
import { Passkeys } from './passkeys.ts';
import { Sessions } from './sessions.ts';
import { createSignInSurface, isSessionPath } from './surface.ts';
import { WebAppTokens, type WebAppTokensDeps } from './web-app-tokens.ts';
import { type dataSurfaces, withSession } from './with-session.ts';

export interface OpenSignInDeps
  extends WebAppTokensDeps,
    Omit<
      SignInDeps,
      'operators' | 'openId' | 'passkeys' | 'challenges' | 'sessions' | 'attempts' | keyof WebAppTokensDeps
    > {
  readonly store: MaintenanceStore;
  readonly peers: Peers;
  /** Sign-in with an outside issuer, where it is configured. */
  readonly openId: OpenIdSettings | undefined;
  readonly issuers: GuardedFetchOptions;
}

export interface SignIn {
  readonly operators: Operators;
  /** The surfaces that the web app uses, each for browsers too. */
  guard(
    surfaces: Readonly<Record<'webApi' | 'finops' | 'graph' | 'admin', Surface>>,
  ): Record<'webApi' | 'finops' | 'graph' | 'admin', Surface>;
}

/** Joins the sign-in of the web app. */
export function openSignIn(deps: OpenSignInDeps): SignIn {
  const { store, clock, peers } = deps;
  const operators = new Operators(store, clock, peers);
  const sessions = new Sessions(store, operators, clock);
  const tokens = new WebAppTokens(deps);
  const attempts = new SignInAttempts(peers.count);
  const passkeys = new Passkeys(store, clock, peers);
  const challenges = new Challenges(store, clock);
  const openId = deps.openId && new OpenId(deps.openId, deps.issuers, clock);
  const own = createSignInSurface({ ...deps, operators, openId, passkeys, challenges, sessions, attempts });
  const guarding = { ...deps, sessions, tokens };
  const guard = (segment: keyof typeof dataSurfaces, surface: Surface) => withSession(segment, surface, guarding);
  return {
    operators,
    guard({ webApi, finops, graph, admin }) {
      const guarded = guard('portvakt', admin);
      return {
        webApi: guard('api', webApi),
        finops: guard('data', finops),
        graph: guard('v1.0', graph),
        admin: (request: HttpRequest) => (isSessionPath(request.url) ? own(request) : guarded(request)),
      };
    },
  };
}
