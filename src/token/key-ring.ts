import { type Audit, silentAudit } from '../kernel/audit.ts';
import { parseAuditText } from '../kernel/audit-text.ts';
import { type Clock, systemClock } from '../kernel/clock.ts';
import { newRequestId } from '../kernel/ids.ts';
import { type Log, silentLog } from '../kernel/log.ts';
import { messageOf } from '../kernel/message-of.ts';
import { noPeers, type Peers } from '../kernel/peers.ts';
import {
  type KeySet,
  type KeyStore,
  type KeyTimes,
  newKeySet,
  nextSignsFrom,
  publishedKeys,
  rotated,
  rotationDue,
  withLifetime,
  withoutExpired,
} from './key-set.ts';
import { makeSigningKey, type PublishedKey, type SigningKey, type SigningKeys } from './signing-key.ts';

export interface KeyRingOptions {
  readonly store: KeyStore;
  readonly times: KeyTimes;
  readonly clock?: Clock;
  readonly log?: Log;
  readonly audit?: Audit;
  readonly makeKey?: () => Promise<SigningKey>;
  /** Processes with which the store is shared; default none. */
  readonly peers?: Peers;
}

/**
 * How an administrator wants keys rotated. `safe`: as soon as the next key has been published for long enough that nobody
 * meets it unprepared. `now`: at once; clients that keep the key set must load it again. `emergency`: at once, with two
 * new keys; all old ones are dropped, and every token issued so far is refused.
 */
export type RotationMode = 'safe' | 'now' | 'emergency';

/** What became of it: done, or it will be at that time. */
export type RotationOutcome = { readonly kind: 'rotated' } | { readonly kind: 'asked'; readonly at: Date };

/** Longest and shortest time, in milliseconds, until the ring looks again what is due: clocks are set, computers sleep. */
const longestPause = 3_600_000;
const shortestPause = 250;
/** Milliseconds between looks whether another process has changed the keys. */
const followEvery = 300;
/** After a failure, such as a full disk. The keys in force go on. */
const pauseAfterFailure = 60_000;

/**
 * The signing keys in force. Everybody who signs, verifies or publishes asks it each time, so a rotation needs no
 * restart. INVARIANT: no key is published, and none signs, before the set that holds it is on disk.
 */
