import { inTime } from './kernel/in-time.ts';
import type { Log } from './kernel/log.ts';

/** What a server needs to answer requests as it should. */
export interface ReadinessParts {
  /** Rejects while the database does not answer. */
  readonly checkDatabase: () => Promise<void>;
  /** Is the database known to be no other server's? */
  readonly isHeld?: () => boolean;
  readonly audit: { readonly isWorking: boolean };
  readonly keys: { readonly published: readonly unknown[] };
  readonly log: Log;
  /** Milliseconds for which an answer of the database counts; looks follow one another, whoever asks how often. */
  readonly keptFor?: number;
  /** Milliseconds after which it is taken for lost. */
  readonly longest?: number;
}

/** Whether the server can do its work now, told from the parts that it needs, and without letting who asks cause any. */
export class Readiness {
  readonly #parts: ReadinessParts;
  readonly #keptFor: number;
  readonly #longest: number;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> | undefined;
  /** Of the database, at the last look. */
  #missing: string | undefined;
  #isStopping = false;
  #told = '';

  constructor(parts: ReadinessParts) {
    this.#parts = parts;
    this.#keptFor = parts.keptFor ?? 1000;
    this.#longest = parts.longest ?? 2000;
  }

  /** From now on it is not ready any more. */
  stop(): void {
    this.#isStopping = true;
  }

  /** What is missing, in an administrator's words; nothing when it is ready. Looks again when the last look is old. */
  async troubles(): Promise<readonly string[]> {
    if (performance.now() - this.#lookedAt > this.#keptFor) {
      this.#looking ??= this.#look();
      await this.#looking;
    }
    return this.lastTroubles;
  }

  /** The same by the last look, however old it is. */
  get lastTroubles(): readonly string[] {
    const { audit, keys } = this.#parts;
    const all = [
      ...(this.#isStopping ? ['the server is stopping'] : []),
      ...(this.#missing === undefined ? [] : [this.#missing]),
      ...(audit.isWorking ? [] : ['the audit log cannot be written']),
      ...(keys.published.length > 0 ? [] : ['there are no signing keys']),
    ];
    this.#tell(all.join(', '));
    return all;
  }

  async #look(): Promise<void> {
    const answer = this.#parts.checkDatabase().then(
      () => true,
      () => false,
    );
    const { isHeld = () => true } = this.#parts;
    if ((await inTime(answer, this.#longest)) !== true) this.#missing = 'the database does not answer';
    else this.#missing = isHeld() ? undefined : 'the database may be in use by another server';
    this.#lookedAt = performance.now();
    this.#looking = undefined;
  }

  #tell(troubles: string): void {
    if (troubles === this.#told) return;
    this.#told = troubles;
    if (troubles === '') this.#parts.log.info('ready again');
    else this.#parts.log.warn('not ready', { why: troubles });
  }
}
