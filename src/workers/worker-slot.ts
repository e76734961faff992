import { unreachable } from '../kernel/unreachable.ts';
import { BackOff } from './back-off.ts';
import type { Member, PrimaryMessage, WorkerMessage } from './member.ts';
import { Questions, type Reports } from './reports.ts';

/** A process that was started for a slot. */
export interface WorkerProcess {
  readonly pid: number | undefined;
  onMessage(listener: (message: WorkerMessage) => void): void;
  /** Called once, with the code or the signal that it ended with. */
  onExit(listener: (how: string) => void): void;
  send(message: PrimaryMessage): void;
  /** Asks it to finish its requests and end. */
  stop(): void;
  kill(): void;
}

export type StartWorker = (member: Member) => WorkerProcess;

export interface SlotOptions {
  readonly number: number;
  readonly count: number;
  readonly port: number;
  readonly start: StartWorker;
  readonly onEnd: (number: number, how: string, waitMs: number) => void;
  /** Is the database known to be no other server's? */
  readonly isHeld: () => boolean;
  /** What all workers report, for one that asks. */
  readonly reports: () => Promise<Reports>;
}

type Ready = Extract<WorkerMessage, { kind: 'ready' }>;

/** Milliseconds that a worker has to end by itself. */
const graceMs = 12_000;

/** One worker of the installation: the process that serves now, and those that take its place when it ends. */
export class WorkerSlot {
  readonly #options: SlotOptions;
  readonly #backOff = new BackOff();
  readonly #questions = new Questions<unknown>();
  #process: WorkerProcess | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopping = false;
  #whenEnded: (() => void) | undefined;

  constructor(options: SlotOptions) {
    this.#options = options;
  }

  get number(): number {
    return this.#options.number;
  }

  /** What its process reports; `undefined` where there is none, or it does not answer. */
  async report(): Promise<unknown> {
    const process = this.#process;
    return process && this.#questions.ask((asked) => process.send({ kind: 'ask', asked }));
  }

  /** Tells its process whether the database is held for it. */
  tellHeld(): void {
    this.#process?.send({ kind: 'held', isHeld: this.#options.isHeld() });
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Starts the first process. Rejects when it ends before it answers; later ones are started again and again. */
  begin(isJoined: boolean): Promise<Ready> {
    return new Promise((resolve, reject) => {
      let failure: string | undefined;
      this.#run(
        { isJoined, after: undefined },
        {
          ready: resolve,
          failed: (message) => {
            failure = message;
          },
          ended: (how) => reject(new Error(failure ?? `worker ${this.#options.number} ended with ${how}`)),
        },
      );
    });
  }

  /** Resolves when its process has ended. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#timer);
    const process = this.#process;
    if (process === undefined) return;
    const ended = new Promise<void>((resolve) => {
      this.#whenEnded = resolve;
    });
    const timer = setTimeout(() => process.kill(), graceMs);
    process.stop();
    await ended;
    clearTimeout(timer);
  }

  #run(place: Pick<Member, 'isJoined' | 'after'>, tell: Tell): void {
    const { number, count, port, start, isHeld } = this.#options;
    const process = start({ number, count, port, isHeld: isHeld(), ...place });
    this.#process = process;
    let readyAt: number | undefined;
    process.onMessage((message) => {
      switch (message.kind) {
        case 'failed':
          return tell.failed(message.message);
        case 'ready':
          readyAt = performance.now();
          // It may have been told too early to hear it.
          this.tellHeld();
          return tell.ready(message);
        case 'report':
          return this.#questions.answer(message.asked, message.report);
        case 'ask-all':
          return void this.#tellAll(process, message.asked);
        default:
          return unreachable(message);
      }
    });
    process.onExit((how) => {
      this.#process = undefined;
      if (this.#stopping) this.#whenEnded?.();
      else if (readyAt === undefined && place.after === undefined) tell.ended(how);
      else this.#again(how, readyAt === undefined ? 0 : performance.now() - readyAt);
    });
  }

  async #tellAll(process: WorkerProcess, asked: number): Promise<void> {
    process.send({ kind: 'all', asked, reports: [...(await this.#options.reports())] });
  }

  #again(how: string, livedMs: number): void {
    const wait = this.#backOff.next(livedMs);
    const { number, onEnd } = this.#options;
    onEnd(number, how, wait);
    this.#timer = setTimeout(() => this.#run({ isJoined: true, after: how }, nobody), wait);
  }
}

interface Tell {
  ready(message: Ready): void;
  failed(message: string): void;
  ended(how: string): void;
}

const nobody: Tell = { ready: () => undefined, failed: () => undefined, ended: () => undefined };
