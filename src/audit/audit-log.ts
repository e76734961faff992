import { type Audit, type AuditEntry, AuditUnavailable } from '../kernel/audit.ts';
import { parseAuditText } from '../kernel/audit-text.ts';
import { type Clock, systemClock } from '../kernel/clock.ts';
import { newRequestId } from '../kernel/ids.ts';
import { type Log, silentLog } from '../kernel/log.ts';
import { messageOf } from '../kernel/message-of.ts';
import type { AuditStore } from './audit-store.ts';
import { closeOrphans } from './common-chain.ts';
import { type Pack, packOf } from './pack.ts';
import { RunChain, type RunHead } from './run-chain.ts';
import { WaitingEntries, type WaitingPack } from './waiting.ts';

export interface AuditLogOptions {
  readonly store: AuditStore;
  readonly clock?: Clock;
  readonly log?: Log;
  /** Allowed reads that wait in memory at most; some 500 bytes each. More are lost, and it is told. */
  readonly notesLimit?: number;
  /** Milliseconds after which reads are written. */
  readonly noteDelay?: number;
  /** Milliseconds between attempts while the store fails. */
  readonly retryDelay?: number;
  /** Milliseconds between seals of what was written. */
  readonly sealInterval?: number;
  /** Told of each operation that was answered. */
  readonly answered?: NonNullable<Audit['answered']>;
}

/** What is written at once. */
interface Group {
  readonly packs: readonly WaitingPack[];
  /** At its end: the entry that tells of so many lost reads. */
  readonly gap?: { readonly pack: Pack; readonly tells: number };
}

/** Entries of one segment at most, nearly. */
const segmentLimit = 2000;

/**
 * The audit log of one process. What is written in one turn of the event loop, or while the store is busy, becomes one
 * segment: one statement and one flush of the disk. Reads are only noted; they go with the next segment, or by
 * themselves when `noteDelay` has passed.
 *
 * A run's numbers have no gap. After a failed write nobody knows what the store kept, so a new run begins, with an entry
 * that says so.
 */
export class AuditLog implements Audit {
  readonly #store: AuditStore;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #notesLimit: number;
  readonly #noteDelay: number;
  readonly #retryDelay: number;
  readonly #queue = new WaitingEntries();
  #notesAreDue = false;
  #lost = 0;
  #lostInAll = 0;
  #chain: RunChain;
  #isWorking = true;
  #working: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;
  readonly #sealing: NodeJS.Timeout;
  readonly answered: NonNullable<Audit['answered']>;

  constructor(options: AuditLogOptions) {
    this.#store = options.store;
    this.answered = options.answered ?? (() => undefined);
    this.#clock = options.clock ?? systemClock;
    this.#log = options.log ?? silentLog;
    this.#notesLimit = options.notesLimit ?? 50_000;
    this.#noteDelay = options.noteDelay ?? 500;
    this.#retryDelay = options.retryDelay ?? 1000;
    this.#chain = new RunChain(this.#store, this.#clock);
    this.#sealing = setInterval(() => void this.#sealDue(), options.sealInterval ?? 60_000).unref();
  }

  get isWorking(): boolean {
    return this.#isWorking;
  }

