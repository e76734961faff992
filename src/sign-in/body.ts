import type { HttpRequest } from '../kernel/http.ts';
import type { OperatorLanguage } from './operators.ts';
import { SignInRefusal } from './problems.ts';

type Body = Readonly<Record<string, unknown>>;

/** Longest body, in bytes. */
const longest = 10_000;

/**
 * A JSON object. The content type is asked for too: a form of another page cannot send it.
 * @throws SignInRefusal 400
 */
export function bodyOf({ headers, body }: HttpRequest): Body {
  const isJson = /^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '');
  const value: unknown = isJson && body.length <= longest ? parse(body.toString('utf8')) : undefined;
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new SignInRefusal('bodyInvalid', 'the body is not a JSON object with the content type application/json');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @throws SignInRefusal 400 */
export function textIn(body: Body, name: string, most: number): string {
  const value = body[name];
  if (typeof value !== 'string' || value.trim() === '' || value.length > most || /\p{Cc}/u.test(value)) {
    throw new SignInRefusal('bodyInvalid', `'${name}' is not a text of one line with 1 to ${most} characters`);
  }
  return value;
}

/** @throws SignInRefusal 400 */
export function objectIn(body: Body, name: string): Body {
  const value = body[name];
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new SignInRefusal('bodyInvalid', `'${name}' is not an object`);
}

/** @throws SignInRefusal 400 */
export function languageIn({ language }: Body): OperatorLanguage | undefined {
  if (language === undefined || language === 'en' || language === 'nb') return language;
  throw new SignInRefusal('bodyInvalid', "'language' is not en or nb");
}
