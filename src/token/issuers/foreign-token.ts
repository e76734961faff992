import type { KeyObject } from 'node:crypto';
import { compactVerify, errors } from 'jose';
import { epochSeconds } from '../../kernel/clock.ts';
import { parseBase64url } from '../base64url.ts';
import { shown } from './issuer-error.ts';
import type { KeyFinder } from './issuer-keys.ts';
import { type SignatureAlgorithm, signatureAlgorithms } from './key-set.ts';

/** A JWT of another party, taken apart and not yet believed. */
export interface ForeignToken {
  readonly text: string;
  readonly algorithm: SignatureAlgorithm;
  readonly kid: string | undefined;
  readonly issuer: string;
  readonly claims: Claims;
}

/** Claims as they stand in the token. */
export type Claims = Readonly<Record<string, unknown>>;

/** Why a token of another party is refused. `reason` is for the administrator. */
export interface ForeignFault {
  readonly fault: 'malformed' | 'algorithm' | 'unknownKey' | 'unreachable' | 'signature' | 'expired' | 'notYetValid';
  readonly reason: string;
}

export const isFault = (value: object): value is ForeignFault => 'fault' in value;

/** Longest token that is looked at; a header of HTTP holds 16 kB in all. */
export const foreignTokenLimit = 12_288;
const longestKid = 256;
/** Seconds that are forgiven, since clocks of two parties differ: after `exp`, and before `nbf`. */
export interface Leeway {
  readonly expired: number;
  readonly early: number;
}

/** Types of JWT that may authenticate somebody (RFC 9068 section 2.1); `logout+jwt` or `secevent+jwt` may not. */
const tokenTypes: ReadonlySet<unknown> = new Set([undefined, 'jwt', 'at+jwt', 'application/at+jwt', 'application/jwt']);

/**
 * Takes a token apart. Of its header `alg`, `typ`, `kid` and `crit` are read and nothing else: a key or an address of a
 * key that a token brings along (`jwk`, `jku`, `x5c`, `x5u`) is not looked at.
 */
export function parseForeignToken(text: string): ForeignToken | ForeignFault {
  const malformed = (why: string): ForeignFault => ({ fault: 'malformed', reason: `the token ${why}` });
  if (text.length > foreignTokenLimit) return malformed(`is longer than ${foreignTokenLimit} characters`);
  const segments = text.split('.');
  if (segments.length !== 3) return malformed('does not have three segments');
  if (!segments.every((segment) => parseBase64url(segment) !== undefined))
    return malformed('is not canonical base64url');
  const [header, claims] = segments.slice(0, 2).map(parseObject);
  if (header === undefined || claims === undefined) return malformed('has a header or claims that are no JSON object');
  const { alg, typ, kid } = header;
  if ('crit' in header) return malformed('has a header `crit`, which nothing here understands');
  if (!tokenTypes.has(typeof typ === 'string' ? typ.toLowerCase() : typ)) return malformed('is of another type');
  if (kid !== undefined && !(typeof kid === 'string' && kid.length <= longestKid)) return malformed('has an odd `kid`');
  const algorithm = signatureAlgorithms.find((name) => name === alg);
  if (algorithm === undefined) {
    return { fault: 'algorithm', reason: `the token has the algorithm ${shown(String(alg), 40)}` };
  }
  const issuer = claims['iss'];
  if (typeof issuer !== 'string') return malformed('has no `iss`');
  return { text, algorithm, kid, issuer, claims };
}

/** By what a token is judged. */
export interface ForeignRules {
  readonly keys: KeyFinder;
  readonly algorithms: readonly SignatureAlgorithm[];
  readonly leeway: Leeway;
  readonly now: Date;
}

/**
 * Is the token what its issuer wrote, and valid now? Fetches the issuer's keys when they are not known.
 * INVARIANT: the caller has found `token.issuer` in a list that an administrator wrote.
 */
export async function checkForeignToken(
  token: ForeignToken,
  { keys, algorithms, leeway, now }: ForeignRules,
): Promise<ForeignFault | undefined> {
  if (!algorithms.includes(token.algorithm)) {
    return { fault: 'algorithm', reason: `the token has the algorithm ${token.algorithm}, which is not allowed` };
  }
  const timeFault = checkTimes(token.claims, leeway, now);
  if (timeFault !== undefined) return timeFault;
  const found = await keys.find(token.issuer, token);
  if (found.kind === 'unreachable') return { fault: 'unreachable', reason: `the issuer has no keys: ${found.reason}` };
  if (found.kind === 'unknownKey') {
    const named = token.kid === undefined ? 'names no key' : `names the key ${shown(token.kid, 80)}`;
    return {
      fault: 'unknownKey',
      reason: `the token ${named}, which its issuer does not publish for ${token.algorithm}`,
    };
  }
  for (const key of found.keys) if (await isSignedBy(token, key)) return undefined;
  return { fault: 'signature', reason: 'the signature of the token does not match' };
}

/** Before the signature: it costs nothing, and a token that has expired fetches nothing. */
function checkTimes({ exp, nbf }: Claims, leeway: Leeway, now: Date): ForeignFault | undefined {
  const seconds = epochSeconds(now);
  if (!isTime(exp)) return { fault: 'malformed', reason: 'the token has no usable `exp`' };
  if (nbf !== undefined && !isTime(nbf)) return { fault: 'malformed', reason: 'the token has no usable `nbf`' };
  if (exp <= seconds - leeway.expired)
    return { fault: 'expired', reason: `the token expired ${Math.ceil(seconds - exp)} s ago` };
  if (nbf !== undefined && nbf > seconds + leeway.early) {
    return { fault: 'notYetValid', reason: `the token is valid from ${Math.ceil(nbf - seconds)} s from now` };
  }
  return undefined;
}

/** NumericDate may have a fraction (RFC 7519 section 2). The bound keeps it a date. */
const isTime = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 && value < 8.64e12;

async function isSignedBy({ text, algorithm }: ForeignToken, key: KeyObject): Promise<boolean> {
  try {
    await compactVerify(text, key, { algorithms: [algorithm] });
    return true;
  } catch (error) {
    if (error instanceof errors.JOSEError) return false;
    throw error;
  }
}

function parseObject(segment: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(segment, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
