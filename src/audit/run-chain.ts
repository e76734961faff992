import type { Clock } from '../kernel/clock.ts';
import { newRequestId } from '../kernel/ids.ts';
import type { AuditSeal, AuditStore } from './audit-store.ts';
import { firstLink, linkOf, makeSeal, segmentHash } from './chain.ts';
import { joinPacks, type Pack } from './pack.ts';

/** How far a run has come: what the store must hold of it. */
export interface RunHead extends Pick<AuditSeal, 'run' | 'last' | 'link'> {
  /** The newest seal that this process has written. */
  readonly seal: Pick<AuditSeal, 'number' | 'hash'>;
}

/** One run of this process: numbers its entries and chains its segments. Opened by its first segment. */
export class RunChain {
  readonly run = newRequestId();
  readonly #store: AuditStore;
  readonly #clock: Clock;
  #head: RunHead | undefined;
  /** Entries that a seal covers. */
  #sealed = 0;

  constructor(store: AuditStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** `undefined` until the first segment. */
  get head(): RunHead | undefined {
    return this.#head;
  }

  /** Number of the last entry. */
  get last(): number {
    return this.#head?.last ?? 0;
  }

  /** Writes a segment. INVARIANT: never two at a time, and none after one that failed. */
  async append(packs: readonly Pack[]): Promise<void> {
    const { run } = this;
    const { last, link } = this.#head ?? (await this.#open());
    const content = { run, first: last + 1, prev: link, ...joinPacks(packs) };
    const segment = { ...content, hash: segmentHash(content) };
    const place = await this.#store.append(segment);
    // Read again: a seal may have been added meanwhile.
    if (this.#head !== undefined) {
      this.#head = { ...this.#head, last: last + segment.count, link: linkOf(place, segment.hash) };
    }
  }

  /** Seals how far the run has come; adds nothing where nothing has been written since the last seal. */
  async seal(kind: 'head' | 'close'): Promise<AuditSeal | undefined> {
    const head = this.#head;
    if (head === undefined || (kind === 'head' && head.last === this.#sealed)) return undefined;
    const { run, last, link } = head;
    const seal = await this.#store.addSeal((before) =>
      makeSeal(before, { kind, run, last, link, time: this.#clock() }),
    );
    if (seal === undefined) return undefined;
    this.#sealed = last;
    // Segments may have been written meanwhile.
    this.#head = { ...(this.#head ?? head), seal };
    return seal;
  }

  async #open(): Promise<RunHead> {
    const { run } = this;
    await this.#store.hold(run);
    const draft = { kind: 'open', run, last: 0, link: '' } as const;
    const seal = await this.#store.addSeal((before) => makeSeal(before, { ...draft, time: this.#clock() }));
    if (seal === undefined) throw new TypeError('an opening that was not added');
    this.#head = { run, last: 0, link: firstLink(seal), seal };
    return this.#head;
  }
}
