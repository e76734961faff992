import type { Translate } from '../i18n/translate.ts';
import { ApiError } from './api-error.ts';

/** One sentence for a person: the server's own words where it has some, for it knows best what was wrong. */
export function problemText(error: unknown, t: Translate): string {
  if (!(error instanceof ApiError)) return t('error.title');
  if (error.status === 0) return t('error.network');
  if (error.status === 429) return t('error.tooMany', { n: error.retryAfter ?? 1 });
  if (error.code === 'signedOut') return t('error.signedOut');
  if (error.message !== '') return error.message;
  if (error.status === 403) return t('error.forbidden');
  return error.status === 404 ? t('error.notFound') : t('error.server');
}
