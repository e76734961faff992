import { createHash, randomInt, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../kernel/clock.ts';
import type { ClientId, TenantId } from '../kernel/ids.ts';

/** What a code is good for, and nothing else. */
export interface ConsentPurpose {
  readonly tenantId: TenantId;
  readonly clientId: ClientId;
  /** Empty where the page leads nowhere. */
  readonly redirectUri: string;
}

export const codeLimits = {
  /** Milliseconds that a code can be used. */
  life: 10 * 60_000,
  /** Wrong codes after which the right one is void. A code has 50 bits. */
  attempts: 5,
  /** Milliseconds between two codes for the same purpose. */
  pause: 60_000,
  /** Codes within the life of one, for one tenant and for all: a stranger may open the page, but not flood the console. */
  perTenant: 10,
  inAll: 50,
} as const;

/** Crockford's Base32: no letter that is taken for a digit. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const codeLength = 10;

interface Issued {
  readonly purpose: ConsentPurpose;
  readonly digest: Buffer;
  readonly issuedAt: number;
  attempts: number;
  isRedeemed: boolean;
}

export type Issuing =
  /** `code` was made just now, or is absent when the one that was given before can still be used. */
  { readonly kind: 'ready'; readonly code?: string } | { readonly kind: 'tooMany'; readonly retryAfterSeconds: number };

export type Redeeming = 'right' | 'wrong' | 'void';

/**
 * One-time codes that prove that whoever consents can read the server's console. Kept as digests only; several
 * processes hand them to each other as a text (`text`).
 */
export class ConsentCodes {
  readonly #clock: Clock;
  #issued: Issued[] = [];

  /** @param text of those that were issued before */
  constructor(clock: Clock, text?: string) {
    this.#clock = clock;
    this.#issued = text === undefined ? [] : parseIssued(text);
  }

  /** All of them, for the constructor. */
  get text(): string {
    return JSON.stringify(this.#issued.map((each) => ({ ...each, digest: each.digest.toString('base64') })));
  }

  /** Sees to it that there is a code for the purpose. */
  issue(purpose: ConsentPurpose): Issuing {
    const now = this.#forgetExpired();
    const before = this.#issued.findLast((each) => isFor(each, purpose));
    if (before !== undefined && isUsable(before)) return { kind: 'ready' };
    const waitUntil = this.#nextIssue(purpose, before, now);
    if (waitUntil > now) return { kind: 'tooMany', retryAfterSeconds: Math.ceil((waitUntil - now) / 1000) };
    const code = Array.from({ length: codeLength }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
    this.#issued.push({ purpose, digest: digestOf(code), issuedAt: now, attempts: 0, isRedeemed: false });
    return { kind: 'ready', code: `${code.slice(0, 5)}-${code.slice(5)}` };
  }

  /** Uses up a code: the right one is right once. */
  redeem(purpose: ConsentPurpose, text: string): Redeeming {
    this.#forgetExpired();
    const issued = this.#issued.findLast((each) => isFor(each, purpose));
    if (issued === undefined || !isUsable(issued)) return 'void';
    if (timingSafeEqual(digestOf(normalise(text)), issued.digest)) {
      // Kept, so that it counts against the limits.
      issued.isRedeemed = true;
      return 'right';
    }
    issued.attempts++;
    return isUsable(issued) ? 'wrong' : 'void';
  }

  /** The moment from which another code may be given. */
  #nextIssue({ tenantId }: ConsentPurpose, before: Issued | undefined, now: number): number {
    const oldestOf = (list: readonly Issued[], limit: number): number => {
      const holding = list.at(-limit);
      return holding === undefined ? now : holding.issuedAt + codeLimits.life;
    };
    return Math.max(
      before === undefined || before.isRedeemed ? now : before.issuedAt + codeLimits.pause,
      oldestOf(
        this.#issued.filter(({ purpose }) => purpose.tenantId === tenantId),
        codeLimits.perTenant,
      ),
      oldestOf(this.#issued, codeLimits.inAll),
    );
  }

  #forgetExpired(): number {
    const now = this.#clock().getTime();
    this.#issued = this.#issued.filter(({ issuedAt }) => now < issuedAt + codeLimits.life);
    return now;
  }
}

/** Our own text. */
const parseIssued = (text: string): Issued[] =>
  (JSON.parse(text) as (Issued & { readonly digest: string })[]).map((each) => ({
    ...each,
    digest: Buffer.from(each.digest, 'base64'),
  }));

const isUsable = ({ isRedeemed, attempts }: Issued): boolean => !isRedeemed && attempts < codeLimits.attempts;

const isFor = ({ purpose }: Issued, { tenantId, clientId, redirectUri }: ConsentPurpose): boolean =>
  purpose.tenantId === tenantId && purpose.clientId === clientId && purpose.redirectUri === redirectUri;

const digestOf = (code: string): Buffer => createHash('sha256').update(code).digest();

/** As people type it: in lower case, with or without the hyphen, a letter for a digit that looks like it. */
const normalise = (text: string): string =>
  text.slice(0, 100).toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1');
