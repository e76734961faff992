import { ApiError } from '../api/api-error.ts';
import { problemText } from '../api/problem-text.ts';
import type { MessageKey } from '../i18n/en.ts';
import type { Translate } from '../i18n/translate.ts';

const texts: Readonly<Record<string, MessageKey>> = {
  wrongPassword: 'problem.wrongPassword',
  wrongPasskey: 'problem.wrongPasskey',
  openIdRefused: 'problem.openIdRefused',
  openIdUnavailable: 'problem.openIdUnavailable',
  noOperator: 'problem.noOperator',
  tooManyAttempts: 'problem.tooManyAttempts',
  passwordTooWeak: 'problem.passwordTooWeak',
  signInAgain: 'problem.signInAgain',
  linkInvalid: 'problem.linkInvalid',
  authorityOff: 'problem.authorityOff',
};

/** What the server tells in the address when somebody comes back from signing in elsewhere. */
export function problemOfAddress(t: Translate): string | undefined {
  const key = texts[new URLSearchParams(location.search).get('problem') ?? ''];
  return key === undefined ? undefined : t(key);
}

/** What stopped somebody from signing in. */
export function signInProblem(error: unknown, t: Translate): string {
  if (error instanceof DOMException) return t('problem.passkeyCancelled');
  const key = error instanceof ApiError ? texts[error.code] : undefined;
  return key === undefined ? problemText(error, t) : t(key);
}