export class KeyRing implements SigningKeys {
  readonly #store: KeyStore;
  readonly #times: KeyTimes;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #audit: Audit;
  readonly #makeKey: () => Promise<SigningKey>;
  readonly #peers: Peers;
  #version: string | undefined;
  #following: NodeJS.Timeout | undefined;
  readonly #listeners: (() => void)[] = [];
  #set: KeySet;
  #published: readonly PublishedKey[] = [];
  #byHeader: ReadonlyMap<string, PublishedKey> = new Map();
  #last: Promise<unknown> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  private constructor(options: Required<KeyRingOptions>, set: KeySet) {
    this.#store = options.store;
    this.#times = options.times;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#audit = options.audit;
    this.#makeKey = options.makeKey;
    this.#peers = options.peers;
    this.#set = set;
    this.#adopt(set);
  }

  /** Loads the keys, or makes the first ones, and does what is due. Throws what the store throws. */
  static async open(given: KeyRingOptions): Promise<KeyRing> {
    const own = { audit: silentAudit, makeKey: makeSigningKey, peers: noPeers() };
    const options = { clock: systemClock, log: silentLog, ...own, ...given };
    const ring = new KeyRing(options, await options.peers.alone(turnName, () => loadSet(options)));
    await ring.check();
    if (options.peers.count > 1) ring.#following = setInterval(() => void ring.#follow(), followEvery).unref();
    return ring;
  }

  get current(): SigningKey {
    return this.#set.current.key;
  }

  get published(): readonly PublishedKey[] {
    return this.#published;
  }

  get keptFor(): number {
    return this.#times.publication;
  }

  /** The set in force, with its times. */
  get state(): KeySet {
    return this.#set;
  }

  /** When the next rotation is due; `undefined`: not before it is asked for. */
  get rotationDue(): Date | undefined {
    return rotationDue(this.#set, this.#times);
  }

  /** From when on the next key may sign. */
  get nextSignsFrom(): Date {
    return nextSignsFrom(this.#set, this.#times);
  }

  find(header: string): PublishedKey | undefined {
    return this.#byHeader.get(header);
  }

  onRemoved(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Rotates as an administrator asks. It is on disk when this resolves. */
  rotate(mode: RotationMode): Promise<RotationOutcome> {
    return this.#inTurn<RotationOutcome>(async () => {
      const now = this.#clock();
      if (mode === 'emergency') {
        await this.#replace(now);
        return { kind: 'rotated' };
      }
      const at = this.nextSignsFrom;
      if (mode === 'safe' && at > now) {
        await this.#keep({ ...this.#set, isRotationAsked: true });
        return { kind: 'asked', at };
      }
      await this.#rotate(now, 'asked for');
      return { kind: 'rotated' };
    }).finally(() => this.#plan());
  }

  /** Does what is due now: a rotation, and the removal of keys whose last tokens have expired. Never throws. */
  async check(): Promise<void> {
    try {
      await this.#inTurn(() => this.#doWhatIsDue());
      this.#plan();
    } catch (error) {
      const message = messageOf(error);
      this.#log.error('signing keys cannot be rotated; those in force go on', { error: message });
      this.#plan(pauseAfterFailure);
    }
  }

  /** Waits for what is under way. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#following);
    clearTimeout(this.#timer);
    await this.#last;
  }

  async #doWhatIsDue(): Promise<void> {
    const now = this.#clock();
    const due = this.rotationDue;
    if (due !== undefined && due <= now) {
      await this.#rotate(now, this.#set.isRotationAsked ? 'asked for' : 'by schedule');
      return;
    }
    const left = withoutExpired(this.#set, now);
    if (left !== this.#set) await this.#keep(left);
  }

  async #rotate(now: Date, why: string): Promise<void> {
    const fresh = await this.#makeKey();
    await this.#keep(withoutExpired(rotated(this.#set, fresh, now, this.#times), now));
    await this.#record('rotate', why);
  }

  /** Whoever has read the key file has the next key too. */
  async #replace(now: Date): Promise<void> {
    const [current, next] = await Promise.all([this.#makeKey(), this.#makeKey()]);
    const dropped = this.#published.length;
    await this.#keep(newKeySet(current, next, now, this.#times));
    await this.#record('emergency', `${dropped} keys were dropped; tokens that they signed are refused`);
  }

  async #keep(set: KeySet): Promise<void> {
    await this.#store.save(set);
    this.#adopt(set);
  }

  #adopt(set: KeySet): void {
    const before = this.#published;
    this.#set = set;
    this.#published = publishedKeys(set);
    this.#byHeader = new Map(this.#published.map((key) => [key.header, key]));
    if (before.some(({ header }) => !this.#byHeader.has(header))) for (const listener of this.#listeners) listener();
  }

  /** The rotation stands, whether it could be audited or not: the log then says how many entries it lacks. */
  async #record(message: 'rotate' | 'emergency', why: string): Promise<void> {
    const { kid } = this.current;
    this.#log.info('signing key rotated', { kid, why });
    const reason = parseAuditText(why);
    const about = { kind: 'keys', outcome: 'allowed', surface: 'server', message, targetId: kid, reason } as const;
    await this.#audit.write({ ...about, requestId: newRequestId() }).catch((error: unknown) => {
      this.#log.error('a rotation of keys is not in the audit log', { error: String(error) });
    });
  }

  #plan(pause = this.#pause()): void {
    clearTimeout(this.#timer);
    if (this.#closed) return;
    this.#timer = setTimeout(() => void this.check(), pause).unref();
  }

  #pause(): number {
    const times = [this.rotationDue, ...this.#set.retired.map(({ until }) => until)];
    const soonest = Math.min(...times.map((time) => time?.getTime() ?? Number.POSITIVE_INFINITY));
    return Math.min(Math.max(soonest - this.#clock().getTime(), shortestPause), longestPause);
  }

  /** Another process may have changed the keys; looking costs one question to the file system. */
  async #follow(): Promise<void> {
    try {
      if ((await this.#store.version()) !== this.#version) await this.#inTurn(async () => this.#plan());
    } catch (error) {
      this.#log.error('signing keys of other processes cannot be followed', { error: String(error) });
    }
  }

  /** INVARIANT: what is changed is what is stored, whoever stored it. */
  async #loadAgain(): Promise<void> {
    const version = await this.#store.version();
    if (version === this.#version) return;
    const found = await this.#store.load();
    if (found !== undefined) this.#adopt(found);
    this.#version = version;
  }

  /** One change after the other, in all processes; a failed one stops nobody. */
  #inTurn<T>(job: () => Promise<T>): Promise<T> {
    const run = async (): Promise<T> => {
      if (this.#peers.count > 1) await this.#loadAgain();
      return job();
    };
    const mine = this.#last.then(() => this.#peers.alone(turnName, run));
    this.#last = mine.catch(() => undefined);
    return mine;
  }
}

const turnName = 'signing keys';

/** The stored keys, or the first ones. */
async function loadSet({ store, times, clock, makeKey }: Required<KeyRingOptions>): Promise<KeySet> {
  const found = await store.load();
  const set =
    found === undefined
      ? newKeySet(...(await Promise.all([makeKey(), makeKey()])), clock(), times)
      : withLifetime(found, times);
  if (set !== found) await store.save(set);
  return set;
}