  write(entry: AuditEntry): Promise<void> {
    if (!this.#isWorking || this.#closed) return Promise.reject(new AuditUnavailable());
    return new Promise<void>((resolve, reject) => {
      this.#queue.push({ time: this.#clock(), entry, settle: { resolve, reject } });
      this.#start();
    });
  }

  note(entry: AuditEntry): void {
    if (!this.#isWorking || this.#closed || this.#queue.notes >= this.#notesLimit) {
      this.#lose();
      return;
    }
    this.#queue.push({ time: this.#clock(), entry });
    this.#timer ??= setTimeout(this.#writeNotes, this.#noteDelay).unref();
  }

  /** Entries that wait to be written, and allowed reads that will never be. */
  get backlog(): { readonly waiting: number; readonly lost: number } {
    return { waiting: this.#queue.length, lost: this.#lostInAll };
  }

  /** How far this process has come, as it knows it; `undefined`: nothing was written yet. */
  get head(): RunHead | undefined {
    return this.#isWorking ? this.#chain.head : undefined;
  }

  /** Seals what was written so far. @throws when the store fails */
  async seal(): Promise<void> {
    await this.#chain.seal('head');
  }

  /** Writes what is waiting, seals the run as closed, then lets go of the store. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    clearInterval(this.#sealing);
    this.#notesAreDue = true;
    this.#start();
    await this.#working;
    if (this.#isWorking) await this.#sealEnd();
    await this.#store.close();
  }

  async #sealEnd(): Promise<void> {
    try {
      const seal = await this.#chain.seal('close');
      if (seal !== undefined) this.#log.info('the audit log is sealed', { seal: seal.number, hash: seal.hash });
    } catch (error) {
      this.#log.error('the end of the audit log was not sealed', { error: messageOf(error) });
    }
  }

  async #sealDue(): Promise<void> {
    if (!this.#isWorking || this.#closed) return;
    try {
      await this.#chain.seal('head');
      await closeOrphans(this.#store, this.#clock, this.#chain.run);
    } catch (error) {
      this.#log.error('the audit log was not sealed', { error: messageOf(error) });
    }
  }

  readonly #writeNotes = (): void => {
    this.#timer = undefined;
    this.#notesAreDue = true;
    this.#start();
  };

  #start(): void {
    this.#working ??= this.#work();
  }

  async #work(): Promise<void> {
    // Whoever writes in this turn of the event loop still comes along.
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (this.#queue.length > 0 && (this.#queue.awaited > 0 || this.#notesAreDue)) {
      await this.#append(this.#take());
    }
    this.#notesAreDue = false;
    this.#working = undefined;
  }

  #take(): Group {
    const packs = this.#queue.take(segmentLimit);
    // Reads that come from now on have their own time to wait: under load, writing would never end otherwise, each time a
    // handful of entries and a flush of the disk.
    if (this.#queue.notes === 0) this.#notesAreDue = false;
    return this.#lost > 0 ? { packs, gap: this.#gap() } : { packs };
  }

  async #append({ packs, gap }: Group): Promise<boolean> {
    try {
      await this.#chain.append(gap === undefined ? packs : [...packs, gap.pack]);
    } catch (error) {
      this.#fail(packs, error);
      return false;
    }
    this.#lost -= gap?.tells ?? 0;
    for (const { settles } of packs) for (const settle of settles) settle.resolve();
    return true;
  }

  /** Everything that waits is refused: it is better told now than after the next attempt. */
  #fail(packs: readonly WaitingPack[], cause: unknown): void {
    if (this.#isWorking) this.#log.error('the audit log cannot be written', { error: messageOf(cause) });
    this.#isWorking = false;
    const all = [...packs, ...this.#queue.take(Number.POSITIVE_INFINITY)];
    let notes = 0;
    for (const { count, settles } of all) {
      notes += count - settles.length;
      for (const settle of settles) settle.reject(new AuditUnavailable(cause));
    }
    this.#lost += notes;
    this.#lostInAll += notes;
    if (!this.#closed) setTimeout(() => void this.#tryAgain(), this.#retryDelay).unref();
  }

  async #tryAgain(): Promise<void> {
    if (this.#closed) return;
    await this.#working;
    const before = this.#chain;
    this.#chain = new RunChain(this.#store, this.#clock);
    const gap = this.#gap(`after entry ${before.last} of run ${before.run} the log could not be written;`);
    this.#working = this.#append({ packs: [], gap }).then((isWorking) => {
      this.#working = undefined;
      if (!isWorking) this.#chain = before;
      this.#isWorking = isWorking;
      if (isWorking) this.#log.info('the audit log can be written again');
    });
    await this.#working;
  }

  /** An entry that says what is missing. */
  #gap(why = ''): NonNullable<Group['gap']> {
    const reason = parseAuditText(`${why} ${this.#lost} allowed reads were not written`.trim());
    const entry: AuditEntry = { kind: 'gap', outcome: 'failed', surface: 'server', requestId: newRequestId(), reason };
    return { pack: packOf([{ time: this.#clock(), entry }]), tells: this.#lost };
  }

  #lose(): void {
    if (this.#lost === 0) this.#log.error('the audit log loses allowed reads', { waiting: this.#queue.notes });
    this.#lost += 1;
    this.#lostInAll += 1;
  }
}
