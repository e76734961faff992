import { createHash } from 'node:crypto';
import type { ClientId } from '../kernel/ids.ts';
import type { MaybePromise } from '../kernel/maybe-promise.ts';
import { noPeers, type Peers } from '../kernel/peers.ts';
import type { Assertion } from './assertion.ts';
import { clockSkew } from './certificate-assertion.ts';
import { TokenRefusal } from './problems.ts';

/** May an assertion be presented more than once? */
export type AssertionReplay = 'accept' | 'refuse';

/** Seconds. What lives longer would have to be remembered longer. */
const longestLife = 86_400;
/** Assertions that are remembered of one client, some 150 bytes each. One every nine seconds for a day. */
export const rememberedPerClient = 10_000;

/**
 * Remembers which assertions have been presented, until they expire (RFC 7523 section 3, `jti`). Only assertions that
 * were found good come here, so that a client's room is taken by nobody else. Several processes ask each other.
 */
export class PresentedAssertions {
  readonly #peers: Peers;
  readonly #expiryByClient = new Map<ClientId, Map<string, number>>();

  constructor(peers: Peers = noPeers()) {
    this.#peers = peers;
  }

  /** @throws TokenRefusal, or rejects with it, when this one was presented before, or cannot be remembered for long enough */
  present(client: ClientId, assertion: Assertion, now: Date): MaybePromise<void> {
    const seconds = now.getTime() / 1000;
    const { expiresAt, tokenId } = assertion.claims;
    if (expiresAt - seconds > longestLife) {
      const reason = `the assertion lives ${Math.round(expiresAt - seconds)} seconds more; replays are refused, so at most ${longestLife} are allowed`;
      throw new TokenRefusal('assertionReplayed', [], { reason });
    }
    const known = this.#of(client, seconds);
    const id = createHash('sha256')
      .update(tokenId ?? assertion.signed)
      .digest('base64url');
    if ((known.get(id) ?? 0) > seconds) {
      const reason = `the assertion ${tokenId ?? '(without jti)'} was presented before`;
      throw new TokenRefusal('assertionReplayed', [], { reason });
    }
    if (known.size >= rememberedPerClient) {
      const reason = `${known.size} assertions of this client are remembered, no more can be: let them expire sooner`;
      throw new TokenRefusal('assertionReplayed', [], { reason });
    }
    known.set(id, expiresAt + clockSkew);
    if (this.#peers.count > 1) return this.#askOthers(`${client} ${id}`, new Date((expiresAt + clockSkew) * 1000), now);
  }

  async #askOthers(name: string, until: Date, now: Date): Promise<void> {
    if (await this.#peers.isFirst(name, until, now)) return;
    throw new TokenRefusal('assertionReplayed', [], {
      reason: 'the assertion was presented to another process before',
    });
  }

  /** The client's assertions; those that have expired are let go of when there are many. */
  #of(client: ClientId, seconds: number): Map<string, number> {
    const known = this.#expiryByClient.get(client) ?? new Map<string, number>();
    this.#expiryByClient.set(client, known);
    if (known.size >= rememberedPerClient) {
      for (const [id, expiry] of known) if (expiry <= seconds) known.delete(id);
    }
    return known;
  }
}
