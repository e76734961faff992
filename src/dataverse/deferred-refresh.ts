import type { SecurityInForce } from './dataverse-security.ts';
import type { DataverseSnapshot } from './snapshot.ts';

/**
 * Security during several writes that are kept together: what they change is nowhere to be read before the commit, so
 * it is read once, by `settle`, after it.
 */
export class DeferredRefresh implements SecurityInForce {
  readonly #security: SecurityInForce;
  #asked = false;

  constructor(security: SecurityInForce) {
    this.#security = security;
  }

  get current(): DataverseSnapshot {
    return this.#security.current;
  }

  async refresh(): Promise<void> {
    this.#asked = true;
  }

  /** Call when the writes are committed, or when nobody knows whether they are. */
  async settle(): Promise<void> {
    if (this.#asked) await this.#security.refresh();
  }
}
