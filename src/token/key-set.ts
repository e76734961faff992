import type { PublishedKey, SigningKey } from './signing-key.ts';

/** All keys of the authority, with the times that their turns follow from. A value: every change makes a new one. */
export interface KeySet {
  readonly current: {
    readonly key: SigningKey;
    readonly since: Date;
    /** Seconds of the longest life that a token signed by it may have: the setting may have been another one before. */
    readonly longestLifetime: number;
  };
  readonly next: { readonly key: SigningKey; readonly publishedAt: Date };
  /** Sign no more. Their private halves are gone; tokens that they signed are accepted until `until`. */
  readonly retired: readonly { readonly key: PublishedKey; readonly until: Date }[];
  /** An administrator asked for a rotation, which waits until the next key may sign. */
  readonly isRotationAsked: boolean;
}

/** What the turns of keys follow from, in seconds. */
export interface KeyTimes {
  /** Life of an access token. */
  readonly lifetime: number;
  /** How long a key signs; `undefined`: until it is asked for. */
  readonly rotation: number | undefined;
  /** How long a key is published before it signs. */
  readonly publication: number;
}

/** Seconds for which a retired key outlives the last token that it signed: clocks of other verifiers differ. */
const retirementSkew = 300;

const after = (date: Date, seconds: number): Date => new Date(date.getTime() + seconds * 1000);

export const newKeySet = (current: SigningKey, next: SigningKey, now: Date, { lifetime }: KeyTimes): KeySet => ({
  current: { key: current, since: now, longestLifetime: lifetime },
  next: { key: next, publishedAt: now },
  retired: [],
  isRotationAsked: false,
});

/** The next key signs, the current one retires, `fresh` is published. */
export function rotated(set: KeySet, fresh: SigningKey, now: Date, { lifetime }: KeyTimes): KeySet {
  const { key, longestLifetime } = set.current;
  const { kid, header, publicKey, n, e } = key;
  const retired = { key: { kid, header, publicKey, n, e }, until: after(now, longestLifetime + retirementSkew) };
  return {
    current: { key: set.next.key, since: now, longestLifetime: lifetime },
    next: { key: fresh, publishedAt: now },
    retired: [retired, ...set.retired],
    isRotationAsked: false,
  };
}

/** Without the retired keys whose last tokens have expired. The same value when there is none. */
export function withoutExpired(set: KeySet, now: Date): KeySet {
  const retired = set.retired.filter(({ until }) => until > now);
  return retired.length === set.retired.length ? set : { ...set, retired };
}

/** Whoever signs longer tokens from now on keeps the key longer. The same value when nothing changes. */
export function withLifetime(set: KeySet, { lifetime }: KeyTimes): KeySet {
  const { current } = set;
  return lifetime <= current.longestLifetime ? set : { ...set, current: { ...current, longestLifetime: lifetime } };
}

/** From when on the next key may sign: who has kept the key set has it by then. */
export const nextSignsFrom = (set: KeySet, { publication }: KeyTimes): Date => after(set.next.publishedAt, publication);

/** When the next rotation is due; `undefined`: not before it is asked for. */
export function rotationDue(set: KeySet, times: KeyTimes): Date | undefined {
  const ready = nextSignsFrom(set, times);
  if (set.isRotationAsked) return ready;
  if (times.rotation === undefined) return undefined;
  const due = after(set.current.since, times.rotation);
  return new Date(Math.max(due.getTime(), ready.getTime()));
}

export const publishedKeys = ({ current, next, retired }: KeySet): readonly PublishedKey[] => [
  current.key,
  next.key,
  ...retired.map(({ key }) => key),
];

/** Where the key set is kept. One process only may load or save at a time; several take turns, and follow each other. */
export interface KeyStore {
  /** `undefined` when there is none yet. Removes what a save left behind that was interrupted. */
  load(): Promise<KeySet | undefined>;
  /** Another value when the set was saved since. It may be asked at any time. */
  version(): Promise<string>;
  /** Replaces it as a whole or not at all; resolves when it is on disk. */
  save(set: KeySet): Promise<void>;
}
