import type { Clock } from '../kernel/clock.ts';
import { type Guid, newGuid } from '../kernel/ids.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { Delivery, DeliveryQuery, EventQuery, EventStore, StoredEvent, Webhook } from './event-store.ts';
import type { SecretBox } from './secret-box.ts';
import { findUrlFault, type SendOptions } from './send-webhook.ts';
import { makeSecret } from './sign.ts';

export interface AdministrationDeps {
  readonly store: EventStore;
  readonly box: SecretBox;
  readonly dispatcher: Pick<Dispatcher, 'wake'>;
  readonly addresses: Pick<SendOptions, 'rules' | 'exceptions'>;
  readonly clock: Clock;
}

/** What an administrator says of a webhook. */
export interface WebhookOrder {
  readonly name: string;
  readonly url: string;
  readonly types: readonly string[];
}

/** The secret is told when it is made, and never again. */
export interface MadeWebhook {
  readonly webhook: Webhook;
  readonly secret: string;
}

const hour = 60 * 60 * 1000;

/** Webhooks, events and deliveries of one environment, as its administrators see and change them. */
export class WebhookAdministration {
  readonly #deps: AdministrationDeps;

  constructor(deps: AdministrationDeps) {
    this.#deps = deps;
  }

  /** Why webhooks cannot be sent to a URL: the end of the sentence "the URL …". */
  findUrlFault(url: string): string | undefined {
    return findUrlFault(url, this.#deps.addresses);
  }

  list(): Promise<readonly Webhook[]> {
    return this.#deps.store.webhooks();
  }

  async find(id: Guid): Promise<Webhook | undefined> {
    return (await this.list()).find((webhook) => webhook.id === id);
  }

  /** It is told of what happens from now on; `replay` tells it of earlier events. */
  async create(order: WebhookOrder): Promise<MadeWebhook> {
    const { box, clock } = this.#deps;
    const secret = makeSecret();
    const webhook: Webhook = {
      ...order,
      id: newGuid(),
      isEnabled: true,
      secret: box.seal(secret),
      oldSecret: undefined,
      oldSecretUntil: undefined,
      createdAt: clock().toISOString(),
    };
    await this.#save(webhook);
    return { webhook, secret };
  }

  async change(webhook: Webhook, changes: Partial<WebhookOrder & Pick<Webhook, 'isEnabled'>>): Promise<Webhook> {
    const changed = { ...webhook, ...changes };
    await this.#save(changed);
    return changed;
  }

  /** A new secret; the old one signs as well for some hours. */
  async rotate(webhook: Webhook, overlapHours: number): Promise<MadeWebhook> {
    const { box, clock } = this.#deps;
    const secret = makeSecret();
    const rotated: Webhook = {
      ...webhook,
      secret: box.seal(secret),
      oldSecret: webhook.secret,
      oldSecretUntil: new Date(clock().getTime() + overlapHours * hour).toISOString(),
    };
    await this.#save(rotated);
    return { webhook: rotated, secret };
  }

  async remove(id: Guid): Promise<void> {
    await this.#deps.store.deleteWebhook(id);
  }

  events(query: EventQuery): Promise<readonly StoredEvent[]> {
    return this.#deps.store.events(query);
  }

  deliveries(query: DeliveryQuery): Promise<readonly Delivery[]> {
    return this.#deps.store.deliveries(query);
  }

  /** Has a dead delivery tried again, or lets it go; either way those behind it follow. False: none is dead there. */
  async revive(id: Guid, position: number, state: 'pending' | 'skipped'): Promise<boolean> {
    const { store, clock, dispatcher } = this.#deps;
    const isRevived = await store.revive(id, position, state, clock().toISOString());
    dispatcher.wake();
    return isRevived;
  }

  /** Has all events after a cursor sent (again). Gives how many. */
  async replay(webhook: Webhook, after: number): Promise<number> {
    const { store, clock, dispatcher } = this.#deps;
    const count = await store.replay(webhook, after, clock().toISOString());
    dispatcher.wake();
    return count;
  }

  async #save(webhook: Webhook): Promise<void> {
    await this.#deps.store.saveWebhook(webhook);
    this.#deps.dispatcher.wake();
  }
}
