/** One of the processes that serve one installation together. */
export interface Member {
  /** From 1. A process that takes another's place takes its number. */
  readonly number: number;
  /** How many serve together. */
  readonly count: number;
  /** Which they share. */
  readonly port: number;
  /** Others are at work already: what only the first process of an installation does is done. */
  readonly isJoined: boolean;
  /** How the process ended whose place it takes. */
  readonly after: string | undefined;
  /** Did their primary hold the lock on the database when the process was started? Later it is told when that changes. */
  readonly isHeld: boolean;
}

/** What a worker tells its primary: that it answers, or why it cannot; what it was asked for, and what it asks of all. */
export type WorkerMessage =
  | { readonly kind: 'ready'; readonly url: string; readonly port: number; readonly welcome: string | undefined }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'report'; readonly asked: number; readonly report: unknown }
  | { readonly kind: 'ask-all'; readonly asked: number };

/** What a primary tells a worker: to end, to report, what all of them have reported, or whether the database is held for them. */
export type PrimaryMessage =
  | typeof stopMessage
  | { readonly kind: 'ask'; readonly asked: number }
  | { readonly kind: 'held'; readonly isHeld: boolean }
  | { readonly kind: 'all'; readonly asked: number; readonly reports: readonly (readonly [number, unknown])[] };

/** The variable in which a worker finds what it is. */
export const memberVariable = 'WORKER_OF_PORTVAKT';

/** What the primary wrote into the variable. */
export function parseMember(text: string): Member {
  return JSON.parse(text) as Member;
}

/** What the other side of the channel sent; both are this program. */
export const parseWorkerMessage = (message: unknown): WorkerMessage => message as WorkerMessage;

/** The same in the other direction. */
export const parsePrimaryMessage = (message: unknown): PrimaryMessage => message as PrimaryMessage;

/** The whole message by which a primary ends a worker. */
export const stopMessage = 'stop';
