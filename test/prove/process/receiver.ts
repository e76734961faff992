import { Dispatcher } from '../../../src/events/dispatcher.ts';
import type { EventStore } from '../../../src/events/event-store.ts';
import { SecretBox } from '../../../src/events/secret-box.ts';
import { WebhookAdministration } from '../../../src/events/webhook-administration.ts';
import { systemClock } from '../../../src/kernel/clock.ts';
import { silentLog } from '../../../src/kernel/log.ts';

interface Received {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
}

/** A process that delivers, in the same process as the test; `kill` leaves everything as it stands. */
interface Running {
  readonly dispatcher: Dispatcher;
  kill(): void;
}

/** A receiver that fails at random, and an administrator who has what was given up sent again. */
export class Receiver {
  /** Answered with 200, in order; the same event may come more than once. */
  readonly received: Received[] = [];
  failures = 0;
  dead = 0;
  readonly #store: EventStore;
  readonly #random: () => number;
  readonly #box = new SecretBox(Buffer.alloc(32, 7));
  #running: Running;
  #webhookId = '';

  constructor(store: EventStore, random: () => number) {
    this.#store = store;
    this.#random = random;
    this.#running = this.#start();
  }

  async subscribe(): Promise<void> {
    const { webhook } = await this.#administration().create({ name: 'ATS', url: 'https://ats.example/', types: [] });
    this.#webhookId = webhook.id;
  }

  /** As `kill -9` would: nothing that is under way is noted, and another process goes on. */
  killAndRestart(): void {
    this.#running.kill();
    this.#running = this.#start();
  }

  /** Resolves when nothing is left to be delivered. */
  async settle(): Promise<void> {
    for (;;) {
      await this.reviveDead();
      const pending = await this.#store.deliveries({ webhookId: this.#webhookId, state: 'pending', limit: 1 });
      const fresh = await this.#store.number(new Date().toISOString(), 500);
      if (pending.length === 0 && fresh === 0) {
        const dead = await this.#store.deliveries({ webhookId: this.#webhookId, state: 'dead', limit: 1 });
        if (dead.length === 0) return;
      }
      this.#running.dispatcher.wake();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async reviveDead(): Promise<void> {
    const dead = await this.#store.deliveries({ webhookId: this.#webhookId, state: 'dead', limit: 100 });
    this.dead += dead.length;
    for (const { position } of dead) await this.#administration().revive(this.#webhookId as never, position, 'pending');
  }

  stop(): Promise<void> {
    return this.#running.dispatcher.stop();
  }

  #administration(): WebhookAdministration {
    const addresses = { rules: { allows: () => true }, exceptions: () => false };
    const { dispatcher } = this.#running;
    return new WebhookAdministration({ store: this.#store, box: this.#box, dispatcher, addresses, clock: systemClock });
  }

  #start(): Running {
    let isKilled = false;
    const store = this.#store;
    const mortal: EventStore = new Proxy(store, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return (...given: unknown[]): unknown => {
          if (isKilled) return Promise.reject(new Error('killed'));
          return member.apply(target, given);
        };
      },
    });
    const dispatcher = new Dispatcher({
      store: mortal,
      box: this.#box,
      retry: { firstMs: 20, longestMs: 80, attempts: 2 },
      clock: systemClock,
      log: silentLog,
      random: this.#random,
      pollMs: 20,
      leaseMs: 100,
      send: async ({ headers, body }) => {
        await new Promise((resolve) => setTimeout(resolve, this.#random() * 60));
        if (isKilled) return { failure: 'killed' };
        const dice = this.#random();
        if (dice < 0.15) {
          this.failures += 1;
          return { failure: 'status 500', status: 500 };
        }
        const event = JSON.parse(body) as { type: string; data: Record<string, string | null> };
        const { recruitingRequestEntityId, candidateToHireEntityId } = event.data;
        const subject = recruitingRequestEntityId ?? candidateToHireEntityId ?? '';
        this.received.push({ id: headers['webhook-id'] ?? '', type: event.type, subject });
        // Received, but the answer is lost.
        if (dice < 0.25) {
          this.failures += 1;
          return { failure: 'no answer' };
        }
        return { status: 200 };
      },
    });
    return {
      dispatcher,
      kill() {
        isKilled = true;
        dispatcher.stop().catch(() => undefined);
      },
    };
  }
}
