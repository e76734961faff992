import { parseAuditText, parseRequestText } from './audit-text.ts';
import type { HttpRequest } from './http.ts';

/**
 * What is logged of an error that nobody foresaw: its name and where it was thrown as they are, its message without what
 * the request held and without what is quoted. Databases and libraries put values into their messages.
 */
export function faultText(error: unknown, request?: HttpRequest): string {
  if (!(error instanceof Error)) return masked(String(error), request);
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return [`${error.name}: ${masked(error.message, request)}`, ...frames].join('\n');
}

const masked = (text: string, request: HttpRequest | undefined): string =>
  request === undefined ? parseAuditText(text) : parseRequestText(text, request);
