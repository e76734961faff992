import type { ClientId } from '../kernel/ids.ts';
import type { Caller } from './caller.ts';

interface Verified {
  readonly token: string;
  readonly caller: Caller;
}

/** Characters at the end of a token under which it is kept: 256 bits of its signature. */
const endLength = 43;

/**
 * Tokens that were verified, with their callers, so that a token's next request costs one look-up in a map, by the
 * token's end: to hash a thousand characters costs as much as both gates. At most `limit` of them; the one that was not
 * used for longest goes first. INVARIANT: an entry never outlives its token, and is found by the whole token alone.
 */
export class VerifiedTokens {
  readonly #limit: number;
  readonly #verified = new Map<string, Verified>();
  readonly #endsOf = new Map<ClientId, Set<string>>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#verified.size;
  }

  find(token: string, now: Date): Caller | undefined {
    const end = token.slice(-endLength);
    const found = this.#verified.get(end);
    if (found === undefined || found.token !== token) return undefined;
    const { caller } = found;
    if (caller.expiresAt <= now) {
      this.#drop(end, caller);
      return undefined;
    }
    // Maps keep the order of insertion: what is used moves to the end. Nothing is about to be dropped while there is room.
    if (this.#verified.size > this.#limit / 2) {
      this.#verified.delete(end);
      this.#verified.set(end, found);
    }
    return caller;
  }

  add(token: string, caller: Caller): void {
    const end = token.slice(-endLength);
    const before = this.#verified.get(end);
    if (before !== undefined) this.#drop(end, before.caller);
    this.#verified.set(end, { token, caller });
    const ends = this.#endsOf.get(caller.clientId);
    if (ends === undefined) this.#endsOf.set(caller.clientId, new Set([end]));
    else ends.add(end);
    if (this.#verified.size > this.#limit) this.#dropOldest();
  }

  /** Forgets all tokens of an application. */
  forget(clientId: ClientId): void {
    for (const end of this.#endsOf.get(clientId) ?? []) this.#verified.delete(end);
    this.#endsOf.delete(clientId);
  }

  clear(): void {
    this.#verified.clear();
    this.#endsOf.clear();
  }

  #dropOldest(): void {
    for (const [end, { caller }] of this.#verified) {
      this.#drop(end, caller);
      return;
    }
  }

  #drop(end: string, { clientId }: Caller): void {
    this.#verified.delete(end);
    const ends = this.#endsOf.get(clientId);
    ends?.delete(end);
    if (ends?.size === 0) this.#endsOf.delete(clientId);
  }
}
