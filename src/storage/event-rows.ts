import type { Delivery, DeliveryState, StoredEvent, Webhook } from '../events/event-store.ts';
import { getGuid } from '../kernel/ids.ts';
import type { BusinessEvent } from '../odata/row-store.ts';
import type { SqlValue } from './sql/dialect.ts';

/** Statements inside one transaction. `@` stands for the schema with its point, `$1` for the first value. */
export interface OwnSql {
  run(sql: string, values?: readonly SqlValue[]): Promise<void>;
  rows(sql: string, values?: readonly SqlValue[]): Promise<readonly (readonly unknown[])[]>;
}

/** Columns of a new event, in the order of `eventValues`. */
export const eventMembers = 'id, type, subject, time, data';

export const eventValues = ({ id, type, subject, time, data }: BusinessEvent): readonly string[] => [
  ...[id, type, subject, time],
  JSON.stringify(data),
];

const text = (value: unknown): string | undefined =>
  value === null || value === undefined ? undefined : String(value);

export function parseEvent([position, id, type, subject, time, data]: readonly unknown[]): StoredEvent {
  return {
    position: Number(position),
    id: String(id),
    type: String(type),
    subject: String(subject),
    time: String(time),
    data: String(data),
  };
}

/** INVARIANT: written by `EventTables` alone. */
const parseState = (value: unknown): DeliveryState => String(value) as DeliveryState;

export function parseDelivery(row: readonly unknown[]): Delivery {
  const [webhookId, position, eventId, type, subject, state, attempts, due, status, failure, changedAt] = row;
  return {
    webhookId: String(webhookId),
    position: Number(position),
    eventId: String(eventId),
    type: String(type),
    subject: String(subject),
    state: parseState(state),
    attempts: Number(attempts),
    due: String(due),
    status: status === null || status === undefined ? undefined : Number(status),
    failure: text(failure),
    changedAt: String(changedAt),
  };
}

export function parseWebhook(row: readonly unknown[]): Webhook {
  const [id, name, url, types, isEnabled, secret, oldSecret, oldSecretUntil, createdAt] = row;
  return {
    id: getGuid(String(id)),
    name: String(name),
    url: String(url),
    types: parseTypes(String(types)),
    isEnabled: Number(isEnabled) === 1,
    secret: String(secret),
    oldSecret: text(oldSecret),
    oldSecretUntil: text(oldSecretUntil),
    createdAt: String(createdAt),
  };
}

const parseTypes = (json: string): readonly string[] => JSON.parse(json) as readonly string[];
