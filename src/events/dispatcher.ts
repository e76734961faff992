import { randomUUID } from 'node:crypto';
import { setTimeout as setTimer } from 'node:timers/promises';
import type { Clock } from '../kernel/clock.ts';
import { faultText } from '../kernel/fault-text.ts';
import type { Log } from '../kernel/log.ts';
import { backOff, type RetryRules } from './back-off.ts';
import type { DueDelivery, EventStore, Outcome } from './event-store.ts';
import type { SecretBox } from './secret-box.ts';
import type { SendWebhook } from './send-webhook.ts';
import { bodyOf, signatureHeaders } from './sign.ts';

export interface DispatcherDeps {
  readonly store: EventStore;
  readonly box: SecretBox;
  readonly send: SendWebhook;
  readonly retry: RetryRules;
  readonly clock: Clock;
  readonly log: Log;
  readonly random?: () => number;
  /** Milliseconds between looks for what is due; events of this process are seen at once. */
  readonly pollMs?: number;
  /** Milliseconds for which one process has the right to deliver, unless it renews it. */
  readonly leaseMs?: number;
}

/** Milliseconds between two looks for new events. */
const gatheringMs = 25;
/** Events that are given their places at once. */
const mostNumbered = 500;
const mostUnderWay = 32;
const endOfTime = '9999';
/** Milliseconds by which the clocks of processes may differ. */
const clocksApart = 300_000;

/**
 * Tells webhooks of events: each at least once, and those of one subject in order, for each webhook. One process at a time
 * delivers (a lease in the database); whatever it had under way when it ended is sent again by the next one.
 */
export class Dispatcher {
  readonly #deps: DispatcherDeps;
  readonly #owner = randomUUID();
  readonly #underWay = new Map<string, Promise<void>>();
  /** What ended since it was asked last what is due: the answer may be older than that. */
  readonly #ended = new Set<string>();
  readonly #endListening: () => void;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  /** When to look again after the look that is running: at once, or a moment later; absent: when it is time to. */
  #again: 'now' | 'soon' | undefined;
  #lookedAt = Number.NEGATIVE_INFINITY;
  /** Is the timer set to a look that is due in a moment? */
  #isGathering = false;
  #isStopped = false;

  constructor(deps: DispatcherDeps) {
    this.#deps = deps;
    this.#endListening = deps.store.onEvents(() => this.#wakeSoon());
    this.wake();
  }

  /** Looks for work now. */
  wake(): void {
    if (this.#isStopped) return;
    clearTimeout(this.#timer);
    this.#isGathering = false;
    if (this.#running !== undefined) {
      this.#again = 'now';
      return;
    }
    this.#running = this.#look().finally(() => this.#afterLook());
  }

  #afterLook(): void {
    this.#running = undefined;
    this.#lookedAt = performance.now();
    if (this.#isStopped) return;
    const again = this.#again;
    this.#again = undefined;
    if (again === 'now') this.wake();
    else this.#wakeIn(again === 'soon' ? gatheringMs : (this.#deps.pollMs ?? 1000));
  }

  /**
   * There are new events. Those that come one by one are seen at once; of many that come fast several are seen together: a
   * look costs more than writing an event did.
   */
  #wakeSoon(): void {
    if (this.#isStopped) return;
    if (this.#running !== undefined) {
      this.#again ??= 'soon';
      return;
    }
    const wait = this.#lookedAt + gatheringMs - performance.now();
    if (wait <= 0) this.wake();
    else if (!this.#isGathering) this.#wakeIn(wait);
  }

  #wakeIn(wait: number): void {
    clearTimeout(this.#timer);
    this.#isGathering = wait <= gatheringMs;
    this.#timer = setTimeout(() => this.wake(), wait).unref();
  }

  /** Begins nothing more and waits for what is under way. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#endListening();
    await this.#running;
    await Promise.all(this.#underWay.values());
    await this.#deps.store.release(this.#owner).catch(() => undefined);
  }

  async #look(): Promise<void> {
    const { store, clock, leaseMs = 15_000, log } = this.#deps;
    try {
      const now = clock();
      const until = new Date(now.getTime() + leaseMs).toISOString();
      const beyond = new Date(now.getTime() + leaseMs + clocksApart).toISOString();
      // Where nobody else can be, a lease that is still there is that of a process that was killed.
      const expired = store.isShared ? now.toISOString() : endOfTime;
      if (!(await store.lease(this.#owner, { expired, until, beyond }))) return;
      await this.#number(now.toISOString());
      if (this.#isStopped) return;
      this.#ended.clear();
      for (const due of await store.due(clock().toISOString(), mostUnderWay)) this.#begin(due);
    } catch (error) {
      if (!this.#isStopped) log.warn('events cannot be delivered', { reason: faultText(error) });
    }
  }

  /** Not until none is left: while events come fast, there would always be one more. */
  async #number(now: string): Promise<void> {
    let count = mostNumbered;
    while (count === mostNumbered && !this.#isStopped) count = await this.#deps.store.number(now, mostNumbered);
  }

  #begin(due: DueDelivery): void {
    const { webhookId, position } = due.delivery;
    const key = `${webhookId} ${position}`;
    if (this.#isStopped || this.#underWay.size >= mostUnderWay) return;
    if (this.#underWay.has(key) || this.#ended.has(key)) return;
    const work = this.#deliver(due).finally(() => {
      this.#underWay.delete(key);
      this.#ended.add(key);
      this.wake();
    });
    this.#underWay.set(key, work);
  }

  async #deliver({ delivery, event, webhook }: DueDelivery): Promise<void> {
    const { store, box, send, clock, log } = this.#deps;
    try {
      const body = bodyOf(event);
      const headers = signatureHeaders(box, webhook, event, body, clock());
      const sent = await send({ url: webhook.url, headers, body });
      const outcome = this.#outcome(delivery.attempts + 1, sent);
      await store.settle(webhook.id, event.position, outcome, clock().toISOString());
      if (outcome.state === 'dead') {
        log.warn('an event was given up', { webhook: webhook.id, event: event.id, failure: outcome.failure ?? '' });
      }
    } catch (error) {
      log.warn('a delivery was not noted', { webhook: webhook.id, event: event.id, reason: faultText(error) });
      // It is due still: without a pause it would be sent again and again.
      await setTimer(this.#deps.pollMs ?? 1000);
    }
  }

  #outcome(attempts: number, { status, failure }: Awaited<ReturnType<SendWebhook>>): Outcome {
    const { retry, clock, random = Math.random } = this.#deps;
    const now = clock();
    if (failure === undefined) return { state: 'delivered', attempts, due: now.toISOString(), status, failure };
    // 410: the receiver wants no more of it (Standard Webhooks).
    const isDead = attempts >= retry.attempts || status === 410;
    const due = new Date(now.getTime() + (isDead ? 0 : backOff(retry, attempts, random)));
    return { state: isDead ? 'dead' : 'pending', attempts, due: due.toISOString(), status, failure };
  }
}
