import type { ClientId } from '../kernel/ids.ts';
import type { Caller } from './caller.ts';

/**
 * Tokens that were verified, with their callers, so that a token's next request costs one look-up in a map. At most
 * `limit` of them; the one that was not used for longest goes first. INVARIANT: an entry never outlives its token.
 */
export class VerifiedTokens {
  readonly #limit: number;
  readonly #callers = new Map<string, Caller>();
  readonly #tokensOf = new Map<ClientId, Set<string>>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#callers.size;
  }

  find(token: string, now: Date): Caller | undefined {
    const caller = this.#callers.get(token);
    if (caller === undefined) return undefined;
    if (caller.expiresAt <= now) {
      this.#callers.delete(token);
      this.#unindex(token, caller);
      return undefined;
    }
    // Maps keep the order of insertion: what is used moves to the end. Nothing is about to be dropped while there is room.
    if (this.#callers.size > this.#limit / 2) {
      this.#callers.delete(token);
      this.#callers.set(token, caller);
    }
    return caller;
  }

  add(token: string, caller: Caller): void {
    this.#callers.set(token, caller);
    const tokens = this.#tokensOf.get(caller.clientId);
    if (tokens === undefined) this.#tokensOf.set(caller.clientId, new Set([token]));
    else tokens.add(token);
    if (this.#callers.size > this.#limit) this.#dropOldest();
  }

  /** Forgets all tokens of an application. */
  forget(clientId: ClientId): void {
    for (const token of this.#tokensOf.get(clientId) ?? []) this.#callers.delete(token);
    this.#tokensOf.delete(clientId);
  }

  clear(): void {
    this.#callers.clear();
    this.#tokensOf.clear();
  }

  #dropOldest(): void {
    for (const [token, caller] of this.#callers) {
      this.#callers.delete(token);
      this.#unindex(token, caller);
      return;
    }
  }

  #unindex(token: string, { clientId }: Caller): void {
    const tokens = this.#tokensOf.get(clientId);
    tokens?.delete(token);
    if (tokens?.size === 0) this.#tokensOf.delete(clientId);
  }
}
