import type { Guid } from '../kernel/ids.ts';

/** An event with its place in the order in which events are told. */
export interface StoredEvent {
  /** From 1, without gaps when they are given. A cursor is the place of the last event that was seen. */
  readonly position: number;
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  readonly time: string;
  /** JSON object. */
  readonly data: string;
}

/** Who is told: an address that takes webhooks. */
export interface Webhook {
  readonly id: Guid;
  readonly name: string;
  readonly url: string;
  /** Types of events; empty: all. */
  readonly types: readonly string[];
  readonly isEnabled: boolean;
  /** Sealed. */
  readonly secret: string;
  /** Sealed; signs beside the other one until then. */
  readonly oldSecret: string | undefined;
  readonly oldSecretUntil: string | undefined;
  readonly createdAt: string;
}

/**
 * `pending`: to be sent, now or later. `dead`: given up; it holds back later events of its subject. `skipped`: an
 * administrator let it go.
 */
export type DeliveryState = 'pending' | 'delivered' | 'dead' | 'skipped';

/** One event on its way to one webhook. */
export interface Delivery {
  readonly webhookId: string;
  readonly position: number;
  readonly eventId: string;
  readonly type: string;
  readonly subject: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  /** When it is to be sent next. */
  readonly due: string;
  /** HTTP status of the last attempt, and what was wrong with it. */
  readonly status: number | undefined;
  readonly failure: string | undefined;
  readonly changedAt: string;
}

/** A delivery whose turn it is, with what is to be sent and to whom. */
export interface DueDelivery {
  readonly delivery: Delivery;
  readonly event: StoredEvent;
  readonly webhook: Webhook;
}

export type Outcome = Pick<Delivery, 'state' | 'attempts' | 'due' | 'status' | 'failure'>;

export interface EventQuery {
  readonly after: number;
  readonly limit: number;
  readonly type?: string | undefined;
  readonly subject?: string | undefined;
}

export interface DeliveryQuery {
  readonly webhookId: string;
  readonly state?: DeliveryState | undefined;
  readonly subject?: string | undefined;
  /** Only those before this position. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** Moments that decide about a lease. */
export interface LeaseTimes {
  /** How long it is taken for. */
  readonly until: string;
  /** One that ends before this has run out. */
  readonly expired: string;
  /** One that ends after this was taken before the clock was set back: who took it may be gone for long. */
  readonly beyond: string;
}

/** What keeps events and deliveries: tables of an environment's own database. */
export interface EventStore {
  /** May other processes have it open? */
  readonly isShared: boolean;
  /** Calls back soon after events were stored by this process. Gives how to end it. */
  onEvents(listener: () => void): () => void;
  /** Takes or keeps the right to deliver. False: another process has it. */
  lease(owner: string, times: LeaseTimes): Promise<boolean>;
  release(owner: string): Promise<void>;
  /** Gives new events their places, `most` at once, and makes the deliveries of them. Answers how many events there were. */
  number(now: string, most: number): Promise<number>;
  /** Deliveries whose time has come and that no earlier one of the same subject holds back. */
  due(now: string, limit: number): Promise<readonly DueDelivery[]>;
  settle(webhookId: string, position: number, outcome: Outcome, now: string): Promise<void>;
  events(query: EventQuery): Promise<readonly StoredEvent[]>;
  deliveries(query: DeliveryQuery): Promise<readonly Delivery[]>;
  webhooks(): Promise<readonly Webhook[]>;
  /** Adds it, or takes the place of the one with its id. */
  saveWebhook(webhook: Webhook): Promise<void>;
  /** Its deliveries go with it. */
  deleteWebhook(id: string): Promise<void>;
  /** Has a dead delivery sent again, or skipped. False: there is none that is dead. */
  revive(webhookId: string, position: number, state: 'pending' | 'skipped', now: string): Promise<boolean>;
  /** Has all events after a position, of the webhook's types, sent (again). Answers how many. */
  replay(webhook: Webhook, after: number, now: string): Promise<number>;
}
